"""What may become a document, and why not."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from src.domain.document import MediaType
from src.domain.errors import (
    CorruptDocument,
    EncryptedDocument,
    InvoiceAgentError,
    TooLarge,
    TooManyPages,
    UnsupportedMedia,
)
from src.domain.results import Inspection
from src.ports import CpuPool, DocumentInspector
from src.queueing.cpu_pool import WorkerPool
from src.reading import poppler
from src.reading.inspection import Inspector
from tests.reading.documents import (
    CII_INVOICE,
    UBL_INVOICE,
    CrashingPool,
    InlinePool,
    image_bytes,
    pdf_of_many_pages,
    png_of_claimed_size,
    scan,
    text_pdf,
    tiff_bytes,
    write,
)

ALL = ("jpg", "jpeg", "png", "pdf", "tif", "tiff", "webp", "xml")
_SCAN = scan(dpi=50)


def inspector(pool: CpuPool | None = None, **changes: object) -> DocumentInspector:
    options = {"supported_formats": ALL, "max_pages": 50, "max_megapixels": 20} | changes
    return Inspector(pool or InlinePool(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (text_pdf(), MediaType.PDF, 1),
        (text_pdf([[(50, 50, "one")], [(50, 50, "two")]]), MediaType.PDF, 2),
        (image_bytes(_SCAN, "JPEG"), MediaType.JPEG, 1),
        (image_bytes(_SCAN, "PNG"), MediaType.PNG, 1),
        (image_bytes(_SCAN, "WEBP"), MediaType.WEBP, 1),
        (tiff_bytes([_SCAN.convert("1")] * 3, compression="group4"), MediaType.TIFF, 3),
        (CII_INVOICE, MediaType.XML, 0),
        (UBL_INVOICE, MediaType.XML, 0),
    ],
)
async def test_what_is_taken(
    content: bytes, media_type: MediaType, pages: int, tmp_path: Path
) -> None:
    found = await inspector().inspect(write(tmp_path, "arrived", content), "arrived")
    assert found == Inspection(media_type=media_type, page_count=pages)


def _locked(user: str) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(user=user, owner="owner-secret"))
    return buffer.getvalue()


def _xml_bomb() -> bytes:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10)
    )
    return f"<?xml version='1.0'?><!DOCTYPE Invoice [{entities}]><Invoice>&e9;</Invoice>".encode()


_PDF = text_pdf()
_JPEG = image_bytes(_SCAN, "JPEG")
_REFUSED: dict[str, tuple[bytes, type[InvoiceAgentError], str]] = {
    "empty": (b"", CorruptDocument, "empty"),
    "renamed program": (b"MZ\x90\x00" + b"\x00" * 500, UnsupportedMedia, "type"),
    "plain text": (b"Invoice 1, please pay", UnsupportedMedia, "type"),
    "web page": (b"<!DOCTYPE html><html/>", UnsupportedMedia, "type"),
    "encrypted PDF": (_locked("secret"), EncryptedDocument, "password"),
    "PDF cut in half": (_PDF[: len(_PDF) // 2], CorruptDocument, "damaged|cut off"),
    "PDF without its end": (_PDF[: _PDF.rfind(b"startxref")], CorruptDocument, "cut off"),
    "PDF of junk": (b"%PDF-1.7\n" + b"junk " * 500 + b"\n%%EOF", CorruptDocument, "damaged"),
    "JPEG cut off": (_JPEG[: len(_JPEG) // 2], CorruptDocument, "cut off"),
    "JPEG header only": (_JPEG[:20], CorruptDocument, "damaged"),
    "PNG cut off": (image_bytes(_SCAN, "PNG")[:3000], CorruptDocument, "cut off"),
    "20,000 pages": (pdf_of_many_pages(20_000), TooManyPages, "50 pages"),
    "TIFF of many pages": (tiff_bytes([Image.new("1", (8, 8))] * 60), TooManyPages, "50 pages"),
    "pixel bomb": (png_of_claimed_size(40_000, 40_000), TooLarge, "40000 x 40000"),
    "pixel bomb on the second page": (
        tiff_bytes([Image.new("1", (8, 8)), Image.new("1", (5000, 4100))], compression="group4"),
        TooLarge,
        "5000 x 4100",
    ),
    "XML bomb": (_xml_bomb(), CorruptDocument, "document type|not well formed"),
    "external entity": (
        b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice>&x;</Invoice>',
        CorruptDocument,
        "document type",
    ),
    "other XML": (b"<order><item/></order>", UnsupportedMedia, "not an e-invoice"),
    "broken XML": (CII_INVOICE[:-5], CorruptDocument, "not well formed"),
}


@pytest.mark.parametrize("case", _REFUSED)
async def test_what_is_refused(case: str, tmp_path: Path) -> None:
    content, error, message = _REFUSED[case]
    path = write(tmp_path, "arrived.pdf", content)
    with pytest.raises(error, match=message) as caught:
        await inspector().inspect(path, "arrived.pdf")
    assert type(caught.value) is error
    assert caught.value.message.startswith("arrived.pdf: ")
    assert str(tmp_path) not in caught.value.message


async def test_an_owner_password_alone_does_not_matter(tmp_path: Path) -> None:
    found = await inspector().inspect(write(tmp_path, "a.pdf", _locked("")), "a.pdf")
    assert found.page_count == 1


async def test_formats_can_be_switched_off(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jpg", _JPEG)
    with pytest.raises(UnsupportedMedia, match="SUPPORTED_FORMATS"):
        await inspector(supported_formats=("pdf",)).inspect(path, "a.jpg")


async def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(CorruptDocument, match="cannot be read"):
        await inspector().inspect(tmp_path / "gone.pdf", "gone.pdf")


async def test_hostile_names_are_shown_on_one_short_line(tmp_path: Path) -> None:
    name = "../../etc\n\x1b[31m" + "x" * 500
    with pytest.raises(CorruptDocument) as caught:
        await inspector().inspect(write(tmp_path, "a.pdf", b""), name)
    assert "\n" not in caught.value.message
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 200


@pytest.mark.skipif(not poppler.is_installed(), reason="needs poppler")
async def test_poppler_counts_what_pdfium_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.pdf", text_pdf([[(50, 50, "one")], [(50, 50, "two")]]))

    def refuse(_: Path) -> None:
        raise CorruptDocument("PDFium does not like it")

    monkeypatch.setattr("src.reading.inspection.open_pdf", refuse)
    assert (await inspector().inspect(path, "a.pdf")).page_count == 2
    with pytest.raises(TooManyPages):
        await inspector(max_pages=1).inspect(path, "a.pdf")


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(1)
    yield pool
    await pool.close()


async def test_errors_come_home_from_a_real_worker(pool: WorkerPool, tmp_path: Path) -> None:
    path = write(tmp_path, "bomb.png", png_of_claimed_size(40_000, 40_000))
    with pytest.raises(TooLarge, match=r"^bomb\.png: "):
        await inspector(pool).inspect(path, "bomb.png")
    good = write(tmp_path, "good.pdf", _PDF)
    assert (await inspector(pool).inspect(good, "good.pdf")).page_count == 1


async def test_a_file_that_brings_down_its_opener_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "evil.pdf", _PDF)
    with pytest.raises(CorruptDocument, match="opened safely"):
        await inspector(CrashingPool()).inspect(path, "evil.pdf")
