"""Tax law, completeness, terms, currency signs, our own companies and purchase orders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from src.domain.checks import CheckSettings
from src.domain.checks.legal_rates import is_legal, rates_in_force
from src.domain.findings import Severity
from src.domain.invoice import (
    Address,
    AllowanceCharge,
    DocumentType,
    Invoice,
    LineItem,
    Party,
    PaymentDetails,
    TaxBreakdown,
)
from src.domain.knowledge import Knowledge
from src.domain.page import Box, Page
from src.domain.purchase_orders import OrderLine, OrderMatch, PurchaseOrder
from tests.domain.build import check, exact, invoice, line, money, page_of, party, rate, read

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
HERE = Box(0.1, 0.1, 0.2, 0.12)
Told = list[tuple[str, Severity]]


def told(subject: Invoice, *pages: Page, **more: Any) -> Told:
    return [(one.code, one.severity) for one in check(subject, *pages, **more)]


@pytest.mark.parametrize(
    ("country", "percent", "day", "legal"),
    [
        ("DE", "19", date(2026, 1, 1), True),
        ("DE", "16", date(2020, 9, 1), True),
        ("DE", "16", date(2021, 6, 1), True),
        ("DE", "16", date(2022, 6, 1), False),
        ("DE", "17", date(2026, 1, 1), False),
        ("CH", "8.1", date(2019, 1, 1), False),
        ("CH", "8.1", date(2025, 1, 1), True),
        ("EE", "24", date(2025, 7, 1), True),
        ("FR", "0", date(2025, 7, 1), True),
        ("US", "8.25", date(2025, 7, 1), False),
    ],
)
def test_legal_rates(country: str, percent: str, day: date, legal: bool) -> None:
    assert is_legal(country, Decimal(percent), day) is legal


def test_rates_in_force_are_told_highest_first() -> None:
    assert rates_in_force("CH", date(2025, 1, 1)) == (
        Decimal("8.1"),
        Decimal("3.8"),
        Decimal("2.6"),
    )


def taxed(percent: str, vendor: Party, **more: Any) -> Invoice:
    tax = Decimal(percent)
    subject = invoice(
        rates=(rate(percent, "100.00", f"{tax:.2f}"),),
        subtotal="100.00",
        tax_total=f"{tax:.2f}",
        total=f"{100 + tax:.2f}",
    )
    return subject.model_copy(update={"vendor": vendor} | more)


def test_a_rate_that_is_none() -> None:
    assert told(taxed("17", party("DE136695976"))) == [("tax-rate-not-legal", ERROR)]
    by_address = Party(name=exact("V"), address=exact(Address(text="x", country="DE")))
    assert told(taxed("17", by_address)) == [("tax-rate-not-legal", WARNING)]
    assert told(taxed("19", party("DE136695976"))) == []
    # Distance sales are taxed where the customer is; some countries are not listed.
    french = Party(address=exact(Address(text="x", country="FR")))
    assert told(taxed("20", party("DE136695976"), customer=french)) == []
    american = Party(name=exact("V"), address=exact(Address(text="x", country="US")))
    assert told(taxed("8.25", american)) == []


@pytest.mark.parametrize(
    ("category", "percent", "codes"),
    [
        ("S", "0", ["tax-category-mismatch"]),
        ("E", "19", ["tax-category-mismatch"]),
        ("Z", "0", []),
        ("S", "19", []),
        ("AE", "0", ["reverse-charge-without-tax-ids"]),
    ],
)
def test_categories(category: str, percent: str, codes: list[str]) -> None:
    row = TaxBreakdown(category=exact(category), rate=money(percent))
    subject = invoice().model_copy(update={"tax_breakdown": (row,)})
    assert [one.code for one in check(subject)] == codes


def test_reverse_charge_with_both_ids() -> None:
    row = TaxBreakdown(category=exact("AE"), rate=money("0"))
    subject = invoice().model_copy(
        update={
            "tax_breakdown": (row,),
            "vendor": party("DE136695976"),
            "customer": party("FR40303265045").model_copy(update={"name": exact("Buyer")}),
        }
    )
    assert told(subject) == []


def by_rate(*lines: LineItem, base: str = "100.00", **changes: Any) -> Told:
    subject = invoice(
        lines=lines,
        rates=(rate("19", base, None), rate("7", "50.00", None)),
        subtotal="150.00",
        total="150.00",
    )
    found = check(subject.model_copy(update=changes))
    return [(one.code, one.severity) for one in found if one.code == "tax-base-of-rate-mismatch"]


def test_bases_by_rate() -> None:
    goods = line("1", "100.00", "100.00", tax_rate="19")
    books = line("1", "50.00", "50.00", tax_rate="7")
    assert by_rate(goods, books) == []
    wrong = line("1", "60.00", "60.00", tax_rate="7")
    assert by_rate(goods, wrong) == [("tax-base-of-rate-mismatch", ERROR)]
    # Where not every line tells its rate nothing can be said.
    assert by_rate(goods, line("1", "60.00", "60.00")) == []
    off = AllowanceCharge(is_charge=False, amount=money("10.00"), tax_rate=money("19"))
    assert by_rate(goods, books, allowances_charges=(off,)) != []
    assert by_rate(goods, books, allowances_charges=(off,), base="90.00") == []


def test_what_a_european_invoice_must_say() -> None:
    every = CheckSettings()
    whole = taxed("19", party("DE136695976", "DE"))
    assert told(whole, settings=every) == [("missing-legal-field", WARNING)]
    nobody = Party(name=exact("V"), address=exact(Address(text="x", country="DE")))
    assert ("missing-seller-identification", WARNING) in told(taxed("19", nobody), settings=every)
    receipt = taxed("19", nobody, document_type=exact(DocumentType.RECEIPT))
    assert told(receipt, settings=every) == []
    abroad = Party(name=exact("V"), address=exact(Address(text="x", country="US")))
    assert told(taxed("8.25", abroad), settings=every) == []


@pytest.mark.parametrize(
    ("terms", "due", "held"),
    [
        ("30 days net", date(2026, 7, 1), False),
        ("Zahlbar innerhalb von 30 Tagen", date(2026, 7, 1), False),
        ("30 jours", date(2026, 6, 8), True),
        ("net 14", date(2026, 6, 15), False),
        ("net 14", date(2026, 7, 15), True),
        # A weekend, a day of receipt.
        ("30 days", date(2026, 7, 4), False),
        # Not plain.
        ("2 % 10 days, 30 days net", date(2026, 12, 1), False),
        ("30 jours fin de mois", date(2026, 7, 31), False),
        ("10 Werktage", date(2026, 6, 30), False),
        ("14 days or 30 days", date(2026, 12, 1), False),
        ("on receipt", date(2026, 8, 1), False),
    ],
)
def test_due_date_by_terms(terms: str, due: date, held: bool) -> None:
    subject = invoice().model_copy(
        update={"due_date": exact(due), "payment": PaymentDetails(terms=exact(terms))}
    )
    found = [one for one in told(subject) if one[0] == "due-date-not-as-terms"]
    assert found == ([("due-date-not-as-terms", ERROR)] if held else [])


def test_terms_may_count_from_the_delivery() -> None:
    subject = invoice().model_copy(
        update={
            "due_date": exact(date(2026, 6, 20)),
            "delivery_date": exact(date(2026, 5, 21)),
            "payment": PaymentDetails(terms=exact("30 days")),
        }
    )
    assert told(subject) == []


@pytest.mark.parametrize(
    ("text", "changes", "ambiguous"),
    [
        ("06/01/2026", {}, True),
        ("06-01-26", {}, True),
        ("13/01/2026", {}, False),
        ("06/06/2026", {}, False),
        ("06.01.2026", {}, False),
        ("1 June 2026", {}, False),
        ("06/01/2026", {"due_date": read(date(2026, 6, 30), "06/30/2026", HERE)}, False),
        ("06/01/2026", {"vendor": party("x", "US")}, False),
        ("06/01/2026", {"vendor": party("x", "FR")}, False),
        ("06/01/2026", {"vendor": party("x", "CA")}, True),
    ],
)
def test_ambiguous_dates(text: str, changes: dict[str, Any], ambiguous: bool) -> None:
    issued = read(date(2026, 6, 1), text, HERE)
    subject = invoice().model_copy(update={"issue_date": issued} | changes)
    assert ("date-ambiguous" in [one.code for one in check(subject)]) is ambiguous


@pytest.mark.parametrize(
    ("sign", "code", "words", "changes", "held"),
    [
        ("$", "USD", (), {}, True),
        ("$ 119.00", "USD", (), {}, True),
        ("$", "USD", ("USD",), {}, False),
        ("$", "CAD", ("CA$",), {}, False),
        ("$", "USD", ("Austin,", "TX", "78701"), {}, False),
        ("$", "USD", (), {"vendor": party("x", "US")}, False),
        ("$", "USD", (), {"vendor": party("x", "DE")}, True),
        ("kr", "SEK", (), {"customer": party("x", "SE")}, False),
        ("kr.", "DKK", (), {}, True),
        ("€", "EUR", (), {}, False),
        ("USD", "USD", (), {}, False),
        ("", "USD", (), {}, False),
    ],
)
def test_currency_signs(
    sign: str, code: str, words: tuple[str, ...], changes: dict[str, Any], held: bool
) -> None:
    subject = invoice().model_copy(update={"currency": read(code, sign, HERE)} | changes)
    page = page_of(*((word, HERE) for word in words))
    assert ("currency-ambiguous" in [one.code for one in check(subject, page)]) is held


OWN = CheckSettings(own_companies=("Eichenhof Verwaltung GmbH", "DE811569869"))


@pytest.mark.parametrize(
    ("changes", "words", "codes"),
    [
        ({"customer": Party(name=exact("EICHENHOF VERWALTUNG"))}, (), []),
        ({"customer": Party(name=exact("Else"), tax_id=exact("DE 811 569 869"))}, (), []),
        ({}, ("An", "Eichenhof", "Verwaltung,", "Berlin"), []),
        ({"customer": Party(name=exact("Else"))}, ("Else",), ["customer-not-us"]),
        ({}, (), ["customer-not-us"]),
        ({"document_type": exact(DocumentType.RECEIPT)}, (), []),
        (
            {"vendor": Party(name=exact("Eichenhof Verwaltung"))},
            ("Eichenhof", "Verwaltung"),
            ["vendor-is-us"],
        ),
    ],
)
def test_own_companies(changes: dict[str, Any], words: tuple[str, ...], codes: list[str]) -> None:
    subject = invoice().model_copy(update=changes)
    page = page_of(*((word, HERE) for word in words))
    found = [one.code for one in check(subject, page, settings=OWN)]
    wanted = {"customer-not-us", "vendor-is-us"}
    assert [code for code in found if code in wanted] == codes


ORDER = PurchaseOrder(
    number="PO-7",
    supplier="Muster Handel",
    currency="EUR",
    total=Decimal(100),
    lines=(
        OrderLine(code="A-1", quantity=Decimal(10), price=Decimal("5.00")),
        OrderLine(description="Paper", quantity=Decimal(1), price=Decimal("50.00")),
    ),
)


def ordered(
    order: PurchaseOrder | None, subject: Invoice | None = None, before: str = "0", **settings: Any
) -> Told:
    known = Knowledge(orders=(OrderMatch("PO-7", order, Decimal(before)),))
    disabled = frozenset({"missing-legal-field"})
    return told(
        subject or invoice(subtotal="100.00", tax_total="19.00"),
        known=known,
        settings=CheckSettings(disabled=disabled, **settings),
    )


def test_orders() -> None:
    assert ordered(ORDER) == []
    assert ordered(None) == [("purchase-order-unknown", ERROR)]
    closed = PurchaseOrder(number="PO-7", supplier="Muster Handel", is_open=False)
    assert ordered(closed) == [("purchase-order-closed", ERROR)]
    other = PurchaseOrder(number="PO-7", supplier="Olivar SL", currency="USD")
    assert ordered(other) == [
        ("purchase-order-other-supplier", ERROR),
        ("purchase-order-other-currency", ERROR),
    ]
    assert ordered(ORDER, before="1.00") == []
    assert ordered(ORDER, before="3.00") == [("purchase-order-exceeded", ERROR)]
    assert ordered(ORDER, before="3.00", order_tolerance_share=Decimal("0.05")) == []
    credit = invoice(kind=DocumentType.CREDIT_NOTE)
    assert ordered(ORDER, credit, before="100.00") == []


def test_the_tax_id_of_the_order_goes_before_the_name() -> None:
    order = PurchaseOrder(number="PO-7", supplier="Else", supplier_tax_id="DE136695976")
    subject = invoice().model_copy(update={"vendor": party("DE 136695976")})
    assert ordered(order, subject) == []


def test_an_invoice_without_an_order() -> None:
    known = Knowledge(orders=())
    assert told(invoice(), known=known) == [("purchase-order-missing", INFO)]
    must = CheckSettings(order_required=True)
    assert ("purchase-order-missing", ERROR) in told(invoice(), known=known, settings=must)
    assert told(invoice(), known=Knowledge()) == []


def test_lines_against_the_order() -> None:
    def with_lines(*lines: LineItem) -> Told:
        return ordered(ORDER, invoice(lines=lines, subtotal=None, total=None))

    def coded(quantity: str, price: str, code: str) -> LineItem:
        amount = str(Decimal(quantity) * Decimal(price))
        return line(quantity, price, amount).model_copy(update={"product_code": exact(code)})

    wrong = ("purchase-order-line-mismatch", ERROR)
    missing = ("missing-core-field", ERROR)
    assert with_lines(coded("10", "5.00", "a1")) == [missing]
    assert with_lines(coded("12", "5.00", "A-1")) == [missing, wrong]
    assert with_lines(coded("10", "6.00", "A-1")) == [missing, wrong]
    assert with_lines(coded("1", "5.00", "B-2")) == [missing, wrong]
    paper = line("1", "50.00", "50.00").model_copy(update={"description": exact("Paper A4")})
    assert with_lines(paper) == [missing]
