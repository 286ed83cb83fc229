"""Where on a page a text stands that a model says it has read.

A model can invent; words of a page cannot. What is found gets the place and the printed text as
evidence, and what is not found is no evidence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from itertools import accumulate

from rapidfuzz import fuzz

from src.domain.checks.printed import amounts_in, compact, normalise, says_date
from src.domain.page import Box, Page, Word
from src.engines.vision.page_text import rows_of

# Longest values in words: "1 234 567,89 EUR", "Monday, the 14th of March 2026".
_AMOUNT_WORDS = 4
_DATE_WORDS = 6
# Similarity (0..100) from which a longer text is taken for the same, read with slips.
_SIMILAR = 88.0
_LEAST_FUZZY = 6
_LEAST_FOLDED = 4
# Characters that OCR takes for each other.
_SLIPS = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8", "z": "2"})


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a page that say a text."""

    page: int
    # As printed, words joined by a space.
    text: str
    box: Box
    # Least confidence (0..1) with which the words themselves were read.
    legible: float
    # Whether the page says the very text, apart from spacing and case.
    exact: bool


@dataclass(frozen=True)
class _Run:
    """Words written together, and which word each character is of."""

    words: tuple[Word, ...]
    text: str
    ends: tuple[int, ...]

    def covered(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that characters `start` to `end` (exclusive) belong to."""
        return self.words[bisect_right(self.ends, start) : bisect_right(self.ends, end - 1) + 1]


class PageWords:
    """Finds texts and values among the words of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rows = rows_of(page.words)

    def text(self, wanted: str, near: Box | None = None, *, fuzzy: bool = False) -> Place | None:
        """The place of a text; with `fuzzy` also of one that was read with some slips.

        Identifiers tolerate look-alike characters only.
        """
        found = list(self._occurrences(compact(wanted), self._plain))
        if found:
            return self._nearest(found, near, exact=True)
        folded = compact(wanted).translate(_SLIPS)
        if len(folded) >= _LEAST_FOLDED:
            found = list(self._occurrences(folded, self._folded))
            if found:
                return self._nearest(found, near, exact=False)
        return self._similar(compact(wanted)) if fuzzy else None

    def digits(self, wanted: str) -> Place | None:
        """The place of a bank detail: every character must be right."""
        found = list(self._occurrences(compact(wanted), self._plain))
        return self._nearest(found, None, exact=True) if found else None

    def amount(
        self, value: Decimal, near: Box | None = None, *, last: bool = False
    ) -> Place | None:
        """The place of a number, in any way of printing it; `last`: the lowest on the page."""
        size = abs(value)
        for numbers in self._numbers:
            found = [words for words, amounts in numbers if size in amounts]
            if found and last and near is None:
                return self._place(found[-1], exact=True)
            if found:
                return self._nearest(found, near, exact=True)
        return None

    def day(self, value: date) -> Place | None:
        # Day and year are printed in digits, whatever the month is.
        digits = (str(value.day), str(value.year % 100))
        for size in range(1, _DATE_WORDS + 1):
            found = [
                words
                for words in self._windows(size)
                if _may_hold(said := _said(words), digits) and says_date(said, value)
            ]
            if found:
                return self._nearest(found, None, exact=True)
        return None

    def sign(self, signs: Sequence[str]) -> Place | None:
        """The first word that holds one of these (currency codes and signs)."""
        wanted = [normalise(sign) for sign in signs]
        for row in self._rows:
            for word in row:
                plain = normalise(word.text)
                if any(_holds_sign(plain, sign) for sign in wanted):
                    return self._place([word], exact=True)
        return None

    @cached_property
    def _plain(self) -> tuple[_Run, ...]:
        return self._runs(compact)

    @cached_property
    def _folded(self) -> tuple[_Run, ...]:
        return self._runs(lambda text: compact(text).translate(_SLIPS))

    def _runs(self, written: Callable[[str], str]) -> tuple[_Run, ...]:
        """The page in rows, and in the order of its source, where columns stay together."""
        in_rows = [word for row in self._rows for word in row]
        return tuple(_run(words, written) for words in (in_rows, self._page.words))

    def _occurrences(self, wanted: str, runs: Sequence[_Run]) -> Iterator[tuple[Word, ...]]:
        if not wanted:
            return
        for run in runs:
            start = run.text.find(wanted)
            while start >= 0:
                end = start + len(wanted)
                words = run.covered(start, end)
                if not _is_cut(run, start, end):
                    yield words
                start = run.text.find(wanted, start + 1)

    def _similar(self, wanted: str) -> Place | None:
        if len(wanted) < _LEAST_FUZZY:
            return None
        best: tuple[float, Place] | None = None
        for run in self._plain:
            if len(run.text) < len(wanted):
                continue
            hit = fuzz.partial_ratio_alignment(wanted, run.text, score_cutoff=_SIMILAR)
            if hit is not None and (best is None or hit.score > best[0]):
                words = run.covered(hit.dest_start, hit.dest_end)
                best = (hit.score, self._place(words, exact=False))
        return best[1] if best else None

    @cached_property
    def _numbers(self) -> tuple[list[tuple[tuple[Word, ...], frozenset[Decimal]]], ...]:
        """Neighbours in a row with the amounts they can mean, single words first."""
        return tuple(
            [(words, amounts_in(_said(words))) for words in self._windows(size)]
            for size in range(1, _AMOUNT_WORDS + 1)
        )

    def _windows(self, size: int) -> Iterator[tuple[Word, ...]]:
        """So many neighbours of a row, where they hold digits at all."""
        for row in self._rows:
            for start in range(len(row) - size + 1):
                words = tuple(row[start : start + size])
                if _may_say(words):
                    yield words

    def _nearest(
        self, found: Sequence[tuple[Word, ...]], near: Box | None, *, exact: bool
    ) -> Place:
        if near is None:
            # Of equal ones that with the fewest words: no label stands in front of it.
            return self._place(min(found, key=len), exact=exact)
        middle = (near.y0 + near.y1) / 2

        def distance(words: Sequence[Word]) -> float:
            box = _around(words)
            return abs((box.y0 + box.y1) / 2 - middle)

        return self._place(min(found, key=distance), exact=exact)

    def _place(self, words: Sequence[Word], *, exact: bool) -> Place:
        return Place(
            page=self._page.number,
            text=" ".join(word.text for word in words),
            box=_around(words),
            legible=min(word.confidence for word in words),
            exact=exact,
        )


def _run(words: Sequence[Word], written: Callable[[str], str]) -> _Run:
    texts = [written(word.text) for word in words]
    return _Run(tuple(words), "".join(texts), tuple(accumulate(map(len, texts))))


def _is_cut(run: _Run, start: int, end: int) -> bool:
    """Whether the text is only a piece of a longer number or word."""
    seams = {0, *run.ends}
    before, after = run.text[start - 1 : start], run.text[end : end + 1]
    starts_inside = start not in seams and _same_kind(before, run.text[start])
    ends_inside = end not in seams and _same_kind(run.text[end - 1], after)
    return starts_inside or ends_inside


def _same_kind(one: str, other: str) -> bool:
    return bool(one and other) and one.isdigit() == other.isdigit()


def _said(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _may_say(words: Sequence[Word]) -> bool:
    """Quick look before the costly one."""
    return any(c.isdigit() for word in words for c in word.text) and all(
        len(word.text) <= 40 for word in words
    )


def _may_hold(said: str, parts: Sequence[str]) -> bool:
    """Quick look before the costly one; digits of other scripts get the costly one."""
    return not said.isascii() or all(part in said for part in parts)


def _holds_sign(plain: str, sign: str) -> bool:
    """A code or a word stands alone or beside digits; a sign may be glued to anything."""
    if sign not in plain:
        return False
    if not sign[0].isalpha():
        return True
    rest = plain.replace(sign, "", 1)
    return not any(character.isalpha() for character in rest)


def _around(words: Sequence[Word]) -> Box:
    return reduce(Box.union, (word.box for word in words))
