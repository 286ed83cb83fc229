"""The review desk: fields with their evidence, and what a draft means."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.answers.base import Json
from dashboard.answers.results import Checked, Correcting, Correction, ResultDetail
from dashboard.view_models.desk import (
    LONGEST_DRAFT,
    MOST_DRAFTS,
    Draft,
    desk,
    problems_by_field,
    understand,
)
from dashboard.view_models.fields import GROUP_ORDER, Kind, field_of, group_of, label_of, readings
from dashboard.view_models.formats import Formats
from dashboard.view_models.values import NotUsable, same, shown, typed, wire_value
from src.domain.invoice import Address, Invoice, Party, Totals
from src.domain.paths import iter_readings
from tests.dashboard.documents import corrected, detail, invoice, read

FORMATS = Formats.of("en-GB", "Europe/London")
GERMAN = Formats.of("de-DE", "Europe/Berlin")


def document(**changed: Any) -> ResultDetail:
    return ResultDetail.model_validate(detail(**changed))


def by_path(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["path"]: field for group in data["groups"] for field in group["fields"]}


def drafted(**values: str) -> Draft:
    return Draft(version=1, values={path.replace("__", "."): v for path, v in values.items()})


def test_every_reading_of_the_schema_is_on_the_desk() -> None:
    made = invoice()
    paths = {path for path, _ in iter_readings(made)}
    assert readings(made.model_dump(mode="json")).keys() == paths
    assert paths <= by_path(desk(document(), None, {}, FORMATS)).keys()


def test_field_tells_where_it_came_from() -> None:
    fields = by_path(desk(document(), None, {}, FORMATS))
    total = fields["totals.total"]
    assert total["box"] == {"page": 1, "x0": 0.6, "y0": 0.78, "x1": 0.8, "y1": 0.8}
    assert (total["printed"], total["confidence"], total["level"]) == (
        "€ 129.00",
        "55%",
        "doubtful",
    )
    assert total["origin"] == "page 1 · Embedded (layout)"
    assert fields["totals.amount_due"]["origin"] == "computed from total"
    assert fields["totals.amount_due"]["box"] is None
    assert fields["currency"]["level"] == "fair"
    assert fields["invoice_number"]["level"] == "sure"
    assert fields["due_date"]["level"] == "none"
    assert fields["due_date"]["origin"] == "not found"


def test_second_opinion_stands_beside_the_first() -> None:
    (other,) = by_path(desk(document(), None, {}, FORMATS))["totals.total"]["others"]
    assert (other["shown"], other["value"]) == ("120.00 EUR", "120.00")
    assert other["engine"] == "Vision model"
    assert other["box"]["page"] == 1


@pytest.mark.parametrize(
    ("evidence", "origin"),
    [
        ({"kind": "xml", "path": "Invoice/ID"}, "e-invoice: Invoice/ID"),
        ({"kind": "model", "page": 2}, "Embedded (layout), not found on page 2"),
        ({"kind": "newer"}, "Embedded (layout)"),
    ],
)
def test_other_origins(evidence: dict[str, Json], origin: str) -> None:
    reading = {"value": "x", "evidence": evidence, "confidence": 0.9, "engine": "layout"}
    field = by_path(desk(document(invoice={"note": reading}), None, {}, FORMATS))["note"]
    assert field["origin"] == origin
    assert field["box"] is None


def test_corrected_field_names_who_and_when() -> None:
    made = Invoice(vendor=Party(name=corrected("Right Ltd"))).model_dump(mode="json")
    field = by_path(desk(document(invoice=made), None, {}, FORMATS))["vendor.name"]
    assert field["origin"] == "corrected by desk-2, 02/03/2026, 10:00"
    assert field["level"] == "person"
    assert field["printed"] == "as printed"


def test_reading_that_is_not_understood_hides_no_other() -> None:
    made = invoice().model_dump(mode="json")
    made["note"] = {"value": 1, "evidence": "somewhere else"}
    fields = by_path(desk(document(invoice=made), None, {}, FORMATS))
    assert "note" not in fields
    assert "totals.total" in fields


def test_groups_are_in_order_and_lines_are_not_edited_here() -> None:
    data = desk(document(), None, {}, FORMATS)
    names = [group["name"] for group in data["groups"]]
    assert names == [name for name in GROUP_ORDER if name in names]
    assert not by_path(data)["line_items.0.amount"]["editable"]
    assert by_path(data)["totals.total"]["editable"]
    json.dumps(data)


def test_findings_of_the_draft_replace_those_of_the_document() -> None:
    now = invoice("120.00").model_dump(mode="json")
    data = desk(document(), Checked(invoice=now, findings=()), {"currency": "no"}, FORMATS)
    assert data["findings"] == []
    assert data["problems"] == {"currency": "no"}
    total = by_path(data)["totals.total"]
    assert (total["value"], total["now"]) == ("129.00", "120.00")


def test_amounts_are_written_as_the_person_does() -> None:
    made = invoice("1234.50").model_dump(mode="json")
    total = by_path(desk(document(invoice=made), None, {}, GERMAN))["totals.total"]
    assert (total["value"], total["shown"]) == ("1.234,50", "1.234,50 EUR")


def test_unknown_currency_is_said() -> None:
    made = Invoice(totals=Totals(total=read("5"))).model_dump(mode="json")
    total = by_path(desk(document(invoice=made), None, {}, FORMATS))["totals.total"]
    assert total["unit"] == "no currency"


# Drafts


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
    ],
)
def test_state_that_is_no_draft_of_this_version_is_none(state: object) -> None:
    assert Draft.of(state, 1).values == {}


def test_draft_is_taken() -> None:
    state = {"version": 1, "values": {"currency": "USD"}}
    assert Draft.of(state, 1).values == {"currency": "USD"}


def test_what_says_the_same_is_no_change() -> None:
    draft = drafted(totals__total="129", currency="eur", vendor__name=" Example & Sons ")
    understood = understand(document(), draft, FORMATS)
    assert understood.changes == ()
    assert understood.problems == {}


def test_changes_and_problems_are_told_apart() -> None:
    draft = drafted(
        totals__subtotal="1,100.5", issue_date="31.3.2026", due_date="2026-04-01", currency="euro"
    )
    understood = understand(document(), draft, FORMATS)
    assert [(change.field, change.value) for change in understood.changes] == [
        ("totals.subtotal", "1100.5"),
        ("due_date", "2026-04-01"),
    ]
    assert understood.problems.keys() == {"issue_date", "currency"}


def test_cleared_field_is_null() -> None:
    (change,) = understand(document(), drafted(invoice_number="  "), FORMATS).changes
    assert (change.field, change.value) == ("invoice_number", None)


def test_value_taken_over_from_another_follows_it() -> None:
    changes = understand(document(), drafted(totals__total="120.00"), FORMATS).changes
    assert [(c.field, c.value) for c in changes] == [
        ("totals.total", "120.00"),
        ("totals.amount_due", "120.00"),
    ]


def test_value_the_person_typed_does_not_follow() -> None:
    draft = drafted(totals__total="120.00", totals__amount_due="129.00")
    changes = understand(document(), draft, FORMATS).changes
    assert [c.field for c in changes] == ["totals.total"]


def test_problems_of_the_api_find_their_fields() -> None:
    sent = Correcting(version=1, changes=(Correction(field="currency", value="XXQ"),))
    assert problems_by_field("currency: no such code; note: long", sent) == {
        "currency": "no such code"
    }
    assert problems_by_field("Something else: is wrong", sent) == {}


# Values and names


@pytest.mark.parametrize(
    ("path", "label", "kind", "group"),
    [
        ("totals.total", "Total", Kind.MONEY, "Amounts"),
        ("line_items.2.amount", "Line 3, amount", Kind.MONEY, "Line items"),
        ("line_items.0.date", "Line 1, date", Kind.DATE, "Line items"),
        ("line_items.4", "Line 5", Kind.TEXT, "Line items"),
        ("tax_breakdown.0.rate", "Tax 1, rate (%)", Kind.NUMBER, "Tax"),
        ("payment.accounts.1.iban", "Account 2, IBAN", Kind.TEXT, "Payment"),
        ("payment.terms", "Payment terms", Kind.LONG, "Payment"),
        ("service_period_start", "Service period start", Kind.DATE, "More"),
        ("ship_to.name", "Ship to name", Kind.TEXT, "More"),
        ("tax_currency", "Tax currency", Kind.CURRENCY, "More"),
        ("document_type", "Kind of document", Kind.CHOICE, "Document"),
    ],
)
def test_names_of_fields(path: str, label: str, kind: Kind, group: str) -> None:
    assert (label_of(path), field_of(path).kind, group_of(path)) == (label, kind, group)


def test_address_is_its_text() -> None:
    address: Json = Address(text="1 High Street, Leeds", city="Leeds").model_dump(mode="json")
    assert typed(address, Kind.LONG, None, FORMATS) == "1 High Street, Leeds"
    assert same(address, "1 High Street, Leeds", Kind.LONG)
    assert not same(address, None, Kind.LONG)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("2026-03-01", Kind.DATE, "1 Mar 2026"),
        ("soon", Kind.DATE, "soon"),
        ("credit_note", Kind.CHOICE, "Credit note"),
        ("19", Kind.NUMBER, "19"),
        ("not a number", Kind.MONEY, "not a number"),
        (True, Kind.NUMBER, "True"),
        (None, Kind.MONEY, ""),
    ],
)
def test_values_for_reading(value: Json, kind: Kind, text: str) -> None:
    assert shown(value, kind, "EUR", FORMATS) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1,2,3", Kind.NUMBER), ("tomorrow", Kind.DATE), ("E€R", Kind.CURRENCY)],
)
def test_not_usable(text: str, kind: Kind) -> None:
    with pytest.raises(NotUsable):
        wire_value(text, kind, FORMATS)
