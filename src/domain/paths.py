"""Paths of an invoice's readings, such as `totals.total` or `line_items.2.amount`.

Positions in lists are 0-based. Findings, corrections, the API and the dashboard name fields
this way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pydantic import BaseModel

from src.domain.errors import NotFound
from src.domain.invoice import Invoice
from src.domain.readings import FieldReading

Reading = FieldReading[object]


def iter_readings(invoice: Invoice) -> Iterator[tuple[str, Reading]]:
    """Every filled reading with its path, in the order of the schema."""
    found: list[tuple[str, Reading]] = []
    _collect(invoice, "", found)
    return iter(found)


def get_reading(invoice: Invoice, path: str) -> Reading | None:
    """The reading at `path`, None where the field is empty.

    Raises `NotFound` when the schema has no such field, the list is shorter, or the path ends
    at a group of fields instead of a single one.
    """
    node: object = invoice
    for part in path.split("."):
        node = _step(node, part, path)
    if node is None or isinstance(node, FieldReading):
        return node
    raise NotFound(f"'{path}' is a group of fields; name one field of it.")


def with_reading(invoice: Invoice, path: str, reading: Reading | None) -> Invoice:
    """A copy with the reading at `path`, which must be one of `iter_readings`; None empties it."""
    changed = _placed(invoice, path.split("."), reading)
    if not isinstance(changed, Invoice):
        raise NotFound(f"'{path}' is no path of an invoice.")
    return changed


def _placed(node: object, parts: Sequence[str], reading: Reading | None) -> object:
    if not parts:
        return reading
    part, rest = parts[0], parts[1:]
    placed = _placed(_step(node, part, part), rest, reading)
    if isinstance(node, tuple):
        return (*node[: int(part)], placed, *node[int(part) + 1 :])
    if isinstance(node, BaseModel):
        return node.model_copy(update={part: placed})
    raise NotFound(f"An invoice has no field '{part}' there.")


def _step(node: object, part: str, path: str) -> object:
    if isinstance(node, tuple):
        # Longer digit strings are never positions, and int() refuses the very long ones.
        if part.isascii() and part.isdigit() and len(part) < 7 and int(part) < len(node):
            return node[int(part)]
    elif (
        isinstance(node, BaseModel)
        and not isinstance(node, FieldReading)
        and part in type(node).model_fields
    ):
        return getattr(node, part)
    raise NotFound(f"An invoice has no field '{path}'; docs/invoice.schema.json lists them.")


def _collect(group: BaseModel, prefix: str, found: list[tuple[str, Reading]]) -> None:
    for name in _names_of(type(group)):
        here = getattr(group, name)
        # Most fields of most invoices are empty.
        if here is None:
            continue
        if isinstance(here, tuple):
            for position, item in enumerate(here):
                _collect(item, f"{prefix}{name}.{position}.", found)
        elif _is_reading(here.__class__):
            found.append((f"{prefix}{name}", here))
        elif isinstance(here, BaseModel):
            _collect(here, f"{prefix}{name}.", found)


# Every check walks the invoice; what is true of a type is looked up once.
@cache
def _names_of(group: type[BaseModel]) -> tuple[str, ...]:
    return tuple(group.model_fields)


@cache
def _is_reading(kind: type) -> bool:
    return issubclass(kind, FieldReading)
