"""Figures, log lines and settings on the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, JsonValue, PlainSerializer

from src.api.schemas import Time, Wire


def _money(amount: Decimal) -> str:
    """With the two decimals of most currencies at least."""
    whole = amount.quantize(Decimal("0.01"))
    return format(whole if whole == amount else amount.normalize(), "f")


Money = Annotated[Decimal, PlainSerializer(_money, return_type=str, when_used="json")]


class BucketOut(Wire):
    """Documents by the end of their last run."""

    start: Time
    processed: int = Field(description="successful and failed")
    successful: int
    failed: int
    accepted: int
    needs_review: int
    rejected: int
    straight_through: int = Field(description="Accepted by the rules, without a person")
    seconds_mean: float | None = Field(description="Of the successful ones")
    seconds_p95: float | None
    engines: dict[str, int]


class TimeSeriesOut(Wire):
    items: tuple[BucketOut, ...] = Field(description="Every bucket, oldest first")


class FailureKindOut(Wire):
    error_type: str
    count: int
    latest_at: Time
    remedy: str
    file_ids: tuple[str, ...] = Field(description="The latest, at most five")


class FailureDayOut(Wire):
    start: Time
    counts: dict[str, int] = Field(description="By error type")


class FailuresOut(Wire):
    items: tuple[FailureKindOut, ...] = Field(description="Most frequent first")
    by_day: tuple[FailureDayOut, ...] = Field(description="Every day, oldest first")


class CurrencyAmountOut(Wire):
    currency: str
    count: int
    total: Money


class VendorAmountOut(Wire):
    vendor_name: str | None
    currency: str
    count: int
    total: Money


class AmountsOut(Wire):
    by_currency: tuple[CurrencyAmountOut, ...]
    by_vendor: tuple[VendorAmountOut, ...] = Field(description="The 20 largest")


class LogEntryOut(Wire):
    at: Time
    level: str
    channel: str
    message: str


class LogEntriesOut(Wire):
    items: tuple[LogEntryOut, ...] = Field(description="Newest last")


class SettingOut(Wire):
    name: str = Field(description="As in .env")
    value: JsonValue
    default: JsonValue
    description: str
    changed: bool


class SettingsOut(Wire):
    items: tuple[SettingOut, ...]
