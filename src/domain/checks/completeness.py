"""What must be there: to book an invoice (EN 16931 BR-02 to BR-06, BR-14), and to deduct its
tax in Europe (BR-07 to BR-16, BR-CO-26; Article 226 of the VAT Directive)."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import counts, document_type_of
from src.domain.checks.places import EUROPEAN_UNION, party_countries
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.paths import get_reading
from src.domain.review import core_fields

MISSING = "missing-core-field"
NOT_AN_INVOICE = "not-an-invoice"
LEGAL_FIELD = "missing-legal-field"
SELLER_ID = "missing-seller-identification"

NAMES = {
    "invoice_number": "an invoice number",
    "issue_date": "an issue date",
    "currency": "a currency",
    "vendor.name": "the name of the vendor",
    "totals.total": "a total",
}


def check_core_fields(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Number, date, vendor, currency and total are there; a receipt needs no number."""
    for field in core_fields(invoice):
        if get_reading(invoice, field) is None:
            yield Finding(
                code=MISSING,
                severity=Severity.ERROR,
                message=f"The document has no {field}: {NAMES.get(field, field)} was not found.",
                fields=(field,),
                remedy="Enter the value from the page; if the page lacks it, ask the vendor.",
            )


def check_document_type(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Only invoices, credit notes and receipts are booked; a statement repeats others."""
    kind = invoice.document_type
    if kind is not None and kind.value in {DocumentType.STATEMENT, DocumentType.OTHER}:
        yield Finding(
            code=NOT_AN_INVOICE,
            severity=Severity.ERROR,
            message=f"The document is of type '{kind.value}', not an invoice, credit note or "
            "receipt; paying from it may pay twice.",
            fields=("document_type",),
            remedy="Reject it, or set its type if it is an invoice after all.",
        )


def check_legal_fields(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """What a European invoice must also say (BR-07, BR-08, BR-10, BR-13, BR-16).

    A warning: the invoice can be paid, but its tax may not be deductible without. Receipts
    are simplified invoices and need none of it (Article 226b).
    """
    if not _is_european(invoice) or document_type_of(invoice) is DocumentType.RECEIPT:
        return
    totals = invoice.totals
    rules = (
        ("customer.name", "the customer's name", invoice.customer.name),
        ("vendor.address", "the vendor's address", invoice.vendor.address),
        ("customer.address", "the customer's address", invoice.customer.address),
        # What is untaxed has no total without tax of its own.
        ("totals.subtotal", "a total without tax", totals.subtotal or _untaxed_total(invoice)),
        ("line_items", "a line", next(filter(counts, invoice.line_items), None)),
    )
    missing = [(field, name) for field, name, there in rules if there is None]
    if missing:
        yield Finding(
            code=LEGAL_FIELD,
            severity=Severity.WARNING,
            message=f"Not found: {', '.join(name for _, name in missing)}. A European invoice "
            "must have it.",
            fields=tuple(field for field, _ in missing),
            remedy="Enter it from the page; if the page lacks it, ask the vendor for a complete "
            "invoice before deducting the tax.",
        )


def check_seller_identification(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """A tax id, tax number or register number says who the vendor is (BR-CO-26)."""
    vendor = invoice.vendor
    if not _is_european(invoice) or document_type_of(invoice) is DocumentType.RECEIPT:
        return
    if any((vendor.tax_id, vendor.tax_registration, vendor.registration_number)):
        return
    yield Finding(
        code=SELLER_ID,
        severity=Severity.WARNING,
        message="No tax id, tax number or register number of the vendor was found.",
        fields=("vendor.tax_id",),
        remedy="Enter it from the page; without one the invoice's tax may not be deductible.",
    )


def _is_european(invoice: Invoice) -> bool:
    return bool(party_countries(invoice.vendor) & EUROPEAN_UNION)


def _untaxed_total(invoice: Invoice) -> object:
    tax = invoice.totals.tax_total
    return invoice.totals.total if tax is None or tax.value == 0 else None
