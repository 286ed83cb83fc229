"""The tax breakdown against itself and the totals."""

from __future__ import annotations

import pytest

from src.domain.findings import Severity
from src.domain.invoice import DocumentType, TaxBreakdown
from tests.domain.build import Printed, check, codes, invoice, line, rate

TOTALS: Printed = {"subtotal": "100.00", "tax_total": "19.00", "total": "119.00"}


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ((rate("19", "100.00", "19.00"),), []),
        ((rate("19", "100.00", None),), []),
        ((rate("19", None, "19.00"),), []),
        # With the tax in the base, as tills print it.
        ((rate("19", "119.00", "19.00"),), []),
        ((rate("19", "100.00", "18.00"),), ["tax-amount-mismatch", "tax-sum-mismatch"]),
        ((rate("7", "100.00", "19.00"),), ["tax-amount-mismatch"]),
        ((rate("19", "150.00", "28.50"),), ["tax-sum-mismatch", "tax-base-sum-mismatch"]),
        ((rate("19", "100.00", "19.01"),), ["rounding-difference", "rounding-difference"]),
        ((rate("0", "50.00", None), rate("38", "50.00", "19.00")), []),
    ],
)
def test_one_breakdown(rates: tuple[TaxBreakdown, ...], expected: list[str]) -> None:
    assert codes(invoice(**TOTALS, rates=rates)) == expected


def test_the_message_shows_base_and_rate() -> None:
    subject = invoice(**TOTALS, rates=(rate("7", "100.00", "19.00"),))
    (finding,) = check(subject)
    assert finding.message == "Taxable amount 100.00 x 7 % = 7.00, but the page says tax 19.00."
    assert finding.fields[0] == "tax_breakdown.0.taxable_amount"


def test_untaxed_parts_that_are_not_listed_are_a_warning() -> None:
    subject = invoice(
        subtotal="100.00", tax_total="8.00", total="108.00", rates=(rate("10", "80.00", "8.00"),)
    )
    (finding,) = check(subject)
    assert (finding.code, finding.severity) == ("tax-base-sum-mismatch", Severity.WARNING)


def test_a_breakdown_that_lists_its_untaxed_parts_must_be_whole() -> None:
    rates = (rate("10", "80.00", "8.00"), rate("0", "10.00", "0.00"))
    subject = invoice(subtotal="100.00", tax_total="8.00", total="108.00", rates=rates)
    (finding,) = check(subject)
    assert (finding.code, finding.severity) == ("tax-base-sum-mismatch", Severity.ERROR)


def test_tax_rounded_line_by_line() -> None:
    lines = tuple(line("1", "10.00", "10.00") for _ in range(10))
    rounded = invoice(
        subtotal="100.00",
        tax_total="19.05",
        total="119.05",
        lines=lines,
        rates=(rate("19", "100.00", "19.05"),),
    )
    assert codes(rounded) == ["rounding-difference"]


def test_bases_of_shipping_beside_the_subtotal() -> None:
    subject = invoice(
        subtotal="100", shipping="10", tax_total="11", total="121", rates=(rate("10", "110", "11"),)
    )
    assert codes(subject) == []


def test_credit_note_with_mixed_signs() -> None:
    subject = invoice(
        kind=DocumentType.CREDIT_NOTE,
        subtotal="-100",
        tax_total="-19",
        total="-119",
        rates=(rate("19", "100", "19"),),
    )
    assert codes(subject) == []


def test_a_missing_tax_stops_the_sum() -> None:
    rates = (rate("19", "60.00", None), rate("7", "40.00", "2.80"))
    assert codes(invoice(**TOTALS, rates=rates)) == []


def test_taxes_of_the_breakdown_stand_in_for_a_missing_total_tax() -> None:
    rates = (rate("19", "100.00", "19.00"),)
    assert codes(invoice(subtotal="100.00", total="119.00", rates=rates)) == []
    assert codes(invoice(subtotal="100.00", total="129.00", rates=rates)) == ["total-mismatch"]


def test_a_rate_of_minus_hundred_percent_is_no_division_by_zero() -> None:
    totals: Printed = {"subtotal": "100.00", "tax_total": "10.00", "total": "100.00"}
    found = codes(invoice(**totals, rates=(rate("-100", "100.00", "10.00"),)))
    assert "tax-amount-mismatch" in found
    assert "total-mismatch" in codes(invoice(**totals, rates=(rate("-100", None, "10.00"),)))
