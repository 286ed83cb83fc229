"""Figures over time: what the work was, what failed, how much money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Width(StrEnum):
    """How long one bucket of a series is. Buckets begin at full hours and days of UTC."""

    HOUR = "hour"
    DAY = "day"

    @property
    def step(self) -> timedelta:
        return timedelta(hours=1) if self is Width.HOUR else timedelta(days=1)

    def start_of(self, moment: datetime) -> datetime:
        """The start of the bucket a UTC moment lies in."""
        start = moment.replace(minute=0, second=0, microsecond=0)
        return start if self is Width.HOUR else start.replace(hour=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Documents by the end of their last run."""

    start: datetime
    successful: int = 0
    failed: int = 0
    # By the review status they have now.
    accepted: int = 0
    needs_review: int = 0
    rejected: int = 0
    # Accepted by the rules, without a person.
    straight_through: int = 0
    # Wall seconds of the successful runs; None without one.
    seconds_mean: float | None = None
    seconds_p95: float | None = None
    # Successful runs by engine.
    engines: Mapping[str, int] = field(default_factory=dict)

    @property
    def processed(self) -> int:
        return self.successful + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKind:
    """Documents that ended with the same error and are still failed."""

    code: str
    count: int
    latest_at: datetime
    # The latest ones, newest first.
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureDay:
    start: datetime
    # By error code.
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureFigures:
    # Most frequent first.
    kinds: tuple[FailureKind, ...]
    by_day: tuple[FailureDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyAmount:
    currency: str
    count: int
    # Exact to four decimals; credit notes count against it.
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorAmount:
    # None for invoices without a vendor's name.
    vendor_name: str | None
    currency: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountFigures:
    """Sums by currency, never across currencies; rejected invoices and statements are left out."""

    by_currency: tuple[CurrencyAmount, ...]
    # The largest of each currency's vendors, largest first.
    by_vendor: tuple[VendorAmount, ...]
