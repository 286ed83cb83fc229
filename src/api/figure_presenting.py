"""Figures and log entries -> wire types."""

from __future__ import annotations

from collections.abc import Sequence

from src.api.errors import error_type_of_code
from src.api.figure_schemas import (
    AmountsOut,
    BucketOut,
    CurrencyAmountOut,
    FailureDayOut,
    FailureKindOut,
    FailuresOut,
    LogEntriesOut,
    LogEntryOut,
    TimeSeriesOut,
    VendorAmountOut,
)
from src.api.remedies import remedy_for
from src.domain.figures import AmountFigures, Bucket, FailureFigures
from src.ports import LogEntry


def series_out(buckets: Sequence[Bucket]) -> TimeSeriesOut:
    return TimeSeriesOut(items=tuple(_bucket_out(bucket) for bucket in buckets))


def _bucket_out(bucket: Bucket) -> BucketOut:
    return BucketOut(
        start=bucket.start,
        processed=bucket.processed,
        successful=bucket.successful,
        failed=bucket.failed,
        accepted=bucket.accepted,
        needs_review=bucket.needs_review,
        rejected=bucket.rejected,
        straight_through=bucket.straight_through,
        seconds_mean=_rounded(bucket.seconds_mean),
        seconds_p95=_rounded(bucket.seconds_p95),
        engines=dict(bucket.engines),
    )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def failures_out(figures: FailureFigures) -> FailuresOut:
    return FailuresOut(
        items=tuple(
            FailureKindOut(
                error_type=error_type_of_code(kind.code),
                count=kind.count,
                latest_at=kind.latest_at,
                remedy=remedy_for(kind.code),
                file_ids=kind.document_ids,
            )
            for kind in figures.kinds
        ),
        by_day=tuple(
            FailureDayOut(
                start=day.start,
                counts={error_type_of_code(code): count for code, count in day.counts.items()},
            )
            for day in figures.by_day
        ),
    )


def amounts_out(figures: AmountFigures) -> AmountsOut:
    return AmountsOut(
        by_currency=tuple(
            CurrencyAmountOut(currency=one.currency, count=one.count, total=one.total)
            for one in figures.by_currency
        ),
        by_vendor=tuple(
            VendorAmountOut(
                vendor_name=one.vendor_name,
                currency=one.currency,
                count=one.count,
                total=one.total,
            )
            for one in figures.by_vendor
        ),
    )


def log_entries_out(entries: Sequence[LogEntry]) -> LogEntriesOut:
    return LogEntriesOut(
        items=tuple(
            LogEntryOut(
                at=entry.at, level=entry.level, channel=entry.channel, message=entry.message
            )
            for entry in entries
        )
    )
