"""Paths of an invoice's readings, such as `totals.total` or `line_items.2.amount`.

Positions in lists are 0-based. Findings, corrections, the API and the dashboard name fields
this way.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from src.domain.errors import NotFound
from src.domain.invoice import Invoice
from src.domain.readings import FieldReading

Reading = FieldReading[object]


def iter_readings(invoice: Invoice) -> Iterator[tuple[str, Reading]]:
    """Every filled reading with its path, in the order of the schema."""
    yield from _walk(invoice, "")


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


def _walk(node: object, prefix: str) -> Iterator[tuple[str, Reading]]:
    if isinstance(node, FieldReading):
        yield prefix, node
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _walk(getattr(node, name), f"{prefix}.{name}" if prefix else name)
    elif isinstance(node, tuple):
        for position, item in enumerate(node):
            yield from _walk(item, f"{prefix}.{position}")
