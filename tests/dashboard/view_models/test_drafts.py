"""What a person typed and did not save, and what it means for the API."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.answers.base import Json
from dashboard.answers.results import Correcting, Correction, ResultDetail
from dashboard.view_models.drafts import (
    LONGEST_DRAFT,
    MOST_DRAFTS,
    Draft,
    Understood,
    problems_by_field,
    understand,
)
from dashboard.view_models.formats import Formats
from src.domain.invoice import Invoice, LineItem, LineKind
from tests.dashboard.documents import detail, read

FORMATS = Formats.of("en-GB", "Europe/London")


def document(**changed: Any) -> ResultDetail:
    return ResultDetail.model_validate(detail(**changed))


def drafted(values: dict[str, str], *added: str, removed: tuple[str, ...] = ()) -> Draft:
    return Draft(version=1, values=values, added=added, removed=frozenset(removed))


def understood(values: dict[str, str], *added: str, removed: tuple[str, ...] = ()) -> Understood:
    return understand(document(), drafted(values, *added, removed=removed), FORMATS)


def pairs(understood: Understood) -> list[tuple[str, Json]]:
    return [(change.field, change.value) for change in understood.changes]


@pytest.mark.parametrize(
    "state",
    [
        None,
        "text",
        {},
        {"version": 2, "values": {"currency": "USD"}},
        {"version": 1, "values": ["currency"]},
        {"version": 1, "values": {"currency": 5}},
        {"version": 1, "values": {"currency": "x" * (LONGEST_DRAFT + 1)}},
        {"version": 1, "values": dict.fromkeys(map(str, range(MOST_DRAFTS + 1)), "x")},
        {"version": 1, "values": {}, "added": "+1", "removed": 0},
        {"version": 1, "values": {}, "added": ["1", "+0", "+9999", 1], "removed": ["-1", "+1", 0]},
    ],
)
def test_state_that_is_no_draft_of_this_version_is_none(state: object) -> None:
    assert Draft.of(state, 1) == Draft(version=1)


def test_draft_is_taken() -> None:
    state = {
        "version": 1,
        "values": {"currency": "USD"},
        "added": ["+2", "+1", "+2"],
        "removed": ["1"],
    }
    assert Draft.of(state, 1) == drafted({"currency": "USD"}, "+2", "+1", removed=("1",))


def test_what_says_the_same_is_no_change() -> None:
    same = {"totals.total": "129", "currency": "eur", "vendor.name": " Example & Sons "}
    assert understood(same).nothing
    assert understood({"line_items.0.amount": "50"}, "+1").nothing
    assert understood({"line_items.+1.amount": " "}, "+1").nothing


def test_changes_and_problems_are_told_apart() -> None:
    found = understood(
        {
            "totals.subtotal": "1,100.5",
            "issue_date": "31.3.2026",
            "due_date": "2026-04-01",
            "currency": "euro",
            "line_items.1.unit_price": "25,0,0",
        }
    )
    assert pairs(found) == [("totals.subtotal", "1100.5"), ("due_date", "2026-04-01")]
    assert found.problems.keys() == {"issue_date", "currency", "line_items.1.unit_price"}


def test_cleared_field_is_null() -> None:
    assert pairs(understood({"invoice_number": "  "})) == [("invoice_number", None)]


def test_what_a_person_typed_over_a_computed_value_is_named_with_other_changes() -> None:
    kept = {"totals.amount_due": "129.00"}
    assert understood(kept).nothing
    assert pairs(understood(kept | {"totals.total": "120.00"})) == [
        ("totals.total", "120.00"),
        ("totals.amount_due", "129.00"),
    ]


def test_cells_and_added_rows_are_changes_by_position() -> None:
    values = {
        "line_items.+2.amount": "2.00",
        "line_items.+1.amount": "1.00",
        "line_items.+3.amount": "",
        "line_items.+9.amount": "9.00",
        "line_items.1.amount": "60.00",
    }
    found = understood(values, "+1", "+2", "+3")
    assert pairs(found) == [
        ("line_items.1.amount", "60.00"),
        ("line_items.2.amount", "1.00"),
        ("line_items.3.amount", "2.00"),
    ]
    assert found.line_items is None
    assert found.places == ("0", "1", "+1", "+2")


def test_where_a_line_is_removed_all_are_sent() -> None:
    values = {
        "line_items.0.amount": "not a number, but gone",
        "line_items.1.amount": "1,060.00",
        "line_items.+1.description": "Part 3",
        "totals.total": "120.00",
    }
    found = understood(values, "+1", removed=("0", "7"))
    assert pairs(found) == [("totals.total", "120.00")]
    assert found.problems == {}
    assert found.line_items is not None
    first, second = found.line_items
    assert first == {
        "kind": "detail",
        "description": "Part 2",
        "quantity": "2",
        "unit_price": "25.00",
        "amount": "1060.00",
    }
    # All lines have the same names: by these the service tells which is which.
    assert second == dict.fromkeys(first.keys() - {"kind"}) | {"description": "Part 3"}


def test_what_the_table_does_not_show_is_kept() -> None:
    group = LineItem(kind=LineKind.GROUP, parent_position=read("1"), description=read("Sum"))
    body = Invoice(line_items=(LineItem(), group)).model_dump(mode="json")
    found = understand(document(invoice=body), drafted({}, removed=("0",)), FORMATS)
    assert found.line_items == ({"kind": "group", "parent_position": "1", "description": "Sum"},)


def test_problems_of_the_api_find_their_fields() -> None:
    sent = Correcting(version=1, changes=(Correction(field="currency", value="XXQ"),))
    told = "currency: no such code; note: long"
    assert problems_by_field(told, sent, Understood()) == {"currency": "no such code"}
    assert problems_by_field("Something else: is wrong", sent, Understood()) == {}
    lines = Correcting(version=1, line_items=({"amount": "1"},))
    found = problems_by_field("line_items.0.amount: too much", lines, Understood(places=("+1",)))
    assert found == {"line_items.+1.amount": "too much"}


@pytest.mark.parametrize("path", ["totals.total", "line_items", "line_items.7.amount"])
def test_other_paths_are_those_of_the_api(path: str) -> None:
    assert Understood(places=("1",)).path_of_draft(path) == path
