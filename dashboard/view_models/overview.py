"""The figures and trends of the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dashboard.answers.results import ResultItem
from dashboard.answers.service import Amounts, Bucket, ErrorStats, Stats, TimeSeries
from dashboard.view_models.formats import NOTHING, Formats
from dashboard.view_models.words import STEPS, engine, in_words

TOP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """What is added up over days and hours."""

    days: TimeSeries
    hours: TimeSeries
    errors: ErrorStats
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the API said at one moment."""

    at: datetime
    stats: Stats
    # Results that wait for a person.
    to_review: int
    running: tuple[ResultItem, ...]
    trends: Trends


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number at the top of the page."""

    label: str
    value: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One day or hour of one series."""

    start: datetime
    series: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    name: str
    step: str
    # 0..1
    progress: float


def last_day(hours: TimeSeries, now: datetime) -> TimeSeries:
    """The last 24 hours of those that have begun."""
    begun = tuple(bucket for bucket in hours.items if bucket.start <= now)
    return TimeSeries(items=begun[-24:])


def is_first_run(snapshot: Snapshot) -> bool:
    """Nothing was ever taken."""
    stats = snapshot.stats
    return stats.total_processed + stats.pending + stats.processing == 0


def figures(snapshot: Snapshot, formats: Formats) -> tuple[Figure, ...]:
    """A row of five and one of six."""
    days = snapshot.trends.days.items
    month = _total(days)
    succeeded = sum(bucket.successful for bucket in days)
    finished = succeeded + sum(bucket.failed for bucket in days)
    straight = sum(bucket.straight_through for bucket in days)
    today = days[-1] if days else None
    this_hour = snapshot.trends.hours.items[-1].processed if snapshot.trends.hours.items else 0
    stats = snapshot.stats
    return (
        Figure(
            label="To review",
            value=formats.count(snapshot.to_review),
            help="Invoices that wait for a person",
        ),
        Figure(
            label="In the queue",
            value=formats.count(stats.pending),
            help="Documents that wait to be read; those in work are not counted",
        ),
        Figure(label="Today", value=formats.count(today.processed if today else 0)),
        Figure(label="7 days", value=formats.count(_total(days[-7:]))),
        Figure(label="30 days", value=formats.count(month)),
        Figure(label="This hour", value=formats.count(this_hour)),
        Figure(
            label="Succeeded",
            value=_share(succeeded, finished, formats),
            help="Of all documents that ended in the last 30 days; the others failed",
        ),
        Figure(
            label="Straight through",
            value=_share(straight, succeeded, formats),
            help="Accepted without a person, of all invoices read in the last 30 days",
        ),
        Figure(
            label="Failed",
            value=formats.count(finished - succeeded),
            help="In the last 30 days",
        ),
        Figure(
            label="Average time",
            value=formats.seconds(stats.average_processing_time or None),
            help="A document, over the last 1,000",
        ),
        Figure(
            label="95 % within",
            value=formats.seconds(_latest_p95(days)),
            help="Of the documents of the last day with any",
        ),
    )


def by_day(snapshot: Snapshot) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(start=bucket.start, series=series, count=count)
        for bucket in snapshot.trends.days.items
        for series, count in (
            ("Accepted", bucket.accepted),
            ("Needs review", bucket.needs_review),
            ("Rejected", bucket.rejected),
            ("Failed", bucket.failed),
        )
    )


def by_hour(snapshot: Snapshot) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(start=bucket.start, series="Processed", count=bucket.processed)
        for bucket in snapshot.trends.hours.items
    )


def by_engine(snapshot: Snapshot) -> tuple[TrendPoint, ...]:
    """A point for each day and engine, so that days without work keep their place."""
    names = sorted({name for bucket in snapshot.trends.days.items for name in bucket.engines})
    return tuple(
        TrendPoint(start=bucket.start, series=engine(name), count=bucket.engines.get(name, 0))
        for bucket in snapshot.trends.days.items
        for name in names
    )


def at_work(item: ResultItem) -> Running:
    return Running(
        name=item.file_name,
        step=STEPS.get(item.step, item.step),
        progress=min(1.0, max(0.0, item.progress)),
    )


def top_errors(snapshot: Snapshot, formats: Formats) -> list[dict[str, str]]:
    """Table rows, all text."""
    ordered = sorted(snapshot.trends.errors.items, key=lambda kind: -kind.count)[:TOP]
    return [
        {"Error": in_words(kind.error_type), "Count": formats.count(kind.count)} for kind in ordered
    ]


def amounts_by_currency(snapshot: Snapshot, formats: Formats) -> list[dict[str, str]]:
    ordered = sorted(snapshot.trends.amounts.by_currency, key=lambda amount: -amount.count)
    return [
        {
            "Invoices": formats.count(amount.count),
            "Total": formats.amount(amount.total, amount.currency),
        }
        for amount in ordered
    ]


def amounts_by_vendor(snapshot: Snapshot, formats: Formats) -> list[dict[str, str]]:
    """The order is the API's: largest first within what can be compared."""
    return [
        {
            "Vendor": amount.vendor_name or NOTHING,
            "Invoices": formats.count(amount.count),
            "Total": formats.amount(Decimal(amount.total), amount.currency),
        }
        for amount in snapshot.trends.amounts.by_vendor
    ]


def _total(buckets: tuple[Bucket, ...]) -> int:
    return sum(bucket.processed for bucket in buckets)


def _share(part: int, whole: int, formats: Formats) -> str:
    return formats.percent(part / whole) if whole else NOTHING


def _latest_p95(days: tuple[Bucket, ...]) -> float | None:
    return next((day.seconds_p95 for day in reversed(days) if day.seconds_p95 is not None), None)
