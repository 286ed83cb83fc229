"""Documents and results to store."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

from src.domain.candidate import Provenance
from src.domain.document import Document, MediaType, Origin, Step
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, Party, Totals
from src.domain.page import TextSource
from src.domain.readings import ComputedEvidence, FieldReading
from src.domain.results import Failure, PageInfo, ProcessedInvoice, StepTiming
from src.domain.review import ReviewStatus

MORNING = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
BROKEN = Failure(code="reading_failed", message="The page cannot be read.", retryable=False)
PASSING = Failure(code="engine_timeout", message="The engine took too long.", retryable=True)


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def document(
    document_id: str | None = None,
    *,
    digest: str | None = None,
    received_at: datetime = MORNING,
    duplicate_of: str | None = None,
    media_type: MediaType | None = MediaType.PDF,
) -> Document:
    document_id = document_id or uuid.uuid4().hex
    return Document(
        id=document_id,
        name="Rechnung März.pdf",
        origin=Origin.FOLDER,
        received_at=received_at,
        digest=digest or document_id * 2,
        media_type=media_type,
        size=120_000,
        page_count=2,
        stored_as=f"2026-03/{document_id}/original.pdf",
        duplicate_of=duplicate_of,
    )


def _read(value: object) -> FieldReading[object] | None:
    if value is None:
        return None
    evidence = ComputedEvidence(fields=("test",))
    return FieldReading[object](value=value, evidence=evidence, confidence=0.9, engine="layout")


def result(
    owner: Document,
    *,
    vendor: str | None = "Malerbetrieb Größe GmbH",
    number: str | None = "RE-2026/0042",
    day: date | None = date(2026, 3, 1),
    total: Decimal | None = Decimal("119.00"),
    currency: str | None = "EUR",
    review_status: ReviewStatus = ReviewStatus.ACCEPTED,
    findings: tuple[str, ...] = (),
    engine: str = "layout",
) -> ProcessedInvoice:
    invoice = Invoice.model_validate(
        {
            "document_type": _read(DocumentType.INVOICE),
            "invoice_number": _read(number),
            "issue_date": _read(day),
            "due_date": _read(date(2026, 4, 1)),
            "currency": _read(currency),
            "vendor": Party.model_validate({"name": _read(vendor)}, from_attributes=True),
            "customer": Party.model_validate(
                {"name": _read("Hausverwaltung")}, from_attributes=True
            ),
            "totals": Totals.model_validate({"total": _read(total)}, from_attributes=True),
        },
        from_attributes=True,
    )
    return ProcessedInvoice(
        id=owner.id,
        document_id=owner.id,
        file_name=owner.name,
        processed_at=MORNING,
        review_status=review_status,
        review_reasons=findings,
        provenance=Provenance(engine=engine, engine_version="1"),
        invoice=invoice,
        findings=tuple(
            Finding(
                code=code, severity=Severity.ERROR, message="m", fields=("totals",), remedy="look"
            )
            for code in findings
        ),
        pages=(
            PageInfo(number=1, width=595, height=842, rotation=0, source=TextSource.TEXT_LAYER),
        ),
        timings=(StepTiming(step=Step.READING, seconds=1.25),),
    )
