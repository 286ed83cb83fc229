"""The line items as a table: its columns, and the values of each line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.answers.base import Json
from dashboard.view_models.fields import field_of, readings

# What the path of every reading of a line begins with.
LINE = "line_items."

# Leaf of the schema -> heading, in the order of the columns.
_HEADINGS: Mapping[str, str] = {
    "position": "Pos.",
    "parent_position": "Part of",
    "product_code": "Article",
    "description": "Description",
    "quantity": "Quantity",
    "unit": "Unit",
    "unit_price": "Unit price",
    "price_base_quantity": "Price for",
    "discount": "Discount",
    "charge": "Charge",
    "tax_rate": "Tax %",
    "tax_category": "Tax code",
    "tax_amount": "Tax",
    "amount": "Amount",
    "gross_amount": "With tax",
    "date": "Date",
    "purchase_order": "Order",
}
# The others are shown where a line has one.
_ALWAYS = frozenset({"description", "quantity", "unit", "unit_price", "tax_rate", "amount"})


def columns(filled: Iterable[str]) -> list[dict[str, Any]]:
    """`filled` are leaves that some line has; each column with its heading and what it holds."""
    there = _ALWAYS | set(filled)
    return [
        {"leaf": leaf, "label": heading, "kind": field_of(f"{LINE}0.{leaf}").kind.value}
        for leaf, heading in _HEADINGS.items()
        if leaf in there
    ]


def plain_lines(invoice: Mapping[str, Json] | None) -> list[dict[str, Json]]:
    """Each line with plain values, without the evidence; what is empty is left out."""
    found = (invoice or {}).get("line_items")
    if not isinstance(found, list):
        return []
    return [
        {leaf: plain for leaf, value in line.items() if (plain := _plain(value)) is not None}
        for line in found
        if isinstance(line, dict)
    ]


def _plain(node: Json) -> Json:
    if isinstance(node, dict):
        reading = readings({"it": node}).get("it")
        return reading.value if reading else None
    return node
