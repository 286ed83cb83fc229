"""Whether values stand on the page where their evidence says, and say what was taken.

This is the guard against invented values: an engine must show the printed text, the text must
stand at the place, and the value must be a possible meaning of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from src.domain.checks.base import CheckContext
from src.domain.checks.printed import (
    normalise,
    says_amount,
    says_date,
    says_text,
)
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.page import Box, Word
from src.domain.paths import Reading, iter_readings
from src.domain.readings import EvidenceBox, ReadEvidence, UngroundedEvidence

NOT_ON_PAGE = "value-not-on-page"
NOT_AS_PRINTED = "value-not-as-printed"

# Decimals that are no money.
_NUMBERS = frozenset({"quantity", "price_base_quantity", "tax_rate", "rate", "exchange_rate"})
# Texts that say where money goes.
_BANK = frozenset({"iban", "bic", "account_number", "bank_code", "biller_code"})
_IDENTIFIERS = frozenset(
    [
        *("invoice_number", "purchase_order", "sales_order", "contract_reference"),
        *("project_reference", "buyer_reference", "delivery_note", "preceding_invoice_number"),
        *("tax_id", "tax_registration", "registration_number", "customer_id"),
        *("reference", "mandate_reference", "product_code"),
    ]
)
_SEPARATORS = ".,'"
_FIRST_TO_LAST_DIGIT = re.compile(r"\d(?:.*\d)?", re.DOTALL)


class Kind(StrEnum):
    """How a value is compared with its text."""

    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"
    BANK = "bank"
    TEXT = "text"


def check_grounding(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Every read amount, number, date, identifier and bank detail, and the vendor's name.

    What a model said and nobody found on its page is told in the same words.
    """
    pages = {page.number: PageText(page.words) for page in context.pages}
    margin = context.settings.evidence_margin
    for path, reading in iter_readings(invoice):
        evidence, kind = reading.evidence, kind_of(path, reading)
        if kind is not None and isinstance(evidence, UngroundedEvidence):
            yield _nowhere_on_page(path, kind, reading, evidence.page)
        if kind is None or not isinstance(evidence, ReadEvidence):
            continue
        text = reading.text or ""
        page = pages.get(evidence.page)
        if page is None or not page.has(text, evidence.box, margin, kind):
            yield _not_on_page(path, kind, reading, evidence.page)
        elif not _says(kind, text, reading.value):
            yield _not_as_printed(path, kind, reading, text)


def kind_of(path: str, reading: Reading) -> Kind | None:
    """None for what is not grounded: free text, addresses, classifications."""
    name = path.rpartition(".")[2]
    if isinstance(reading.value, Decimal):
        return Kind.NUMBER if name in _NUMBERS else Kind.AMOUNT
    if isinstance(reading.value, date):
        return Kind.DATE
    if name in _BANK:
        return Kind.BANK
    return Kind.TEXT if name in _IDENTIFIERS or path == "vendor.name" else None


def _says(kind: Kind, text: str, value: object) -> bool:
    if isinstance(value, Decimal):
        return says_amount(text, value)
    if isinstance(value, date):
        return says_date(text, value)
    return says_text(text, str(value))


