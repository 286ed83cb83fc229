"""Results that may be the same invoice, and what was invoiced for an order.

Each question reads its own stretch of one index, at most `_MOST` entries of it, however many
invoices there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.checks.duplicates import DUPLICATE, POSSIBLE
from src.domain.invoice import DocumentType, Invoice
from src.domain.knowledge import EarlierInvoice
from src.domain.purchase_orders import order_key
from src.domain.review import ReviewStatus
from src.storage.columns import SORT_DECIMALS, amount_sort_key
from src.storage.rows import match_values
from src.storage.tables import documents, invoices, processing_results, result_findings

# Candidates of one question; more alike ones than this are receipts of one till.
_MOST = 50
# Wider than any tolerance that `CheckSettings` may sensibly have.
_SHARE = Decimal("0.05")
_DAYS = timedelta(days=92)


async def earlier_like(
    connection: AsyncConnection, document_id: str, invoice: Invoice
) -> tuple[EarlierInvoice, ...]:
    """Other results alike in number, or in amount and day; ordered by id.

    Left out: deleted and rejected ones, and those already found to be duplicates of this
    document, so that of two copies one is the first, whichever is looked at again.
    """
    questions = [
        select(invoices.c.id).where(*conditions, invoices.c.id != document_id).limit(_MOST)
        for conditions in _questions(invoice)
    ]
    if not questions:
        return ()
    # SQLite takes a LIMIT in a part of a UNION only inside a sub-select.
    candidates = union(*(select(one.subquery().c.id) for one in questions))
    points_here = select(result_findings.c.result_id).where(
        result_findings.c.result_id == invoices.c.id,
        result_findings.c.code.in_((DUPLICATE, POSSIBLE)),
        result_findings.c.related_id == document_id,
    )
    statement = _standing(select(*_COLUMNS)).where(
        invoices.c.id.in_(candidates), ~points_here.exists()
    )
    rows = await connection.execute(statement.order_by(invoices.c.id))
    return tuple(
        EarlierInvoice(
            id=row.id,
            document_type=row.document_type,
            vendor_name=row.vendor_name,
            number=row.invoice_number,
            issue_date=row.invoice_date,
            currency=row.currency,
            total=row.total,
        )
        for row in rows
    )


_COLUMNS = tuple(
    invoices.c[name]
    for name in (
        *("id", "document_type", "vendor_name", "invoice_number", "invoice_date"),
        *("currency", "total"),
    )
)


def _questions(invoice: Invoice) -> Iterator[list[ColumnElement[bool]]]:
    column, known = invoices.c, match_values(invoice)
    vendor, number = known["vendor_key"], known["number_key"]
    total: Decimal | None = invoice.totals.total.value if invoice.totals.total else None
    issued: date | None = invoice.issue_date.value if invoice.issue_date else None
    if number is not None and vendor is not None:
        yield [column.number_key == number, column.vendor_key == vendor]
    if total is None:
        return
    ends = sorted((total * (1 - _SHARE), total * (1 + _SHARE)))
    near = column.total_sort.between(amount_sort_key(ends[0]), amount_sort_key(ends[1]))
    if number is not None:
        # Under a name that was read otherwise.
        yield [column.number_key == number, near]
    if issued is None:
        return
    days = column.invoice_date.between(issued - _DAYS, issued + _DAYS)
    if vendor is not None:
        yield [column.vendor_key == vendor, near, days]
    # Under another name and another number: the same amount to the cent.
    yield [column.total_sort == amount_sort_key(total), days]


async def invoiced_for(connection: AsyncConnection, document_id: str, number: str) -> Decimal:
    """Sum of the other standing invoices that name the order, without tax; credits deducted."""
    key = order_key(number)
    if not key:
        return Decimal(0)
    is_credit = invoices.c.document_type == DocumentType.CREDIT_NOTE.value
    amount = case(
        (is_credit, -func.abs(invoices.c.net_sort)), else_=func.coalesce(invoices.c.net_sort, 0)
    )
    statement = _standing(select(func.coalesce(func.sum(amount), 0))).where(
        invoices.c.order_key == key, invoices.c.id != document_id
    )
    total: int = (await connection.execute(statement)).scalar_one()
    return Decimal(total).scaleb(-SORT_DECIMALS)


def _standing(statement: Select[Any]) -> Select[Any]:
    """Of results that are neither deleted nor rejected."""
    return (
        statement.select_from(invoices)
        .join(documents, documents.c.id == invoices.c.document_id)
        .join(processing_results, processing_results.c.id == invoices.c.id)
        .where(
            documents.c.deleted_at.is_(None),
            or_(
                processing_results.c.review_status.is_(None),
                processing_results.c.review_status != ReviewStatus.REJECTED.value,
            ),
        )
    )
