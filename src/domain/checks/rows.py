"""The words of a page as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from src.domain.checks.printed import normalise
from src.domain.page import Page, TextSource


@dataclass(frozen=True, slots=True)
class Row:
    """Words that follow one another at the same height, in the order of their source."""

    # As printed, words separated by a space.
    text: str
    # As `normalise` gives it.
    plain: str
    # Of its middle, a fraction 0..1 of the page from the top.
    height: float


@dataclass(frozen=True, slots=True)
class PageRows:
    page: Page
    rows: tuple[Row, ...]

    @property
    def number(self) -> int:
        return self.page.number

    @property
    def is_text(self) -> bool:
        """Whether its words are those of a text layer, and so sure."""
        return self.page.source is TextSource.TEXT_LAYER


def in_rows(page: Page) -> PageRows:
    return PageRows(page, tuple(_rows(page)))


def _rows(page: Page) -> Iterator[Row]:
    row: list[str] = []
    middle = -1.0
    for word in page.words:
        here = (word.box.y0 + word.box.y1) / 2
        if row and abs(here - middle) > (word.box.y1 - word.box.y0) / 2:
            yield _row(row, middle)
            row = []
        middle = here
        row.append(word.text)
    if row:
        yield _row(row, middle)


def _row(words: list[str], height: float) -> Row:
    text = " ".join(words)
    return Row(text, normalise(text), height)
