"""Reads drawn pages as far as amounts, for the tests of amounts, tables and line items."""

from __future__ import annotations

from decimal import Decimal

from src.domain.readings import FieldReading
from src.engines.layout.amounts import read_amounts
from src.engines.layout.model import AmountsReading, DateOrder, Locale
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of


def amounts_of(*texts: str, language: str = "en", country: str | None = None) -> AmountsReading:
    """What is read from pages that show `texts`."""
    pages = [page_of(text, number=number) for number, text in enumerate(texts, start=1)]
    locale = Locale(language, country, None, DateOrder.DMY, 0.5)
    return read_amounts(build_layout(pages), locale)


def value(reading: FieldReading[Decimal] | None) -> str | None:
    """The value as text, None where nothing was read."""
    return None if reading is None else str(reading.value)


def sums(reading: AmountsReading) -> tuple[str | None, str | None, str | None, str | None]:
    """Subtotal, tax, total and amount due."""
    totals = reading.totals
    return (
        value(totals.subtotal),
        value(totals.tax_total),
        value(totals.total),
        value(totals.amount_due),
    )


def figures(reading: AmountsReading) -> list[tuple[str | None, str | None, str | None]]:
    """Quantity, unit price and amount of each line item."""
    return [
        (value(item.quantity), value(item.unit_price), value(item.amount))
        for item in reading.line_items
    ]


def descriptions(reading: AmountsReading) -> list[str | None]:
    return [item.description.value if item.description else None for item in reading.line_items]
