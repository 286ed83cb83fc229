"""Walks an invoice so that tests can speak about all its readings at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from src.domain.invoice import Address, Invoice
from src.domain.readings import FieldReading


def readings_of(invoice: Invoice) -> Iterator[tuple[str, FieldReading[Any]]]:
    """Every filled reading with its path, such as `line_items.0.amount`."""
    return _walk("", invoice)


def values_of(invoice: Invoice) -> dict[str, str]:
    """Every filled reading's value as text, by path."""
    return {
        path: reading.value.text if isinstance(reading.value, Address) else str(reading.value)
        for path, reading in readings_of(invoice)
    }


def _walk(path: str, value: object) -> Iterator[tuple[str, FieldReading[Any]]]:
    if isinstance(value, FieldReading):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(f"{path}.{name}".lstrip("."), getattr(value, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(f"{path}.{index}", item)
