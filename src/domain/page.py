"""What reading gives: pages of words with boxes.

Plain frozen dataclasses, not pydantic: a page holds a thousand words and is pickled between
processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TextSource(StrEnum):
    """Where the words of a page, or one word, came from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    XML = "xml"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on an upright page, as fractions 0..1 of its width and height.

    Origin top left; `x0 <= x1`, `y0 <= y1`. Fractions hold for any rendering of the page.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One run of text without white space, as printed."""

    text: str
    box: Box
    # Probability 0..1 that the text is what is printed; 1.0 for a text layer.
    confidence: float = 1.0
    # A text page may hold words that OCR read from an image region of it.
    source: TextSource = TextSource.TEXT_LAYER


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright, with its words in reading order of the source."""

    # 1-based position in the document.
    number: int
    # Size of the upright page in points (1/72 inch); images without a resolution are scaled
    # so that their long side is 842 points (A4).
    width: float
    height: float
    # Degrees (0, 90, 180, 270) clockwise that turn the source page upright.
    rotation: int
    source: TextSource
    words: tuple[Word, ...]


class Concealment(StrEnum):
    """Why a text cannot be seen."""

    SAME_COLOUR = "in the colour of its background"
    COVERED = "under something else"
    TINY = "too small to read"
    INVISIBLE = "drawn invisibly"
    OFF_PAGE = "outside the visible page"


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text of a text layer that nobody sees on the page; it is not among the page's words."""

    # 1-based number of the page.
    page: int
    # At most a few hundred characters.
    text: str
    why: Concealment


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """All that reading knows of a document."""

    pages: tuple[Page, ...]
    # The e-invoice XML the document is or carries, if any.
    embedded_xml: bytes | None = None
    # Anything about the reading a person should know (damaged text layer, fallback used, …).
    notes: tuple[str, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
    # What the file would do by itself when opened, such as "JavaScript".
    active_content: tuple[str, ...] = ()
