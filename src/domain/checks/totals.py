"""Document totals, EN 16931 BR-CO-11 to BR-CO-16."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import (
    Figures,
    amount_of,
    document_type_of,
    extras,
    lines_of,
    outside_subtotal,
    tax_may_be_included,
    views,
)
from src.domain.checks.sums import (
    Explanation,
    PrintedAmount,
    Rounding,
    Term,
    judge,
    mildest,
    rounding_of,
    with_options,
)
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.readings import XmlEvidence

ALLOWANCE_SUM = "allowance-charge-sum-mismatch"
SUBTOTAL = "subtotal-mismatch"
TOTAL = "total-mismatch"
AMOUNT_DUE = "amount-due-mismatch"
INSTALMENTS = "instalment-sum-mismatch"


def check_allowance_sums(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Listed allowances and charges add up to their totals (BR-CO-11, BR-CO-12)."""
    rounding = rounding_of(invoice, context.settings)
    shipping = amount_of(invoice.totals.shipping)
    kinds = (
        (False, "allowance", invoice.totals.allowance_total, None),
        (True, "charge", invoice.totals.charge_total, shipping),
    )
    for is_charge, name, total, unlisted in kinds:
        amounts = [
            amount_of(item.amount)
            for item in invoice.allowances_charges
            if item.is_charge is is_charge
        ]
        listed = [abs(amount) for amount in amounts if amount is not None]
        if total is None or not listed or len(listed) < len(amounts):
            continue
        finding = judge(
            ALLOWANCE_SUM,
            PrintedAmount(f"the page says {name} total", abs(total.value)),
            # Shipping may be listed among the charges or only in their total.
            tuple(
                with_options(
                    [Term(f"{name}s", sum(listed, Decimal(0)))],
                    [Term("shipping", abs(unlisted)) if unlisted is not None else None],
                )
            )[::-1],
            rounding,
            rounding.of_sum(len(listed)),
            ("allowances_charges", f"totals.{name}_total"),
        )
        if finding is not None:
            yield finding


def check_subtotal(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Line total - allowances + charges = subtotal (BR-CO-13).

    The line total may be with tax, then it leads to the total. Without a printed line total,
    `check_line_sum` holds the lines against the totals.
    """
    rounding = rounding_of(invoice, context.settings)
    finding = mildest(_subtotal(view, rounding) for view in views(invoice))
    if finding is not None:
        yield finding


def _subtotal(view: Figures, rounding: Rounding) -> Finding | None:
    if view.line_total is None or view.subtotal is None:
        return None
    lines = lines_of(view)
    explanations = list(with_options([lines] if lines else [], extras(view)))
    if view.tax:
        net = [Term("line total", view.line_total), Term("tax", -view.tax)]
        explanations += with_options(net, extras(view))
    return judge(
        SUBTOTAL,
        PrintedAmount("the page says subtotal", view.subtotal),
        explanations,
        rounding,
        rounding.of_sum(2),
        ("totals.line_total", "totals.subtotal"),
    )


def check_total(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Subtotal + tax (+ charges the page adds after it, gratuity, rounding) = total (BR-CO-15).

    The subtotal may contain the tax where the page does not say otherwise.
    """
    rounding = rounding_of(invoice, context.settings)
    finding = mildest(_total(view, rounding) for view in views(invoice))
    if finding is not None:
        yield finding


def _total(view: Figures, rounding: Rounding) -> Finding | None:
    if view.subtotal is None or view.total is None:
        return None
    return judge(
        TOTAL,
        PrintedAmount("the page says total", view.total, to_coin=True),
        _total_explanations(view, rounding),
        rounding,
        rounding.of_sum(2),
        ("totals.subtotal", "totals.tax_total", "totals.total"),
    )


def _total_explanations(view: Figures, rounding: Rounding) -> list[Explanation]:
    subtotal = Term("subtotal", view.subtotal or Decimal(0))
    tax = Term("tax", view.tax or Decimal(0))
    optional = (
        Term("gratuity", view.gratuity),
        Term("rounding", view.rounding),
        Term("previous balance", view.previous_balance),
    )
    found: list[Explanation] = []
    for outside in outside_subtotal(view, rounding):
        found += with_options([subtotal, *outside, tax], optional)
    if tax_may_be_included(view, rounding):
        included = Term("subtotal (tax included)", subtotal.amount)
        for outside in outside_subtotal(view, rounding):
            found += with_options([included, *outside], optional)
    return found


def check_amount_due(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Total - paid + rounding (+ previous balance) = amount due (BR-CO-16).

    On a receipt the amount paid may be what was handed over, so it may also be left out.
    """
    rounding = rounding_of(invoice, context.settings)
    is_receipt = document_type_of(invoice) is DocumentType.RECEIPT
    finding = mildest(_amount_due(view, rounding, is_receipt=is_receipt) for view in views(invoice))
    if finding is None:
        return
    if finding.code == AMOUNT_DUE and _has_no_place_for_payments(invoice):
        finding = finding.model_copy(
            update={
                "severity": Severity.WARNING,
                "remedy": "Look on the page for what was paid in advance: the XML has no place "
                "for it.",
            }
        )
    yield finding


def _has_no_place_for_payments(invoice: Invoice) -> bool:
    """Whether totals come from an e-invoice of the profile MINIMUM, which has BT-112 and BT-115
    but neither BT-113 (paid) nor BT-106 (sum of the lines)."""
    totals = invoice.totals
    ends = (totals.total, totals.amount_due)
    others = (totals.amount_paid, totals.line_total, *invoice.line_items)
    return all(
        reading is not None and isinstance(reading.evidence, XmlEvidence) for reading in ends
    ) and all(other is None for other in others)


def _amount_due(view: Figures, rounding: Rounding, *, is_receipt: bool) -> Finding | None:
    if view.total is None or view.due is None:
        return None
    total, paid = Term("total", view.total), Term("paid", -view.paid)
    optional = (
        Term("rounding", view.rounding),
        Term("previous balance", view.previous_balance),
    )
    found = list(with_options([total, paid] if view.paid else [total], optional))
    if is_receipt:
        found += with_options([total], optional)
    return judge(
        AMOUNT_DUE,
        PrintedAmount("the page says amount due", view.due, to_coin=True),
        found,
        rounding,
        rounding.of_sum(2),
        ("totals.total", "totals.amount_paid", "totals.amount_due"),
    )


def check_instalments(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Instalments add up to the amount due, or to the total.

    One that is the whole amount by itself is a choice of the payer, not an instalment.
    """
    amounts = [amount_of(one.amount) for one in invoice.payment.instalments]
    parts = [abs(amount) for amount in amounts if amount is not None]
    wholes = [
        (words, abs(amount))
        for words, reading in (
            ("amount due", invoice.totals.amount_due),
            ("total", invoice.totals.total),
        )
        if (amount := amount_of(reading)) is not None
    ]
    if len(parts) < 2 or len(parts) < len(amounts) or not wholes:
        return
    if any(abs(part) == whole for part in parts for _, whole in wholes):
        return
    rounding = rounding_of(invoice, context.settings)
    finding = judge(
        INSTALMENTS,
        PrintedAmount("the instalments add up to", sum(parts, Decimal(0))),
        [Explanation((Term(words, whole),)) for words, whole in wholes],
        rounding,
        rounding.of_sum(len(parts)),
        ("payment.instalments", "totals.amount_due"),
    )
    if finding is not None:
        yield finding
