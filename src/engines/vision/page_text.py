"""The words of a page as lines of text that keep rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import dedent

from src.domain.page import Page, Word

# Characters that the width of a page is worth; wide enough for seven columns of an invoice.
_COLUMNS = 110
# Gap in letters beyond which two words are no phrase.
_PHRASE = 1.6
CUT_MARK = "[…]"


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Words as rows from top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.box.y0 + one.box.y1, one.box.x0)):
        middle = (word.box.y0 + word.box.y1) / 2
        if rows and middle <= rows[-1][0].box.y1:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one.box.x0) for row in rows]


def page_text(words: Sequence[Word], longest: int) -> str:
    """At most `longest` characters; what is cut out of the middle is marked.

    Invoices say who and when at the top and how much at the bottom.
    """
    text = dedent("\n".join(_set(row) for row in rows_of(words)))
    if len(text) <= longest:
        return text
    half = (longest - len(CUT_MARK) - 2) // 2
    return f"{text[:half]}\n{CUT_MARK}\n{text[-half:]}"


def _set(row: Sequence[Word]) -> str:
    """One space between the words of a phrase; where there is room, the column counts."""
    line, before = "", None
    for word in row:
        column = round(word.box.x0 * _COLUMNS)
        if before is None or word.box.x0 - before.box.x1 > _PHRASE * _letter(before):
            line = f"{line}  " if line else ""
            line = f"{line:<{column}}"
        else:
            line += " "
        line += _harmless(word.text)
        before = word
    return line.rstrip()


def _letter(word: Word) -> float:
    """Mean width of its letters."""
    return (word.box.x1 - word.box.x0) / max(1, len(word.text))


def _harmless(text: str) -> str:
    """Without control and format characters, which only confuse or hide."""
    return "".join(character for character in text[:200] if character.isprintable())


def is_dense(page: Page, long_side: int) -> bool:
    """Whether small print of the page is illegible when its long side has so many pixels.

    Letters of a word box nine pixels high have lowercase letters of five, the least that models
    and people read.
    """
    heights = sorted(word.box.y1 - word.box.y0 for word in page.words if word.text.isalnum())
    if len(heights) < 60:
        return False
    scale = long_side * min(1.0, page.height / max(page.width, page.height))
    return heights[len(heights) // 4] * scale < 9


def best_cut(words: Sequence[Word]) -> float:
    """Where to cut a page in two (0..1 of its height): the widest gap between rows near the
    middle, so that no row is cut."""
    edges = [(min(w.box.y0 for w in row), max(w.box.y1 for w in row)) for row in rows_of(words)]
    gaps = [
        (below[0] - above[1], (above[1] + below[0]) / 2)
        for above, below in pairwise(edges)
        if 0.35 <= (above[1] + below[0]) / 2 <= 0.65 and below[0] > above[1]
    ]
    return max(gaps)[1] if gaps else 0.5
