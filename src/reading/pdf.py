"""PDF through PDFium: pages, their text layer, their pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from src.domain.errors import CorruptDocument, EncryptedDocument, NotFound, ReadingFailed
from src.domain.page import Box, Word
from src.reading.pdf_artwork import look_at_artwork
from src.reading.pdf_words import (
    Characters,
    PageFrame,
    build_words,
    read_characters,
    text_direction,
)
from src.reading.text_quality import LayerQuality, judge_characters

# Characters sampled for visibility.
_VISIBILITY_SAMPLE = 40

# A picture of so many pixels each way, to ask PDFium where its corners are.
_DEVICE = 1_000_000


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What the text layer of a page gives, before deciding whether to believe it."""

    # Size in points of the page turned upright.
    width: float
    height: float
    # Degrees clockwise from the page as viewers show it to upright.
    rotation: int
    words: tuple[Word, ...]
    quality: LayerQuality
    # Pictures on the upright page, largest first.
    pictures: tuple[Box, ...]
    # Images and drawn shapes; text as outlines shows as many shapes.
    drawings: int
    # Share of the text that a picture of the page was painted over.
    covered: float


@contextmanager
def open_pdf(path: Path) -> Iterator[pdfium.PdfDocument]:
    """The opened document; an empty user password opens without asking.

    Raises `EncryptedDocument` and `CorruptDocument`.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(
                "The PDF asks for a password. Save it without one and send it again."
            ) from error
        raise CorruptDocument(
            "The PDF is damaged and cannot be opened. Ask the sender for a new copy."
        ) from error
    try:
        yield document
    finally:
        document.close()


@contextmanager
def open_page(document: pdfium.PdfDocument, number: int) -> Iterator[pdfium.PdfPage]:
    """The 1-based page. Raises `NotFound`; `ReadingFailed` when it cannot be loaded."""
    if not 1 <= number <= len(document):
        raise NotFound(f"There is no page {number}; the document has {len(document)}.")
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise ReadingFailed(f"Page {number} of the PDF is damaged.") from error
    try:
        yield page
    finally:
        page.close()


def read_text_layer(page: pdfium.PdfPage) -> TextLayer:
    """Words, their plausibility, and where the pictures of the page are."""
    text_page = page.get_textpage()
    try:
        characters = read_characters(text_page)
        turn = page.get_rotation()
        if len(characters.codes):
            turn = text_direction(text_page, characters)
        frame = page_frame(page, turn)
        words = build_words(text_page, characters, frame)
        quality = judge_characters(
            characters.codes,
            unmapped=_unmapped_share(text_page, characters),
            invisible=_invisible_share(text_page, characters),
        )
    finally:
        text_page.close()
    artwork = look_at_artwork(page, frame)
    return TextLayer(
        width=frame.width,
        height=frame.height,
        rotation=(turn - page.get_rotation()) % 360,
        words=words,
        quality=quality,
        pictures=artwork.pictures,
        drawings=artwork.drawings,
        covered=artwork.covered,
    )


def page_frame(page: pdfium.PdfPage, turn: int) -> PageFrame:
    """The visible page in user space; asked of the transformation itself, because the boxes of
    a page may be inherited, missing, upside down or beyond each other."""
    corners = []
    for corner in (0, _DEVICE):
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium_c.FPDF_DeviceToPage(page.raw, 0, 0, _DEVICE, _DEVICE, 0, corner, corner, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1) = corners
    left, bottom = min(x0, x1), min(y0, y1)
    # A box without area would divide by zero; PDFium shows such a page as one point.
    return PageFrame(left, bottom, max(x0, x1, left + 1), max(y0, y1, bottom + 1), turn)


def render_page(
    page: pdfium.PdfPage, long_side: int, rotation: int = 0, *, gray: bool = False
) -> Image.Image:
    """Picture of the page as viewers show it, turned clockwise by `rotation`; RGB, or `gray`
    in a third of the time.

    The long side has `long_side` pixels however large the page claims to be.
    """
    width, height = page.get_size()
    longest = max(width, height, 1.0)
    try:
        bitmap = page.render(
            scale=long_side / longest, rotation=rotation, rev_byteorder=True, grayscale=gray
        )
    except pdfium.PdfiumError as error:
        raise ReadingFailed("The page of the PDF cannot be drawn.") from error
    try:
        picture: Image.Image = bitmap.to_pil()
        # A copy: the pixels of the bitmap go when it is closed.
        return picture.copy() if gray else picture.convert("RGB").copy()
    finally:
        bitmap.close()


def _sample(characters: Characters) -> list[int]:
    printed = np.flatnonzero(characters.codes > 0x20)
    step = max(1, len(printed) // _VISIBILITY_SAMPLE)
    return [int(index) for index in printed[::step]]


def _unmapped_share(text_page: pdfium.PdfTextPage, characters: Characters) -> float:
    """Share of characters whose font gives no Unicode for them."""
    sample = _sample(characters)
    if not sample:
        return 0.0
    errors = sum(pdfium_c.FPDFText_HasUnicodeMapError(text_page.raw, i) == 1 for i in sample)
    return float(errors / len(sample))


def _invisible_share(text_page: pdfium.PdfTextPage, characters: Characters) -> float:
    """Share of characters drawn with the invisible text mode, as OCR layers are."""
    sample = _sample(characters)
    if not sample:
        return 0.0
    invisible = 0
    for index in sample:
        text_object = pdfium_c.FPDFText_GetTextObject(text_page.raw, index)
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) if text_object else -1
        invisible += mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
    return float(invisible / len(sample))
