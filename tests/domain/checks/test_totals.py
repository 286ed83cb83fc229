"""Document totals: what adds up passes, what does not is told with its values."""

from __future__ import annotations

import pytest

from src.domain.checks import CheckSettings
from src.domain.findings import Severity
from src.domain.invoice import AllowanceCharge, DocumentType, Invoice
from tests.domain.build import Printed, check, codes, exact, invoice, line, money, rate

CREDIT = DocumentType.CREDIT_NOTE
RECEIPT = DocumentType.RECEIPT


def test_a_wrong_total_is_an_error_that_shows_the_sum() -> None:
    (finding,) = check(invoice(subtotal="100.00", tax_total="19.00", total="120.00"))
    assert finding.code == "total-mismatch"
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "Subtotal 100.00 + tax 19.00 = 119.00, but the page says total 120.00."
    )
    assert finding.fields == ("totals.subtotal", "totals.tax_total", "totals.total")
    assert "ask the vendor" in finding.remedy


@pytest.mark.parametrize(
    "totals",
    [
        {"subtotal": "100.00", "tax_total": "19.00", "total": "119.00"},
        {"subtotal": "119.00", "tax_total": None, "total": "119.00"},
        {"subtotal": "100", "tax_total": "19", "shipping": "5", "total": "124"},
        {"subtotal": "100", "tax_total": "19", "allowance_total": "9", "total": "110"},
        {"subtotal": "100", "tax_total": "19", "gratuity": "15", "total": "134"},
        {"subtotal": "100", "tax_total": "19.04", "rounding": "-0.04", "total": "119.00"},
        # The subtotal contains the tax, as on many receipts.
        {"subtotal": "119.00", "tax_total": "19.00", "total": "119.00"},
        # The balance brought forward is part of the total.
        {"subtotal": "100", "tax_total": "0", "previous_balance": "50", "total": "150"},
    ],
)
def test_totals_that_add_up_pass(totals: Printed) -> None:
    assert codes(invoice(**totals)) == []


def test_negative_amounts_keep_their_sign_in_messages() -> None:
    (finding,) = check(invoice(subtotal="-100.00", tax_total="-19.00", total="-120.00"))
    assert finding.message == (
        "Subtotal -100.00 - tax 19.00 = -119.00, but the page says total -120.00."
    )


def test_a_cent_is_a_warning_that_speaks_of_rounding() -> None:
    (finding,) = check(invoice(subtotal="100.00", tax_total="19.00", total="119.01"))
    assert (finding.code, finding.severity) == ("rounding-difference", Severity.WARNING)
    assert "rounding" in finding.message


def test_two_cents_are_an_error() -> None:
    assert codes(invoice(subtotal="100.00", tax_total="19.00", total="119.02")) == [
        "total-mismatch"
    ]


def test_the_minor_unit_is_the_currency_s() -> None:
    yen: Printed = {"subtotal": "1000", "tax_total": "100", "currency": "JPY"}
    assert codes(invoice(**yen, total="1101")) == ["rounding-difference"]
    assert codes(invoice(**yen, total="1102")) == ["total-mismatch"]
    dinar: Printed = {"subtotal": "10.000", "tax_total": "1.600", "currency": "KWD"}
    assert codes(invoice(**dinar, total="11.602")) == ["total-mismatch"]


def test_lines_tell_whether_shipping_is_in_the_subtotal() -> None:
    lines = (line("1", "100.00", "100.00"),)
    outside = invoice(lines=lines, subtotal="100", shipping="5", tax_total="20", total="125")
    inside = invoice(lines=lines, subtotal="105", shipping="5", tax_total="20", total="125")
    twice = invoice(lines=lines, subtotal="105", shipping="5", tax_total="20", total="130")
    forgotten = invoice(lines=lines, subtotal="100", shipping="5", tax_total="20", total="120")
    assert codes(outside) == []
    assert codes(inside) == []
    assert codes(twice) == ["total-mismatch"]
    assert codes(forgotten) == ["total-mismatch"]


def test_allowances_may_only_sum_up_the_discounts_of_the_lines() -> None:
    lines = (line("1", "60", "55", discount="5"), line("1", "50", "45", discount="5"))
    totals: Printed = {"subtotal": "100", "tax_total": "20", "total": "120"}
    assert codes(invoice(lines=lines, allowance_total="10", **totals)) == []
    assert codes(invoice(lines=lines, allowance_total="11", **totals)) == ["total-mismatch"]


def test_tax_counts_as_contained_only_where_the_page_allows_it() -> None:
    totals: Printed = {"subtotal": "100.00", "tax_total": "19.00", "total": "100.00"}
    # 19 is 19 % on top of 100, so it cannot be contained in 100.
    assert codes(invoice(**totals, rates=(rate("19", None, "19.00"),))) == ["total-mismatch"]
    assert "total-mismatch" in codes(invoice(**totals, rates=(rate("19", "100.00", "19.00"),)))
    assert codes(invoice(**totals | {"tax_total": "40.00"})) == ["total-mismatch"]
    contained: Printed = {"subtotal": "119.00", "tax_total": "19.00", "total": "119.00"}
    assert codes(invoice(**contained, rates=(rate("19", "100.00", "19.00"),))) == []
    assert codes(invoice(**contained, rates=(rate("19", "119.00", "19.00"),))) == []


