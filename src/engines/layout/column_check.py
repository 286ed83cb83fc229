"""Quantity x unit price = amount: evidence for columns whose headings are unclear or missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from src.engines.layout.amount_cells import AmountCell
from src.engines.layout.amount_labels import Column

# Columns are only moved where this share of the rows multiplies out …
_ENOUGH = Decimal("0.8")
# … and the headings' own choice does so in less than this share.
_TOO_FEW = Decimal("0.5")
# Rows looked at; a longer table tells nothing more.
_MOST_ROWS = 40
_MOST_COLUMNS = 10
# Share of money-like figures by which a column of prices differs from one of quantities.
_CLEAR_NATURE = Decimal("0.5")
_TRIPLE = (Column.QUANTITY, Column.UNIT_PRICE, Column.AMOUNT)

Figures = Mapping[int, AmountCell]


def multiplies(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Whether the three figures agree, within the rounding of printed prices."""
    product = abs(quantity * price)
    return abs(product - abs(amount)) <= max(Decimal("0.011"), abs(amount) / 500)


def columns_by_product(
    columns: Sequence[Figures], named: Sequence[Column | None]
) -> dict[int, Column] | None:
    """New names by column index where the named ones do not multiply out but others do.

    `columns` are the figures by line number, left to right; None: leave the names as they are.
    """
    if not 3 <= len(columns) <= _MOST_COLUMNS:
        return None
    current = [named.index(column) if column in named else -1 for column in _TRIPLE]
    if -1 not in current and _share(columns, *current)[0] >= _TOO_FEW:
        return None
    best: tuple[Decimal, int, tuple[int, int, int]] | None = None
    for triple in permutations(range(len(columns)), 3):
        quantity, price, amount = triple
        if (quantity > price) is not _swapped(columns, named, quantity, price):
            continue
        if amount < max(quantity, price):
            continue
        share, rows = _share(columns, quantity, price, amount)
        if share >= _ENOUGH and rows and (best is None or (share, rows) > best[:2]):
            best = share, rows, triple
    if best is None:
        return None
    return dict(zip(best[2], _TRIPLE, strict=True))


def _swapped(
    columns: Sequence[Figures], named: Sequence[Column | None], quantity: int, price: int
) -> bool:
    """Whether, of two factors, the price stands before the quantity.

    The headings say so, or the figures: prices are printed as money, quantities are not.
    """
    left, right = min(quantity, price), max(quantity, price)
    nature = _money_share(columns[left]) - _money_share(columns[right])
    if abs(nature) > _CLEAR_NATURE:
        return nature > 0
    if named[left] is Column.UNIT_PRICE or named[right] is Column.QUANTITY:
        return True
    if named[left] is Column.QUANTITY or named[right] is Column.UNIT_PRICE:
        return False
    return nature > 0


def _money_share(column: Figures) -> Decimal:
    money = sum(cell.number.is_money_like for cell in column.values())
    return Decimal(money) / len(column)


def _share(
    columns: Sequence[Figures], quantity: int, price: int, amount: int
) -> tuple[Decimal, int]:
    """Share of rows that multiply out, and how many of them prove something.

    One times anything proves nothing: at least one row must have another quantity.
    """
    lines = columns[quantity].keys() & columns[price].keys() & columns[amount].keys()
    right = telling = 0
    chosen = sorted(lines)[:_MOST_ROWS]
    for line in chosen:
        q = columns[quantity][line].number.value
        p = columns[price][line].number.value
        a = columns[amount][line].number.value
        if multiplies(q, p, a):
            right += 1
            telling += q not in {0, 1} and p not in {0, 1}
    if not chosen:
        return Decimal(0), 0
    return Decimal(right) / len(chosen), telling
