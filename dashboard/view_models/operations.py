"""Errors, health and settings: what an operator looks at."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dashboard.answers.base import Json
from dashboard.answers.service import ErrorKind, ErrorStats, LogLine, Part, Setting, Status
from dashboard.view_models.formats import NOTHING, Formats
from dashboard.view_models.overview import Figure, TrendPoint
from dashboard.view_models.words import Colour, engine, in_words

_MARKS: dict[str, tuple[Colour, str]] = {
    "healthy": ("green", "Healthy"),
    "ready": ("green", "Ready"),
    "degraded": ("orange", "Degraded"),
    "unavailable": ("red", "Unavailable"),
    "unhealthy": ("red", "Unhealthy"),
}
_SERVICES = {
    "invoice_processor": "Invoice processor",
    "file_monitor": "Folder watch",
    "ai_model": "Extraction engine",
    "database": "Database",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One part and how it is; `colour` for `st.badge`."""

    name: str
    state: str
    colour: Colour
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfError:
    title: str
    count: str
    latest: str
    remedy: str
    file_ids: tuple[str, ...]


def services(status: Status) -> tuple[Mark, ...]:
    return tuple(_mark(_SERVICES.get(n, in_words(n)), part) for n, part in status.services.items())


def engines(status: Status) -> tuple[Mark, ...]:
    """Without the one of dry runs, unless it is what reads the documents."""
    chosen = status.configuration.extraction_engine
    return tuple(
        _mark(engine(name), part)
        for name, part in status.engines.items()
        if name != "null" or chosen == "null"
    )


def overall(status: Status) -> Mark:
    told = {"healthy": "All services work", "degraded": "Work goes on, with a fallback"}
    detail = told.get(status.status, "Documents cannot be processed now")
    return _mark("Service", Part(state=status.status, detail=detail))


def machine(status: Status, formats: Formats) -> tuple[Figure, ...]:
    return (
        Figure(label="Version", value=status.version),
        Figure(label="Running for", value=status.uptime),
        Figure(label="Free disk", value=formats.size(status.metrics.disk_free_bytes)),
        Figure(
            label="Memory",
            value=formats.size(status.metrics.memory_rss_bytes),
            help="Of the API process, without its workers",
        ),
        Figure(label="Folder watch", value=in_words(status.watch.mode)),
    )


def log_rows(lines: tuple[LogLine, ...], formats: Formats) -> list[dict[str, str]]:
    """Newest first, all text."""
    return [
        {
            "When": formats.moment(line.at),
            "Level": line.level.capitalize(),
            "Log": line.channel,
            "Message": line.message,
        }
        for line in reversed(lines)
    ]


def error_kinds(stats: ErrorStats, formats: Formats) -> tuple[KindOfError, ...]:
    return tuple(_kind(kind, formats) for kind in sorted(stats.items, key=lambda it: -it.count))


def errors_by_day(stats: ErrorStats) -> tuple[TrendPoint, ...]:
    names = sorted({name for bucket in stats.by_day for name in bucket.counts})
    return tuple(
        TrendPoint(start=bucket.start, series=in_words(name), count=bucket.counts.get(name, 0))
        for bucket in stats.by_day
        for name in names
    )


def setting_rows(settings: tuple[Setting, ...], search: str) -> list[dict[str, str]]:
    """Those whose name or description holds the search, all text; secrets arrive masked."""
    wanted = search.strip().casefold()
    return [
        {
            "Setting": setting.name.upper(),
            "Value": _value(setting.value),
            "Default": _value(setting.default),
            "Changed": "changed" if setting.changed else "",
            "What it does": setting.description,
        }
        for setting in settings
        if wanted in f"{setting.name} {setting.description}".casefold()
    ]


def _mark(name: str, part: Part) -> Mark:
    colour, state = _MARKS.get(part.state, ("gray", in_words(part.state)))
    return Mark(
        name=name,
        state=state,
        colour=colour,
        detail=part.detail[:1].upper() + part.detail[1:],
        remedy=part.remedy or "",
    )


def _kind(kind: ErrorKind, formats: Formats) -> KindOfError:
    return KindOfError(
        title=in_words(kind.error_type),
        count=formats.count(kind.count),
        latest=formats.moment(kind.latest_at) or NOTHING,
        remedy=kind.remedy,
        file_ids=kind.file_ids,
    )


def _value(value: Json) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
