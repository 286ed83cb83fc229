"""Draws pages from text: columns and rows of characters become word boxes."""

from __future__ import annotations

import re
from textwrap import dedent

from src.domain.page import Box, Page, TextSource, Word

WIDTH, HEIGHT = 595.0, 842.0
# Points a character and a line take; the print is 10 points high.
CHARACTER, LEADING, PRINT = 5.0, 12.0, 10.0


def page_of(
    text: str,
    *,
    number: int = 1,
    slope: float = 0.0,
    source: TextSource = TextSource.TEXT_LAYER,
    confidence: float = 1.0,
) -> Page:
    """A page that shows `text` as a typewriter would; two blanks part columns.

    `slope` tilts the lines as a crooked scan does (points down per point to the right).
    """
    words: list[Word] = []
    for row, line in enumerate(dedent(text).strip("\n").split("\n")):
        for match in re.finditer(r"\S+", line):
            x0, x1 = 40 + match.start() * CHARACTER, 40 + match.end() * CHARACTER
            y0 = 40 + row * LEADING + slope * (x0 + x1) / 2
            box = Box(x0 / WIDTH, y0 / HEIGHT, (x1 - 0.5) / WIDTH, (y0 + PRINT) / HEIGHT)
            words.append(Word(match.group(), box, confidence, source))
    return Page(number, WIDTH, HEIGHT, 0, source, tuple(words))