@pytest.mark.parametrize(
    ("currency", "kind", "total", "expected"),
    [
        ("CHF", DocumentType.INVOICE, "119.05", []),
        ("CHF", DocumentType.INVOICE, "119.07", ["total-mismatch"]),
        ("CHF", DocumentType.INVOICE, "119.10", ["total-mismatch"]),
        ("SEK", DocumentType.INVOICE, "119", []),
        ("EUR", RECEIPT, "119.05", []),
        ("EUR", DocumentType.INVOICE, "119.05", ["total-mismatch"]),
    ],
)
def test_cash_rounding(currency: str, kind: DocumentType, total: str, expected: list[str]) -> None:
    subject = invoice(
        currency=currency, kind=kind, subtotal="100.00", tax_total="19.03", total=total
    )
    assert codes(subject) == expected


def test_cash_rounding_can_be_switched_off() -> None:
    subject = invoice(currency="CHF", subtotal="100.00", tax_total="19.03", total="119.05")
    found = check(subject, settings=CheckSettings(cash_rounding=False))
    assert [finding.code for finding in found] == ["total-mismatch"]


@pytest.mark.parametrize(
    "totals",
    [
        {"subtotal": "-100", "tax_total": "-19", "total": "-119", "amount_due": "-119"},
        {"subtotal": "100", "tax_total": "19", "total": "119", "amount_due": "119"},
        {"subtotal": "100", "tax_total": "19", "total": "-119", "amount_due": "-119"},
    ],
)
def test_a_credit_note_may_print_its_signs_in_any_way(totals: Printed) -> None:
    lines = (line("2", "50", "100"),)
    assert codes(invoice(kind=CREDIT, lines=lines, **totals)) == []


def test_a_credit_note_must_still_add_up_and_an_invoice_keeps_its_signs() -> None:
    wrong: Printed = {"subtotal": "100", "tax_total": "19", "total": "-120"}
    assert codes(invoice(kind=CREDIT, **wrong)) == ["total-mismatch"]
    mixed: Printed = {"subtotal": "100", "tax_total": "19", "total": "-119"}
    assert codes(invoice(**mixed)) == ["total-mismatch"]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ({"amount_due": "119.00"}, []),
        ({"amount_paid": "19.00", "amount_due": "100.00"}, []),
        ({"amount_paid": "-19.00", "amount_due": "100.00"}, []),
        ({"amount_paid": "119.00", "amount_due": "0.00"}, []),
        ({"previous_balance": "500.00", "amount_due": "619.00"}, []),
        ({"rounding": "0.03", "amount_due": "119.03"}, []),
        ({"amount_paid": "19.00", "amount_due": "119.00"}, ["amount-due-mismatch"]),
        ({"amount_due": "100.00"}, ["amount-due-mismatch"]),
    ],
)
def test_amount_due(totals: Printed, expected: list[str]) -> None:
    assert codes(invoice(total="119.00", **totals)) == expected


def test_a_receipt_may_tell_the_money_handed_over() -> None:
    totals: Printed = {"total": "12.50", "amount_paid": "20.00", "amount_due": "12.50"}
    assert codes(invoice(kind=RECEIPT, **totals)) == []


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ({"line_total": "100", "subtotal": "100"}, []),
        ({"line_total": "100", "allowance_total": "10", "subtotal": "90"}, []),
        ({"line_total": "100", "charge_total": "10", "shipping": "10", "subtotal": "110"}, []),
        ({"line_total": "100", "charge_total": "8", "subtotal": "108"}, []),
        # Lines priced with tax above a subtotal without it.
        ({"line_total": "119", "tax_total": "19", "subtotal": "100"}, []),
        ({"line_total": "100", "subtotal": "97"}, ["subtotal-mismatch"]),
        ({"line_total": "100", "allowance_total": "10", "subtotal": "95"}, ["subtotal-mismatch"]),
    ],
)
def test_line_total_leads_to_subtotal(totals: Printed, expected: list[str]) -> None:
    assert codes(invoice(**totals | {"total": None})) == [*expected, "missing-core-field"][::-1]


def _with_listed(subject: Invoice, *items: tuple[bool, str | None]) -> Invoice:
    listed = tuple(
        AllowanceCharge(is_charge=is_charge, amount=money(amount)) for is_charge, amount in items
    )
    return subject.model_copy(update={"allowances_charges": listed})


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([(False, "4.00"), (False, "6.00")], []),
        ([(False, "4.00"), (False, "5.00")], ["allowance-charge-sum-mismatch"]),
        ([(False, "4.00"), (False, None)], []),
        ([(True, "4.00")], []),
    ],
)
def test_listed_allowances_make_their_total(
    items: list[tuple[bool, str | None]], expected: list[str]
) -> None:
    assert codes(_with_listed(invoice(allowance_total="10.00"), *items)) == expected


def test_shipping_may_be_in_the_charge_total_without_being_listed() -> None:
    subject = invoice(charge_total="15.00", shipping="5.00")
    assert codes(_with_listed(subject, (True, "10.00"))) == []
    assert codes(_with_listed(subject, (True, "15.00"))) == []
    assert codes(_with_listed(subject, (True, "12.00"))) == ["allowance-charge-sum-mismatch"]


def test_listed_allowances_stand_in_for_a_missing_total() -> None:
    subject = invoice(line_total="100", subtotal="90", tax_total="29", total="119")
    assert codes(_with_listed(subject, (False, "10"))) == []


def test_unknown_currency_counts_in_hundredths() -> None:
    subject = invoice(subtotal="100", tax_total="19", total="119.02")
    without = subject.model_copy(update={"currency": None})
    assert codes(without) == ["missing-core-field", "total-mismatch"]


def test_without_a_type_the_document_is_taken_for_an_invoice() -> None:
    subject = invoice(subtotal="100", tax_total="19", total="-119")
    assert codes(subject.model_copy(update={"document_type": None})) == ["total-mismatch"]
    assert codes(subject.model_copy(update={"document_type": exact(CREDIT)})) == []
