"""The words for states, decisions, steps, engines and findings."""

from __future__ import annotations

from typing import Literal, TypeAlias

from dashboard.answers.results import ResultItem

# Of a badge.
Colour: TypeAlias = Literal["green", "orange", "red", "gray"]

STATES = {
    "queued": "In the queue",
    "running": "In work",
    "succeeded": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
REVIEWS = {"accepted": "Accepted", "needs_review": "Needs review", "rejected": "Rejected"}
STEPS = {
    "waiting": "waiting",
    "reading": "reading the page",
    "extracting": "finding the values",
    "checking": "checking",
    "saving": "saving",
    "done": "done",
}
ENGINES = {
    "einvoice": "E-invoice (XML)",
    "layout": "Embedded (layout)",
    "vision": "Vision model",
    "null": "None (dry run)",
}
# What else makes readings; nobody can ask for a document to be read by these.
_MAKERS = {
    "arithmetic": "Arithmetic",
    "supplier-memory": "Earlier invoices",
    "person": "A person",
}
DOCUMENT_TYPES = {
    "invoice": "Invoice",
    "credit_note": "Credit note",
    "receipt": "Receipt",
    "statement": "Statement",
    "other": "Other",
}
ACTIONS = {
    "received": "Received",
    "processed": "Processed",
    "failed": "Failed",
    "corrected": "Corrected",
    "approved": "Approved",
    "rejected": "Rejected",
    "reprocessed": "Sent to be read again",
    "deleted": "Deleted",
    "cancelled": "Cancelled",
    "prioritised": "Moved in the queue",
}


def status(item: ResultItem) -> str:
    """The decision on the invoice once there is one, else the state of the work."""
    if item.state == "succeeded" and item.review_status:
        return REVIEWS.get(item.review_status, item.review_status)
    return STATES.get(item.state, item.state)


def engine(name: str | None) -> str:
    return {**ENGINES, **_MAKERS}.get(name, name) if name else ""


def in_words(code: str) -> str:
    """A stable name such as `total-mismatch` or `EngineTimeout` for people."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in code)
    text = spaced.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]
