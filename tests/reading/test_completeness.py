"""A file that is still being written is told from a whole one."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.reading.completeness import looks_complete
from tests.reading.documents import CII_INVOICE, image_bytes, scan, text_pdf, tiff_bytes, write

_SCAN = scan(dpi=50)
WHOLE = {
    "pdf": text_pdf(),
    "jpg": image_bytes(_SCAN, "JPEG"),
    "png": image_bytes(_SCAN, "PNG"),
    "webp": image_bytes(_SCAN, "WEBP"),
    "tif": tiff_bytes([_SCAN.convert("1"), _SCAN.convert("1")], compression="group4"),
    "xml": CII_INVOICE,
}


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_files(kind: str, tmp_path: Path) -> None:
    assert looks_complete(write(tmp_path, f"whole.{kind}", WHOLE[kind]))


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.97])
def test_growing_files(kind: str, share: float, tmp_path: Path) -> None:
    content = WHOLE[kind][: int(len(WHOLE[kind]) * share)]
    assert not looks_complete(write(tmp_path, f"growing.{kind}", content))


def test_padding_after_the_end_is_harmless(tmp_path: Path) -> None:
    assert looks_complete(write(tmp_path, "padded.pdf", WHOLE["pdf"] + b"\x00" * 4096))
    assert looks_complete(write(tmp_path, "camera.jpg", WHOLE["jpg"] + b"camera data" * 100))


def test_a_linearized_pdf_tells_its_length(tmp_path: Path) -> None:
    head = b"%PDF-1.5\n1 0 obj<</Linearized 1/L 90000/H[1 2]>>endobj\n"
    assert not looks_complete(write(tmp_path, "web.pdf", head + b"startxref\n0\n%%EOF\n"))
    whole = head.replace(b"90000", b"60") + b"startxref\n0\n%%EOF\n"
    assert looks_complete(write(tmp_path, "web2.pdf", whole))


def test_unknown_content_is_for_the_intake_to_judge(tmp_path: Path) -> None:
    assert looks_complete(write(tmp_path, "note.txt", b"hello"))
