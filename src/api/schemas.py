"""What goes over the wire. Amounts are strings, days ISO 8601, times RFC 3339 with Z."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from src.domain.candidate import Alternative, EngineState, Provenance
from src.domain.document import JobState, MediaType, Origin, Step
from src.domain.findings import Finding
from src.domain.invoice import Invoice
from src.domain.results import PageInfo, SortKey, StepTiming
from src.domain.review import ReviewStatus


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _no_control_characters(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("must not hold control characters")
    return text


def _finite(amount: Decimal) -> Decimal:
    if not amount.is_finite():
        raise ValueError("must be a finite number")
    return amount


Time = Annotated[datetime, PlainSerializer(rfc3339, return_type=str, when_used="json")]
Line = Annotated[str, AfterValidator(_no_control_characters)]
Amount = Annotated[Decimal, AfterValidator(_finite), Field(max_digits=30, decimal_places=6)]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ErrorOut(Wire):
    """The body of every error."""

    detail: str = Field(description="What happened and what to do, for people")
    status_code: int
    timestamp: Time
    error_type: str = Field(description="Stable name, for programs")


class ServiceOut(Wire):
    state: Literal["healthy", "degraded", "unavailable"]
    detail: str
    remedy: str | None


class HealthOut(Wire):
    status: Literal["healthy", "degraded", "unhealthy"]
    version: str
    timestamp: Time
    services: dict[str, Literal["healthy", "degraded", "unavailable"]]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "healthy",
                "version": "1.0.0",
                "timestamp": "2024-01-01T12:00:00Z",
                "services": {
                    "invoice_processor": "healthy",
                    "file_monitor": "healthy",
                    "ai_model": "healthy",
                },
            }
        }
    )


class ProbeOut(Wire):
    status: Literal["alive", "ready"]


class StatsOut(Wire):
    total_processed: int = Field(description="Of all time; successful and failed")
    successful: int = Field(description="Those that need a review included")
    failed: int
    pending: int = Field(description="Waiting now")
    processing: int = Field(description="Being worked on now")
    average_processing_time: float = Field(description="Seconds, over the last 1,000")
    uptime: str = Field(description="Of this process")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "total_processed": 150,
                "successful": 142,
                "failed": 8,
                "pending": 3,
                "processing": 1,
                "average_processing_time": 2.5,
                "uptime": "2 days, 14:30:25",
            }
        }
    )


class EngineOut(Wire):
    state: EngineState
    detail: str
    remedy: str | None


class WatchOut(Wire):
    running: bool
    mode: str = Field(description="events or polling")
    detail: str
    last_scan_at: Time | None


class ConfigurationOut(Wire):
    """The settings that explain behaviour; no key, no address of another service."""

    incoming_folder: str
    generated_folder: str
    log_folder: str
    log_level: str
    supported_formats: tuple[str, ...]
    max_file_size_mb: int
    max_pages: int
    duplicate_policy: str
    extraction_engine: str
    ollama_model: str
    batch_size: int
    processing_interval_seconds: float
    max_retry_attempts: int
    queue: str
    access: Literal["keys", "loopback", "anonymous"]


class MetricsOut(Wire):
    needs_review: int
    average_processing_time: float = Field(description="Seconds")
    disk_free_bytes: int
    memory_rss_bytes: int = Field(description="Of the server process, without its workers")
    python: str
    platform: str


class StatusOut(Wire):
    status: Literal["healthy", "degraded", "unhealthy"]
    version: str
    timestamp: Time
    started_at: Time
    uptime: str
    uptime_seconds: float
    services: dict[str, ServiceOut]
    engines: dict[str, EngineOut]
    watch: WatchOut
    configuration: ConfigurationOut
    statistics: StatsOut
    metrics: MetricsOut


class ProcessIn(Wire):
    """Which files of the incoming folder to take; without `file_path` all that are ready."""

    file_path: Line | None = Field(
        default=None, min_length=1, max_length=4096, description="A file in the incoming folder"
    )
    force_reprocess: bool = Field(
        default=False, description="Process the file even if its bytes are known"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"file_path": "invoice.pdf", "force_reprocess": False}]}
    )


class ReceiptOut(Wire):
    """One file was taken."""

    file_id: str = Field(description="Id of the document and of its result")
    state: JobState
    duplicate_of: str | None = Field(description="The first document with the same bytes")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "file_id": "0f8b6f7d9a3c4f0e8a2b1c3d4e5f6071",
                "state": "queued",
                "duplicate_of": None,
            }
        }
    )


class RefusalOut(Wire):
    detail: str
    error_type: str


class ItemOut(Wire):
    """What happened to one of several files."""

    file_name: str | None = Field(description="Name it was uploaded under")
    file_id: str | None = Field(description="None when the file was not kept")
    state: JobState
    duplicate_of: str | None = None
    error: RefusalOut | None = None


class ItemsOut(Wire):
    items: tuple[ItemOut, ...]


class FailureOut(Wire):
    error_type: str
    detail: str
    retryable: bool


class ResultOut(Wire):
    """One row of the results: a document, the state of its work and its main fields."""

    file_id: str
    file_name: str
    origin: Origin
    media_type: MediaType | None
    size: int = Field(description="Bytes")
    page_count: int
    duplicate_of: str | None
    state: JobState = Field(description="Of the work")
    step: Step
    progress: float = Field(description="0..1 of the whole work")
    attempt: int
    priority: int = Field(description="Of a queued document; higher ones are taken first")
    review_status: ReviewStatus | None = Field(description="Of the invoice")
    engine: str | None
    finding_codes: tuple[str, ...]
    document_type: str | None
    vendor_name: str | None
    customer_name: str | None
    invoice_number: str | None
    invoice_date: date | None
    due_date: date | None
    currency: str | None
    total: Decimal | None
    received_at: Time
    queued_at: Time
    started_at: Time | None
    finished_at: Time | None
    next_attempt_at: Time | None
    seconds: float | None = Field(description="Wall seconds of the work")
    error: FailureOut | None


class ResultPageOut(Wire):
    items: tuple[ResultOut, ...]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page")
    total: int = Field(description="All that match, not only this page")


class ResultDetailOut(ResultOut):
    """One result whole; a linked duplicate shows the invoice of the first."""

    version: int = Field(description="0 while there is no result, one more with each change")
    invoice: Invoice | None = Field(description="With evidence; None while there is none")
    findings: tuple[Finding, ...] = ()
    review_reasons: tuple[str, ...] = ()
    approved_by: str | None = None
    provenance: Provenance | None = None
    alternatives: tuple[Alternative, ...] = ()
    pages: tuple[PageInfo, ...] = ()
    notes: tuple[str, ...] = ()
    timings: tuple[StepTiming, ...] = ()
    processed_at: Time | None = None


class DeletedOut(Wire):
    file_id: str
    deleted: Literal[True] = True


class ProgressOut(Wire):
    """One event of a running document."""

    file_id: str
    state: JobState
    step: Step
    progress: float
    attempt: int
    review_status: ReviewStatus | None
    error: FailureOut | None


class RetryIn(Wire):
    engine: Line | None = Field(
        default=None, min_length=1, max_length=64, description="None: as configured"
    )


class ResultSelection(Wire):
    """Which results, in which order."""

    sort: SortKey = SortKey.RECEIVED_AT
    order: Literal["asc", "desc"] = "desc"
    state: JobState | None = None
    review_status: ReviewStatus | None = None
    engine: Line | None = Field(default=None, max_length=64)
    currency: Line | None = Field(default=None, max_length=3)
    finding: Line | None = Field(default=None, max_length=64, description="Code of a finding")
    vendor: Line | None = Field(default=None, max_length=200, description="Part of the name")
    invoice_number: Line | None = Field(
        default=None, max_length=200, description="Part of the number"
    )
    date_from: date | None = Field(default=None, description="First invoice date")
    date_to: date | None = Field(default=None, description="Last invoice date")
    total_min: Amount | None = None
    total_max: Amount | None = None
    include_duplicates: bool = False


class ResultFilters(ResultSelection):
    """The query of `GET /results`."""

    limit: int = Field(default=50, ge=1, le=500)
    cursor: Line | None = Field(default=None, max_length=1024)
