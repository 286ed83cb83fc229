"""What the pages of a hybrid e-invoice say where the XML says something else.

Programs book the XML, people approve the page. Only what decides about the payment is compared,
and only where the page was read with confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.candidate import Alternative
from src.domain.invoice import DocumentType, Invoice
from src.domain.naming import number_key
from src.domain.paths import Reading, get_reading
from src.domain.readings import FieldReading, ReadEvidence

_COMPARED = (
    "document_type",
    "invoice_number",
    "issue_date",
    "currency",
    "totals.total",
    "totals.amount_due",
)
# Below, the page may just have been misread.
_SURE = 0.8
# Other kinds of paper are told apart by their titles, which is too weak a word against the XML.
_KINDS = frozenset({DocumentType.INVOICE, DocumentType.CREDIT_NOTE})


def contradictions(stated: Invoice, seen: Invoice) -> Iterator[Alternative]:
    """`stated` is the XML's invoice, `seen` the one an engine read from the pages."""
    for path in _COMPARED:
        mine, theirs = get_reading(stated, path), get_reading(seen, path)
        if mine is None or theirs is None or _same(mine, theirs):
            continue
        if isinstance(theirs.evidence, ReadEvidence) and theirs.confidence >= _SURE:
            yield Alternative(field=path, reading=_as_text(theirs))


def _same(mine: Reading, theirs: Reading) -> bool:
    one, other = mine.value, theirs.value
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        # Credit notes are printed with and without signs.
        return abs(one) == abs(other)
    if isinstance(one, DocumentType):
        return one == other or not _KINDS.issuperset((one, other))
    if isinstance(one, str) and isinstance(other, str):
        # Words after a number ("R-77 part two") may be part of it, or not.
        short, long = sorted((one.casefold(), other.casefold()), key=len)
        return number_key(one) == number_key(other) or long.startswith(f"{short} ")
    return one == other


def _as_text(reading: Reading) -> FieldReading[str]:
    return FieldReading[str](
        value=str(reading.value),
        text=reading.text,
        evidence=reading.evidence,
        confidence=reading.confidence,
        engine=reading.engine,
    )
