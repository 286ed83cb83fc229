"""Numbers at their places: tokens of one line that together print one number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from src.engines.layout.model import DocumentLayout, Line, Rect, Token, around
from src.engines.layout.numbers import (
    CURRENCY_PATTERN,
    DecimalMark,
    PrintedNumber,
    parse_number,
    vote_decimal_mark,
)

# Parts of one number stand closer than this (em); columns stand wider apart.
_PART_GAP = 0.62
_MOST_PARTS = 6

_PART = re.compile(
    rf"^(?:[-+−–()%]+:?|CR|DR"
    rf"|[-+−–(]*{CURRENCY_PATTERN}?[-+−–(]*[\dOolI.,:'’]+[-)%]*{CURRENCY_PATTERN}?[-)]*:?"
    rf"|[-+−–(]*{CURRENCY_PATTERN}[-()]*)$",
    re.IGNORECASE,
)
_GLUED = re.compile(
    rf"^([^\W\d][\w.:()]{{2,}}?)((?:{CURRENCY_PATTERN})-?\d[\d.,]*[.,]\d{{2}})$", re.IGNORECASE
)
# An amount with the mark of its tax rate: "147.00T".
_MARKED = re.compile(r"^(\D{0,3}\d[\d.,]*[.,]\d{2})[A-Z*]$")
# A price with its unit: "$50/hr".
_PER_UNIT = re.compile(r"^(.*\d)/[^\W\d]{1,6}\.?$")
_GROUPED = re.compile(r"\d[.,'’]\d{3}(?:\D|$)")
_SPACE_PART = re.compile(r"^\d{3}(?:[.,]\d{1,4})?\D*$")
_CURRENCY = re.compile(CURRENCY_PATTERN)
_DASHES = frozenset("-–−")
_DIGITS = re.compile(r"\d")

# Languages that write a decimal comma; a tie-break only.
_COMMA_LANGUAGES = frozenset(
    {
        "de",
        "fr",
        "es",
        "it",
        "nl",
        "pt",
        "pl",
        "sv",
        "da",
        "nb",
        "no",
        "fi",
        "cs",
        "sk",
        "sl",
        "hu",
        "ro",
        "bg",
        "hr",
        "sr",
        "ru",
        "uk",
        "tr",
        "el",
        "lt",
        "lv",
        "et",
        "is",
    }
)
_POINT_COUNTRIES = frozenset({"CH", "LI", "MX", "GB", "IE", "US", "AU", "NZ", "SG", "MY", "IN"})


@dataclass(frozen=True)
class AmountCell:
    """A number, where it stands, and the line it stands in."""

    number: PrintedNumber
    line: Line
    # Positions in `line.tokens`: first, and one after the last.
    start: int
    end: int
    # The end of the label, where a scanner glued it to the number ("TotalRM14.20").
    glued: str = ""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return self.line.tokens[self.start : self.end]

    @cached_property
    def rect(self) -> Rect:
        return around([token.rect for token in self.tokens])

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def page(self) -> int:
        return self.line.page


@dataclass(frozen=True)
class Numbers:
    """All numbers of a document by the number of their line, left to right."""

    mark: DecimalMark
    by_line: dict[int, tuple[AmountCell, ...]]

    def on(self, line: Line) -> tuple[AmountCell, ...]:
        return self.by_line.get(line.number, ())


def find_numbers(layout: DocumentLayout, language: str, country: str | None) -> Numbers:
    """Every number of the document, read with one decimal mark decided for all of it."""
    texts = [token.text for token in layout.tokens if _DIGITS.search(token.text)]
    comma = language in _COMMA_LANGUAGES and country not in _POINT_COUNTRIES
    mark = vote_decimal_mark(texts, "," if comma else ".")
    spaced = sum(1 for text in texts if _GROUPED.search(text)) <= len(texts) // 50
    by_line: dict[int, tuple[AmountCell, ...]] = {}
    for line in layout.lines:
        cells = _numbers_of(line, mark, spaced=spaced)
        if cells:
            by_line[line.number] = tuple(cells)
    return Numbers(mark, by_line)


def _numbers_of(line: Line, mark: DecimalMark, *, spaced: bool) -> list[AmountCell]:
    tokens = line.tokens
    cells: list[AmountCell] = []
    index = 0
    while index < len(tokens):
        cell = None
        if _PART.match(tokens[index].text):
            cell = _longest(line, tokens, index, mark, spaced=spaced)
        else:
            cell = _within_word(line, index, mark)
        if cell is None:
            index += 1
        else:
            cells.append(cell)
            index = cell.end
    return cells


def _within_word(line: Line, index: int, mark: DecimalMark) -> AmountCell | None:
    """An amount glued to other print: "$50/hr", "TotalRM14.20"."""
    text = line.tokens[index].text
    if match := _PER_UNIT.match(text) or _MARKED.match(text):
        number = parse_number(match[1], mark)
        if number is not None and number.is_money_like:
            return AmountCell(number, line, index, index + 1)
    if match := _GLUED.match(text):
        number = parse_number(match[2], mark)
        if number is not None:
            return AmountCell(number, line, index, index + 1, match[1])
    return None


def _longest(
    line: Line, tokens: Sequence[Token], start: int, mark: DecimalMark, *, spaced: bool
) -> AmountCell | None:
    """The longest number that begins at `start`."""
    end = start + 1
    while end < len(tokens) and end - start < _MOST_PARTS:
        if not _joins(tokens[end - 1], tokens[end], spaced=spaced):
            break
        # "12.50 -" ends a line; "58 - by card" is a dash between words.
        is_dash = tokens[end].text in _DASHES and end + 1 < len(tokens)
        if is_dash and _DIGITS.search(tokens[end - 1].text):
            break
        # "CHF 1'437.48  CHF 143'748.00": the second code opens the next amount.
        if (
            end > start + 1
            and _CURRENCY.fullmatch(tokens[end].text)
            and _CURRENCY.match(tokens[start].text)
        ):
            break
        end += 1
    while end > start:
        text = " ".join(token.text for token in tokens[start:end])
        # "VAT 20%:" ends in the colon of its label.
        text = text.rstrip(":") if "%" in text else text
        number = parse_number(text, mark) if _DIGITS.search(text) else None
        if number is not None:
            return AmountCell(number, line, start, end)
        end -= 1
    return None


def _joins(left: Token, right: Token, *, spaced: bool) -> bool:
    """Whether `right` may belong to the same number as `left`."""
    if not _PART.match(right.text):
        return False
    em = max(left.rect.height, right.rect.height)
    gap = right.rect.x0 - left.rect.x1
    if right.text == "%":
        return gap < 1.1 * em
    both_digits = _DIGITS.search(left.text) and _DIGITS.search(right.text)
    if not both_digits:
        return gap < 2.0 * em if not _DIGITS.search(left.text) else gap < _PART_GAP * em
    if gap >= _PART_GAP * em:
        return False
    if left.text[-1] in ".," or right.text[0] in ".,":
        return True
    return spaced and left.text[-1].isdigit() and _SPACE_PART.match(right.text) is not None