@dataclass(frozen=True, slots=True)
class _Joined:
    """Words written together, with the offsets where a word starts or ends."""

    text: str
    # Both ends of the text are among them.
    seams: frozenset[int]

    def has(self, wanted: str) -> bool:
        """Whether `wanted` occurs and is not cut out of a longer number."""
        start = self.text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            if not self._cuts(start, -1) and not self._cuts(end, 1):
                return True
            start = self.text.find(wanted, start + 1)
        return False

    def _cuts(self, offset: int, step: int) -> bool:
        """Whether a number ends at `offset` only because it was cut; `step` leads out of it.

        A number goes on over one separator, but not into another word.
        """
        if offset in self.seams or not self._next(offset, -step).isdigit():
            return False
        if self._next(offset, step) in _SEPARATORS:
            offset += step
        return offset not in self.seams and self._next(offset, step).isdigit()

    def _next(self, offset: int, step: int) -> str:
        return self.text[offset] if step > 0 else self.text[offset - 1]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word with what is asked of it often."""

    # Position in the reading order of the source.
    order: int
    text: str
    box: Box
    middle: float


class PageText:
    """The words of a page, found by place."""

    def __init__(self, words: Sequence[Word]) -> None:
        placed = (
            _Placed(order, _plain(word.text), word.box, (word.box.y0 + word.box.y1) / 2)
            for order, word in enumerate(words)
        )
        self._words = sorted(placed, key=lambda word: (word.middle, word.order))
        self._middles = [word.middle for word in self._words]

    def has(self, text: str, box: EvidenceBox, margin: float, kind: Kind) -> bool:
        """Whether the printed text stands in or near the box."""
        wanted = _wanted(text, kind)
        if not wanted:
            return False
        near = self._near(box, margin)
        in_source_order = _joined(sorted(near, key=lambda word: word.order))
        if in_source_order.has(wanted) or _joined(_in_rows(near)).has(wanted):
            return True
        # Texts may go on in the next line, with another column's words between.
        parts = [_wanted(part, kind) for part in text.split()]
        return kind in {Kind.TEXT, Kind.DATE} and all(in_source_order.has(part) for part in parts)

    def _near(self, box: EvidenceBox, margin: float) -> list[_Placed]:
        first = bisect_left(self._middles, box.y0 - margin)
        last = bisect_right(self._middles, box.y1 + margin)
        return [
            word
            for word in self._words[first:last]
            if word.box.x1 >= box.x0 - margin and word.box.x0 <= box.x1 + margin
        ]


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    return normalise(text).replace(" ", "")


def _wanted(text: str, kind: Kind) -> str:
    """What must be found; of amounts only from the first to the last digit.

    Currency signs, brackets and minus signs around an amount may be glued to it or not.
    """
    plain = _plain(text)
    if kind not in {Kind.AMOUNT, Kind.NUMBER}:
        return plain
    match = _FIRST_TO_LAST_DIGIT.search(plain)
    return match[0] if match is not None else ""


def _joined(words: Sequence[_Placed]) -> _Joined:
    ends = accumulate(len(word.text) for word in words)
    return _Joined("".join(word.text for word in words), frozenset((0, *ends)))


def _in_rows(words: Sequence[_Placed]) -> list[_Placed]:
    """Words that are sorted by height already, as rows from left to right."""
    rows: list[list[_Placed]] = []
    for word in words:
        if rows and word.middle <= rows[-1][0].box.y1:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [word for row in rows for word in sorted(row, key=lambda one: one.box.x0)]


def _severity(kind: Kind) -> Severity:
    return Severity.ERROR if kind in {Kind.AMOUNT, Kind.BANK} else Severity.WARNING


def _not_on_page(path: str, kind: Kind, reading: Reading, page: int) -> Finding:
    shown = _short(reading.text or str(reading.value))
    return Finding(
        code=NOT_ON_PAGE,
        severity=_severity(kind),
        message=f"{path}: '{shown}' does not stand on page {page} where it is said to be.",
        fields=(path,),
        remedy="Look for the value on the page; correct it or clear the field.",
    )


def _nowhere_on_page(path: str, kind: Kind, reading: Reading, page: int) -> Finding:
    return Finding(
        code=NOT_ON_PAGE,
        severity=_severity(kind),
        message=f"{path}: the model says '{_short(str(reading.value))}', which was not found among "
        f"the words of page {page}.",
        fields=(path,),
        remedy="Look for the value on the page; correct it or clear the field.",
    )


def _not_as_printed(path: str, kind: Kind, reading: Reading, text: str) -> Finding:
    return Finding(
        code=NOT_AS_PRINTED,
        severity=_severity(kind),
        message=f"{path}: the page says '{_short(text)}', which does not mean "
        f"{_short(str(reading.value))}.",
        fields=(path,),
        remedy="Set the value the page says.",
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
