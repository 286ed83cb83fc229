"""A small service in memory behind the HTTP layer, with the behaviour its contract states."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from src.domain.candidate import EngineState, Provenance, Readiness
from src.domain.document import Document, JobState, MediaType, Origin, Step
from src.domain.errors import (
    Conflict,
    CorruptDocument,
    InvalidInput,
    NotFound,
    PathNotAllowed,
)
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice, Totals
from src.domain.readings import EvidenceBox, FieldReading, ReadEvidence
from src.domain.results import (
    Failure,
    IntakeReceipt,
    ProcessedInvoice,
    ResultPage,
    ResultQuery,
    ResultRecord,
    Statistics,
)
from src.domain.review import ReviewStatus
from src.ports import WatchState
from src.services.status import Health, ServiceHealth, ServiceState, SystemStatus

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
STATISTICS = Statistics(
    successful=142,
    failed=8,
    pending=3,
    processing=1,
    needs_review=5,
    average_processing_time=2.5,
)


def record(file_id: str, name: str = "invoice.pdf", **changes: object) -> ResultRecord:
    document = Document(
        id=file_id,
        name=name,
        origin=Origin.UPLOAD,
        received_at=NOW,
        digest="d" * 64,
        media_type=MediaType.PDF,
        size=1234,
        page_count=2,
        stored_as=f"2026-11/{file_id}/original.pdf",
    )
    whole = ResultRecord(
        document=document,
        state=JobState.SUCCEEDED,
        step=Step.DONE,
        progress=1.0,
        attempt=1,
        queued_at=NOW,
        finished_at=NOW,
        review_status=ReviewStatus.ACCEPTED,
        engine="layout",
        seconds=1.5,
        finding_codes=("total-mismatch",),
        vendor_name="Muster GmbH",
        invoice_date=date(2026, 11, 1),
        currency="EUR",
        total=Decimal("119.00"),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def processed(file_id: str) -> ProcessedInvoice:
    evidence = ReadEvidence(page=1, box=EvidenceBox(x0=0.1, y0=0.2, x1=0.3, y1=0.4))
    total = FieldReading[Decimal](
        value=Decimal("119.00"), text="119,00", evidence=evidence, confidence=0.9, engine="layout"
    )
    return ProcessedInvoice(
        id=file_id,
        document_id=file_id,
        file_name="invoice.pdf",
        processed_at=NOW,
        review_status=ReviewStatus.ACCEPTED,
        review_reasons=(),
        provenance=Provenance(engine="layout", engine_version="1"),
        invoice=Invoice(totals=Totals(total=total)),
        findings=(
            Finding(
                code="total-mismatch",
                severity=Severity.WARNING,
                message="m",
                fields=("totals.total",),
                remedy="r",
            ),
        ),
        pages=(),
        timings=(),
    )


class FakeIntake:
    """Refuses what starts with `bad`, links known bytes; `fail_with` makes it fail."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int, bool]] = []
        self.largest_chunk = 0
        self.fail_with: Exception | None = None
        self._known: dict[str, str] = {}

    async def take_stream(
        self, name: str, chunks: AsyncIterator[bytes], *, force: bool = False
    ) -> IntakeReceipt:
        if self.fail_with:
            raise self.fail_with
        digest, size, start = hashlib.sha256(), 0, b""
        async for chunk in chunks:
            start = start or chunk[:3]
            digest.update(chunk)
            size += len(chunk)
            self.largest_chunk = max(self.largest_chunk, len(chunk))
        self.taken.append((name, size, force))
        file_id = f"{len(self.taken):032x}"
        if start == b"bad":
            failure = Failure(
                code=CorruptDocument.code, message=f"{name} is damaged.", retryable=False
            )
            return IntakeReceipt(file_id=file_id, state=JobState.FAILED, failure=failure)
        first = self._known.setdefault(digest.hexdigest(), file_id)
        if first != file_id and not force:
            return IntakeReceipt(file_id=file_id, state=JobState.SUCCEEDED, duplicate_of=first)
        return IntakeReceipt(file_id=file_id, state=JobState.QUEUED)


