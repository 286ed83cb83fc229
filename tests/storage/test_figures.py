"""Figures over time, failures, amounts: against the same counted by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from src.domain.document import JobState
from src.domain.figures import Bucket, Width
from src.domain.invoice import DocumentType
from src.domain.results import Failure, ProcessedInvoice
from src.domain.review import ReviewStatus
from src.ports import DocumentRepository
from src.services.figures import FiguresService
from src.storage import figures
from src.storage.database import Database
from src.storage.review_queue import fetch_next
from src.storage.unit_of_work import SqlUnitOfWork
from tests.storage.factory import BROKEN, MORNING, PASSING, Hands, document, result

SINCE = datetime(2026, 3, 1, tzinfo=UTC)


async def keep(documents: DocumentRepository, seconds: float = 1.0, **more: Any) -> str:
    kept = document()
    await documents.add(kept, JobState.QUEUED, None)
    approved_by = more.pop("approved_by", None)
    kind = more.pop("kind", None)
    made = result(kept, **more).model_copy(update={"approved_by": approved_by})
    await documents.succeed(kept.id, typed(made, kind) if kind else made, seconds)
    return kept.id


def typed(made: ProcessedInvoice, kind: DocumentType) -> ProcessedInvoice:
    reading = made.invoice.document_type
    assert reading is not None
    invoice = made.invoice.model_copy(
        update={"document_type": reading.model_copy(update={"value": kind})}
    )
    return made.model_copy(update={"invoice": invoice})


async def fail(documents: DocumentRepository, failure: Failure) -> str:
    kept = document()
    await documents.add(kept, JobState.QUEUED, None)
    await documents.fail(kept.id, failure, 1.0)
    return kept.id


async def test_buckets_hold_what_ended_in_them(uow: SqlUnitOfWork, clock: Hands) -> None:
    async with uow(write=True) as documents:
        for seconds in range(1, 101):
            await keep(documents, float(seconds))
        await keep(documents, 7.0, engine="vision", review_status=ReviewStatus.NEEDS_REVIEW)
        clock.now += timedelta(hours=1)
        await keep(documents, 3.0, approved_by="key")
        await keep(documents, 5.0, review_status=ReviewStatus.REJECTED)
        await fail(documents, BROKEN)
        await documents.add(document(), JobState.FAILED, BROKEN)
        clock.now += timedelta(days=1)
        await fail(documents, PASSING)
        by_hour = await documents.series(SINCE, Width.HOUR)
        by_day = await documents.series(SINCE, Width.DAY)
        later = await documents.series(Width.DAY.start_of(clock.now), Width.DAY)
    first = MORNING.replace(minute=0)
    assert list(by_hour) == [first, first + timedelta(hours=1), first + timedelta(hours=25)]
    assert by_hour[first] == Bucket(
        start=first,
        successful=101,
        accepted=100,
        straight_through=100,
        needs_review=1,
        seconds_mean=5057 / 101,
        seconds_p95=95.0,
        engines={"layout": 100, "vision": 1},
    )
    second = by_hour[first + timedelta(hours=1)]
    assert (second.processed, second.successful, second.failed) == (4, 2, 2)
    assert (second.accepted, second.straight_through, second.rejected) == (1, 0, 1)
    assert by_day[MORNING.replace(hour=0, minute=0)].processed == 105
    assert [bucket.failed for bucket in later.values()] == [1]
    (last,) = later.values()
    assert (last.successful, last.seconds_mean, last.seconds_p95) == (0, None, None)


async def test_every_bucket_is_told_also_the_empty_ones(uow: SqlUnitOfWork, clock: Hands) -> None:
    service = FiguresService(uow=uow, clock=clock)
    async with uow(write=True) as documents:
        await keep(documents)
        await fail(documents, BROKEN)
    days = await service.series(30, Width.DAY)
    assert len(days) == 30
    assert [bucket.processed for bucket in days] == [0] * 29 + [2]
    assert days[0].start == datetime(2026, 2, 8, tzinfo=UTC)
    hours = await service.series(2, Width.HOUR)
    assert (len(hours), hours[-1].processed) == (48, 2)
    failed = await service.failures(3)
    assert [dict(day.counts) for day in failed.by_day] == [{}, {}, {"reading_failed": 1}]
    assert (await service.amounts(1)).by_currency[0].total == Decimal(119)
    with pytest.raises(Exception, match="1000 at most"):
        await service.series(42, Width.HOUR)


async def test_failures_by_kind_and_day(uow: SqlUnitOfWork, clock: Hands) -> None:
    async with uow(write=True) as documents:
        broken = []
        for _ in range(7):
            broken.append(await fail(documents, BROKEN))
            clock.now += timedelta(hours=4)
        passing = await fail(documents, PASSING)
        # Work that goes on and results that are hidden are no failures to look at.
        await documents.requeue(broken[6], None)
        await documents.hide(broken[5], "deleted/x")
        found = await documents.failures(SINCE)
    kinds = {kind.code: kind for kind in found.kinds}
    assert list(kinds) == ["reading_failed", "engine_timeout"]
    assert kinds["reading_failed"].count == 5
    assert kinds["reading_failed"].document_ids == tuple(reversed(broken[:5]))
    assert kinds["reading_failed"].latest_at == MORNING + timedelta(hours=16)
    assert kinds["engine_timeout"].document_ids == (passing,)
    assert [dict(day.counts) for day in found.by_day] == [
        {"reading_failed": 4},
        {"reading_failed": 1, "engine_timeout": 1},
    ]


async def test_amounts_are_exact_and_never_mixed(uow: SqlUnitOfWork, clock: Hands) -> None:
    async with uow(write=True) as documents:
        for _ in range(3):
            await keep(documents, total=Decimal("0.1"), vendor="ACME")
        await keep(documents, total=Decimal("0.0001"), vendor="acme ")
        await keep(documents, total=Decimal("100"), currency="USD", vendor=None)
        await keep(documents, total=Decimal("-20"), currency="USD", kind=DocumentType.CREDIT_NOTE)
        await keep(documents, total=Decimal("20"), currency="USD", kind=DocumentType.CREDIT_NOTE)
        for left_out in (
            {"review_status": ReviewStatus.REJECTED},
            {"kind": DocumentType.STATEMENT},
            {"kind": DocumentType.OTHER},
            {"currency": None},
            {"total": None},
        ):
            await keep(documents, **left_out)
        clock.now -= timedelta(days=60)
        await keep(documents)
        found = await documents.amounts(SINCE)
    assert {(one.currency, one.count, one.total) for one in found.by_currency} == {
        ("EUR", 4, Decimal("0.3001")),
        ("USD", 3, Decimal(60)),
    }
    assert [(one.vendor_name, one.total) for one in found.by_vendor] == [
        (None, Decimal(100)),
        ("acme ", Decimal("0.3001")),
        ("Malerbetrieb Größe GmbH", Decimal(-40)),
    ]


async def test_the_largest_amounts_add_up(uow: SqlUnitOfWork) -> None:
    """Sort keys end at 2**63: their plain sum would end the query with an error."""
    async with uow(write=True) as documents:
        for number in range(25):
            await keep(documents, total=Decimal(9 * 10**14), vendor=f"V{number}")
        found = await documents.amounts(SINCE)
    assert found.by_currency[0].total == 25 * 9 * Decimal(10) ** 14
    assert len(found.by_vendor) == 20


async def plans(database: Database, ask: Any) -> list[str]:
    asked: list[tuple[str, Any]] = []
    async with database.transaction() as connection:

        def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            asked.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await ask(connection)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        return [
            str(row._mapping["detail"])
            for statement, parameters in asked
            for row in await connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
        ]


def without_row_access(steps: Iterable[str], table: str) -> bool:
    return all("COVERING INDEX" in step for step in steps if f" {table} " in f"{step} ")


async def test_figures_and_the_queue_are_read_from_indexes(
    database: Database, uow: SqlUnitOfWork
) -> None:
    """The rows of `processing_results` are fat with their payload: reading a hundred thousand of
    them takes seconds."""
    async with uow(write=True) as documents:
        for _ in range(5):
            await keep(documents)
        await fail(documents, BROKEN)

    series = await plans(database, lambda c: figures.series(c, SINCE, Width.HOUR))
    assert [step for step in series if "idx_processing_series" in step]
    assert without_row_access(series, "processing_results")
    assert without_row_access(series, "documents")

    failures = await plans(database, lambda c: figures.failures(c, SINCE))
    assert all("idx_documents_failures" in step for step in failures if "documents" in step)

    queue = await plans(database, lambda c: fetch_next(c, ReviewStatus.NEEDS_REVIEW, None))
    assert [step for step in queue if "idx_processing_queue" in step]
    assert [step for step in queue if "TEMP B-TREE" in step] == []
