"""The results list, one result, and what a person decides about it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from dashboard.answers.base import Answer, Json


class Failure(Answer):
    error_type: str
    detail: str
    retryable: bool = False


class ResultItem(Answer):
    """One row of the results list."""

    file_id: str
    file_name: str
    # Of the work: queued, running, succeeded, failed, cancelled.
    state: str
    # Where a running document is: waiting, reading, extracting, checking, saving, done.
    step: str = "waiting"
    # 0..1 of the whole work.
    progress: float = 0.0
    attempt: int = 0
    priority: int = 0
    page_count: int = 0
    duplicate_of: str | None = None
    # Of the invoice: accepted, needs_review, rejected.
    review_status: str | None = None
    document_type: str | None = None
    vendor_name: str | None = None
    invoice_number: str | None = None
    invoice_date: date | None = None
    currency: str | None = None
    total: Decimal | None = None
    finding_codes: tuple[str, ...] = ()
    engine: str | None = None
    received_at: datetime | None = None
    next_attempt_at: datetime | None = None
    error: Failure | None = None


class ResultList(Answer):
    items: tuple[ResultItem, ...]
    next_cursor: str | None = None
    # All results that match, not only these.
    total: int


class Box(Answer):
    """Fractions 0..1 of the upright page, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float


class Evidence(Answer):
    """Where a value came from; which fields are set depends on `kind`."""

    # read, xml, computed, model, corrected
    kind: str
    # read, model: 1-based.
    page: int | None = None
    # read
    box: Box | None = None
    # xml: path of the element.
    path: str | None = None
    # computed: paths of the fields it was computed from.
    fields: tuple[str, ...] = ()
    # corrected
    by: str | None = None
    at: datetime | None = None


class Reading(Answer):
    """One value with the evidence for it."""

    value: Json
    # As printed, before parsing.
    text: str | None = None
    evidence: Evidence
    # 0..1
    confidence: float
    engine: str = ""


class Alternative(Answer):
    """A second value for a field: another candidate, or another engine's answer."""

    field: str
    reading: Reading


class Finding(Answer):
    code: str
    # error, warning, info
    severity: str
    message: str
    fields: tuple[str, ...] = ()
    remedy: str = ""
    related_id: str | None = None


class PageInfo(Answer):
    # 1-based.
    number: int
    # Points, upright.
    width: float
    height: float


class Checked(Answer):
    """What the checks say about an invoice, saved or not."""

    # The invoice schema; its leaves are readings (see `view_models.readings`).
    invoice: dict[str, Json] | None = None
    # Also amounts that follow from a correction by arithmetic.
    alternatives: tuple[Alternative, ...] = ()
    findings: tuple[Finding, ...] = ()
    review_status: str | None = None
    review_reasons: tuple[str, ...] = ()


class ResultDetail(ResultItem, Checked):
    """One result whole."""

    # Goes up by one with each change; sent back with the next one.
    version: int = 1
    approved_by: str | None = None
    pages: tuple[PageInfo, ...] = ()
    notes: tuple[str, ...] = ()


class FieldChange(Answer):
    """One field before and after; None is an empty field."""

    field: str
    before: Json = None
    after: Json = None


class HistoryEntry(Answer):
    at: datetime
    by: str | None = None
    action: str
    version: int | None = None
    changes: tuple[FieldChange, ...] = ()
    reason: str | None = None


class History(Answer):
    # Newest last.
    items: tuple[HistoryEntry, ...]


class NextInQueue(Answer):
    # None: nothing waits for a review.
    file_id: str | None = None
    remaining: int = 0


class Receipt(Answer):
    """What happened to one uploaded file."""

    file_id: str | None = None
    state: str
    duplicate_of: str | None = None


class Correction(Answer):
    """One field as a person wants it; None clears it."""

    field: str
    value: Json


class Correcting(Answer):
    """The body of a correction and of its rehearsal. `line_items` None leaves the lines alone."""

    version: int
    changes: tuple[Correction, ...] = ()
    line_items: tuple[dict[str, Json], ...] | None = Field(default=None)
