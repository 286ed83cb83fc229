"""Decides what to do about a page of a PDF beyond its text layer."""

from __future__ import annotations

from dataclasses import dataclass

from src.domain.page import Box, Page, TextSource, Word
from src.reading.pdf import TextLayer
from src.reading.pdf_artwork import FULL_PAGE

# Shares of the page's area.
_PART_OF_SCAN = 0.1
_LARGE_REGION = 0.12
# A page with less text than this leaves its content to its pictures.
_LITTLE_TEXT = 250
_SMALL_REGION = 0.01
_MOST_REGIONS = 3
# A layer of which more than this share lies under a picture is not what a person sees.
_MOST_COVERED = 0.5
# Shapes on a page with hardly any text that may be letters drawn as outlines.
_OUTLINED_TEXT = 60

# OCR wins over a doubtful layer when it is this sure and finds this share of its letters.
_SURE = 0.8
_ENOUGH_LETTERS = 0.6


@dataclass(frozen=True, slots=True)
class Advice:
    """What is to be read by OCR."""

    # The whole page.
    read_page: bool = False
    # Why the text layer is doubtful; None when it is absent or fine.
    doubt: str | None = None
    # Pictures of a text page that may hold more text.
    regions: tuple[Box, ...] = ()


def may_hide_print(layer: TextLayer) -> bool:
    """Whether the page draws enough beside its words that some of it may be text."""
    drawn = bool(layer.pictures) or layer.drawings >= _OUTLINED_TEXT
    hidden = layer.quality.is_invisible or layer.covered > _MOST_COVERED
    return drawn and not (layer.quality.is_sparse or hidden)


def advise(layer: TextLayer, unread: tuple[Box, ...] = ()) -> Advice:
    """Advice for one page; `unread` are blocks of print that its words do not cover."""
    quality = layer.quality
    largest = _area(layer.pictures[0]) if layer.pictures else 0.0
    if quality.is_garbled and quality.characters:
        return Advice(read_page=True, doubt="its text layer is garbled")
    if quality.is_invisible and largest >= FULL_PAGE:
        return Advice(read_page=True, doubt="its text layer comes from an unknown OCR program")
    if layer.covered > _MOST_COVERED:
        return Advice(read_page=True, doubt="its text layer lies under a picture")
    if quality.is_sparse:
        outlined = layer.drawings >= _OUTLINED_TEXT
        return Advice(read_page=largest >= _PART_OF_SCAN or outlined)
    pictures = _regions(layer)
    return Advice(regions=pictures + tuple(box for box in unread if not _inside(box, pictures)))


def _regions(layer: TextLayer) -> tuple[Box, ...]:
    """Pictures without text of the layer on them."""
    least = _SMALL_REGION if layer.quality.characters < _LITTLE_TEXT else _LARGE_REGION
    chosen = [
        box
        for box in layer.pictures[: 4 * _MOST_REGIONS]
        if least <= _area(box) < FULL_PAGE and not _holds_words(box, layer.words)
    ]
    return tuple(chosen[:_MOST_REGIONS])


def believable(layer: Page, ocr: Page, confidence: float) -> Page:
    """The likelier of two readings of one page: a doubtful text layer, and OCR."""
    if confidence >= _SURE and _letters(ocr) >= _ENOUGH_LETTERS * _letters(layer):
        return ocr
    return layer if layer.words else ocr


def with_regions(page: Page, found: tuple[Word, ...]) -> Page:
    """The page with words from its pictures that its text layer does not have."""
    new = tuple(word for word in found if not _covered(word.box, page.words))
    if not new:
        return page
    source = page.source if page.words else TextSource.OCR
    return Page(page.number, page.width, page.height, page.rotation, source, page.words + new)


def _covered(box: Box, words: tuple[Word, ...]) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return any(_contains(word.box, x, y) for word in words)


def _holds_words(box: Box, words: tuple[Word, ...]) -> bool:
    inside = sum(
        _contains(box, (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2)
        for word in words
    )
    return inside > 2


def _inside(box: Box, others: tuple[Box, ...]) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return any(_contains(other, x, y) for other in others)


def _contains(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _letters(page: Page) -> int:
    return sum(len(word.text) for word in page.words)
