"""Tables of results: the invoices that match a search, and what is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard.answers.results import Receipt, ResultItem
from dashboard.view_models.formats import Formats
from dashboard.view_models.words import STATES, STEPS, in_words, status

# What a person chooses -> parameters of `GET /results`.
STATUS_FILTERS: Mapping[str, Mapping[str, str]] = {
    "Needs review": {"review_status": "needs_review"},
    "Accepted": {"review_status": "accepted"},
    "Rejected": {"review_status": "rejected"},
    "Failed": {"state": "failed"},
    "In the queue": {"state": "queued"},
    "In work": {"state": "running"},
    "Cancelled": {"state": "cancelled"},
}
SORTS: Mapping[str, Mapping[str, str]] = {
    "Newest first": {"sort": "received_at", "order": "desc"},
    "Oldest first": {"sort": "received_at", "order": "asc"},
    "Latest invoice date": {"sort": "invoice_date", "order": "desc"},
    "Earliest invoice date": {"sort": "invoice_date", "order": "asc"},
    "Vendor A–Z": {"sort": "vendor_name", "order": "asc"},
    "Vendor Z–A": {"sort": "vendor_name", "order": "desc"},
    "Largest total": {"sort": "total", "order": "desc"},
    "Smallest total": {"sort": "total", "order": "asc"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a person looks for; empty fields let everything through."""

    vendor: str = ""
    invoice_number: str = ""
    status: str | None = None
    currency: str = ""
    engine: str | None = None
    finding: str = ""
    date_from: date | None = None
    date_to: date | None = None
    total_min: Decimal | None = None
    total_max: Decimal | None = None
    sort: str = "Newest first"

    def filters(self) -> dict[str, str]:
        """Parameters of `GET /results`; the same ones make the export."""
        chosen = {
            "vendor": self.vendor.strip(),
            "invoice_number": self.invoice_number.strip(),
            "currency": self.currency.strip().upper(),
            "engine": self.engine or "",
            "finding": self.finding.strip().lower().replace(" ", "-"),
            "date_from": self.date_from.isoformat() if self.date_from else "",
            "date_to": self.date_to.isoformat() if self.date_to else "",
            "total_min": "" if self.total_min is None else f"{self.total_min:f}",
            "total_max": "" if self.total_max is None else f"{self.total_max:f}",
        }
        given = {name: value for name, value in chosen.items() if value}
        return given | dict(STATUS_FILTERS.get(self.status or "", {}))

    def order(self) -> dict[str, str]:
        return dict(SORTS.get(self.sort, SORTS["Newest first"]))


def invoice_rows(items: tuple[ResultItem, ...], formats: Formats) -> list[dict[str, str]]:
    """Table rows, all text: a table cell shows text as it is, so nothing in an invoice can
    become markup or a link."""
    return [
        {
            "Status": status(item),
            # A document that was not read is known by its file.
            "Vendor": item.vendor_name or f"({item.file_name})",
            "Invoice": item.invoice_number or "",
            "Date": formats.day(item.invoice_date),
            "Total": formats.amount(item.total, item.currency),
            "Findings": ", ".join(dict.fromkeys(in_words(code) for code in item.finding_codes)),
            "Received": formats.moment(item.received_at),
        }
        for item in items
    ]


def job_rows(items: tuple[ResultItem, ...], formats: Formats) -> list[dict[str, str]]:
    return [
        {
            "File": item.file_name,
            "State": job_state(item, formats),
            "Received": formats.moment(item.received_at),
            "Tries": formats.count(item.attempt),
            "What happened": item.error.detail if item.error else "",
        }
        for item in items
    ]


def job_state(item: ResultItem, formats: Formats) -> str:
    if item.state == "running":
        return f"{formats.percent(item.progress)}, {STEPS.get(item.step, item.step)}"
    if item.state == "queued" and item.next_attempt_at:
        return f"Next try {formats.moment(item.next_attempt_at)}"
    if item.state == "queued" and item.priority > 0:
        return "Goes first"
    return STATES.get(item.state, item.state)


def upload_outcome(receipt: Receipt) -> str:
    if receipt.duplicate_of:
        return "known already: linked to the first"
    return "taken, " + STATES.get(receipt.state, receipt.state).lower()


def row_count(shown: int, before: int, total: int, formats: Formats) -> str:
    """`before`: rows on earlier pages."""
    if total == 0:
        return "No invoices match"
    first, last = formats.count(before + 1), formats.count(before + shown)
    return f"{first} to {last} of {formats.count(total)}"


# Heading of the table -> its order ascending and descending; the first click takes the first.
HEADER_SORTS: Mapping[str, tuple[str, str]] = {
    "Vendor": ("Vendor A–Z", "Vendor Z–A"),
    "Date": ("Latest invoice date", "Earliest invoice date"),
    "Total": ("Largest total", "Smallest total"),
    "Received": ("Newest first", "Oldest first"),
}


def sorted_by(sort: str, column: str) -> tuple[str, str]:
    """The heading as it is labelled under this order, and the order a click on it asks for."""
    first, second = HEADER_SORTS[column]
    if sort not in (first, second):
        return column, first
    ascending = SORTS[sort]["order"] == "asc"
    return f"{column} {'↑' if ascending else '↓'}", second if sort == first else first