class FakeResults:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[str, ResultRecord] = {}
        # What changes once somebody has asked for a record so many times.
        self.after_looks: dict[int, tuple[Callable[[], object], ...]] = {}
        self.looks = 0
        self.queries: list[ResultQuery] = []
        self.engines: list[str | None] = []
        self.fail_with: Exception | None = None

    async def get(self, result_id: str) -> ResultRecord:
        if self.fail_with:
            raise self.fail_with
        for change in self.after_looks.pop(self.looks, ()):
            change()
        self.looks += 1
        if result_id not in self.records:
            raise NotFound(f"There is no result {result_id}.")
        return self.records[result_id]

    async def whole(self, result_id: str) -> tuple[ResultRecord, ProcessedInvoice | None]:
        found = await self.get(result_id)
        return found, processed(result_id) if found.state is JobState.SUCCEEDED else None

    async def query(self, query: ResultQuery) -> ResultPage:
        if self.fail_with:
            raise self.fail_with
        if query.cursor == "foreign":
            raise InvalidInput("cursor: this is not one of ours")
        self.queries.append(query)
        items = tuple(self.records.values())[: query.limit]
        return ResultPage(items=items, next_cursor="next", total=len(self.records))

    async def statistics(self) -> Statistics:
        return STATISTICS

    async def delete(self, result_id: str, *, by: str) -> None:
        found = await self.get(result_id)
        if found.state is JobState.RUNNING:
            raise Conflict("It is being processed.")
        del self.records[result_id]

    async def retry(self, result_id: str, engine: str | None = None, *, by: str) -> ResultRecord:
        self.engines.append(engine)
        self.records[result_id] = replace(await self.get(result_id), state=JobState.QUEUED)
        return self.records[result_id]

    async def original(self, result_id: str) -> tuple[Document, Path]:
        return (await self.get(result_id)).document, self.folder / f"{result_id}.pdf"

    async def page(self, result_id: str, number: int, long_side: int = 1600) -> bytes:
        found = await self.get(result_id)
        if number > found.document.page_count:
            raise NotFound(f"There is no page {number}.")
        return PNG + str(long_side).encode()


class FakeStatus:
    def __init__(self) -> None:
        self.state = "healthy"
        self.uptime_seconds = 2 * 86400 + 14 * 3600 + 30 * 60 + 25.7

    async def health(self) -> Health:
        processor = (
            ServiceHealth(state=ServiceState.UNAVAILABLE, detail="The queue stands.")
            if self.state == "unhealthy"
            else ServiceHealth(state=ServiceState.HEALTHY, detail="Works.")
        )
        fine = ServiceHealth(state=ServiceState.HEALTHY, detail="Works.")
        services = {"invoice_processor": processor, "file_monitor": fine, "ai_model": fine}
        return Health(status=self.state, services=services)

    async def details(self) -> SystemStatus:
        return SystemStatus(
            health=await self.health(),
            started_at=NOW,
            uptime_seconds=self.uptime_seconds,
            statistics=STATISTICS,
            watch=WatchState(running=True, mode="events", detail="Watching.", last_scan_at=NOW),
            engines={
                "layout": Readiness(state=EngineState.READY, detail="Ready."),
                "vision": Readiness(
                    state=EngineState.UNAVAILABLE, detail="No server.", remedy="Start it."
                ),
            },
            disk_free_bytes=10**9,
            memory_rss_bytes=10**8,
            python="3.11",
            platform="Linux",
        )


class FakeWatch:
    def __init__(self) -> None:
        self.receipts: tuple[IntakeReceipt, ...] = ()
        self.asked: list[tuple[Path, bool]] = []
        self.forced: list[bool] = []

    async def scan(self, *, force: bool = False) -> tuple[IntakeReceipt, ...]:
        self.forced.append(force)
        return self.receipts

    async def take_path(self, path: Path, *, force: bool) -> IntakeReceipt:
        if ".." in path.parts:
            raise PathNotAllowed(f"{path} is not in the incoming folder.")
        self.asked.append((path, force))
        return IntakeReceipt(file_id="c" * 32, state=JobState.QUEUED)
