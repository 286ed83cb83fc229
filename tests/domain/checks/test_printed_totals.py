"""Totals against what else the page prints, and rates against what they can be of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, LineItem
from src.domain.page import Box, Page
from tests.domain.build import check, exact, invoice, line, page_of, rate, read

ERROR, WARNING = Severity.ERROR, Severity.WARNING
TOP = 0.5


def place(row: int) -> Box:
    """Of the amount in that row of the totals."""
    return Box(0.6, TOP + 0.02 * row, 0.9, TOP + 0.02 * row + 0.01)


def block(*rows: str) -> Page:
    """A page whose totals are these rows, far below another amount."""
    words = [("Delivery 9 May, crate 75.53", Box(0.1, 0.1, 0.5, 0.11))]
    return page_of(*words, *((text, place(number)) for number, text in enumerate(rows)))


def with_totals(
    rows: dict[str, tuple[str, int]], kind: DocumentType = DocumentType.INVOICE
) -> Invoice:
    """Totals read from rows of the block."""
    subject = invoice(kind=kind, total=None)
    readings = {
        name: read(Decimal(amount), amount, place(row)) for name, (amount, row) in rows.items()
    }
    return subject.model_copy(update={"totals": subject.totals.model_copy(update=readings)})


def otherwise(subject: Invoice, page: Page) -> list[Finding]:
    return [one for one in check(subject, page) if one.code == "total-printed-otherwise"]


SUBTOTAL_PASSED_OVER = {
    "subtotal": ("79.92", 0),
    "allowance_total": ("7.99", 1),
    "tax_total": ("3.60", 3),
    "total": ("75.53", 4),
}


def test_a_subtotal_that_fitted_nothing_is_missed() -> None:
    """79.92 - 7.99 + 3.60 = 75.53 adds up; what the page calls the subtotal does not."""
    wrong = block("79.92", "7.99", "Subtotal 81.93", "Tax 3.60", "Total 75.53")
    (finding,) = otherwise(with_totals(SUBTOTAL_PASSED_OVER), wrong)
    assert finding.severity is ERROR
    assert "81.93, one digit away from the total without tax 71.93" in finding.message
    right = block("79.92", "7.99", "Subtotal 71.93", "Tax 3.60", "Total 75.53")
    assert otherwise(with_totals(SUBTOTAL_PASSED_OVER), right) == []


def test_short_amounts_elsewhere_are_near_by_chance() -> None:
    page = page_of(("Crate 85.53", Box(0.1, 0.1, 0.5, 0.11)), ("75.53", place(4)))
    assert otherwise(with_totals({"total": ("75.53", 4)}), page) == []
    cash = block("Total 75.53", "Cash 85.53")
    receipt = with_totals({"total": ("75.53", 0)}, DocumentType.RECEIPT)
    assert otherwise(receipt, cash) == []
    assert otherwise(with_totals({"total": ("75.53", 0)}), cash)


def test_amounts_before_rounding_follow_from_the_totals() -> None:
    rounded = {"tax_total": ("137014.48", 1), "total": ("1849695.45", 3), "rounding": ("-0.02", 2)}
    page = block("8% on 1,712,680.99", "137,014.48", "(0.02)", "Total 1,849,695.45")
    assert otherwise(with_totals(rounded), page) == []
    wrong = block("8% on 1,712,680.27", "137,014.48", "(0.02)", "Total 1,849,695.45")
    assert otherwise(with_totals(rounded), wrong)


def test_a_subtotal_is_held_against_the_total_before_it_was_rounded() -> None:
    rounded = {"tax_total": ("1163.64", 1), "rounding": ("-0.31", 3), "total": ("7628.00", 4)}
    below = ("1,163.64", "Total 7,628.31", "-0.31", "7,628.00")
    assert otherwise(with_totals(rounded), block("Net 6,464.67", *below)) == []
    (finding,) = otherwise(with_totals(rounded), block("Net 7,464.67", *below))
    assert "7464.67, one digit away from the total without tax, before" in finding.message


def test_a_total_rounded_to_a_coin_is_the_same_total() -> None:
    swiss = with_totals({"total": ("172.75", 1)}).model_copy(update={"currency": exact("CHF")})
    assert otherwise(swiss, block("Total 172.74", "172.75")) == []
    assert otherwise(swiss, block("Total 172.71", "172.75"))


def test_a_balance_and_what_is_added_to_it() -> None:
    subject = with_totals({"total": ("322.58", 2)})
    assert otherwise(subject, block("Balance 222.58", "Dues 100.00", "Total 322.58")) == []
    assert otherwise(subject, block("Balance 222.58", "Dues 90.00", "Total 322.58"))


@pytest.mark.parametrize(("printed", "told"), [("6,89,882.00", 1), ("5,89,882.00", 0)])
def test_groups_of_two_digits(printed: str, told: int) -> None:
    subject = with_totals({"total": ("589882.00", 0)})
    assert len(otherwise(subject, block("INR 5,89,882.00", f"INR {printed}"))) == told


def rates_told(subject: Invoice) -> list[Severity]:
    return [one.severity for one in check(subject) if one.code == "tax-rate-total-mismatch"]


def test_a_total_is_taxed_before_it_is_rounded() -> None:
    def swedish(rounding: str | None) -> Invoice:
        rates = (rate("25", None, "360.68"),)
        return invoice(rates=rates, tax_total="360.68", total="1803.00", rounding=rounding)

    assert rates_told(swedish("-0.39")) == rates_told(swedish("0.39")) == []
    assert rates_told(swedish(None)) == [ERROR]


def test_a_rate_without_its_base_beside_one_that_has_it() -> None:
    def two(percent: str, base: str | None) -> Invoice:
        rates = (rate("7", "217.83", "15.25"), rate(percent, base, "45.27"))
        return invoice(rates=rates, subtotal="456.12", tax_total="60.52", total="516.64")

    assert rates_told(two("19", None)) == rates_told(two("19", "238.29")) == []
    assert rates_told(two("7", None)) == [ERROR]


GOODS = (line("1", "8.04", "8.04"), line("2", "33.54", "67.08"), line("1", "196.98", "196.98"))


def receipt(
    percent: str, tax: str, lines: tuple[LineItem, ...] = GOODS, discount: str | None = None
) -> Invoice:
    return invoice(
        kind=DocumentType.RECEIPT,
        rates=(rate(percent, None, tax),),
        lines=lines,
        total="272.10",
        allowance_total=discount,
    )


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        # On everything, on two of the lines, and without tax in them.
        (receipt("7", "17.80"), []),
        (receipt("19", "11.99"), [WARNING]),
        (receipt("19", "14.27"), [WARNING]),
        # No lines add up to what 17.80 is 19 % of.
        (receipt("19", "17.80"), [ERROR]),
        # Lines that are not all there tell nothing; nor do those beside a discount.
        (receipt("19", "17.80", GOODS[:2]), [WARNING]),
        (receipt("19", "17.80", (*GOODS, LineItem(unit_price=GOODS[0].amount))), [WARNING]),
        (receipt("19", "17.80", discount="5.00"), [WARNING]),
        (receipt("19", "17.80", ()), [WARNING]),
        # Many lines add up to anything.
        (receipt("19", "17.80", (*GOODS, *[line("1", "0.00", "0.00")] * 10)), [WARNING]),
    ],
)
def test_part_of_the_goods_may_be_untaxed(subject: Invoice, told: list[Severity]) -> None:
    assert rates_told(subject) == told


def described(text: str, price: str, amount: str) -> LineItem:
    return line(None, price, amount).model_copy(update={"description": exact(text)})


@pytest.mark.parametrize(
    ("text", "price", "amount", "is_wrong"),
    [
        ("250 pza Limpieza", "2056.54", "514135.00", False),
        ("250 pza Limpieza", "3056.54", "514135.00", True),
        ("0.5 Consulting", "1118.70", "559.35", False),
        ("0,5 Consulting", "2118.70", "559.35", True),
        # A whole number of them is another quantity; the number of the line is none.
        ("24 months of care", "100.00", "300.00", False),
        ("1 Consulting", "95.50", "143.25", False),
        ("Consulting", "95.50", "143.25", False),
        ("24h service", "95.50", "143.25", False),
    ],
)
def test_a_quantity_that_was_read_as_part_of_the_description(
    text: str, price: str, amount: str, is_wrong: bool
) -> None:
    found = [one.code for one in check(invoice(lines=(described(text, price, amount),)))]
    assert ("line-amount-mismatch" in found) is is_wrong
