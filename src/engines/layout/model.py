"""The types all stages of the layout engine share.

Geometry is in points on the upright page, origin top left, after the page's skew was taken out,
so that text of one line shares one baseline. Distances are judged in units of the local font
height ("em" in the names below): receipts and A4 pages then obey the same thresholds.
Evidence never uses these coordinates: each token keeps the place of its word as fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from src.domain.invoice import AllowanceCharge, LineItem, TaxBreakdown, Totals
from src.domain.page import Box

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in points; `x0 <= x1`, `y0 <= y1`, y grows downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    def overlap_x(self, other: Rect) -> float:
        """Shared horizontal extent in points, 0 when apart."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))

    def overlap_y(self, other: Rect) -> float:
        """Shared vertical extent in points, 0 when apart."""
        return max(0.0, min(self.y1, other.y1) - max(self.y0, other.y0))


def around(rects: list[Rect]) -> Rect:
    """The smallest rectangle around all; `rects` is not empty."""
    return Rect(
        min(r.x0 for r in rects),
        min(r.y0 for r in rects),
        max(r.x1 for r in rects),
        max(r.y1 for r in rects),
    )


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or the part of a word before or after a colon that OCR glued together."""

    text: str
    rect: Rect
    # 1-based.
    page: int
    # OCR probability of the word, 1.0 for a text layer.
    confidence: float
    # Position of the word in `Page.words`; parts of one word share it.
    word: int
    # Place on the page as fractions, for evidence.
    where: Box


@dataclass(frozen=True)
class Segment:
    """Tokens of one line without a wide gap between them: a cell, or a run of prose."""

    tokens: tuple[Token, ...]
    rect: Rect
    page: int

    @cached_property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def height(self) -> float:
        return self.rect.height


@dataclass(frozen=True)
class Line:
    """Segments on one baseline, left to right."""

    segments: tuple[Segment, ...]
    rect: Rect
    page: int
    # Position in `DocumentLayout.lines`.
    number: int

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(token for segment in self.segments for token in segment.tokens)

    @cached_property
    def text(self) -> str:
        """Segments are parted by two spaces."""
        return "  ".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class PageLayout:
    number: int
    # Points.
    width: float
    height: float
    # Median token height in points: the page's em.
    em: float
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DocumentLayout:
    pages: tuple[PageLayout, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines, top to bottom, page after page."""
        return tuple(line for page in self.pages for line in page.lines)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for line in self.lines for segment in line.segments)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(token for line in self.lines for token in line.tokens)

    def page(self, number: int) -> PageLayout:
        """The page with this 1-based number; raises `KeyError` when there is none."""
        for page in self.pages:
            if page.number == number:
                return page
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label that was found on a page."""

    # Name of the concept in the lexicon, e.g. "invoice_number".
    concept: str
    tokens: tuple[Token, ...]
    segment: Segment
    line: Line
    # Tokens of the same segment after the label (and its colon): a value may stand there.
    rest: tuple[Token, ...]
    # 1.0 for an exact match of the whole cell; less for fuzzy or embedded matches.
    confidence: float
    # A colon parts label and value.
    colon: bool = False

    @property
    def rect(self) -> Rect:
        return around([token.rect for token in self.tokens])


class DateOrder(StrEnum):
    """How numeric dates are written; ISO dates are always year first."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Separators of amounts; None where the document gave no evidence."""

    decimal: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Locale:
    """What was decided once for the whole document."""

    # ISO 639-1.
    language: str
    # ISO 3166-1 alpha-2 of the seller, None when nothing on the page tells.
    country: str | None
    # ISO 4217, None when nothing on the page tells.
    currency: str | None
    date_order: DateOrder
    # Probability 0..1 that the order is right.
    date_order_confidence: float


@dataclass(frozen=True, slots=True)
class FieldCandidate(Generic[T]):
    """One possible value of one field."""

    value: T
    # As printed.
    text: str
    tokens: tuple[Token, ...]
    # Higher is better; comparable between candidates of one field only.
    score: float
    # What the score was made of, by name; also the input of a learned ranker.
    features: Mapping[str, float] = field(default_factory=dict)


DateCandidate = FieldCandidate[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsReading:
    """All that `amounts.read_amounts(layout, locale)` finds, with evidence in each reading.

    `totals` holds every amount role that was found; the tuples are in page order.
    """

    totals: Totals
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    tax_breakdown: tuple[TaxBreakdown, ...] = ()
    line_items: tuple[LineItem, ...] = ()
    # Where the line items stand, one rectangle a page: no header field is read in there.
    table_areas: tuple[tuple[int, Rect], ...] = ()
