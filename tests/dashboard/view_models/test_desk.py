"""The review desk: fields with their evidence, and what a draft means."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from dashboard.answers.base import Json
from dashboard.answers.results import Alternative, Checked, ResultDetail
from dashboard.view_models import desk as model
from dashboard.view_models.drafts import Draft, understand
from dashboard.view_models.fields import GROUP_ORDER, Kind, field_of, group_of, label_of, readings
from dashboard.view_models.formats import Formats
from dashboard.view_models.values import NotUsable, same, shown, typed, wire_value
from src.domain.invoice import Address, Invoice, LineItem, Party, Totals
from src.domain.paths import iter_readings
from tests.dashboard.documents import MISMATCH, corrected, detail, invoice, read

FORMATS = Formats.of("en-GB", "Europe/London")
GERMAN = Formats.of("de-DE", "Europe/Berlin")


def document(**changed: Any) -> ResultDetail:
    return ResultDetail.model_validate(detail(**changed))


def desk(
    document: ResultDetail,
    checked: Checked | None = None,
    formats: Formats = FORMATS,
    draft: Draft | None = None,
) -> dict[str, Any]:
    draft = draft or Draft(version=1)
    return model.desk(document, checked, understand(document, draft, formats), draft, formats)


def by_path(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["path"]: field for group in data["groups"] for field in group["fields"]}


def cells(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Those that hold anything."""
    return {
        f"line_items.{row['id']}.{leaf}": cell
        for row in data["lines"]["rows"]
        for leaf, cell in row["cells"].items()
        if cell.get("value") or cell.get("now") or cell.get("others")
    }


def test_every_reading_of_the_schema_is_on_the_desk() -> None:
    made = invoice()
    paths = {path for path, _ in iter_readings(made)}
    assert readings(made.model_dump(mode="json")).keys() == paths
    data = desk(document())
    assert paths <= by_path(data).keys() | cells(data).keys()


def test_field_tells_where_it_came_from() -> None:
    fields = by_path(desk(document()))
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
    (other,) = by_path(desk(document()))["totals.total"]["others"]
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
    field = by_path(desk(document(invoice={"note": reading})))["note"]
    assert field["origin"] == origin
    assert field["box"] is None


def test_corrected_field_names_who_and_when() -> None:
    made = Invoice(vendor=Party(name=corrected("Right Ltd"))).model_dump(mode="json")
    field = by_path(desk(document(invoice=made)))["vendor.name"]
    assert field["origin"] == "corrected by desk-2, 02/03/2026, 10:00"
    assert field["level"] == "person"
    assert field["printed"] == "as printed"


def test_reading_that_is_not_understood_hides_no_other() -> None:
    made = invoice().model_dump(mode="json")
    made["note"] = {"value": 1, "evidence": "somewhere else"}
    fields = by_path(desk(document(invoice=made)))
    assert "note" not in fields
    assert "totals.total" in fields


def test_groups_are_in_order_and_lines_have_their_table() -> None:
    data = desk(document())
    names = [group["name"] for group in data["groups"]]
    assert names == [name for name in GROUP_ORDER if name in names]
    assert "Line items" not in names
    assert [row["id"] for row in data["lines"]["rows"]] == ["0", "1"]
    amount = cells(data)["line_items.0.amount"]
    assert (amount["value"], amount["box"]["page"]) == ("50.00", 1)
    json.dumps(data)


def test_table_has_the_usual_columns_and_those_that_are_filled() -> None:
    def leaves(invoice: Invoice) -> list[str]:
        made = document(invoice=invoice.model_dump(mode="json"))
        return [column["leaf"] for column in desk(made)["lines"]["columns"]]

    usual = ["description", "quantity", "unit", "unit_price", "tax_rate", "amount"]
    assert leaves(invoice()) == leaves(Invoice()) == usual
    discounted = Invoice(line_items=(LineItem(discount=read(Decimal("1.5"))),))
    assert leaves(discounted) == [*usual[:4], "discount", *usual[4:]]


def test_findings_of_the_draft_replace_those_of_the_document() -> None:
    now = invoice("120.00").model_dump(mode="json")
    draft = Draft(version=1, values={"currency": "euro"})
    data = desk(document(), Checked(invoice=now, findings=()), draft=draft)
    assert data["findings"] == []
    assert data["problems"].keys() == {"currency"}
    total = by_path(data)["totals.total"]
    assert (total["value"], total["now"]) == ("129.00", "120.00")


def test_what_follows_is_marked_and_what_would_follow_is_offered() -> None:
    offer = read("60.00", confidence=0.9).model_dump(mode="json") | {"engine": "arithmetic"}
    offers = tuple(
        Alternative.model_validate({"field": field, "reading": offer})
        for field in ("totals.subtotal", "line_items.1.amount")
    )
    now = invoice("120.00").model_dump(mode="json")
    data = desk(document(), Checked(invoice=now, alternatives=offers))
    due = by_path(data)["totals.amount_due"]
    assert (due["value"], due["now"], due["follows"]) == ("129.00", "120.00", True)
    assert not by_path(data)["totals.total"]["follows"]
    (shown_offer,) = by_path(data)["totals.subtotal"]["others"]
    assert (shown_offer["computed"], shown_offer["shown"]) == (True, "60.00 EUR")
    assert cells(data)["line_items.1.amount"]["others"][0]["computed"]
    # What the document says itself is shown again once there is no draft.
    assert not by_path(desk(document()))["totals.total"]["others"][0]["computed"]


def test_what_the_api_says_of_lines_lands_on_their_rows() -> None:
    """The API counts the lines as they will be; the first is removed, another one added."""
    draft = Draft(
        version=1,
        values={"line_items.+1.description": "Part 3"},
        added=("+1",),
        removed=frozenset({"0"}),
    )
    finding = MISMATCH | {"fields": ["line_items.0.amount", "line_items.1.amount", "line_items"]}
    lines = tuple(LineItem(amount=read(Decimal(amount))) for amount in ("50.00", "7.00"))
    now = Invoice(line_items=lines).model_dump(mode="json")
    checked = Checked.model_validate({"invoice": now, "findings": [finding]})
    data = desk(document(), checked, draft=draft)
    assert [row["id"] for row in data["lines"]["rows"]] == ["0", "1", "+1"]
    assert [field["path"] for field in data["findings"][0]["fields"]] == [
        "line_items.1.amount",
        "line_items.+1.amount",
        "line_items",
    ]
    assert cells(data)["line_items.+1.amount"]["now"] == "7.00"


def test_amounts_are_written_as_the_person_does() -> None:
    made = invoice("1234.50").model_dump(mode="json")
    total = by_path(desk(document(invoice=made), formats=GERMAN))["totals.total"]
    assert (total["value"], total["shown"]) == ("1.234,50", "1.234,50 EUR")


def test_unknown_currency_is_said() -> None:
    made = Invoice(totals=Totals(total=read("5"))).model_dump(mode="json")
    total = by_path(desk(document(invoice=made)))["totals.total"]
    assert total["unit"] == "no currency"


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
