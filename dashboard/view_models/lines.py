"""The editable table of line items: rows for the eye, values for the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.answers.base import Json
from dashboard.view_models.fields import Kind, field_of, readings
from dashboard.view_models.formats import Formats
from dashboard.view_models.values import NotUsable, same, typed, wire_value

# Leaf of the schema -> heading. All are text: what a person types is read as an exact decimal.
ALWAYS: Mapping[str, str] = {
    "description": "Description",
    "quantity": "Quantity",
    "unit": "Unit",
    "unit_price": "Unit price",
    "tax_rate": "Tax %",
    "amount": "Amount",
}
# Shown where a line has one.
SOMETIMES: Mapping[str, str] = {
    "position": "Pos.",
    "product_code": "Article",
    "discount": "Discount",
    "charge": "Charge",
    "tax_amount": "Tax",
    "gross_amount": "With tax",
    "date": "Date",
    "purchase_order": "Order",
}
ORDER = (
    "position",
    "product_code",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount",
    "charge",
    "tax_rate",
    "tax_amount",
    "amount",
    "gross_amount",
    "date",
    "purchase_order",
)
# Which line of the invoice a row is; a row somebody added has none.
INDEX = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTable:
    """`headings` by leaf; `rows` hold text by leaf and the line's position under `INDEX`."""

    headings: Mapping[str, str]
    rows: Sequence[Mapping[str, str | int]]
    numeric: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedLines:
    """None: as they are. Else all lines with plain values, for the wire."""

    lines: tuple[dict[str, Json], ...] | None
    problems: tuple[str, ...]


def line_table(invoice: Mapping[str, Json] | None, formats: Formats) -> LineTable:
    lines = _lines(invoice)
    currency = _plain(invoice.get("currency")) if invoice else None
    code = currency if isinstance(currency, str) else None
    filled = {leaf for line in lines for leaf in line}
    leaves = [leaf for leaf in ORDER if leaf in ALWAYS or leaf in filled]
    headings = {**ALWAYS, **SOMETIMES}
    return LineTable(
        headings={leaf: headings[leaf] for leaf in leaves},
        rows=[
            {INDEX: number}
            | {leaf: typed(line.get(leaf), _kind(leaf), code, formats) for leaf in leaves}
            for number, line in enumerate(lines)
        ],
        numeric=frozenset(leaf for leaf in leaves if _kind(leaf) in (Kind.MONEY, Kind.NUMBER)),
    )


def edited_lines(
    invoice: Mapping[str, Json] | None, rows: Sequence[Mapping[str, object]], formats: Formats
) -> EditedLines:
    """`rows` as the table has them now; values of columns it does not show are kept."""
    before = _lines(invoice)
    problems: list[str] = []
    after: list[dict[str, Json]] = []
    for number, row in enumerate(rows, start=1):
        line = _origin(row, before)
        for leaf in ORDER:
            if leaf not in row:
                continue
            text = row[leaf] if isinstance(row[leaf], str) else ""
            try:
                value = wire_value(str(text), _kind(leaf), formats)
            except NotUsable as problem:
                problems.append(f"Line {number}, {leaf.replace('_', ' ')}: {problem}")
                continue
            if not same(line.get(leaf), value, _kind(leaf)):
                line[leaf] = value
        if any(value is not None for leaf, value in line.items() if leaf != "kind"):
            after.append(line)
    changed = _without_nothing(after) != _without_nothing(before)
    return EditedLines(lines=tuple(after) if changed else None, problems=tuple(problems))


def _origin(row: Mapping[str, object], before: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """The line a row came from, with all its values; empty for a row that was added."""
    origin = row.get(INDEX)
    # Rows that were added hold a NaN there, which is in no range.
    if isinstance(origin, int | float) and 0 <= origin < len(before):
        return dict(before[int(origin)])
    return {}


def _lines(invoice: Mapping[str, Json] | None) -> list[dict[str, Json]]:
    """Each line with plain values, without the evidence."""
    found = (invoice or {}).get("line_items")
    if not isinstance(found, list):
        return []
    return [
        {leaf: _plain(value) for leaf, value in line.items() if _plain(value) is not None}
        for line in found
        if isinstance(line, dict)
    ]


def _plain(node: Json) -> Json:
    if isinstance(node, dict):
        reading = readings({"it": node}).get("it")
        return reading.value if reading else None
    return node


def _kind(leaf: str) -> Kind:
    return field_of(f"line_items.0.{leaf}").kind


def _without_nothing(lines: Sequence[Mapping[str, Json]]) -> list[dict[str, Json]]:
    return [{leaf: value for leaf, value in line.items() if value is not None} for line in lines]
