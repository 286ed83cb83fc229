"""Figures of a line that follow from its other ones: discounts in percent, prices per hundred."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from src.domain.readings import FieldReading
from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column
from src.engines.layout.column_check import multiplies
from src.engines.layout.evidence import computed_value, read_value
from src.engines.layout.table_rows import Row

_CENT = Decimal("0.01")
_TOLERANCE = Decimal("0.02")
# A price may be that of so many units.
_PRICE_BASES = (Decimal(10), Decimal(100), Decimal(1000))
_FACTORS = (Column.QUANTITY, Column.UNIT_PRICE, Column.AMOUNT)


def figures_of(row: Row) -> tuple[Decimal, Decimal, Decimal] | None:
    """Quantity, unit price and amount as printed; None unless the row has all three."""
    cells = [row.cells.get(column) for column in _FACTORS]
    if any(cell is None for cell in cells):
        return None
    quantity, price, amount = (cell.number.value for cell in cells if cell is not None)
    return quantity, price, amount


def repeats_amount(row: Row) -> bool:
    """Whether the "quantity" is the amount read twice: money, and no factor of it."""
    figures = figures_of(row)
    if figures is None or multiplies(*figures):
        return False
    quantity, _, amount = figures
    return quantity == amount and row.cells[Column.QUANTITY].number.is_money_like


def discount_of(row: Row, numbers: Numbers, position: int) -> FieldReading[Decimal] | None:
    """The discount of line `position` as an amount, unsigned.

    One printed in percent is turned into money where the amount of the line proves it.
    """
    if (figures := figures_of(row)) is not None and discount_rate(row, numbers) is not None:
        quantity, price, amount = figures
        value = abs(abs(quantity * price) - abs(amount)).quantize(_CENT)
        return computed_value(value, _fields(position, "quantity", "unit_price", "amount"), 0.85)
    cell = row.cells.get(Column.DISCOUNT)
    if cell is None or cell.number.percent:
        return None
    return read_value(abs(cell.number.value), cell.tokens, 0.7)


def discount_rate(row: Row, numbers: Numbers) -> AmountCell | None:
    """The percentage by which the amount is less than quantity x price, under any heading."""
    figures = figures_of(row)
    if figures is None or multiplies(*figures):
        return None
    rates = [cell for line in row.lines for cell in numbers.on(line) if cell.number.percent]
    named = row.cells.get(Column.DISCOUNT)
    rates += [named] if named is not None else []
    return next((cell for cell in rates if _is_rate(cell.number.value, figures)), None)


def _is_rate(percent: Decimal, figures: Sequence[Decimal]) -> bool:
    """Whether quantity x price less `percent` of it is the amount."""
    quantity, price, amount = figures
    expected = abs(quantity * price) * (100 - abs(percent)) / 100
    return percent != 0 and abs(expected - abs(amount)) <= _TOLERANCE


def price_base_of(row: Row, position: int) -> FieldReading[Decimal] | None:
    """Of how many units the price of line `position` is, where the amount proves it."""
    figures = figures_of(row)
    if figures is None or multiplies(*figures):
        return None
    quantity, price, amount = figures
    for base in _PRICE_BASES:
        # Fewer digits would fit by chance.
        if abs(amount) >= 1 and abs(abs(quantity * price / base) - abs(amount)) < _CENT:
            fields = _fields(position, "quantity", "unit_price", "amount")
            return computed_value(base, fields, 0.8)
    return None


def _fields(position: int, *names: str) -> list[str]:
    return [f"line_items.{position}.{name}" for name in names]
