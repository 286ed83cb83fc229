"""Whole documents through the reader and the renderer."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from src.domain.document import MediaType
from src.domain.errors import CorruptDocument, NotFound, ReadingFailed, WorkerCrashed
from src.domain.page import Box, Page, TextSource, Word
from src.ports import CpuPool, DocumentReader, PageRenderer
from src.queueing.cpu_pool import WorkerPool
from src.reading import ocr_pages, poppler, units
from src.reading.plan import believable, with_regions
from src.reading.reader import Reader
from src.reading.rendering import Renderer
from tests.reading.documents import (
    A4,
    CII_INVOICE,
    INVOICE_LINES,
    CrashingPool,
    InlinePool,
    image_bytes,
    scan,
    text_pdf,
    tiff_bytes,
    write,
)

EXPECTED = " ".join(text for _, _, text in INVOICE_LINES).split()


def reader(pool: CpuPool | None = None) -> DocumentReader:
    return Reader(pool or InlinePool(), page_seconds=60)


def renderer() -> PageRenderer:
    return Renderer(InlinePool(), page_seconds=60)


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("OCR was used")

    monkeypatch.setattr(ocr_pages, "ocr_engine", refuse)


@pytest.mark.usefixtures("no_ocr")
async def test_a_text_pdf_needs_no_ocr(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", text_pdf())
    document = await reader().read(path, MediaType.PDF)
    (page,) = document.pages
    assert texts(page) == EXPECTED
    assert (page.number, page.source, page.rotation) == (1, TextSource.TEXT_LAYER, 0)
    assert document.notes == ()
    assert document.embedded_xml is None


@pytest.mark.usefixtures("no_ocr")
async def test_many_pages_come_in_order_with_progress(tmp_path: Path) -> None:
    pages = [
        [(50, 50, f"This is page number {n} of a long document, with enough text")]
        for n in range(1, 41)
    ]
    path = write(tmp_path, "a.pdf", text_pdf(pages))
    progress: list[tuple[int, int]] = []
    document = await reader().read(path, MediaType.PDF, lambda *step: progress.append(step))
    assert [page.number for page in document.pages] == list(range(1, 41))
    assert all(str(page.number) in texts(page) for page in document.pages)
    assert progress == [(n, 40) for n in range(1, 41)]


@pytest.mark.usefixtures("no_ocr")
async def test_an_empty_page_stays_empty(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", text_pdf([INVOICE_LINES, []]))
    document = await reader().read(path, MediaType.PDF)
    assert [page.source for page in document.pages] == [TextSource.TEXT_LAYER, TextSource.NONE]


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG", MediaType.JPEG),
        ("PNG", MediaType.PNG),
        ("WEBP", MediaType.WEBP),
        ("TIFF", MediaType.TIFF),
        ("PDF", MediaType.PDF),
    ],
)
async def test_scans_of_every_format(kind: str, media_type: MediaType, tmp_path: Path) -> None:
    path = write(tmp_path, "scan", image_bytes(scan(), kind))
    (page,) = (await reader().read(path, media_type)).pages
    assert texts(page) == EXPECTED
    assert page.source is TextSource.OCR
    assert page.height / page.width == pytest.approx(A4[1] / A4[0], rel=0.01)


async def test_a_scan_lying_on_its_side(tmp_path: Path) -> None:
    image = scan().rotate(90, expand=True)
    path = write(tmp_path, "a.pdf", image_bytes(image, "PDF", resolution=150))
    (page,) = (await reader().read(path, MediaType.PDF)).pages
    assert (page.rotation, texts(page)) == (90, EXPECTED)
    assert (round(page.width), round(page.height)) == (595, 842)


async def test_a_fax_of_several_pages(tmp_path: Path) -> None:
    pages = [scan(((50, 100, f"Page {n} of the invoice"),)).convert("1") for n in (1, 2, 3)]
    path = write(tmp_path, "a.tif", tiff_bytes(pages, compression="group4", dpi=(150, 150)))
    document = await reader().read(path, MediaType.TIFF)
    assert [" ".join(texts(page)) for page in document.pages] == [
        f"Page {n} of the invoice" for n in (1, 2, 3)
    ]


async def test_text_and_scanned_pages_in_one_document(tmp_path: Path) -> None:
    scanned = io.BytesIO(image_bytes(scan(), "PDF", resolution=150))
    with pikepdf.open(io.BytesIO(text_pdf())) as document, pikepdf.open(scanned) as other:
        document.pages.extend(other.pages)
        document.save(tmp_path / "mixed.pdf")
    first, second = (await reader().read(tmp_path / "mixed.pdf", MediaType.PDF)).pages
    assert (first.source, second.source) == (TextSource.TEXT_LAYER, TextSource.OCR)
    assert texts(first) == texts(second) == EXPECTED


async def test_a_poor_ocr_layer_is_read_again(tmp_path: Path) -> None:
    wrong = [(x, y, text.replace("0", "O").replace("1", "l")) for x, y, text in INVOICE_LINES]
    path = write(tmp_path, "a.pdf", text_pdf([wrong], invisible=True, picture=scan()))
    document = await reader().read(path, MediaType.PDF)
    assert texts(document.pages[0]) == EXPECTED
    assert document.notes == (
        "Page 1: its text layer comes from an unknown OCR program; it was read by OCR.",
    )


async def test_a_garbled_text_layer_is_read_from_the_picture(tmp_path: Path) -> None:
    """The font's map to Unicode leads to private-use characters, as some printers write it."""
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        fonts = document.pages[0].Resources.Font
        garbling = b"1 beginbfrange\n<20> <7e> <E020>\nendbfrange\n"
        for name in fonts.keys():  # noqa: SIM118  (a PDF dictionary, not a dict)
            fonts[name].ToUnicode = document.make_stream(garbling)
        document.save(tmp_path / "a.pdf")
    read = await reader().read(tmp_path / "a.pdf", MediaType.PDF)
    assert texts(read.pages[0]) == EXPECTED
    assert read.notes == ("Page 1: its text layer is garbled; it was read by OCR.",)


