"""Short ways to build readings and invoices for the tests of the domain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from src.domain.checks import CheckContext, CheckSettings, run_checks
from src.domain.findings import Finding
from src.domain.invoice import (
    Address,
    BankAccount,
    DocumentType,
    Invoice,
    LineItem,
    Party,
    PaymentDetails,
    TaxBreakdown,
    Totals,
)
from src.domain.page import Box, Page, TextSource, Word
from src.domain.readings import (
    EvidenceBox,
    FieldReading,
    ReadEvidence,
    XmlEvidence,
)

T = TypeVar("T")
# Keyword arguments of `invoice`.
Printed = dict[str, Any]
TODAY = date(2026, 6, 15)
# The invoices built here are short, and most of their readings come from no page; tests of
# these rules switch them on by settings of their own.
PLAIN = CheckSettings(
    disabled=frozenset({"missing-legal-field", "missing-seller-identification", "xml-not-on-page"})
)


def exact(value: T) -> FieldReading[T]:
    """A reading from an e-invoice: nothing to ground."""
    return FieldReading[T](
        value=value, evidence=XmlEvidence(path="Invoice/X"), confidence=1.0, engine="test"
    )


def money(text: str | None) -> FieldReading[Decimal] | None:
    return None if text is None else exact(Decimal(text))


def read(value: T, text: str | None, box: Box, page: int = 1) -> FieldReading[T]:
    """A reading from a place on a page."""
    place = EvidenceBox(x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1)
    return FieldReading[T](
        value=value,
        text=text,
        evidence=ReadEvidence(page=page, box=place),
        confidence=0.9,
        engine="test",
    )


def page_of(*words: tuple[str, Box]) -> Page:
    return Page(
        number=1,
        width=595,
        height=842,
        rotation=0,
        source=TextSource.TEXT_LAYER,
        words=tuple(Word(text, box) for text, box in words),
    )


def line(quantity: str | None, price: str | None, amount: str | None, **more: str) -> LineItem:
    return LineItem(
        description=exact("Goods"),
        quantity=money(quantity),
        unit_price=money(price),
        amount=money(amount),
        **{name: money(value) for name, value in more.items()},
    )


def rate(percent: str | None, base: str | None, tax: str | None) -> TaxBreakdown:
    return TaxBreakdown(rate=money(percent), taxable_amount=money(base), tax_amount=money(tax))


def invoice(
    *,
    kind: DocumentType = DocumentType.INVOICE,
    currency: str = "EUR",
    lines: tuple[LineItem, ...] = (),
    rates: tuple[TaxBreakdown, ...] = (),
    **totals: str | None,
) -> Invoice:
    """A complete invoice; the keyword arguments are fields of `Totals`."""
    return Invoice(
        document_type=exact(kind),
        invoice_number=exact("R-2026-17"),
        issue_date=exact(date(2026, 6, 1)),
        currency=exact(currency),
        vendor=Party(name=exact("Muster Handel GmbH")),
        totals=Totals(**{"total": money("119.00")} | {k: money(v) for k, v in totals.items()}),
        line_items=lines,
        tax_breakdown=rates,
    )


def with_account(iban: str | None = None, bic: str | None = None) -> Invoice:
    account = BankAccount(iban=exact(iban) if iban else None, bic=exact(bic) if bic else None)
    return invoice().model_copy(update={"payment": PaymentDetails(accounts=(account,))})


def party(tax_id: str, country: str | None = None) -> Party:
    address = exact(Address(text="Street 1", country=country)) if country else None
    return Party(name=exact("Vendor"), tax_id=exact(tax_id), address=address)


def check(
    subject: Invoice, *pages: Page, settings: CheckSettings | None = None, **known: Any
) -> tuple[Finding, ...]:
    """`known` are further fields of the context."""
    context = CheckContext(pages=pages, today=TODAY, settings=settings or PLAIN, **known)
    return run_checks(subject, context)


def codes(subject: Invoice, *pages: Page) -> list[str]:
    return [finding.code for finding in check(subject, *pages)]
