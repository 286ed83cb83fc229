"""Between rows and the domain's types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Join, Row, Select, select

from src.domain.document import Document, JobState, MediaType, Origin, Step
from src.domain.invoice import Invoice
from src.domain.naming import name_key, number_key
from src.domain.purchase_orders import order_key
from src.domain.readings import FieldReading
from src.domain.results import Failure, ProcessedInvoice, ResultRecord
from src.domain.review import ReviewStatus
from src.storage.columns import amount_sort_key, fold
from src.storage.tables import documents, invoices, processing_results

_RESULT_COLUMNS: tuple[ColumnElement[Any], ...] = (
    processing_results.c.id.label("result_id"),
    processing_results.c.review_status,
    processing_results.c.engine,
    *(
        invoices.c[name]
        for name in (
            "document_type",
            "vendor_name",
            "customer_name",
            "invoice_number",
            "invoice_date",
            "due_date",
            "currency",
            "total",
        )
    ),
)


def everything() -> Join:
    """Documents with their result and invoice, where there is one."""
    return documents.join(
        processing_results, processing_results.c.document_id == documents.c.id, isouter=True
    ).join(invoices, invoices.c.document_id == documents.c.id, isouter=True)


def select_records() -> Select[Any]:
    """The columns `record_of` needs; the caller gives FROM and WHERE."""
    return select(*documents.c, *_RESULT_COLUMNS)


def document_values(document: Document) -> dict[str, object]:
    """The document part of a row of `documents`."""
    return {
        "id": document.id,
        "name": document.name,
        "origin": document.origin.value,
        "received_at": document.received_at,
        "digest": document.digest,
        "media_type": document.media_type.value if document.media_type else None,
        "size": document.size,
        "page_count": document.page_count,
        "stored_as": document.stored_as,
        "duplicate_of": document.duplicate_of,
    }


def failure_values(failure: Failure | None) -> dict[str, object]:
    """The error part of a row of `documents`; None clears it."""
    return {
        "error_code": failure.code if failure else None,
        "error_message": failure.message if failure else None,
        "error_retryable": failure.retryable if failure else None,
    }


def result_values(result: ProcessedInvoice) -> dict[str, object]:
    """What a successful run adds to its row of `processing_results`, without the payload."""
    return {
        "review_status": result.review_status.value,
        "approved_by": result.approved_by,
        "engine": result.provenance.engine,
        "timings": [timing.model_dump(mode="json") for timing in result.timings],
    }


def invoice_values(invoice: Invoice) -> dict[str, object]:
    """The searchable columns of an invoice."""
    vendor = _value(invoice.vendor.name)
    number = _value(invoice.invoice_number)
    total = _value(invoice.totals.total)
    document_type = _value(invoice.document_type)
    return {
        "document_type": document_type.value if document_type else None,
        "vendor_name": vendor,
        "vendor_folded": fold(vendor) if vendor else None,
        "customer_name": _value(invoice.customer.name),
        "invoice_number": number,
        "invoice_number_folded": fold(number) if number else None,
        "invoice_date": _value(invoice.issue_date),
        "due_date": _value(invoice.due_date),
        "currency": _value(invoice.currency),
        "total": total,
        "total_sort": None if total is None else amount_sort_key(total),
        **match_values(invoice),
    }


def match_values(invoice: Invoice) -> dict[str, object]:
    """The columns by which the same invoice in another file is found, None where unknown."""
    vendor, number = _value(invoice.vendor.name), _value(invoice.invoice_number)
    order, total = _value(invoice.purchase_order), _value(invoice.totals.total)
    net = _value(invoice.totals.subtotal) or total
    return {
        "vendor_key": (name_key(vendor) or None) if vendor else None,
        "number_key": (number_key(number) or None) if number else None,
        "order_key": (order_key(order) or None) if order else None,
        "net_sort": None if net is None else amount_sort_key(net),
    }


def _value(reading: FieldReading[Any] | None) -> Any:
    return None if reading is None else reading.value


def document_of(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        name=row.name,
        origin=Origin(row.origin),
        received_at=row.received_at,
        digest=row.digest,
        media_type=MediaType(row.media_type) if row.media_type else None,
        size=row.size,
        page_count=row.page_count,
        stored_as=row.stored_as,
        duplicate_of=row.duplicate_of,
    )


def record_of(row: Row[Any], finding_codes: Sequence[str]) -> ResultRecord:
    """A row of `select_records` as the domain knows it."""
    return ResultRecord(
        document=document_of(row),
        state=JobState(row.state),
        step=Step(row.step),
        progress=row.progress,
        attempt=row.attempt,
        version=row.version,
        # The column counts down, so that one ascending index gives the order of the queue.
        priority=-row.priority,
        queued_at=row.queued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        next_attempt_at=row.next_attempt_at,
        failure=_failure_of(row),
        review_status=ReviewStatus(row.review_status) if row.review_status else None,
        engine=row.engine,
        seconds=row.seconds,
        finding_codes=tuple(finding_codes),
        document_type=row.document_type,
        vendor_name=row.vendor_name,
        customer_name=row.customer_name,
        invoice_number=row.invoice_number,
        invoice_date=row.invoice_date,
        due_date=row.due_date,
        currency=row.currency,
        total=row.total,
    )


def _failure_of(row: Row[Any]) -> Failure | None:
    if row.error_code is None:
        return None
    return Failure(code=row.error_code, message=row.error_message, retryable=row.error_retryable)
