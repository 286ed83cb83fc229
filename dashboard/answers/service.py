"""How the service is and was: figures, trends, errors, health, settings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from dashboard.answers.base import Answer, Json


class Stats(Answer):
    """Totals of all time; `pending` and `processing` are now."""

    total_processed: int
    successful: int
    failed: int
    pending: int
    processing: int
    # Seconds, mean of the last results.
    average_processing_time: float
    # Of the API process, as text: "2 days, 14:30:25".
    uptime: str


class Bucket(Answer):
    """One day or hour."""

    start: datetime
    processed: int = 0
    successful: int = 0
    failed: int = 0
    accepted: int = 0
    needs_review: int = 0
    rejected: int = 0
    # Accepted by the rules, without a person.
    straight_through: int = 0
    # None while nothing was processed.
    seconds_mean: float | None = None
    seconds_p95: float | None = None
    # Results by engine.
    engines: dict[str, int] = Field(default_factory=dict)


class TimeSeries(Answer):
    # Every bucket of the period, oldest first.
    items: tuple[Bucket, ...]


class ErrorKind(Answer):
    error_type: str
    count: int
    latest_at: datetime | None = None
    remedy: str = ""
    # The newest of them, at most five.
    file_ids: tuple[str, ...] = ()


class ErrorBucket(Answer):
    start: datetime
    # By error type.
    counts: dict[str, int] = Field(default_factory=dict)


class ErrorStats(Answer):
    items: tuple[ErrorKind, ...]
    by_day: tuple[ErrorBucket, ...] = ()


class CurrencyAmount(Answer):
    currency: str | None
    count: int
    total: Decimal


class VendorAmount(Answer):
    vendor_name: str | None
    currency: str | None
    count: int
    total: Decimal


class Amounts(Answer):
    by_currency: tuple[CurrencyAmount, ...]
    by_vendor: tuple[VendorAmount, ...]


class Part(Answer):
    """A service or an engine: its state, why, and what to do."""

    state: str
    detail: str = ""
    remedy: str | None = None


class Watch(Answer):
    running: bool
    mode: str
    detail: str = ""
    last_scan_at: datetime | None = None


class Configuration(Answer):
    incoming_folder: str
    supported_formats: tuple[str, ...]
    max_file_size_mb: int
    max_pages: int = 0
    extraction_engine: str = "auto"


class Metrics(Answer):
    needs_review: int = 0
    disk_free_bytes: int
    memory_rss_bytes: int
    python: str
    platform: str


class Status(Answer):
    status: str
    version: str
    started_at: datetime
    uptime: str
    services: dict[str, Part]
    engines: dict[str, Part]
    watch: Watch
    configuration: Configuration
    metrics: Metrics


class LogLine(Answer):
    at: datetime | None = None
    level: str
    channel: str = ""
    message: str


class LogLines(Answer):
    items: tuple[LogLine, ...]


class Setting(Answer):
    name: str
    value: Json
    default: Json = None
    description: str = ""
    changed: bool = False


class Settings(Answer):
    items: tuple[Setting, ...]
