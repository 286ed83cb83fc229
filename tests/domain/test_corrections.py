"""What a person changes on an invoice, and what stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.corrected_lines import MOST_LINES
from src.domain.corrections import MOST_CHANGES, Change, Corrected, Correction, apply
from src.domain.errors import InvalidInput
from src.domain.history import FieldChange
from src.domain.invoice import (
    Address,
    BankAccount,
    DocumentType,
    Invoice,
    LineItem,
    LineKind,
    Party,
    PaymentDetails,
    Totals,
)
from src.domain.paths import get_reading
from src.domain.readings import CorrectedEvidence, EvidenceBox, FieldReading, ReadEvidence

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def read(value: object, text: str | None = None) -> FieldReading[object]:
    evidence = ReadEvidence(page=1, box=EvidenceBox(x0=0.1, y0=0.1, x1=0.2, y1=0.2))
    return FieldReading[object](
        value=value, text=text or str(value), evidence=evidence, confidence=0.6, engine="layout"
    )


def of(model: type, **values: object) -> object:
    return model.model_validate(values, from_attributes=True)  # type: ignore[attr-defined]


def line(description: str, amount: str, **more: object) -> object:
    return of(LineItem, description=read(description), amount=read(Decimal(amount)), **more)


INVOICE: Invoice = Invoice.model_validate(
    {
        "invoice_number": read("RE-7"),
        "issue_date": read(date(2026, 3, 1), "01.03.2026"),
        "vendor": of(Party, name=read("ACME"), address=read(Address(text="Weg 1, Ulm"))),
        "payment": of(PaymentDetails, accounts=(of(BankAccount, iban=read("DE1")), BankAccount())),
        "totals": of(Totals, total=read(Decimal("191.00"), "191,00")),
        "line_items": (line("Paint", "60.00"), line("Brush", "40.00"), line("Tape", "19.00")),
    },
    from_attributes=True,
)


def corrected(*changes: tuple[str, object], lines: object = None) -> Corrected:
    rows = None if lines is None else tuple(lines)  # type: ignore[arg-type,var-annotated]
    correction = Correction(changes=tuple(Change(*each) for each in changes), line_items=rows)
    return apply(INVOICE, correction, by="key", at=NOON)


def rows(*names: str) -> list[dict[str, object]]:
    """The lines of `INVOICE` as a table shows them."""
    lines = {"Paint": "60.00", "Brush": "40.00", "Tape": "19.00"}
    return [{"description": name, "amount": lines[name]} for name in names]


def test_a_changed_reading_keeps_its_text_and_names_who_changed_it() -> None:
    made = corrected(("totals.total", "119.00"))
    reading = made.invoice.totals.total
    assert reading is not None
    assert str(reading.value) == "119.00"
    assert reading.text == "191,00"
    assert reading.evidence == CorrectedEvidence(by="key", at=NOON)
    assert (reading.confidence, reading.engine) == (1.0, "person")
    assert made.changes == (FieldChange(field="totals.total", before="191.00", after="119.00"),)
    assert INVOICE.totals.total is not None
    assert INVOICE.totals.total.value == Decimal("191.00")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("issue_date", "2026-03-31", date(2026, 3, 31)),
        ("currency", "eur", "EUR"),
        ("document_type", "credit_note", DocumentType.CREDIT_NOTE),
        ("totals.total", "-5", Decimal(-5)),
        ("totals.total", 119, Decimal(119)),
        ("vendor.name", "  ACME Ltd ", "ACME Ltd"),
        ("note", "two\nlines", "two\nlines"),
        ("vendor.address", "Weg 2\nUlm", Address(text="Weg 2\nUlm")),
        ("vendor.address", {"text": "Weg 2", "city": "Ulm"}, Address(text="Weg 2", city="Ulm")),
        ("payment.accounts.0.iban", "DE2", "DE2"),
        ("line_items.1.amount", "41.00", Decimal("41.00")),
        # The place behind the last adds an entry.
        ("payment.accounts.2.iban", "DE3", "DE3"),
        ("tax_breakdown.0.rate", "19", Decimal(19)),
    ],
)
def test_values_are_read_by_the_type_of_their_field(
    field: str, value: object, expected: object
) -> None:
    made = corrected((field, value))
    reading = get_reading(made.invoice, field)
    assert reading is not None
    assert reading.value == expected
    assert len(made.changes) == 1
    assert Invoice.model_validate_json(made.invoice.model_dump_json()) == made.invoice


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("totals.total", "119,00", "1234.50"),
        ("totals.total", "NaN", "1234.50"),
        ("totals.total", "1e9", "1234.50"),
        ("totals.total", "1" + "0" * 15, "below 10"),
        ("totals.total", 119.5, "as text"),
        ("totals.total", True, "as text"),
        ("totals.total", ["1"], "as text"),
        ("issue_date", "31.03.2026", "2026-03-31"),
        ("issue_date", "2026-02-30", "date"),
        ("issue_date", 20260331, "as text"),
        ("currency", "Euro", "ISO 4217"),
        ("document_type", "letter", "invoice"),
        ("vendor.name", "a\x00b", "control"),
        ("vendor.name", "\ud800", "control"),
        ("vendor.name", "x" * 10_001, "10000"),
        ("vendor.address", {"city": "Ulm"}, "required"),
        ("vendor.address", {"text": "Weg", "planet": "Mars"}, "permitted"),
        ("vendor.address", {"text": 5}, "as text"),
        ("vendor", "ACME", "single field"),
        ("line_items", "x", "single field"),
        ("line_items.0", "x", "single field"),
        ("line_items.x.amount", "1", "counted from 0"),
        ("line_items.-1.amount", "1", "counted from 0"),
        ("line_items.9.amount", "1", "3 entries"),
        ("allowances_charges.0.amount", "1", "0 entries"),
        ("totals.total.value", "1", "single field"),
        ("totals.nothing", "1", "no such field"),
        ("__class__", "1", "no such field"),
        ("", "1", "no such field"),
    ],
)
def test_what_a_field_cannot_hold_is_told_with_its_name(
    field: str, value: object, told: str
) -> None:
    with pytest.raises(InvalidInput, match=told) as error:
        corrected((field, value))
    assert error.value.message.startswith(f"{field}: ")


def test_every_field_at_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as error:
        corrected(("totals.total", "x"), ("vendor.name", "fine"), ("issue_date", "y"))
    assert "totals.total" in error.value.message
    assert "issue_date" in error.value.message
    assert "vendor.name" not in error.value.message


@pytest.mark.parametrize("value", [None, "", "  "])
def test_nothing_clears_a_field(value: object) -> None:
    made = corrected(("invoice_number", value))
    assert made.invoice.invoice_number is None
    assert made.changes == (FieldChange(field="invoice_number", before="RE-7", after=None),)


def test_a_value_that_is_there_already_changes_nothing() -> None:
    made = corrected(("totals.total", "191"), ("vendor.name", "ACME"), ("due_date", None))
    assert made.changes == ()
    assert made.invoice == INVOICE


def test_a_field_is_named_once_and_lines_come_one_way() -> None:
    with pytest.raises(InvalidInput, match="twice"):
        corrected(("note", "a"), ("note", "b"))
    with pytest.raises(InvalidInput, match="replaces all lines"):
        corrected(("line_items.0.amount", "1"), lines=rows("Paint"))
    with pytest.raises(InvalidInput, match="at most"):
        corrected(*((f"f{n}", "1") for n in range(MOST_CHANGES + 1)))
    with pytest.raises(InvalidInput, match="at most"):
        corrected(lines=[{}] * (MOST_LINES + 1))


def test_a_line_that_moves_up_keeps_its_evidence() -> None:
    made = corrected(lines=rows("Brush", "Tape"))
    assert made.invoice.line_items == INVOICE.line_items[1:]
    assert {change.field for change in made.changes} == {
        "line_items.0.description",
        "line_items.0.amount",
    }
    assert all(change.after is None for change in made.changes)
    assert made.path_now("line_items.2.amount") == "line_items.1.amount"
    assert made.path_now("line_items.2") == "line_items.1"
    assert made.path_now("line_items.0.amount") is None
    assert made.path_now("totals.total") == "totals.total"


def test_one_cell_of_one_line_changes_only_that() -> None:
    table = rows("Paint", "Brush", "Tape")
    table[1]["amount"] = "41.00"
    made = corrected(lines=table)
    assert made.changes == (
        FieldChange(field="line_items.1.amount", before="40.00", after="41.00"),
    )
    assert made.invoice.line_items[1].description is INVOICE.line_items[1].description


def test_a_line_is_added_and_a_name_that_is_missing_keeps_its_value() -> None:
    table: list[dict[str, object]] = [
        *rows("Paint", "Brush"),
        {"description": "Glue", "kind": "information"},
    ]
    table += rows("Tape")
    del table[0]["amount"]
    made = corrected(lines=table)
    paint, _, glue, tape = made.invoice.line_items
    assert paint == INVOICE.line_items[0]
    assert tape == INVOICE.line_items[2]
    assert glue.kind is LineKind.INFORMATION
    assert glue.amount is None
    assert [change.field for change in made.changes] == ["line_items.2.description"]


def test_cells_at_fault_are_told_with_line_and_column() -> None:
    table: list[Mapping[str, object]] = [{"amount": "x", "colour": "red"}, {"kind": "sum"}]
    with pytest.raises(InvalidInput) as error:
        corrected(lines=table)
    for told in ("line_items.0.amount:", "line_items.0.colour:", "line_items.1.kind:"):
        assert told in error.value.message
    with pytest.raises(InvalidInput, match=r"line_items\.0\.kind"):
        corrected(lines=[{"kind": None}])
    with pytest.raises(InvalidInput, match=r"line_items\.0\.kind"):
        corrected(lines=[{"kind": ["detail"]}])


@given(order=st.lists(st.sampled_from(["Paint", "Brush", "Tape"]), max_size=6))
def test_any_table_gives_its_rows(order: list[str]) -> None:
    made = corrected(lines=rows(*order))
    names = [item.description.value for item in made.invoice.line_items if item.description]
    assert names == order
    assert len(set(made.moved.values())) == len(made.moved)
    for then, now in made.moved.items():
        assert 0 <= then < 3
        assert 0 <= now < len(order)
