"""What must be there before an invoice can be booked (EN 16931 BR-02 to BR-06, BR-14)."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.checks.base import CheckContext
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.paths import get_reading
from src.domain.review import core_fields

MISSING = "missing-core-field"
NOT_AN_INVOICE = "not-an-invoice"

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
