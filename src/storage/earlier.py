"""Results that may be the same invoice, and what was invoiced for an order.

Each question reads its own stretch of one index, at most `_MOST` entries of it, however many
invoices there are.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    Text,
    bindparam,
    case,
    func,
    or_,
    select,
    union,
)
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
_DAYS = 92

# Columns of `earlier_like`, in this order.
EARLIER_COLUMNS = tuple(
    invoices.c[name]
    for name in (
        *("id", "document_type", "vendor_name", "invoice_number", "invoice_date"),
        *("currency", "total"),
    )
)


def earlier_like() -> Select[Any]:
    """Other results alike in number, or in amount and day, by the binds of `likeness`.

    Left out: deleted and rejected ones, and those already found to be duplicates of this
    document, so that of two copies one is the first, whichever is looked at again. What the
    invoice does not tell is NULL, and a question that needs it finds nothing.
    """
    document = bindparam("document", type_=String)
    alike = [
        select(invoices.c.id).where(*conditions, invoices.c.id != document).limit(_MOST)
        for conditions in _questions()
    ]
    # SQLite takes a LIMIT in a part of a UNION only inside a sub-select.
    candidates = union(*(select(one.subquery().c.id) for one in alike))
    points_here = select(result_findings.c.result_id).where(
        result_findings.c.result_id == invoices.c.id,
        result_findings.c.code.in_((DUPLICATE, POSSIBLE)),
        result_findings.c.related_id == document,
    )
    return _standing(select(*EARLIER_COLUMNS)).where(
        invoices.c.id.in_(candidates), ~points_here.exists()
    )


def _questions() -> tuple[tuple[ColumnElement[bool], ...], ...]:
    column = invoices.c
    same_number = column.number_key == bindparam("number", type_=Text)
    same_vendor = column.vendor_key == bindparam("vendor", type_=Text)
    least, most = bindparam("least", type_=BigInteger), bindparam("most", type_=BigInteger)
    near = column.total_sort.between(least, most)
    first, last = bindparam("first_day", type_=Date), bindparam("last_day", type_=Date)
    days = column.invoice_date.between(first, last)
    return (
        (same_number, same_vendor),
        # Under a name that was read otherwise.
        (same_number, near),
        (same_vendor, near, days),
        # Under another name and another number: the same amount to the cent.
        (column.total_sort == bindparam("total", type_=BigInteger), days),
    )


def likeness(document_id: str, invoice: Invoice) -> dict[str, object]:
    """What `earlier_like` is bound to."""
    known = match_values(invoice)
    values: dict[str, object] = {
        "document": document_id,
        "number": known["number_key"],
        "vendor": known["vendor_key"],
    }
    values |= dict.fromkeys(("least", "most", "total", "first_day", "last_day"))
    if invoice.totals.total is not None:
        total: Decimal = invoice.totals.total.value
        least, most = sorted((total * (1 - _SHARE), total * (1 + _SHARE)))
        values |= {"least": amount_sort_key(least), "most": amount_sort_key(most)}
        values["total"] = amount_sort_key(total)
    if invoice.issue_date is not None:
        issued = invoice.issue_date.value.toordinal()
        values["first_day"] = date.fromordinal(max(issued - _DAYS, date.min.toordinal()))
        values["last_day"] = date.fromordinal(min(issued + _DAYS, date.max.toordinal()))
    return values


def earlier_of(row: Row[Any]) -> EarlierInvoice:
    """From a row with `EARLIER_COLUMNS`."""
    return EarlierInvoice(
        id=row.id,
        document_type=row.document_type,
        vendor_name=row.vendor_name,
        number=row.invoice_number,
        issue_date=row.invoice_date,
        currency=row.currency,
        total=row.total,
    )


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
