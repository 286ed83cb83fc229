"""What stands around the desk: the heading, the reasons, the history."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.answers.results import Checked, Finding, History, ResultDetail
from dashboard.view_models.fields import field_of, label_of
from dashboard.view_models.formats import NOTHING, Formats
from dashboard.view_models.values import shown
from dashboard.view_models.words import ACTIONS, DOCUMENT_TYPES, Colour, in_words, status

_DOUBTS = {
    "missing": "{} is missing",
    "no-evidence": "{} was not found on the page",
    "low-confidence": "{} is uncertain",
}
_COLOURS: dict[str, Colour] = {
    "Accepted": "green",
    "Needs review": "orange",
    "Rejected": "red",
    "Failed": "red",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """`who` and `what` hold text out of the document."""

    who: str
    what: str
    status: str
    colour: Colour


def heading(detail: ResultDetail, formats: Formats) -> Heading:
    kind = DOCUMENT_TYPES.get(detail.document_type or "", "Document")
    parts = [
        f"{kind} {detail.invoice_number}" if detail.invoice_number else kind,
        formats.day(detail.invoice_date),
        formats.amount(detail.total, detail.currency),
        detail.file_name,
    ]
    told = status(detail)
    if detail.approved_by and detail.review_status == "accepted":
        told = f"Approved by {detail.approved_by}"
    return Heading(
        who=detail.vendor_name or "Unknown vendor",
        what=" · ".join(part for part in parts if part),
        status=told,
        colour=_COLOURS.get(status(detail), "gray"),
    )


def reasons(checked: Checked) -> tuple[str, ...]:
    """Why a person must look, in words."""
    return tuple(_reason(reason) for reason in checked.review_reasons)


def _reason(reason: str) -> str:
    kind, colon, path = reason.partition(":")
    if colon and kind in _DOUBTS:
        return _DOUBTS[kind].format(label_of(path))
    return in_words(reason)


def gone_findings(before: tuple[Finding, ...], now: tuple[Finding, ...]) -> int:
    """How many findings the draft resolves."""
    left = {(finding.code, finding.fields) for finding in now}
    return sum((finding.code, finding.fields) not in left for finding in before)


def history_rows(history: History, currency: str | None, formats: Formats) -> list[dict[str, str]]:
    """Newest first; one row a change, all text."""
    rows: list[dict[str, str]] = []
    for entry in reversed(history.items):
        base = {
            "When": formats.moment(entry.at),
            "Who": entry.by or NOTHING,
            "What": ACTIONS.get(entry.action, in_words(entry.action)),
        }
        if not entry.changes:
            rows.append(base | {"Field": "", "Before": "", "After": entry.reason or ""})
        rows.extend(
            base
            | {
                "Field": label_of(change.field),
                "Before": shown(change.before, field_of(change.field).kind, currency, formats),
                "After": shown(change.after, field_of(change.field).kind, currency, formats),
            }
            for change in entry.changes
        )
    return rows
