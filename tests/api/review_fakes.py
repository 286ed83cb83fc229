"""Review, figures, exports and logs behind the HTTP layer, as small as they can be."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from src.domain.corrections import Correction
from src.domain.errors import Conflict
from src.domain.figures import (
    AmountFigures,
    Bucket,
    CurrencyAmount,
    FailureDay,
    FailureFigures,
    FailureKind,
    VendorAmount,
    Width,
)
from src.domain.history import Action, FieldChange, HistoryEntry, ReviewQueue
from src.domain.results import ProcessedInvoice, ResultQuery, ResultRecord
from src.domain.review import ReviewStatus
from src.exporting.csv import CsvFormat, CsvLinesFormat
from src.ports import ExportFormat, LogEntry
from src.services.review import Reviewed
from tests.api.fakes import NOW, FakeResults, processed


@dataclass
class FakeReview:
    """Version 3 is the current one; `said` keeps what was asked and by whom."""

    results: FakeResults
    said: list[tuple[str, object, str]] = field(default_factory=list)

    async def correct(
        self, result_id: str, version: int, correction: Correction, *, by: str
    ) -> Reviewed:
        return await self._reviewed("correct", result_id, version, correction, by)

    async def check(
        self, result_id: str, version: int, correction: Correction, *, by: str
    ) -> ProcessedInvoice:
        return (await self._reviewed("check", result_id, version, correction, by)).result

    async def approve(self, result_id: str, version: int, *, by: str) -> Reviewed:
        return await self._reviewed("approve", result_id, version, None, by)

    async def reject(self, result_id: str, version: int, reason: str, *, by: str) -> Reviewed:
        return await self._reviewed("reject", result_id, version, reason, by)

    async def cancel(self, result_id: str, *, by: str) -> ResultRecord:
        self.said.append(("cancel", None, by))
        return await self.results.get(result_id)

    async def prioritise(self, result_id: str, priority: int, *, by: str) -> ResultRecord:
        self.said.append(("prioritise", priority, by))
        return await self.results.get(result_id)

    async def history(self, result_id: str) -> tuple[HistoryEntry, ...]:
        await self.results.get(result_id)
        change = FieldChange(field="totals.total", before="191.00", after="119.00")
        entry = HistoryEntry(
            id=7, at=NOW, by="key", action=Action.CORRECTED, version=2, changes=(change,)
        )
        return (entry,)

    async def next(self, status: ReviewStatus, after: str | None) -> ReviewQueue:
        self.said.append(("next", (status, after), ""))
        return ReviewQueue(next_id=next(iter(self.results.records), None), remaining=4)

    async def _reviewed(
        self, what: str, result_id: str, version: int, told: object, by: str
    ) -> Reviewed:
        record = await self.results.get(result_id)
        if version != 3:
            raise Conflict("This result was changed meanwhile.")
        self.said.append((what, told, by))
        return Reviewed(record=replace(record, version=4), result=processed(result_id))


class FakeFigures:
    async def series(self, days: int, width: Width) -> tuple[Bucket, ...]:
        return (Bucket(start=NOW, successful=3, failed=1, seconds_mean=1.23456, engines={"x": 3}),)

    async def failures(self, days: int) -> FailureFigures:
        kind = FailureKind(code="too_large", count=2, latest_at=NOW, document_ids=("a" * 32,))
        day = FailureDay(start=NOW, counts={"too_large": 2})
        return FailureFigures(kinds=(kind,), by_day=(day,))

    async def amounts(self, days: int) -> AmountFigures:
        total = Decimal("1190.0000")
        return AmountFigures(
            by_currency=(CurrencyAmount(currency="EUR", count=2, total=total),),
            by_vendor=(
                VendorAmount(vendor_name="=1+1", currency="EUR", count=2, total=Decimal("0.1234")),
            ),
        )


@dataclass
class FakeExports:
    queries: list[ResultQuery] = field(default_factory=list)

    def format(self, name: str, *, of_lines: bool = False) -> ExportFormat:
        return CsvLinesFormat() if of_lines else CsvFormat()

    def file_name(self, chosen: ExportFormat) -> str:
        return f"lines.{chosen.name}" if chosen.of_lines else f"invoices.{chosen.name}"

    async def write(self, chosen: ExportFormat, query: ResultQuery) -> AsyncGenerator[bytes, None]:
        self.queries.append(query)
        yield b"first,"
        yield b"second"


class FakeLogs:
    async def recent(self, limit: int, level: str) -> tuple[LogEntry, ...]:
        moment = datetime.fromisoformat("2026-11-22T12:00:00.123+00:00")
        return (LogEntry(at=moment, level=level, channel="general", message=f"{limit} asked"),)