async def test_a_picture_with_text_on_a_text_page(tmp_path: Path) -> None:
    picture = scan(((20, 40, "Special offer until May"),)).crop((0, 0, 620, 400))
    pdf = text_pdf(picture=picture, picture_box=(50, 100, 450, 290))
    document = await reader().read(write(tmp_path, "a.pdf", pdf), MediaType.PDF)
    (page,) = document.pages
    assert page.source is TextSource.TEXT_LAYER
    added = [word for word in page.words if word.source is TextSource.OCR]
    assert [word.text for word in added] == ["Special", "offer", "until", "May"]
    assert all(0.5 < word.box.y0 < 0.6 for word in added)


async def test_a_receipt_on_a_large_sheet_is_read_closely(tmp_path: Path) -> None:
    """Fine print in a corner of a large scan is read at the scan's own resolution."""
    sheet = Image.new("RGB", (3508, 4961), "white")
    items = [(10, 20 + 16 * n, f"{n + 1} x Item number {100 + n} at 1.{n + 10}") for n in range(12)]
    sheet.paste(scan(items, dpi=180).crop((0, 0, 1157, 540)), (300, 400))
    path = write(tmp_path, "a.png", image_bytes(sheet, "PNG"))
    (page,) = (await reader().read(path, MediaType.PNG)).pages
    assert " ".join(texts(page)) == " ".join(text for _, _, text in items)
    assert all(0.05 < word.box.x0 < word.box.x1 < 0.4 for word in page.words)


async def test_a_logo_is_read_on_demand(tmp_path: Path) -> None:
    logo = scan(((5, 20, "Northwind"),)).crop((0, 0, 170, 60))
    terms = (50, 400, "Payment within thirty days of the invoice date, without deduction, please.")
    pdf = text_pdf(
        [[*INVOICE_LINES[2:], terms, (50, 420, terms[2])]],
        picture=logo,
        picture_box=(50, 750, 160, 56),
    )
    path = write(tmp_path, "a.pdf", pdf)
    (page,) = (await reader().read(path, MediaType.PDF)).pages
    assert "Northwind" not in texts(page)
    words = await Reader(InlinePool(), page_seconds=60).read_region(
        path, MediaType.PDF, page, Box(0, 0, 1, 0.12)
    )
    assert [word.text for word in words] == ["Northwind"]
    assert words[0].box.y1 < 0.12


def attach(document: pikepdf.Pdf, name: str, content: bytes) -> None:
    document.attachments[name] = content


