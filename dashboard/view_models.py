"""What the pages show, worked out of the API's answers. Pure: no Streamlit, no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dashboard.client import ApiProblem, ApiRefused, ApiUnreachable, ResultItem, Stats

_STATES = {
    "queued": "Waiting",
    "running": "In work",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
_REVIEWS = {"accepted": "Accepted", "needs_review": "Needs review", "rejected": "Rejected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number at the top of the page."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What went wrong and what to do about it."""

    message: str
    remedy: str


def figures(stats: Stats) -> tuple[Figure, ...]:
    finished = stats.successful + stats.failed
    rate = f"{stats.successful / finished:.0%}" if finished else "–"
    return (
        Figure(label="Processed", value=f"{stats.total_processed:,}"),
        Figure(label="Successful", value=rate),
        Figure(label="Failed", value=f"{stats.failed:,}"),
        Figure(label="Waiting", value=f"{stats.pending:,}"),
        Figure(label="In work", value=f"{stats.processing:,}"),
        Figure(label="Seconds each", value=f"{stats.average_processing_time:.1f}"),
    )


def rows(items: tuple[ResultItem, ...]) -> list[dict[str, str]]:
    """Table rows, all text: a table cell shows text as it is, so nothing in an invoice can
    become markup or a link."""
    return [
        {
            "Received": f"{item.received_at:%Y-%m-%d %H:%M}" if item.received_at else "",
            "File": item.file_name,
            "Status": status(item),
            "Vendor": item.vendor_name or "",
            "Invoice": item.invoice_number or "",
            "Date": item.invoice_date.isoformat() if item.invoice_date else "",
            "Total": amount(item.total, item.currency),
            "Findings": ", ".join(item.finding_codes),
            "Engine": item.engine or "",
        }
        for item in items
    ]


def status(item: ResultItem) -> str:
    """The decision on the invoice once there is one, else the state of the work."""
    if item.state == "succeeded":
        return _REVIEWS.get(item.review_status or "", "Done")
    return _STATES.get(item.state, item.state)


def amount(total: Decimal | None, currency: str | None) -> str:
    if total is None:
        return ""
    return f"{total:,f} {currency or ''}".rstrip()


def trouble(problem: ApiProblem) -> Trouble:
    """Each kind of failed call with the way out of it."""
    if isinstance(problem, ApiUnreachable):
        remedy = (
            "Start the API with ./start_api.sh, or set API_BASE_URL in .env to where it runs "
            "and restart the dashboard. This page looks again by itself."
        )
    elif isinstance(problem, ApiRefused):
        remedy = (
            "Sign in with one of the keys in API_KEYS, or put one into DASHBOARD_API_KEY in .env "
            "and restart the dashboard."
        )
    else:
        remedy = "logs/errors.log of the API says more. This page looks again by itself."
    return Trouble(message=str(problem), remedy=remedy)
