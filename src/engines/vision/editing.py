"""Putting readings into an invoice by their paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from src.domain.invoice import BankAccount, Invoice, LineItem, TaxBreakdown
from src.domain.paths import Reading

# What a list that grows gets more of.
_ITEMS: Mapping[str, type[BaseModel]] = {
    "accounts": BankAccount,
    "line_items": LineItem,
    "tax_breakdown": TaxBreakdown,
}


def with_readings(invoice: Invoice, readings: Mapping[str, Reading | None]) -> Invoice:
    """The invoice with these readings at their paths, None for a field that becomes empty;
    lists grow by at most one item a path.

    Readings must be of the types of their fields.
    """
    changed = _changed(invoice, readings)
    assert isinstance(changed, Invoice)  # noqa: S101 - the node is the invoice itself
    return changed


def _changed(node: BaseModel, readings: Mapping[str, Reading | None]) -> BaseModel:
    changes: dict[str, Any] = {}
    deeper: dict[str, dict[str, Reading | None]] = defaultdict(dict)
    for path, reading in readings.items():
        name, _, rest = path.partition(".")
        if rest:
            deeper[name][rest] = reading
        else:
            changes[name] = reading
    for name, inner in deeper.items():
        child = getattr(node, name)
        changes[name] = (
            _grown(name, child, inner) if isinstance(child, tuple) else _changed(child, inner)
        )
    return node.model_copy(update=changes)


def _grown(
    name: str, items: tuple[BaseModel, ...], readings: Mapping[str, Reading | None]
) -> tuple[BaseModel, ...]:
    by_position: dict[int, dict[str, Reading | None]] = defaultdict(dict)
    for path, reading in readings.items():
        number, _, rest = path.partition(".")
        by_position[int(number)][rest] = reading
    grown = list(items)
    for position in sorted(by_position):
        if position >= len(grown):
            grown.append(_ITEMS[name]())
        grown[position] = _changed(grown[position], by_position[position])
    return tuple(grown)
