"""A result: one invoice, processed and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from src.domain.candidate import Alternative, Provenance
from src.domain.document import Document, JobState, MediaType, Step
from src.domain.findings import Finding
from src.domain.invoice import Invoice
from src.domain.page import Page, TextSource
from src.domain.readings import Frozen
from src.domain.review import ReviewStatus


class StepTiming(Frozen):
    step: Step
    seconds: float = Field(ge=0, description="Wall seconds")


class PageInfo(Frozen):
    """What is kept of a page: enough to draw an evidence box on its picture."""

    number: int = Field(ge=1)
    width: float = Field(description="Points, upright")
    height: float = Field(description="Points, upright")
    rotation: int = Field(description="Degrees clockwise that turn the source page upright")
    source: TextSource

    @classmethod
    def of(cls, page: Page) -> PageInfo:
        return cls(
            number=page.number,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            source=page.source,
        )


class ProcessedInvoice(Frozen):
    """One invoice with evidence, findings and the decision; kept as `invoice.json`."""

    id: str = Field(description="Id of the result; today the same as `document_id`")
    document_id: str
    file_name: str = Field(description="Name the file arrived under")
    processed_at: datetime
    review_status: ReviewStatus
    review_reasons: tuple[str, ...] = Field(
        description="Why a person must look: finding codes and 'low-confidence:<field>'"
    )
    approved_by: str | None = None
    provenance: Provenance
    invoice: Invoice
    findings: tuple[Finding, ...]
    alternatives: tuple[Alternative, ...] = ()
    pages: tuple[PageInfo, ...]
    notes: tuple[str, ...] = ()
    timings: tuple[StepTiming, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job failed."""

    code: str
    message: str
    retryable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecord:
    """A document with the state of its work: one row of the results list."""

    document: Document
    state: JobState
    step: Step
    # 0..1 within the whole work, for a progress bar.
    progress: float
    attempt: int
    queued_at: datetime
    # Of the result: 0 while there is none, one more with each change of it.
    version: int = 0
    # Higher ones are taken first.
    priority: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    # When a job that failed for a passing reason is tried again.
    next_attempt_at: datetime | None = None
    failure: Failure | None = None
    review_status: ReviewStatus | None = None
    engine: str | None = None
    # Wall seconds of the work; waiting for a free worker process counts.
    seconds: float | None = None
    finding_codes: tuple[str, ...] = ()
    document_type: str | None = None
    vendor_name: str | None = None
    customer_name: str | None = None
    invoice_number: str | None = None
    invoice_date: date | None = None
    due_date: date | None = None
    currency: str | None = None
    total: Decimal | None = None


class SortKey(StrEnum):
    RECEIVED_AT = "received_at"
    INVOICE_DATE = "invoice_date"
    VENDOR_NAME = "vendor_name"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultQuery:
    """Which results, in which order; the cursor is opaque text from the page before."""

    limit: int = 50
    cursor: str | None = None
    sort: SortKey = SortKey.RECEIVED_AT
    descending: bool = True
    state: JobState | None = None
    review_status: ReviewStatus | None = None
    engine: str | None = None
    currency: str | None = None
    finding: str | None = None
    # Part of the name, any case.
    vendor: str | None = None
    # Part of the number, any case.
    invoice_number: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    total_min: Decimal | None = None
    total_max: Decimal | None = None
    include_duplicates: bool = False
    # Without, `ResultPage.total` is 0: a walk over every page need not count them on each.
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    items: tuple[ResultRecord, ...]
    next_cursor: str | None
    # All that match, not only this page.
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Totals of all time; `pending` and `processing` are now."""

    successful: int
    failed: int
    pending: int
    processing: int
    needs_review: int
    # Seconds, mean of the last 1,000 results; 0 while there are none.
    average_processing_time: float

    @property
    def total_processed(self) -> int:
        return self.successful + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReceipt:
    """What intake answers for one file."""

    file_id: str
    state: JobState
    duplicate_of: str | None = None
    # Set when the file was refused (it is kept, with its error).
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is known of a file after looking at its bytes."""

    media_type: MediaType
    page_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A private copy of an arriving file, not yet a document."""

    # Absolute path inside the staging area.
    path: Path
    # SHA-256 of the bytes, hexadecimal.
    digest: str
    # Bytes.
    size: int
