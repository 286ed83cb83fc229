"""The words of a page as rows of text."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.page import Page


def placed_rows(page: Page) -> Iterator[tuple[str, float]]:
    """Words that follow one another at the same height, in the order of their source; each row
    with the height of its middle, a fraction 0..1 of the page from the top."""
    row: list[str] = []
    middle = -1.0
    for word in page.words:
        here = (word.box.y0 + word.box.y1) / 2
        if row and abs(here - middle) > (word.box.y1 - word.box.y0) / 2:
            yield " ".join(row), middle
            row = []
        middle = here
        row.append(word.text)
    if row:
        yield " ".join(row), middle


def rows_of(page: Page) -> Iterator[str]:
    """The rows alone."""
    return (row for row, _ in placed_rows(page))
