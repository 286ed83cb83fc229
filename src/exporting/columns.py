"""The columns of an export: one row a result, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from src.domain.results import ResultRecord

Cell = str | int | Decimal | date | datetime | None

COLUMNS: tuple[str, ...] = (
    "file_id",
    "file_name",
    "received_at",
    "state",
    "review_status",
    "document_type",
    "vendor_name",
    "customer_name",
    "invoice_number",
    "invoice_date",
    "due_date",
    "currency",
    "total",
    "findings",
    "engine",
    "finished_at",
    "pages",
    "error",
)


def cells(record: ResultRecord) -> Sequence[Cell]:
    """The values of a row, in the order of `COLUMNS`; times in UTC."""
    document = record.document
    return (
        document.id,
        document.name,
        document.received_at,
        record.state.value,
        record.review_status.value if record.review_status else None,
        record.document_type,
        record.vendor_name,
        record.customer_name,
        record.invoice_number,
        record.invoice_date,
        record.due_date,
        record.currency,
        record.total,
        " ".join(record.finding_codes) or None,
        record.engine,
        record.finished_at,
        document.page_count,
        record.failure.message if record.failure else None,
    )
