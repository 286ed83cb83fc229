"""Dates as they are printed, in any language and order.

The order of day and month is decided once for the whole document, from its own dates and the
locale: a page does not mix "03/04" and "04/03".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from src.engines.layout.lexicon import fold
from src.engines.layout.model import DateOrder, DocumentLayout, Line, Segment, Token
from src.engines.layout.months import month_numbers

EARLIEST, LATEST = 1990, 2079
# Words between a number or a place and its date.
DATE_WORDS = frozenset(
    {
        *("vom", "von", "of", "dated", "du", "del", "de", "van", "z", "dnia", "den", "på", "am"),
        *("the", "le", "date", "datum", "fecha", "data", "dt", "d.d.", "av", "fra", "from", "on"),
        "dto",
    }
)
_MOST_BEFORE_DATE = 4

_FREE = r"(?<![\d.,/-])"
# A time may be glued to the year: "16-04-201814:51".
_END = r"(?:(?=\d\d:\d\d)|(?!\d|[.,/-]\d))"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_YEAR_FIRST = re.compile(
    rf"(?<![\d.,/]){_YEAR}(?P<s>\s?[-./年]\s?)(?P<a>\d{{1,2}})\s?[-./月]\s?(?P<b>\d{{1,2}}){_END}"
)
_NUMERIC = re.compile(
    rf"{_FREE}(?P<a>\d{{1,2}})\s?(?P<s>[-./'])\s?(?P<b>\d{{1,2}})\s?(?P=s)\s?"
    rf"(?P<y>(?:19|20)\d\d|\d\d){_END}"
)
# Separators that OCR lost or changed: "05 03 2018", "05-03/2018".
_LOOSE = re.compile(rf"{_FREE}(?P<a>\d\d)[-./ ](?P<b>\d\d)[-./ ]?{_YEAR}{_END}")
_LOOSE_ALONE = re.compile(
    r"^(?P<a>\d\d)(?:[-./]\s?(?P<b>\d\d)[-./ ~]|[ ~](?P<c>\d\d)[-./])(?P<y>\d\d)$"
)
_COMPACT = re.compile(r"(?<![\w.,/-])(?P<y>20\d\d)(?P<a>[01]\d)(?P<b>[0-3]\d)(?![\w,-]|\.\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DAY_BEFORE = re.compile(
    r"(?<![\w.,/-])(?P<d>\d{1,2})\s?(?:st|nd|rd|th|er|[eè]me|[.ºª°])?[\s.,/-]*(?:(?:de|of|d)\s+)?$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[\s.,/-]*$")
_SHORT_OR_LONG_YEAR = r"(?P<y>(?:19|20)\d\d|'?\d\d(?![\d:.,]))(?!\d)"
_YEAR_AFTER = re.compile(rf"^[\s.,/'’-]*(?:(?:de|del|of)\s+)?{_SHORT_OR_LONG_YEAR}", re.IGNORECASE)
_DAY_YEAR_AFTER = re.compile(
    rf"^[\s.,/-]*(?P<d>\d{{1,2}})\s?(?:st|nd|rd|th)?[\s.,/-]+{_SHORT_OR_LONG_YEAR}", re.IGNORECASE
)
_DAY_AFTER = re.compile(r"^[\s.,/-]*(?P<d>\d{1,2})(?!\d)")
# OCR reads a digit between digits as a letter.
_SLIPS = str.maketrans("OolI|SB", "0011158")
_SLIPPED = re.compile(
    r"(?<=[\d./-])[OolI|SB](?=[\d./-])|(?<![^\W_])[OolI|SB](?=\d(?:[-./]\d|\s+[^\W\d]{3}))"
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a text with every way it can be read."""

    # Place in the text.
    start: int
    end: int
    year: int
    # Two numbers (as printed) whose order is open; None when `certain` is set.
    pair: tuple[int, int] | None
    certain: date | None
    # The year came first: 2024-05-03 is May unless the document shows otherwise.
    year_first: bool = False
    # 20240503 without separators: may be any number.
    compact: bool = False
    # Between the numbers; "." is written day first everywhere.
    separator: str = ""

    def read(self, order: DateOrder) -> date | None:
        """The day under `order`, or under the other order where only that one exists."""
        if self.certain is not None or self.pair is None:
            return self.certain
        first, second = self.pair
        month_first, day_first = _day(self.year, first, second), _day(self.year, second, first)
        if self.year_first:
            # Year-day-month is written only by documents that show it (`_day_after_year`).
            return month_first or day_first
        if order is DateOrder.MDY and self.separator != ".":
            return month_first or day_first
        return day_first or month_first

    @property
    def is_open(self) -> bool:
        """Both orders give a day, and different ones."""
        if self.pair is None or self.year_first:
            return False
        return max(self.pair) <= 12 and self.pair[0] != self.pair[1]


@dataclass(frozen=True, slots=True)
class PlacedDate:
    """A printed date where it stands."""

    printed: PrintedDate
    text: str
    tokens: tuple[Token, ...]
    segment: Segment
    line: Line


def find_dates(layout: DocumentLayout) -> tuple[PlacedDate, ...]:
    """All dates of the document in reading order."""
    found = [
        PlacedDate(
            printed,
            segment.text[printed.start : printed.end],
            _tokens_between(segment, printed.start, printed.end),
            segment,
            line,
        )
        for line in layout.lines
        for segment in line.segments
        for printed in scan(segment.text)
    ]
    return tuple(_day_after_year(found))


