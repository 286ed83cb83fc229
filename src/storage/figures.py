"""Figures over many results, read from indexes alone.

Moments are stored as UTC text on SQLite, so the start of a bucket is the start of that text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.document import JobState
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
from src.domain.invoice import DocumentType
from src.domain.results import Statistics
from src.domain.review import ReviewStatus
from src.storage.columns import SORT_DECIMALS
from src.storage.review_queue import count_waiting
from src.storage.tables import documents, invoices, processing_results

# The mean time is told over this many results.
_RECENT = 1000
_MOST_VENDORS = 20
_MOST_EXAMPLES = 5
# A sum of sort keys may pass the largest integer of the database, two sums of their halves
# do not.
_SPLIT = 10**6
_PREFIX = {Width.DAY: len("2026-03-31"), Width.HOUR: len("2026-03-31 23")}


async def statistics(connection: AsyncConnection) -> Statistics:
    """Linked duplicates never count. Hidden results stay in the totals of all time, but are
    neither work that waits nor invoices to review."""
    hidden = documents.c.deleted_at.is_not(None)
    by_state = (
        select(documents.c.state, hidden, func.count())
        .where(documents.c.linked.is_(False))
        .group_by(documents.c.state, hidden)
    )
    counted: dict[tuple[str, bool], int] = {}
    for state, is_hidden, count in await connection.execute(by_state):
        counted[state, bool(is_hidden)] = count

    def ever(state: JobState) -> int:
        return counted.get((state.value, True), 0) + counted.get((state.value, False), 0)

    return Statistics(
        successful=ever(JobState.SUCCEEDED),
        failed=ever(JobState.FAILED),
        pending=counted.get((JobState.QUEUED.value, False), 0),
        processing=counted.get((JobState.RUNNING.value, False), 0),
        needs_review=await count_waiting(connection, ReviewStatus.NEEDS_REVIEW),
        average_processing_time=await _recent_seconds(connection),
    )


async def series(
    connection: AsyncConnection, since: datetime, width: Width
) -> dict[datetime, Bucket]:
    """The buckets that are not empty, by their start. Hidden results count."""
    column = processing_results.c
    start = _start(column.created_at, width)
    succeeded = and_(column.status == JobState.SUCCEEDED.value, column.created_at >= since)
    runs = (
        select(
            start.label("start"),
            column.review_status,
            column.engine,
            column.approved_by.is_(None).label("by_rule"),
            func.count().label("number"),
            func.sum(column.seconds).label("seconds"),
        )
        .where(succeeded)
        .group_by(start, column.review_status, column.engine, column.approved_by.is_(None))
    )
    grouped: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(runs):
        grouped[row.start].append(row)
    slow = await _slow_seconds(connection, start, succeeded)
    failed = await _failed_counts(connection, since, width)
    return {
        _moment(text): _bucket(_moment(text), grouped[text], slow.get(text), failed.get(text, 0))
        for text in sorted({*grouped, *failed})
    }


async def failures(connection: AsyncConnection, since: datetime) -> FailureFigures:
    """Of documents that are failed now and not hidden."""
    column = documents.c
    failed = and_(
        column.state == JobState.FAILED.value,
        column.finished_at >= since,
        column.deleted_at.is_(None),
    )
    start = _start(column.finished_at, Width.DAY)
    counted = (
        select(
            start.label("start"),
            column.error_code,
            func.count().label("number"),
            func.max(column.finished_at).label("latest"),
        )
        .where(failed)
        .group_by(start, column.error_code)
    )
    rows = (await connection.execute(counted)).all()
    totals: Counter[str] = Counter()
    latest: dict[str, datetime] = {}
    for row in rows:
        totals[row.error_code] += row.number
        latest[row.error_code] = max(row.latest, latest.get(row.error_code, row.latest))
    return FailureFigures(
        kinds=tuple(
            [
                FailureKind(
                    code=code,
                    count=count,
                    latest_at=latest[code],
                    document_ids=await _examples(connection, failed, code),
                )
                for code, count in totals.most_common()
            ]
        ),
        by_day=tuple(
            FailureDay(
                start=_moment(text),
                counts={row.error_code: row.number for row in rows if row.start == text},
            )
            for text in sorted({row.start for row in rows})
        ),
    )


async def amounts(connection: AsyncConnection, since: datetime) -> AmountFigures:
    """Of results of the runs since then; those without a currency or total cannot be added."""
    column, run = invoices.c, processing_results.c
    credit = column.document_type == DocumentType.CREDIT_NOTE.value
    # A credit note carries the sign its page shows, which may be either.
    key = case((credit, -func.abs(column.total_sort)), else_=column.total_sort)
    statement = (
        select(
            column.currency,
            column.vendor_folded,
            func.max(column.vendor_name).label("vendor_name"),
            func.count().label("number"),
            func.sum(key // _SPLIT).label("upper"),
            func.sum(key % _SPLIT).label("lower"),
        )
        .join(processing_results, run.id == column.id)
        .where(
            run.status == JobState.SUCCEEDED.value,
            run.created_at >= since,
            run.review_status != ReviewStatus.REJECTED.value,
            column.currency.is_not(None),
            column.total_sort.is_not(None),
            or_(
                column.document_type.is_(None),
                column.document_type.not_in(
                    (DocumentType.STATEMENT.value, DocumentType.OTHER.value)
                ),
            ),
        )
        .group_by(column.currency, column.vendor_folded)
    )
    vendors = [
        VendorAmount(
            vendor_name=row.vendor_name,
            currency=row.currency,
            count=row.number,
            total=Decimal(row.upper * _SPLIT + row.lower).scaleb(-SORT_DECIMALS),
        )
        for row in await connection.execute(statement)
    ]
    return AmountFigures(
        by_currency=_by_currency(vendors),
        by_vendor=tuple(sorted(vendors, key=lambda one: one.total, reverse=True)[:_MOST_VENDORS]),
    )


def _by_currency(vendors: Iterable[VendorAmount]) -> tuple[CurrencyAmount, ...]:
    counts: Counter[str] = Counter()
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for vendor in vendors:
        counts[vendor.currency] += vendor.count
        totals[vendor.currency] += vendor.total
    return tuple(
        CurrencyAmount(currency=currency, count=count, total=totals[currency])
        for currency, count in counts.most_common()
    )


def _start(moment: ColumnElement[datetime], width: Width) -> ColumnElement[str]:
    return func.substr(cast(moment, String), 1, _PREFIX[width])


def _moment(start: str) -> datetime:
    return datetime.fromisoformat(f"{start}:00" if len(start) > 10 else start).replace(tzinfo=UTC)


def _bucket(start: datetime, runs: list[Row[Any]], p95: float | None, failed: int) -> Bucket:
    successful = sum(row.number for row in runs)
    statuses: Counter[str] = Counter()
    engines: Counter[str] = Counter()
    for row in runs:
        statuses[row.review_status] += row.number
        engines[row.engine] += row.number
    return Bucket(
        start=start,
        successful=successful,
        failed=failed,
        accepted=statuses[ReviewStatus.ACCEPTED.value],
        needs_review=statuses[ReviewStatus.NEEDS_REVIEW.value],
        rejected=statuses[ReviewStatus.REJECTED.value],
        straight_through=sum(
            row.number
            for row in runs
            if row.by_rule and row.review_status == ReviewStatus.ACCEPTED.value
        ),
        seconds_mean=sum(row.seconds for row in runs) / successful if successful else None,
        seconds_p95=p95,
        engines=dict(engines.most_common()),
    )


async def _slow_seconds(
    connection: AsyncConnection, start: ColumnElement[str], condition: ColumnElement[bool]
) -> dict[str, float]:
    """The 95th percentile of each bucket, by nearest rank."""
    seconds = processing_results.c.seconds
    ranked = (
        select(
            start.label("start"),
            seconds,
            func.row_number().over(partition_by=start, order_by=seconds).label("rank"),
            func.count().over(partition_by=start).label("of"),
        )
        .where(condition)
        .subquery()
    )
    statement = (
        select(ranked.c.start, func.min(ranked.c.seconds))
        .where(ranked.c.rank * 100 >= ranked.c.of * 95)
        .group_by(ranked.c.start)
    )
    rows = await connection.execute(statement)
    return {row[0]: row[1] for row in rows}


async def _failed_counts(
    connection: AsyncConnection, since: datetime, width: Width
) -> dict[str, int]:
    start = _start(documents.c.finished_at, width)
    statement = (
        select(start, func.count())
        .where(documents.c.state == JobState.FAILED.value, documents.c.finished_at >= since)
        .group_by(start)
    )
    rows = await connection.execute(statement)
    return {row[0]: row[1] for row in rows}


async def _examples(
    connection: AsyncConnection, failed: ColumnElement[bool], code: str
) -> tuple[str, ...]:
    statement = (
        select(documents.c.id)
        .where(failed, documents.c.error_code == code)
        .order_by(documents.c.finished_at.desc())
        .limit(_MOST_EXAMPLES)
    )
    return tuple((await connection.execute(statement)).scalars())


async def _recent_seconds(connection: AsyncConnection) -> float:
    recent = (
        select(processing_results.c.seconds)
        .where(processing_results.c.status == JobState.SUCCEEDED.value)
        .order_by(processing_results.c.created_at.desc())
        .limit(_RECENT)
        .subquery()
    )
    mean = (await connection.execute(select(func.avg(recent.c.seconds)))).scalar_one()
    return float(mean or 0.0)
