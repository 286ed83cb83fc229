"""Line items: products, taxes and the sum."""

from __future__ import annotations

import pytest

from src.domain.findings import Severity
from src.domain.invoice import DocumentType, LineItem, LineKind
from tests.domain.build import Printed, check, codes, invoice, line


@pytest.mark.parametrize(
    "item",
    [
        line("2", "10.00", "20.00"),
        line("2", "10.00", None),
        line(None, "10.00", "20.00"),
        line("1000", "8.25", "8.25", price_base_quantity="1000"),
        line("10", "10.00", "95.00", discount="5.00"),
        # A discount that the price contains already.
        line("10", "9.50", "95.00", discount="5.00"),
        line("1", "10.00", "12.00", charge="2.00"),
        # Amount with tax, price without, and the other way round.
        line("2", "10.00", "23.80", tax_rate="19"),
        line("2", "11.90", "20.00", tax_rate="19"),
        line("2", "10.00", "23.80", tax_amount="3.80"),
        # Printed price and hours are rounded.
        line("300", "0.33", "100.00"),
        line("1.33", "150.00", "200.00"),
        line("20.0000", "2.7700", "55.46"),
        line("0", "10.00", "0.00"),
        line("5", "2.00", "10.00", price_base_quantity="0"),
        line("-1", "10.00", "-10.00"),
        line("-10", "10.00", "-95.00", discount="5.00"),
    ],
)
def test_lines_that_are_right(item: LineItem) -> None:
    assert "line-amount-mismatch" not in codes(invoice(lines=(item,)))


@pytest.mark.parametrize(
    "item",
    [
        line("1", "1", "100"),
        line("2", "10.00", "20.11"),
        line("2", "10.00", "-20.00"),
        line("10", "10.00", "94.00", discount="5.00"),
        # The allowance for rounded prices ends at 2 % of the amount.
        line("10000", "0.01", "150.00"),
    ],
)
def test_lines_that_are_wrong(item: LineItem) -> None:
    assert "line-amount-mismatch" in codes(invoice(lines=(item,)))


def test_the_message_shows_the_product() -> None:
    items = (line("1", "1.00", "1.00"), line("3", "10.00", "25.00", discount="1.00"))
    found = [one for one in check(invoice(lines=items)) if one.code == "line-amount-mismatch"]
    assert [one.message for one in found] == [
        "Line 2: quantity 3 x price 10.00 - discount 1.00 = 29.00, but the line says 25.00."
    ]
    assert found[0].fields == (
        "line_items.1.quantity",
        "line_items.1.unit_price",
        "line_items.1.discount",
        "line_items.1.amount",
    )


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("-2", "10", "-20"), ("2", "10", "20"), ("2", "10", "-20"), ("-2", "10", "20")],
)
def test_signs_of_a_credit_note_do_not_matter(quantity: str, price: str, amount: str) -> None:
    subject = invoice(
        kind=DocumentType.CREDIT_NOTE,
        lines=(line(quantity, price, amount, tax_rate="10", tax_amount="2"),),
        subtotal="-20",
        tax_total="-2",
        total="-22",
    )
    assert codes(subject) == []


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        (line(None, None, "100", tax_rate="19", tax_amount="19"), False),
        (line(None, None, "119", tax_rate="19", tax_amount="19"), False),
        (line(None, None, "100", tax_rate="19", tax_amount="16"), True),
        (line(None, None, "100", tax_rate="-100", tax_amount="16"), True),
        (line(None, None, "100", tax_amount="19", gross_amount="119"), False),
        (line(None, None, "119", tax_amount="19", gross_amount="119"), False),
        (line(None, None, "100", tax_amount="19", gross_amount="129"), True),
        (line(None, None, "100", tax_rate="19", gross_amount="119"), False),
        (line(None, None, "100", tax_rate="19", gross_amount="116"), True),
        (line(None, None, "100", gross_amount="116"), False),
    ],
)
def test_tax_of_a_line(item: LineItem, wrong: bool) -> None:
    subject = invoice(lines=(item,))
    found = [one for one in check(subject) if one.code == "line-tax-mismatch"]
    assert bool(found) is wrong
    assert all(one.severity is Severity.ERROR for one in found)


TWO = (line("1", "60.00", "60.00"), line("2", "20.00", "40.00"))


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ({"line_total": "100"}, []),
        ({"subtotal": "100", "tax_total": "19", "total": "119"}, []),
        ({"subtotal": "81.00", "tax_total": "19", "total": "100"}, []),
        ({"subtotal": "90", "allowance_total": "10", "total": "90"}, []),
        ({"total": "100"}, []),
        ({"total": "110", "shipping": "10"}, []),
        ({"total": "119", "tax_total": "19"}, []),
        ({"total": None}, ["missing-core-field"]),
        ({"line_total": "101"}, ["line-sum-mismatch"]),
        ({"subtotal": "105", "total": "105"}, ["line-sum-mismatch"]),
        ({"subtotal": "105", "tax_total": "19", "total": "124"}, ["line-sum-mismatch"]),
        ({"total": "125", "tax_total": "19"}, ["line-sum-mismatch"]),
    ],
)
def test_the_lines_make_the_totals(totals: Printed, expected: list[str]) -> None:
    assert codes(invoice(lines=TWO, **totals)) == expected


def test_a_line_without_an_amount_counts_with_its_product() -> None:
    lines = (line("1", "60.00", "60.00"), line("2", "20.00", None))
    assert codes(invoice(lines=lines, line_total="100")) == []
    assert codes(invoice(lines=lines, line_total="90")) == ["line-sum-mismatch"]


def test_text_lines_do_not_count_and_an_unknown_amount_stops_the_sum() -> None:
    assert codes(invoice(lines=(*TWO, line(None, None, None)), line_total="100")) == []
    assert codes(invoice(lines=(*TWO, line(None, "5.00", None)), line_total="100")) == []


def test_group_lines_repeat_others_and_do_not_count() -> None:
    group = line("1", "100.00", "100.00").model_copy(update={"kind": LineKind.GROUP})
    assert codes(invoice(lines=(group, *TWO), line_total="100")) == []


def test_gross_amounts_stand_in_for_missing_amounts() -> None:
    lines = (line("1", "50.00", None, gross_amount="59.50"),)
    assert codes(invoice(lines=lines, total="59.50")) == []
    assert codes(invoice(lines=lines, total="60.50")) == ["line-sum-mismatch"]


def test_many_lines_may_be_off_by_their_rounding() -> None:
    lines = tuple(line("1", "1.00", "1.00") for _ in range(10))
    (finding,) = check(invoice(lines=lines, line_total="10.05"))
    assert (finding.code, finding.severity) == ("rounding-difference", Severity.WARNING)
    assert codes(invoice(lines=lines, line_total="10.06")) == ["line-sum-mismatch"]