def opens_letter(placed: PlacedDate) -> bool:
    """ "Köln, den 5. Mai 2025": the place and date of a letter, alone in its cell."""
    tokens = placed.segment.tokens
    before = [t for t in tokens if t.rect.x1 <= placed.tokens[0].rect.x0 + 1]
    if not 1 <= len(before) <= _MOST_BEFORE_DATE or tokens[-1] is not placed.tokens[-1]:
        return False
    town = [token.text for token in before if token.text.casefold() not in DATE_WORDS]
    if not town or not town[-1].endswith(",") or not town[0][0].isupper():
        return False
    return all(c.isalpha() or c in " .,-'" for c in " ".join(town))


def parse_date(text: str, order: DateOrder) -> date | None:
    """The first date in `text`, None when there is none."""
    for printed in scan(text):
        if (day := printed.read(order)) is not None:
            return day
    return None


def scan(text: str) -> list[PrintedDate]:
    """The dates in `text`, left to right, not overlapping."""
    if sum(c.isdigit() for c in text) < 3:
        return []
    # Same length, so positions hold.
    text = _SLIPPED.sub(lambda m: m.group().translate(_SLIPS), text)
    taken: list[PrintedDate] = []
    for printed in (*_with_month_name(text), *_in_numbers(text)):
        if all(printed.end <= other.start or printed.start >= other.end for other in taken):
            taken.append(printed)
    return sorted(taken, key=lambda printed: printed.start)


def _in_numbers(text: str) -> Iterator[PrintedDate]:
    for pattern in (_YEAR_FIRST, _NUMERIC, _LOOSE, _COMPACT, _LOOSE_ALONE):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            first, second = int(match["a"]), int(groups["b"] or groups["c"])
            year = _full_year(match["y"])
            if year is None or not (_day(year, first, second) or _day(year, second, first)):
                continue
            compact = pattern is _COMPACT
            if compact and _day(year, first, second) is None:
                continue
            yield PrintedDate(
                match.start(),
                match.end(),
                year,
                (first, second),
                None,
                year_first=compact or pattern is _YEAR_FIRST,
                compact=compact,
                separator=groups.get("s", "").strip(),
            )


def _with_month_name(text: str) -> Iterator[PrintedDate]:
    months = month_numbers()
    for word in _WORD.finditer(text):
        month = months.get(fold(word.group()))
        if month is None:
            continue
        for start, end, year, day in _around_month(text, word.start(), word.end()):
            full = _full_year(year)
            certain = _day(full, month, int(day)) if full else None
            if certain is not None:
                yield PrintedDate(start, end, certain.year, None, certain)
                break


def _around_month(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, year, day) in each order that fits around a month name at [start, end)."""
    before, after = text[max(0, start - 12) : start], text[end : end + 14]
    offset = max(0, start - 12)
    if (day := _DAY_BEFORE.search(before)) and (year := _YEAR_AFTER.search(after)):
        yield offset + day.start(), end + year.end(), year["y"], day["d"]
    if both := _DAY_YEAR_AFTER.search(after):
        yield start, end + both.end(), both["y"], both["d"]
    if (year := _YEAR_BEFORE.search(before)) and (day := _DAY_AFTER.search(after)):
        yield offset + year.start(), end + day.end(), year["y"], day["d"]


def _full_year(text: str) -> int | None:
    number = int(text.strip("'’"))
    if number < 100:
        number += 2000 if number < 80 else 1900
    return number if EARLIEST <= number <= LATEST else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _tokens_between(segment: Segment, start: int, end: int) -> tuple[Token, ...]:
    """The tokens whose text lies in [start, end) of the segment's text."""
    tokens: list[Token] = []
    position = 0
    for token in segment.tokens:
        if position < end and position + len(token.text) > start:
            tokens.append(token)
        position += len(token.text) + 1
    return tuple(tokens)


def _day_after_year(dates: Sequence[PlacedDate]) -> Sequence[PlacedDate]:
    """Where one date reads year-day-month only, all year-first dates of the document do."""
    year_first = [d for d in dates if d.printed.year_first and not d.printed.compact]
    pairs = [d.printed.pair for d in year_first if d.printed.pair]
    if not any(first > 12 for first, _ in pairs) or any(second > 12 for _, second in pairs):
        return dates
    turned = {id(d) for d in year_first}
    return [
        replace(d, printed=replace(d.printed, pair=(d.printed.pair[1], d.printed.pair[0])))
        if id(d) in turned and d.printed.pair
        else d
        for d in dates
    ]


@dataclass(frozen=True, slots=True)
class OrderDecision:
    order: DateOrder
    # Probability that the order is right; 1.0 when no date of the document is open.
    confidence: float


def decide_order(dates: Sequence[PlacedDate], language: str, country: str | None) -> OrderDecision:
    """Day or month first, for all numeric dates of the document."""
    day_first = month_first = 0
    for placed in dates:
        pair = placed.printed.pair
        if pair is None or placed.printed.year_first:
            continue
        day_first += pair[0] > 12 or placed.printed.separator == "."
        month_first += pair[1] > 12 and placed.printed.separator != "."
    expected = _expected_order(language, country)
    if day_first or month_first:
        order = DateOrder.DMY if day_first >= month_first else DateOrder.MDY
        contradiction = bool(day_first and month_first)
        return OrderDecision(order, 0.6 if contradiction else 0.98)
    if not any(placed.printed.is_open for placed in dates):
        return OrderDecision(expected, 1.0)
    # English without a country is the one case where both orders are common.
    sure = country is not None or language != "en"
    return OrderDecision(expected, 0.9 if sure else 0.65)


def _expected_order(language: str, country: str | None) -> DateOrder:
    if country in {"US", "PH", "PR"} or (language == "en" and country is None):
        return DateOrder.MDY
    return DateOrder.DMY
