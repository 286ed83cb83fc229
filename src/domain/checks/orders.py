"""The invoice against the order it names: two-way match."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import amount_of, counts, document_type_of
from src.domain.checks.sums import show
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, LineItem
from src.domain.naming import alike, compact
from src.domain.purchase_orders import OrderLine, OrderMatch, PurchaseOrder
from src.domain.suppliers import vendor_tax_ids

MISSING = "purchase-order-missing"
UNKNOWN = "purchase-order-unknown"
CLOSED = "purchase-order-closed"
OTHER_SUPPLIER = "purchase-order-other-supplier"
OTHER_CURRENCY = "purchase-order-other-currency"
EXCEEDED = "purchase-order-exceeded"
LINE = "purchase-order-line-mismatch"

_ASK = "Ask whoever ordered; correct the order number if it was misread."
_CENT = Decimal("0.01")


def check_order(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The order exists, is open, is this supplier's, and is in this currency."""
    matches = _matches(context)
    if matches is None:
        return
    if not matches and document_type_of(invoice) is DocumentType.INVOICE:
        yield _finding(
            MISSING,
            "The invoice names no purchase order.",
            Severity.ERROR if context.settings.order_required else Severity.INFO,
        )
    for match in matches:
        order = match.order
        if order is None:
            yield _finding(UNKNOWN, f"There is no purchase order {match.number[:40]}.")
            continue
        if not order.is_open:
            yield _finding(CLOSED, f"Purchase order {order.number} is closed.")
        if not _is_supplier(invoice, order):
            yield _finding(
                OTHER_SUPPLIER, f"Purchase order {order.number} went to {order.supplier[:60]}."
            )
        currency = invoice.currency.value if invoice.currency else None
        if order.currency and currency and order.currency != currency:
            yield _finding(
                OTHER_CURRENCY,
                f"Purchase order {order.number} is in {order.currency}, the invoice in {currency}.",
            )


def check_order_amount(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """What was invoiced for the order, this invoice included, is not above it.

    Checked where the invoice names one order only. Amounts without tax; where the invoice has
    no subtotal, its total is taken, which may make the finding too strict, never too lax.
    """
    matches = _matches(context)
    if matches is None or len(matches) != 1 or matches[0].order is None:
        return
    match, order = matches[0], matches[0].order
    amount = amount_of(invoice.totals.subtotal) or amount_of(invoice.totals.total)
    if order.total is None or amount is None:
        return
    if document_type_of(invoice) is DocumentType.CREDIT_NOTE:
        return
    together = match.invoiced_before + amount
    if together > order.total * (1 + context.settings.order_tolerance_share):
        before = (
            f" after {show(match.invoiced_before, _CENT)} on earlier invoices"
            if match.invoiced_before
            else ""
        )
        yield _finding(
            EXCEEDED,
            f"{show(amount, _CENT)}{before} is more than purchase order {order.number} allows "
            f"({show(order.total, _CENT)}).",
        )


def check_order_lines(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Each line that is found on the order has at most its quantity and price.

    Lines are matched by article number, else by description; a line that the order does not
    have is told where the order's lines all have what they are matched by.
    """
    matches = _matches(context)
    if matches is None or len(matches) != 1 or matches[0].order is None:
        return
    order = matches[0].order
    if not order.lines:
        return
    share = 1 + context.settings.order_tolerance_share
    for position, line in enumerate(invoice.line_items):
        if not counts(line):
            continue
        ordered = _ordered(line, order)
        if ordered is None:
            yield _line_finding(position, f"is not on purchase order {order.number}", "description")
            continue
        for name, label, invoiced, agreed in (
            ("quantity", "quantity", amount_of(line.quantity), ordered.quantity),
            ("unit_price", "price", amount_of(line.unit_price), ordered.price),
        ):
            if invoiced is not None and agreed is not None and invoiced > agreed * share:
                yield _line_finding(
                    position, f"{label} {invoiced:f}, but {agreed:f} was ordered", name
                )


def _matches(context: CheckContext) -> tuple[OrderMatch, ...] | None:
    return context.known.orders if context.known is not None else None


def _is_supplier(invoice: Invoice, order: PurchaseOrder) -> bool:
    if order.supplier_tax_id and vendor_tax_ids(invoice):
        return compact(order.supplier_tax_id) in vendor_tax_ids(invoice)
    name = invoice.vendor.name
    return name is None or alike(name.value, order.supplier)


def _ordered(line: LineItem, order: PurchaseOrder) -> OrderLine | None:
    code = compact(line.product_code.value) if line.product_code is not None else ""
    words = compact(line.description.value) if line.description is not None else ""
    for ordered in order.lines:
        if ordered.code and compact(ordered.code) in ({code} if code else {words}):
            return ordered
    for ordered in order.lines:
        wanted = compact(ordered.description or "")
        if wanted and words and (wanted in words or words in wanted):
            return ordered
    return None


def _finding(code: str, message: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(
        code=code, severity=severity, message=message, fields=("purchase_order",), remedy=_ASK
    )


def _line_finding(position: int, words: str, field: str) -> Finding:
    return Finding(
        code=LINE,
        severity=Severity.ERROR,
        message=f"Line {position + 1}: {words}.",
        fields=(f"line_items.{position}.{field}",),
        remedy=_ASK,
    )
