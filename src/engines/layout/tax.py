"""Tax by rate: the rows of the breakdown as domain readings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from src.domain.invoice import TaxBreakdown
from src.domain.readings import FieldReading
from src.engines.layout.amount_cells import AmountCell
from src.engines.layout.evidence import read_value
from src.engines.layout.labelled_amounts import TaxRow

_TOLERANCE = Decimal("0.02")
_MOST_ROWS = 8


def distinct_rows(rows: Sequence[TaxRow]) -> list[TaxRow]:
    """The rows without repetition: one rate with one tax is stated once.

    A row with a base is kept before one that has the tax alone.
    """
    kept: list[TaxRow] = []
    for row in sorted(rows, key=lambda row: (row.base is None, row.tax is None)):
        if row.tax is None and row.rate is None:
            continue
        if any(_same(row, other) for other in kept):
            continue
        kept.append(row)
    return kept


def borne_out(rows: Sequence[TaxRow], tax_total: FieldReading[Decimal] | None) -> Sequence[TaxRow]:
    """The rows that make the tax of the document, where not all of them together do.

    Other taxes than those of the invoice stand on pages too: one that a price contains, or the
    tax of a charge that the rate of the whole includes.
    """
    if tax_total is None or len(rows) > _MOST_ROWS:
        return rows
    for size in range(len(rows), 0, -1):
        for chosen in combinations(rows, size):
            taxes = [_value(row.tax) if row.tax is not None else Decimal(0) for row in chosen]
            if abs(sum(taxes, Decimal(0)) - tax_total.value) <= _TOLERANCE:
                return chosen
    return rows


def _same(row: TaxRow, other: TaxRow) -> bool:
    if row.base is None is other.base and _letters(row.label) != _letters(other.label):
        # "CGST 9.00" and "SGST 9.00" are two taxes of the same amount.
        return False
    same_tax = row.tax is None or other.tax is None or _value(row.tax) == _value(other.tax)
    same_rate = row.rate is None or other.rate is None or _value(row.rate) == _value(other.rate)
    same_base = row.base is None or other.base is None or _value(row.base) == _value(other.base)
    return same_tax and same_rate and same_base


def breakdown_of(rows: Sequence[TaxRow]) -> tuple[TaxBreakdown, ...]:
    """One entry a rate; confidence is high where base x rate = tax."""
    return tuple(_entry(row) for row in rows)


def _entry(row: TaxRow) -> TaxBreakdown:
    confidence = 0.95 if _multiplies(row) else 0.75
    return TaxBreakdown(
        rate=_reading(row.rate, confidence),
        taxable_amount=_reading(row.base, confidence),
        tax_amount=_reading(row.tax, confidence),
    )


def _multiplies(row: TaxRow) -> bool:
    if row.rate is None or row.base is None or row.tax is None:
        return False
    expected = _value(row.base) * _value(row.rate) / 100
    return abs(abs(expected) - abs(_value(row.tax))) <= _TOLERANCE


def _value(cell: AmountCell) -> Decimal:
    return cell.number.value


def _letters(label: str) -> str:
    return "".join(c for c in label.casefold() if c.isalpha())


def _reading(cell: AmountCell | None, confidence: float) -> FieldReading[Decimal] | None:
    return None if cell is None else read_value(_value(cell), cell.tokens, confidence)
