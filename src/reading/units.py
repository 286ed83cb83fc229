"""What the worker processes do: units of work that take a path and give frozen results.

Each is a module-level function, holds one page at a time in memory, and raises
`ReadingFailed` or `NotFound`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium

from src.domain.document import MediaType
from src.domain.errors import CorruptDocument, ReadingFailed, SourceRejected
from src.domain.page import Box, HiddenText, Page, TextSource, Word
from src.reading import poppler
from src.reading.active_content import active_content
from src.reading.drawing import Source, turned
from src.reading.hidden_text import find_hidden
from src.reading.images import A4_LONG_SIDE, LONG_SIDE, count_frames, open_image
from src.reading.ocr_pages import OcrPage, read_page, read_region
from src.reading.pdf import TextLayer, open_page, open_pdf, read_text_layer, render_page
from src.reading.plan import Advice, advise, may_hide_print
from src.reading.unread_ink import LOOKED_AT, unread_blocks
from src.reading.xml_documents import attached_invoice, read_invoice_xml

# A batch of text pages ends after this many pages or seconds.
_BATCH_PAGES = 16
_BATCH_SECONDS = 1.0
# Pages of a TIFF that are counted; settings allow no more for a document.
_MOST_FRAMES = 10_000


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page by its text layer, and what more should be done about it."""

    page: Page
    advice: Advice
    # Text of the layer that nobody sees; not among the page's words.
    hidden: tuple[HiddenText, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pages in a row."""

    drafts: tuple[DraftPage, ...]
    # Pages of the whole document.
    total: int
    # Only with the first batch.
    embedded_xml: bytes | None = None
    notes: tuple[str, ...] = ()
    # Only with the first batch.
    active_content: tuple[str, ...] = ()


@contextmanager
def _reading() -> Iterator[None]:
    """The file was accepted earlier, so what is wrong with it now is a failure to read."""
    try:
        yield
    except SourceRejected as error:
        raise ReadingFailed(error.message) from error
    except MemoryError as error:
        raise ReadingFailed("The page needs more memory than any invoice does.") from error
    except OSError as error:
        # A library's own FileNotFoundError tells no reason.
        why = error.strerror or "it is gone; restore it from a backup, or send the file again"
        raise ReadingFailed(f"The original cannot be read: {why}.") from error


def read_xml(path: Path) -> bytes:
    """The bytes of an e-invoice file."""
    with _reading():
        return read_invoice_xml(path)


def read_batch(path: Path, media_type: MediaType, first: int) -> Batch:
    """Pages from the 1-based `first` on, as far as one batch goes."""
    with _reading():
        if media_type is not MediaType.PDF:
            return _image_batch(path, media_type)
        try:
            with open_pdf(path) as document:
                active = active_content(path) if first == 1 else ()
                return replace(_pdf_batch(document, first), active_content=active)
        except CorruptDocument:
            if not poppler.is_installed():
                raise
            return _poppler_batch(path)


def _image_batch(path: Path, media_type: MediaType) -> Batch:
    with open_image(path, media_type) as image:
        total = count_frames(image, media_type, _MOST_FRAMES)
    return Batch(tuple(_unread(number) for number in range(1, total + 1)), total)


def _poppler_batch(path: Path) -> Batch:
    total = poppler.count_pages(path)
    note = "The PDF is damaged; its pages were drawn by poppler and read by OCR."
    return Batch(tuple(_unread(n) for n in range(1, total + 1)), total, None, (note,))


def _unread(number: int) -> DraftPage:
    """A page of which nothing is known yet."""
    page = Page(number, A4_LONG_SIDE / 2**0.5, A4_LONG_SIDE, 0, TextSource.NONE, ())
    return DraftPage(page, Advice(read_page=True))


def _pdf_batch(document: pdfium.PdfDocument, first: int) -> Batch:
    total = len(document)
    xml, notes = attached_invoice(document) if first == 1 else (None, ())
    drafts: list[DraftPage] = []
    ends_at = time.monotonic() + _BATCH_SECONDS
    for number in range(first, min(first + _BATCH_PAGES, total + 1)):
        if drafts and time.monotonic() > ends_at:
            break
        drafts.append(_draft(document, number))
    return Batch(tuple(drafts), total, xml, notes)


def _draft(document: pdfium.PdfDocument, number: int) -> DraftPage:
    try:
        with open_page(document, number) as page:
            layer = read_text_layer(page)
            seen, hidden = find_hidden(page, number, layer)
            layer = replace(layer, words=seen)
            unread = _unread_print(page, layer)
    except (ReadingFailed, pdfium.PdfiumError):
        # Drawing it may still work, with poppler if need be.
        return _unread(number)
    return DraftPage(_text_page(number, layer), advise(layer, unread), hidden)


def _unread_print(page: pdfium.PdfPage, layer: TextLayer) -> tuple[Box, ...]:
    if not may_hide_print(layer):
        return ()
    picture = render_page(page, LOOKED_AT, layer.rotation, gray=True)
    return unread_blocks(picture, layer.words)


def _text_page(number: int, layer: TextLayer) -> Page:
    source = TextSource.TEXT_LAYER if layer.words else TextSource.NONE
    return Page(number, layer.width, layer.height, layer.rotation, source, layer.words)


def read_by_ocr(path: Path, media_type: MediaType, number: int) -> OcrPage:
    """The 1-based page as OCR sees it."""
    with _reading():
        return read_page(Source(path, media_type, number))


def read_regions(
    path: Path, media_type: MediaType, number: int, rotation: int, boxes: tuple[Box, ...]
) -> tuple[Word, ...]:
    """Words that OCR finds inside `boxes` (fractions of the page turned by `rotation`)."""
    with _reading():
        upright = turned(Source(path, media_type, number).draw(LONG_SIDE).image, rotation)
        return tuple(word for box in boxes for word in read_region(upright, box))


def render_png(
    path: Path, media_type: MediaType, number: int, rotation: int, long_side: int
) -> bytes:
    """PNG of the 1-based page turned clockwise by `rotation`, at most `long_side` pixels."""
    with _reading():
        picture = Source(path, media_type, number).draw(long_side)
        upright = turned(picture.image, rotation)
        if max(upright.size) > long_side:
            upright.thumbnail((long_side, long_side))
        buffer = io.BytesIO()
        upright.save(buffer, "PNG", compress_level=3)
        return buffer.getvalue()