@pytest.mark.usefixtures("no_ocr")
async def test_attached_and_plain_e_invoices(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        for name, content in [
            ("order-x.xml", b"<order/>"),
            ("notes.txt", b"hello"),
            ("data.xml", CII_INVOICE + b"<!-- by root element -->"),
            ("factur-x.xml", CII_INVOICE),
        ]:
            attach(document, name, content)
        document.save(tmp_path / "hybrid.pdf")
    hybrid = await reader().read(tmp_path / "hybrid.pdf", MediaType.PDF)
    assert hybrid.embedded_xml == CII_INVOICE
    assert texts(hybrid.pages[0]) == EXPECTED
    plain = await reader().read(write(tmp_path, "a.xml", CII_INVOICE), MediaType.XML)
    assert (plain.pages, plain.embedded_xml) == ((), CII_INVOICE)


@pytest.mark.usefixtures("no_ocr")
async def test_a_spoilt_e_invoice_is_noted(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        attach(document, "factur-x.xml", CII_INVOICE[:-9])
        document.save(tmp_path / "a.pdf")
    read = await reader().read(tmp_path / "a.pdf", MediaType.PDF)
    assert read.embedded_xml is None
    assert "factur-x.xml cannot be used" in read.notes[0]


async def test_failures_are_readings_that_failed(tmp_path: Path) -> None:
    cut_off = write(tmp_path, "a.png", image_bytes(scan(dpi=50), "PNG")[:2000])
    with pytest.raises(ReadingFailed, match="cut off"):
        await reader().read(cut_off, MediaType.PNG)
    with pytest.raises(ReadingFailed):
        await reader().read(write(tmp_path, "a.xml", b"<a/>"), MediaType.XML)
    for name, media_type in (("gone.jpg", MediaType.JPEG), ("gone.pdf", MediaType.PDF)):
        with pytest.raises(ReadingFailed, match=r"it is gone|No such file"):
            await reader().read(tmp_path / name, media_type)
    with pytest.raises(WorkerCrashed):
        await reader(CrashingPool()).read(cut_off, MediaType.PNG)


@pytest.mark.skipif(not poppler.is_installed(), reason="needs poppler")
async def test_poppler_draws_what_pdfium_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.pdf", image_bytes(scan(), "PDF", resolution=150))

    def refuse(_: Path) -> None:
        raise CorruptDocument("PDFium does not like it")

    monkeypatch.setattr(units, "open_pdf", refuse)
    monkeypatch.setattr("src.reading.drawing.open_pdf", refuse)
    document = await reader().read(path, MediaType.PDF)
    assert texts(document.pages[0]) == EXPECTED
    assert "poppler" in document.notes[0]
    monkeypatch.setattr(poppler, "is_installed", lambda: False)
    with pytest.raises(ReadingFailed, match="PDFium does not like it"):
        await reader().read(path, MediaType.PDF)


def page_of(*words: str, source: TextSource) -> Page:
    made = tuple(
        Word(text, Box(0.1, 0.1 * i, 0.2, 0.1 * i + 0.05), source=source)
        for i, text in enumerate(words)
    )
    return Page(1, *A4, 0, source, made)


def test_the_likelier_of_two_readings() -> None:
    layer = page_of("Tota1", "l2.5O", source=TextSource.TEXT_LAYER)
    ocr = page_of("Total", "12.50", source=TextSource.OCR)
    fragment = page_of("12", source=TextSource.OCR)
    empty = page_of(source=TextSource.NONE)
    assert believable(layer, ocr, 0.97) is ocr
    assert believable(layer, ocr, 0.6) is layer
    assert believable(layer, fragment, 0.97) is layer
    assert believable(empty, ocr, 0.6) is ocr


def test_words_the_layer_has_are_not_added_again() -> None:
    layer = page_of("Total", source=TextSource.TEXT_LAYER)
    again = Word("Tota1", Box(0.11, 0.01, 0.19, 0.04), 0.8, TextSource.OCR)
    new = Word("Logo", Box(0.5, 0.01, 0.6, 0.04), 0.9, TextSource.OCR)
    assert with_regions(layer, (again,)) is layer
    assert with_regions(layer, (again, new)).words == (*layer.words, new)


async def test_rendering_turns_and_bounds(tmp_path: Path) -> None:
    sideways = image_bytes(scan(dpi=72).rotate(90, expand=True), "PDF", resolution=72)
    path = write(tmp_path, "a.pdf", sideways)
    png = Image.open(io.BytesIO(await renderer().render(path, MediaType.PDF, 1, 90, 600)))
    assert (png.format, png.mode, png.size[1]) == ("PNG", "RGB", 600)
    upright = np.asarray(scan(dpi=72).convert("L").resize(png.size)).astype(int)
    assert np.abs(np.asarray(png.convert("L")).astype(int) - upright).mean() < 5
    jpeg = write(tmp_path, "a.jpg", image_bytes(scan(), "JPEG"))
    small = Image.open(io.BytesIO(await renderer().render(jpeg, MediaType.JPEG, 1, 0, 300)))
    assert max(small.size) == 300


async def test_pages_that_cannot_be_drawn(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", text_pdf())
    with pytest.raises(NotFound):
        await renderer().render(path, MediaType.PDF, 2, 0, 500)
    with pytest.raises(NotFound):
        await renderer().render(write(tmp_path, "a.xml", CII_INVOICE), MediaType.XML, 1, 0, 500)
    with pytest.raises(ReadingFailed):
        await renderer().render(write(tmp_path, "b.jpg", b"\xff\xd8\xff"), MediaType.JPEG, 1, 0, 9)


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(1)
    yield pool
    await pool.close()


async def test_reading_in_real_workers(pool: WorkerPool, tmp_path: Path) -> None:
    scanned = write(tmp_path, "a.jpg", image_bytes(scan(), "JPEG"))
    (page,) = (await reader(pool).read(scanned, MediaType.JPEG)).pages
    assert texts(page) == EXPECTED
    with pytest.raises(ReadingFailed):
        await reader(pool).read(write(tmp_path, "b.jpg", b"\xff\xd8\xff"), MediaType.JPEG)
    with pytest.raises(WorkerCrashed, match="longer than"):
        await Reader(pool, page_seconds=0.05).read(scanned, MediaType.JPEG)
