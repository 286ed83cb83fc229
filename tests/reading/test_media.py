"""Types are told by content."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from src.domain.document import MediaType
from src.reading.media import media_types, sniff, sniff_bytes
from tests.reading.documents import CII_INVOICE, UBL_INVOICE, image_bytes, text_pdf, write


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("JPEG", MediaType.JPEG),
        ("PNG", MediaType.PNG),
        ("TIFF", MediaType.TIFF),
        ("WEBP", MediaType.WEBP),
    ],
)
def test_images(kind: str, expected: MediaType) -> None:
    assert sniff_bytes(image_bytes(Image.new("RGB", (8, 8)), kind)) is expected


def test_pdf_with_and_without_leading_junk() -> None:
    pdf = text_pdf()
    assert sniff_bytes(pdf[:1024]) is MediaType.PDF
    assert sniff_bytes((b"\r\nprinter job header\r\n" * 20 + pdf)[:1024]) is MediaType.PDF
    assert sniff_bytes((b" " * 1024 + pdf)[:1024]) is None


@pytest.mark.parametrize(
    "content",
    [
        CII_INVOICE,
        UBL_INVOICE,
        b"\xef\xbb\xbf" + CII_INVOICE,
        b"\r\n  " + UBL_INVOICE,
        b"<!-- made by hand --><Invoice/>",
        UBL_INVOICE.decode().encode("utf-16"),
        UBL_INVOICE.decode().encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + UBL_INVOICE.decode().encode("utf-32-le"),
    ],
)
def test_xml_in_its_encodings(content: bytes) -> None:
    assert sniff_bytes(content[:1024]) is MediaType.XML


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"MZ\x90\x00 %PDF-1.4",
        b"\x7fELF\x02\x01 %PDF-1.4",
        b"PK\x03\x04 zipped %PDF-1.4",
        b"<!DOCTYPE html><html></html>",
        b"<html><body>%</body></html>",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"GIF89a",
    ],
)
def test_what_is_not_ours(content: bytes) -> None:
    assert sniff_bytes(content) is None


def test_the_name_does_not_count(tmp_path: Path) -> None:
    assert sniff(write(tmp_path, "invoice.pdf", b"MZ\x90\x00")) is None
    png = image_bytes(Image.new("RGB", (8, 8)), "PNG")
    assert sniff(write(tmp_path, "invoice.pdf", png)) is MediaType.PNG


def test_extension_names_become_types() -> None:
    assert media_types(("jpg", "JPEG", ".tif")) == {MediaType.JPEG, MediaType.TIFF}
    with pytest.raises(KeyError):
        media_types(("docx",))
