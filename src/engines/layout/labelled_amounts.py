"""What the search for sums gives: labelled amounts and taxes by rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from src.engines.layout.amount_cells import AmountCell
from src.engines.layout.amount_labels import Role

# Half a cent on either side, and a little for taxes rounded by line.
TAX_TOLERANCE = Decimal("0.015")


@dataclass(frozen=True)
class Candidate:
    """An amount and how well its label names each role (0..1)."""

    cell: AmountCell
    roles: Mapping[Role, float]
    label: str

    @property
    def value(self) -> Decimal:
        return self.cell.number.value


@dataclass(frozen=True)
class TaxRow:
    """The tax of one rate, from a table or from one labelled line."""

    rate: AmountCell | None
    base: AmountCell | None
    tax: AmountCell | None
    label: str


@dataclass(frozen=True)
class LabelledAmounts:
    candidates: tuple[Candidate, ...]
    tax_rows: tuple[TaxRow, ...]


def base_and_tax(
    rate: AmountCell | None, cells: Sequence[AmountCell]
) -> tuple[AmountCell, AmountCell] | None:
    """The two amounts of a row of which one is the rate of the other, whatever the headings."""
    if rate is None or not rate.number.value:
        return None
    money = [cell for cell in cells if cell is not rate and cell.number.is_money_like]
    for base in money:
        for tax in money:
            if base is tax or not tax.number.value:
                continue
            expected = base.number.value * rate.number.value / 100
            if abs(expected - tax.number.value) <= TAX_TOLERANCE:
                return base, tax
            if base.text.startswith("(") and abs(expected + tax.number.value) <= TAX_TOLERANCE:
                # "GST 5 % (65.00)  3.25": a remark in brackets, no negative amount.
                return replace(base, number=replace(base.number, value=-base.number.value)), tax
    return None
