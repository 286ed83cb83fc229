"""Which lines count in the sum: groups repeat the sum of the lines that belong to them.

Nothing is called a group because of its words. Its amount must be the sum of other lines, and
the lines must add up to what the page says only without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from src.domain.invoice import LineItem, LineKind, Totals

_TOLERANCE = Decimal("0.02")
# Longer tables are not searched for groups by their amounts alone.
_MOST_LINES = 400
_NOTHING = Decimal(0)


def with_kinds(items: tuple[LineItem, ...], totals: Totals) -> tuple[LineItem, ...]:
    """The lines with groups marked, and with the group that each line belongs to."""
    wanted = _line_sums(totals)
    amounts = [item.amount.value if item.amount is not None else _NOTHING for item in items]
    if not wanted or _fits(sum(amounts, _NOTHING), wanted):
        return items
    for groups in (_by_position(items, amounts), _by_amount(amounts)):
        details = [value for index, value in enumerate(amounts) if index not in groups]
        if groups and _fits(sum(details, _NOTHING), wanted):
            return tuple(_marked(items, groups))
    return items


def _line_sums(totals: Totals) -> list[Decimal]:
    """What the lines may add up to."""
    readings = (totals.line_total, totals.subtotal, totals.total)
    return [reading.value for reading in readings if reading is not None]


def _fits(value: Decimal, wanted: Sequence[Decimal]) -> bool:
    return any(abs(value - other) <= _TOLERANCE for other in wanted)


def _position(item: LineItem) -> str:
    return item.position.value.strip(". ") if item.position is not None else ""


def _by_position(items: Sequence[LineItem], amounts: Sequence[Decimal]) -> dict[int, list[int]]:
    """Groups with their lines, by the index of the group: "1" holds "1.1" and "1.2"."""
    groups: dict[int, list[int]] = {}
    names = [_position(item) for item in items]
    for index, name in enumerate(names):
        below = [i for i, other in enumerate(names) if name and i != index and _under(other, name)]
        direct = [i for i in below if not any(_under(names[i], names[j]) for j in below)]
        total = sum((amounts[i] for i in direct), _NOTHING)
        if direct and abs(total - amounts[index]) <= _TOLERANCE:
            groups[index] = direct
    return groups


def _under(name: str, group: str) -> bool:
    return len(name) > len(group) and name.startswith(group)


def _by_amount(amounts: Sequence[Decimal]) -> dict[int, list[int]]:
    """Groups that are the sum of the lines right before or right after them."""
    groups: dict[int, list[int]] = {}
    if len(amounts) > _MOST_LINES:
        return groups
    for index, amount in enumerate(amounts):
        for run in _runs(index, len(amounts), groups):
            values = [amounts[i] for i in run]
            if amount and abs(sum(values, _NOTHING) - amount) <= _TOLERANCE:
                groups[index] = list(run)
                break
    return groups


def _runs(index: int, size: int, groups: dict[int, list[int]]) -> Iterator[range]:
    """At least two lines in a row that end before `index` or begin after it."""
    last = max((i for i in groups if i < index), default=-1)
    for first in range(index - 2, last, -1):
        yield range(first, index)
    for end in range(index + 3, size + 1):
        yield range(index + 1, end)


def _marked(items: Sequence[LineItem], groups: dict[int, list[int]]) -> Iterator[LineItem]:
    parents = {line: items[group].position for group, lines in groups.items() for line in lines}
    for index, item in enumerate(items):
        kind = LineKind.GROUP if index in groups else LineKind.DETAIL
        yield item.model_copy(update={"kind": kind, "parent_position": parents.get(index)})
