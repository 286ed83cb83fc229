"""The editable table of line items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dashboard.view_models.formats import Formats
from dashboard.view_models.lines import INDEX, edited_lines, line_table
from src.domain.invoice import Invoice, LineItem, LineKind
from tests.dashboard.documents import invoice, read

FORMATS = Formats.of("en-GB", "Europe/London")
GERMAN = Formats.of("de-DE", "Europe/Berlin")
INVOICE: dict[str, Any] = invoice().model_dump(mode="json")


def rows() -> list[dict[str, object]]:
    return [dict(row) for row in line_table(INVOICE, FORMATS).rows]


def test_table_has_the_usual_columns_and_those_that_are_filled() -> None:
    table = line_table(INVOICE, GERMAN)
    assert list(table.headings) == [
        "description",
        "quantity",
        "unit",
        "unit_price",
        "tax_rate",
        "amount",
    ]
    assert table.rows[0][INDEX] == 0
    assert table.rows[0]["unit_price"] == "25,00"
    assert table.rows[0]["quantity"] == "2"
    assert table.numeric == {"quantity", "unit_price", "tax_rate", "amount"}
    discounted = Invoice(line_items=(LineItem(discount=read(Decimal("1.5"))),))
    assert "discount" in line_table(discounted.model_dump(mode="json"), GERMAN).headings


def test_no_lines() -> None:
    assert line_table(None, FORMATS).rows == []
    assert edited_lines(None, [], FORMATS).lines is None


def test_table_that_was_not_touched_is_no_change() -> None:
    edited = edited_lines(INVOICE, rows(), FORMATS)
    assert edited.lines is None
    assert edited.problems == ()


def test_changed_cell_keeps_the_rest_of_its_line() -> None:
    changed = rows()
    changed[1]["amount"] = "1,060.00"
    lines = edited_lines(INVOICE, changed, FORMATS).lines
    assert lines is not None
    assert lines[0]["amount"] == "50.00"
    assert lines[1] | {"kind": "detail"} == {
        "kind": "detail",
        "description": "Part 2",
        "quantity": "2",
        "unit_price": "25.00",
        "amount": "1060.00",
    }


def test_what_the_table_does_not_show_is_kept() -> None:
    group = LineItem(kind=LineKind.GROUP, parent_position=read("1"), description=read("Sum"))
    body = Invoice(line_items=(group,)).model_dump(mode="json")
    changed = [dict(line_table(body, FORMATS).rows[0]) | {"description": "Sums"}]
    lines = edited_lines(body, changed, FORMATS).lines
    assert lines == ({"kind": "group", "parent_position": "1", "description": "Sums"},)


def test_added_and_removed_rows() -> None:
    added: dict[str, object] = {INDEX: float("nan"), "description": "Part 3", "amount": "1.00"}
    empty: dict[str, object] = {INDEX: None, "description": None, "amount": ""}
    lines = edited_lines(INVOICE, [rows()[1], added, empty], FORMATS).lines
    assert lines is not None
    assert [line["description"] for line in lines] == ["Part 2", "Part 3"]


def test_cleared_cell_is_null() -> None:
    changed = rows()
    changed[0]["quantity"] = ""
    lines = edited_lines(INVOICE, changed, FORMATS).lines
    assert lines is not None
    assert lines[0]["quantity"] is None


def test_what_is_no_number_names_line_and_column() -> None:
    changed = rows()
    changed[1]["unit_price"] = "25,0,0"
    edited = edited_lines(INVOICE, changed, FORMATS)
    assert edited.problems == ("Line 2, unit price: Write the number as 1,234.50",)
    assert edited.lines is None
