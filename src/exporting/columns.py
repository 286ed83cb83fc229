"""The columns of an export, the same in every format: one row a result, and one row a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from src.domain.invoice import Invoice, LineItem
from src.domain.readings import FieldReading
from src.ports import ExportedResult

Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]

COLUMNS: tuple[str, ...] = (
    "file_id",
    "file_name",
    "received_at",
    "state",
    "review_status",
    "approved_by",
    "document_type",
    "vendor_name",
    "vendor_tax_id",
    "customer_name",
    "invoice_number",
    "invoice_date",
    "due_date",
    "delivery_date",
    "purchase_order",
    "currency",
    "subtotal",
    "tax",
    "total",
    "amount_paid",
    "amount_due",
    "iban",
    "bic",
    "payment_reference",
    "findings",
    "engine",
    "finished_at",
    "pages",
    "error",
)

# Of a line, by the names of the schema.
_LINE_FIELDS: tuple[str, ...] = (
    "position",
    "product_code",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "price_base_quantity",
    "discount",
    "charge",
    "tax_rate",
    "tax_category",
    "tax_amount",
    "amount",
    "gross_amount",
    "date",
    "purchase_order",
)
LINE_COLUMNS: tuple[str, ...] = (
    "file_id",
    "vendor_name",
    "invoice_number",
    "invoice_date",
    "currency",
    # Counted from 1.
    "line",
    "kind",
    *_LINE_FIELDS,
)


def cells(exported: ExportedResult) -> Row:
    """The values of a row, in the order of `COLUMNS`; times in UTC.

    What the list knows is as the list has it, also where a result could not be made again.
    """
    record, result = exported.record, exported.result
    document = record.document
    invoice = Invoice() if result is None else result.invoice
    totals, accounts = invoice.totals, invoice.payment.accounts
    return (
        document.id,
        document.name,
        document.received_at,
        record.state.value,
        record.review_status.value if record.review_status else None,
        result.approved_by if result else None,
        record.document_type,
        record.vendor_name,
        _value(invoice.vendor.tax_id),
        record.customer_name,
        record.invoice_number,
        record.invoice_date,
        record.due_date,
        _value(invoice.delivery_date),
        _value(invoice.purchase_order),
        record.currency,
        _value(totals.subtotal),
        _value(totals.tax_total),
        record.total,
        _value(totals.amount_paid),
        _value(totals.amount_due),
        # Of several accounts the first; all of them are in jsonl.
        next((_value(account.iban) for account in accounts if account.iban), None),
        next((_value(account.bic) for account in accounts if account.bic), None),
        _value(invoice.payment.reference),
        " ".join(record.finding_codes) or None,
        record.engine,
        record.finished_at,
        document.page_count,
        record.failure.message if record.failure else None,
    )


def line_cells(exported: ExportedResult) -> Iterator[Row]:
    """A row for each line, in the order of `LINE_COLUMNS`."""
    if exported.result is None:
        return
    record = exported.record
    for number, line in enumerate(exported.result.invoice.line_items, start=1):
        yield (
            record.document.id,
            record.vendor_name,
            record.invoice_number,
            record.invoice_date,
            record.currency,
            number,
            line.kind.value,
            *_of_line(line),
        )


def _of_line(line: LineItem) -> Iterator[Cell]:
    for name in _LINE_FIELDS:
        yield _value(getattr(line, name))


def _value(reading: FieldReading[Any] | None) -> Any:
    return None if reading is None else reading.value
