"""Dates that cannot be, or hardly can be, right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from src.domain.checks.base import CheckContext
from src.domain.findings import Finding, Severity
from src.domain.invoice import Day, Invoice

IN_FUTURE = "issue-date-in-future"
TOO_OLD = "issue-date-too-old"
DUE_BEFORE_ISSUE = "due-date-before-issue"
DUE_FAR = "due-date-far-from-issue"
PERIOD_REVERSED = "service-period-reversed"
ORDER_AFTER_ISSUE = "order-date-after-issue"
PRECEDING_AFTER_ISSUE = "preceding-invoice-after-issue"
DELIVERY_FAR = "delivery-date-far-from-issue"

_SWAPPED = "Look whether day and month were swapped or a digit was misread."


def check_issue_date(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The issue date is neither in the future nor many years ago."""
    issued = _day(invoice.issue_date)
    if issued is None:
        return
    settings, today = context.settings, context.today
    ahead = (issued - today).days
    if ahead > settings.future_days_silent:
        yield Finding(
            code=IN_FUTURE,
            severity=Severity.ERROR if ahead > settings.future_days_error else Severity.WARNING,
            message=f"The issue date {issued} lies {ahead} days in the future.",
            fields=("issue_date",),
            remedy=_SWAPPED,
        )
    if (today - issued).days > settings.max_age_years * 365.25:
        yield Finding(
            code=TOO_OLD,
            severity=Severity.WARNING,
            message=f"The issue date {issued} is more than {settings.max_age_years} years ago.",
            fields=("issue_date",),
            remedy=_SWAPPED,
        )


def check_due_date(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Payment is not due before the issue, nor unusually late."""
    issued, due = _day(invoice.issue_date), _day(invoice.due_date)
    if issued is None or due is None:
        return
    days = (due - issued).days
    if days < 0:
        yield _pair(
            DUE_BEFORE_ISSUE,
            Severity.ERROR,
            f"Due date {due} lies before the issue date {issued}.",
            "due_date",
        )
    elif days > context.settings.max_payment_days:
        yield _pair(
            DUE_FAR,
            Severity.WARNING,
            f"Due date {due} lies {days} days after the issue date {issued}.",
            "due_date",
        )


def check_service_period(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """A service period does not end before it starts (BR-29)."""
    start, end = _day(invoice.service_period_start), _day(invoice.service_period_end)
    if start is not None and end is not None and end < start:
        yield Finding(
            code=PERIOD_REVERSED,
            severity=Severity.ERROR,
            message=f"The service period ends on {end}, before it starts on {start}.",
            fields=("service_period_start", "service_period_end"),
            remedy=_SWAPPED,
        )


def check_other_dates(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Order and preceding invoice come before the issue; delivery is not years away."""
    issued = _day(invoice.issue_date)
    if issued is None:
        return
    ordered = _day(invoice.order_date)
    if ordered is not None and ordered > issued:
        message = f"Order date {ordered} lies after the issue date {issued}."
        yield _pair(ORDER_AFTER_ISSUE, Severity.WARNING, message, "order_date")
    preceding = _day(invoice.preceding_invoice_date)
    if preceding is not None and preceding > issued:
        message = f"The preceding invoice of {preceding} is younger than this one of {issued}."
        yield _pair(PRECEDING_AFTER_ISSUE, Severity.WARNING, message, "preceding_invoice_date")
    delivered = _day(invoice.delivery_date)
    if delivered is None:
        return
    days = abs((delivered - issued).days)
    if days > context.settings.max_delivery_days:
        message = f"Delivery date {delivered} lies {days} days from the issue date {issued}."
        yield _pair(DELIVERY_FAR, Severity.WARNING, message, "delivery_date")


def _day(reading: Day) -> date | None:
    return reading.value if reading is not None else None


def _pair(code: str, severity: Severity, message: str, field: str) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        fields=("issue_date", field),
        remedy=_SWAPPED,
    )
