"""What follows from a correction: computed readings by themselves, printed ones as an offer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from src.domain.arithmetic.offers import ARITHMETIC, offers
from src.domain.corrections import Change, Corrected, Correction, apply
from src.domain.invoice import (
    AllowanceCharge,
    DocumentType,
    Invoice,
    LineItem,
    PaymentDetails,
    TaxBreakdown,
    Totals,
)
from src.domain.paths import get_reading, with_reading
from src.domain.readings import ComputedEvidence, EvidenceBox, FieldReading, ReadEvidence

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def read(value: Any) -> FieldReading[Any]:
    evidence = ReadEvidence(page=1, box=EvidenceBox(x0=0.1, y0=0.1, x1=0.2, y1=0.2))
    return FieldReading[Any](
        value=value, text=str(value), evidence=evidence, confidence=0.9, engine="layout"
    )


def money(text: str) -> FieldReading[Any]:
    return read(Decimal(text))


def computed(value: Any, *fields: str) -> FieldReading[Any]:
    value = Decimal(value) if isinstance(value, str) else value
    return FieldReading[Any](
        value=value, evidence=ComputedEvidence(fields=fields), confidence=0.8, engine="layout"
    )


def line(quantity: str, price: str, amount: str | None, **more: Any) -> LineItem:
    return LineItem(
        description=read(f"{quantity} of {price}"),
        quantity=money(quantity),
        unit_price=money(price),
        amount=None if amount is None else money(amount),
        **more,
    )


def printed(**totals: str) -> Totals:
    return Totals.model_validate(
        {name: money(text) for name, text in totals.items()}, from_attributes=True
    )


def row(base: str, rate: str, tax: str) -> TaxBreakdown:
    return TaxBreakdown(taxable_amount=money(base), rate=money(rate), tax_amount=money(tax))


NET = Invoice(
    currency=read("EUR"),
    line_items=(line("2", "25.00", "50.00"), line("5", "10.00", "50.00")),
    tax_breakdown=(row("100.00", "19", "19.00"),),
    totals=printed(subtotal="100.00", tax_total="19.00", total="119.00").model_copy(
        update={"amount_due": computed("119.00", "totals.total")}
    ),
)


def correct(invoice: Invoice, *changes: tuple[str, Any], rows: Any = None) -> Corrected:
    correction = Correction(changes=tuple(Change(*each) for each in changes), line_items=rows)
    return apply(invoice, correction, by="key", at=NOON)


def offered(invoice: Invoice, *changes: tuple[str, Any], rows: Any = None) -> dict[str, str]:
    found = offers(invoice, correct(invoice, *changes, rows=rows))
    assert {each.reading.engine for each in found} <= {ARITHMETIC}
    return {each.field: each.reading.value for each in found}


def value(invoice: Invoice, path: str) -> Any:
    reading = get_reading(invoice, path)
    return None if reading is None else reading.value


# Computed readings


def test_a_copy_goes_with_what_it_was_copied_from() -> None:
    made = correct(NET, ("totals.total", "120.00"))
    assert value(made.invoice, "totals.amount_due") == Decimal("120.00")
    told = {change.field: (change.before, change.after) for change in made.changes}
    assert told == {
        "totals.total": ("119.00", "120.00"),
        "totals.amount_due": ("119.00", "120.00"),
    }
    reading = get_reading(made.invoice, "totals.amount_due")
    assert reading is not None
    assert isinstance(reading.evidence, ComputedEvidence)


@pytest.mark.parametrize("due", ["119.00", "99.00"])
def test_what_a_person_names_is_left_as_they_said(due: str) -> None:
    """Also where they say what was there before."""
    made = correct(NET, ("totals.total", "120.00"), ("totals.amount_due", due))
    assert value(made.invoice, "totals.amount_due") == Decimal(due)


def test_what_a_person_set_earlier_does_not_follow() -> None:
    once = correct(NET, ("totals.amount_due", "100.00")).invoice
    assert value(correct(once, ("totals.total", "1.00")).invoice, "totals.amount_due") == 100


def test_a_copy_goes_when_its_source_is_cleared() -> None:
    made = correct(NET, ("totals.total", None))
    assert made.invoice.totals.amount_due is None


@pytest.mark.parametrize(
    ("target", "reading", "change", "after"),
    [
        (
            "totals.subtotal",
            computed("100.00", "totals.total", "totals.tax_total"),
            ("totals.tax_total", "9.00"),
            Decimal("110.00"),
        ),
        (
            "totals.tax_total",
            computed("19.00", "tax_breakdown.0.tax_amount", "tax_breakdown.1.tax_amount"),
            ("tax_breakdown.0.tax_amount", "10.00"),
            Decimal("16.00"),
        ),
        (
            "line_items.0.discount",
            computed("5.00", *(f"line_items.0.{n}" for n in ("quantity", "unit_price", "amount"))),
            ("line_items.0.amount", "40.00"),
            Decimal("10.00"),
        ),
        (
            "line_items.1.price_base_quantity",
            computed("100", *(f"line_items.1.{n}" for n in ("quantity", "unit_price", "amount"))),
            ("line_items.1.quantity", "5"),
            None,
        ),
        (
            "due_date",
            computed(date(2026, 3, 31), "issue_date", "payment.terms"),
            ("issue_date", "2026-03-05"),
            date(2026, 4, 4),
        ),
        # Nobody can say how these follow.
        (
            "due_date",
            computed(date(2026, 4, 30), "issue_date", "payment.terms"),
            ("issue_date", "2026-03-05"),
            date(2026, 4, 30),
        ),
        (
            "totals.rounding",
            computed("0.07", "totals.total", "totals.tax_total"),
            ("totals.tax_total", "9.00"),
            Decimal("0.07"),
        ),
        (
            "line_items.0.discount",
            computed("5.00", *(f"line_items.0.{n}" for n in ("quantity", "unit_price", "amount"))),
            ("line_items.0.amount", "400.00"),
            Decimal("5.00"),
        ),
    ],
)
def test_each_rule_by_which_engines_compute(
    target: str, reading: FieldReading[Any], change: tuple[str, str], after: object
) -> None:
    invoice = Invoice(
        issue_date=read(date(2026, 3, 1)),
        payment=PaymentDetails(terms=read("Payable within 30 days")),
        totals=printed(tax_total="19.00", total="119.00"),
        tax_breakdown=(row("81.25", "16", "13.00"), row("100.00", "6", "6.00")),
        line_items=(line("2", "25.00", "45.00"), line("500", "10.00", "50.00")),
    )
    invoice = with_reading(invoice, target, reading)
    assert value(correct(invoice, change).invoice, target) == after


def test_sources_move_with_their_line() -> None:
    names = ("quantity", "unit_price", "amount")
    discounted = line("2", "25.00", "45.00").model_copy(
        update={"discount": computed("5.00", *(f"line_items.1.{name}" for name in names))}
    )
    invoice = Invoice(line_items=(line("1", "1.00", "1.00"), discounted))
    rows = ({"quantity": "2", "unit_price": "25.00", "amount": "45.00"},)
    first_gone = correct(invoice, rows=rows).invoice
    made = correct(first_gone, ("line_items.0.amount", "40.00"))
    reading = get_reading(made.invoice, "line_items.0.discount")
    assert reading is not None
    assert isinstance(reading.evidence, ComputedEvidence)
    assert reading.evidence.fields == tuple(f"line_items.0.{name}" for name in names)
    assert reading.value == Decimal("10.00")


def test_what_was_computed_from_a_line_goes_with_it() -> None:
    copy = computed("50.00", "line_items.1.amount")
    invoice = with_reading(NET, "totals.subtotal", copy)
    rows = ({"quantity": "2", "unit_price": "25.00", "amount": "50.00"},)
    assert correct(invoice, rows=rows).invoice.totals.subtotal is None


# Printed amounts


def test_a_chain_from_a_line_to_the_total_is_offered_and_nothing_is_overwritten() -> None:
    made = correct(NET, ("line_items.0.quantity", "4"))
    assert value(made.invoice, "totals.total") == Decimal("119.00")
    found = offers(NET, made)
    assert {each.field: each.reading.value for each in found} == {
        "line_items.0.amount": "100.00",
        "totals.subtotal": "150.00",
        "tax_breakdown.0.taxable_amount": "150.00",
        "tax_breakdown.0.tax_amount": "28.50",
        "totals.tax_total": "28.50",
        # The amount due was computed from the total and goes with it.
        "totals.total": "178.50",
    }
    assert found[0].reading.evidence == ComputedEvidence(
        fields=("line_items.0.quantity", "line_items.0.unit_price")
    )


def test_taking_the_offers_leaves_none() -> None:
    changes = (("line_items.0.quantity", "4"),)
    taken = tuple(offered(NET, *changes).items())
    assert offered(NET, *changes, *taken) == {}
    made = correct(NET, *changes, *taken)
    assert value(made.invoice, "totals.amount_due") == Decimal("178.50")


def test_an_offer_stands_until_a_correction_touches_it() -> None:
    once = correct(NET, ("totals.tax_total", "20.00"))
    standing = offers(NET, once)
    assert [each.field for each in standing] == ["totals.total"]
    number = correct(once.invoice, ("invoice_number", "7"))
    assert offers(once.invoice, number, standing) == standing
    total = correct(once.invoice, ("totals.total", "118.00"))
    assert offers(once.invoice, total, standing) == ()


def test_a_correction_that_makes_the_page_agree_offers_nothing() -> None:
    misread = correct(NET, ("totals.subtotal", "10.00")).invoice
    assert offered(misread, ("totals.subtotal", "100.00")) == {}
    assert offered(NET, ("invoice_number", "7")) == {}
    assert offered(NET, ("totals.total", "7.00")) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            ("tax_breakdown.0.rate", "7"),
            {
                "tax_breakdown.0.tax_amount": "7.00",
                "totals.tax_total": "7.00",
                "totals.total": "107.00",
            },
        ),
        (("totals.tax_total", "20.00"), {"totals.total": "120.00"}),
        (("line_items.1.unit_price", "10.001"), {}),
    ],
)
def test_offers_begin_at_what_was_changed(change: tuple[str, str], found: dict[str, str]) -> None:
    assert offered(NET, change) == found


def test_a_line_that_is_added_or_removed_changes_the_sum() -> None:
    rows = [
        {"description": "2 of 25.00", "quantity": "2", "unit_price": "25.00", "amount": "50.00"},
        {"description": "5 of 10.00", "quantity": "5", "unit_price": "10.00", "amount": "50.00"},
    ]
    more = {"description": "more", "quantity": "1", "unit_price": "7.00", "amount": None}
    assert offered(NET, rows=rows[:1])["totals.subtotal"] == "50.00"
    assert offered(NET, rows=[*rows, more]) == {"line_items.2.amount": "7.00"}
    assert offered(NET, rows=[*rows, more | {"amount": "7.00"}])["totals.total"] == "127.33"
    assert offered(NET, rows=rows) == {}


def test_lines_that_never_added_up_say_nothing_about_the_subtotal() -> None:
    """A line may be missing; nobody knows."""
    short = NET.model_copy(update={"line_items": NET.line_items[:1]})
    assert offered(short, ("line_items.0.quantity", "4")) == {"line_items.0.amount": "100.00"}


def test_relations_that_hold_on_every_page_need_not_have_held() -> None:
    wrong = correct(NET, ("totals.total", "99.00")).invoice
    assert offered(wrong, ("totals.tax_total", "20.00"))["totals.total"] == "120.00"
    empty = correct(NET, ("totals.total", None)).invoice
    assert offered(empty, ("totals.tax_total", "20.00"))["totals.total"] == "120.00"


def test_the_way_of_the_page_is_kept() -> None:
    with_tax = Invoice(
        currency=read("EUR"),
        line_items=(line("2", "59.50", "119.00"),),
        tax_breakdown=(row("100.00", "19", "19.00"),),
        totals=printed(
            subtotal="119.00",
            tax_total="19.00",
            total="119.00",
            amount_due="109.00",
            amount_paid="10.00",
        ),
    )
    found = offered(with_tax, ("line_items.0.amount", "238.00"))
    assert found["totals.subtotal"] == found["totals.total"] == "238.00"
    assert found["totals.amount_due"] == "228.00"


def test_discounts_charges_and_shipping_before_and_after_the_subtotal() -> None:
    totals = {
        "line_total": "100.00",
        "allowance_total": "10.00",
        "charge_total": "7.00",
        "shipping": "5.00",
        "subtotal": "90.00",
        "tax_total": "0.00",
        "total": "102.00",
    }
    invoice = Invoice(
        currency=read("EUR"),
        line_items=NET.line_items,
        allowances_charges=(
            AllowanceCharge(is_charge=False, amount=money("10.00")),
            AllowanceCharge(is_charge=True, amount=money("7.00")),
        ),
        totals=printed(**totals),
    )
    assert offered(invoice, ("allowances_charges.0.amount", "20.00")) == {
        "totals.allowance_total": "20.00",
        "totals.subtotal": "80.00",
        "totals.total": "92.00",
    }
    assert offered(invoice, ("totals.shipping", "6.00")) == {"totals.total": "103.00"}


def test_several_rates_take_their_bases_from_the_lines() -> None:
    invoice = NET.model_copy(
        update={
            "line_items": (
                line(
                    "1",
                    "60.00",
                    "60.00",
                    tax_rate=money("19"),
                    tax_amount=money("11.40"),
                    gross_amount=money("71.40"),
                ),
                line(
                    "1",
                    "40.00",
                    "40.00",
                    tax_rate=money("7"),
                    tax_amount=money("2.80"),
                    gross_amount=money("42.80"),
                ),
            ),
            "tax_breakdown": (row("60.00", "19", "11.40"), row("40.00", "7", "2.80")),
            "totals": printed(subtotal="100.00", tax_total="14.20", total="114.20"),
        }
    )
    assert offered(invoice, ("line_items.1.amount", "50.00")) == {
        "line_items.1.tax_amount": "3.50",
        "line_items.1.gross_amount": "53.50",
        "totals.subtotal": "110.00",
        "tax_breakdown.1.taxable_amount": "50.00",
        "tax_breakdown.1.tax_amount": "3.50",
        "totals.tax_total": "14.90",
        "totals.total": "124.90",
    }
    without = invoice.model_copy(update={"tax_breakdown": ()})
    assert offered(without, ("line_items.1.amount", "50.00"))["totals.tax_total"] == "14.90"


def test_one_rate_of_all_lines_without_a_breakdown() -> None:
    invoice = Invoice(
        currency=read("EUR"),
        line_items=(line("1", "100.00", "100.00", tax_rate=money("19")),),
        totals=printed(subtotal="100.00", tax_total="19.00", total="119.00"),
    )
    assert offered(invoice, ("line_items.0.tax_rate", "7"))["totals.total"] == "107.00"


def test_a_rate_without_its_base_is_of_the_subtotal() -> None:
    for tax in (money("19.00"), None):
        invoice = NET.model_copy(
            update={"tax_breakdown": (TaxBreakdown(rate=money("19"), tax_amount=tax),)}
        )
        found = offered(invoice, ("totals.subtotal", "200.00"))
        assert found["totals.tax_total"] == "38.00"
        assert found["totals.total"] == "238.00"


def test_a_credit_note_keeps_the_signs_of_its_page() -> None:
    credit = NET.model_copy(
        update={
            "document_type": read(DocumentType.CREDIT_NOTE),
            "tax_breakdown": (),
            "totals": printed(subtotal="-100.00", tax_total="-19.00", total="-119.00"),
        }
    )
    found = offered(credit, ("line_items.0.amount", "60.00"))
    assert found == {"totals.subtotal": "-110.00", "totals.total": "-129.00"}


def test_a_receipt_may_tell_what_was_handed_over() -> None:
    receipt = Invoice(
        document_type=read(DocumentType.RECEIPT),
        currency=read("EUR"),
        totals=printed(total="18.00", amount_paid="20.00", amount_due="18.00"),
    )
    assert offered(receipt, ("totals.total", "19.00")) == {"totals.amount_due": "19.00"}


def test_amounts_are_rounded_as_their_currency_is() -> None:
    yen = NET.model_copy(update={"currency": read("JPY"), "tax_breakdown": ()})
    assert offered(yen, ("line_items.0.unit_price", "33.3"))["line_items.0.amount"] == "67"
