"""How the service is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends

from src.api.dependencies import CurrentSettings, Service
from src.api.errors import ApiError
from src.api.gate import admitted
from src.api.openapi import errors
from src.api.orjson_response import OrjsonResponse
from src.api.presenting import (
    configuration_out,
    engine_out,
    service_out,
    stats_out,
    uptime_text,
    watch_out,
)
from src.api.schemas import HealthOut, MetricsOut, ProbeOut, StatsOut, StatusOut
from src.domain.results import ProcessedInvoice

guarded = APIRouter(
    tags=["service"], dependencies=[Depends(admitted)], responses=errors(401, 403, 500)
)
open_to_all = APIRouter(tags=["probes"])


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@guarded.get("/", summary="Health of the service")
async def health(service: Service, settings: CurrentSettings) -> HealthOut:
    """In short; `/status` tells the reasons and what to do about them."""
    found = await service.status.health()
    return HealthOut.model_validate(
        {
            "status": found.status,
            "version": settings.app_version,
            "timestamp": _now(),
            "services": {name: each.state.value for name, each in found.services.items()},
        }
    )


@guarded.get("/status", summary="Detailed status")
async def status(service: Service, settings: CurrentSettings) -> StatusOut:
    """Every part with its reason and remedy, the configuration (no secrets) and metrics."""
    found = await service.status.details()
    return StatusOut.model_validate(
        {
            "status": found.health.status,
            "version": settings.app_version,
            "timestamp": _now(),
            "started_at": found.started_at,
            "uptime": uptime_text(found.uptime_seconds),
            "uptime_seconds": round(found.uptime_seconds, 1),
            "services": {name: service_out(it) for name, it in found.health.services.items()},
            "engines": {name: engine_out(it) for name, it in found.engines.items()},
            "watch": watch_out(found.watch),
            "configuration": configuration_out(settings),
            "statistics": stats_out(found.statistics, found.uptime_seconds),
            "metrics": MetricsOut(
                needs_review=found.statistics.needs_review,
                average_processing_time=round(found.statistics.average_processing_time, 3),
                disk_free_bytes=found.disk_free_bytes,
                memory_rss_bytes=found.memory_rss_bytes,
                python=found.python,
                platform=found.platform,
            ),
        }
    )


@guarded.get("/stats", summary="Processing statistics")
async def stats(service: Service) -> StatsOut:
    """Totals are of all time, `pending` and `processing` are now."""
    statistics = await service.results.statistics()
    return stats_out(statistics, service.status.uptime_seconds)


@guarded.get("/schema/invoice", summary="JSON Schema of a result")
async def invoice_schema() -> OrjsonResponse:
    """Of `invoice.json`; `GET /results/{file_id}` carries the same fields."""
    schema: dict[str, Any] = ProcessedInvoice.model_json_schema(mode="serialization")
    return OrjsonResponse(schema, media_type="application/schema+json")


@open_to_all.get("/health/live", summary="The process answers")
async def live() -> ProbeOut:
    """For restarts: says nothing about whether documents can be processed."""
    return ProbeOut(status="alive")


@open_to_all.get("/health/ready", summary="Documents can be processed", responses=errors(503))
async def ready(service: Service) -> ProbeOut:
    """For load balancers and start-up checks; 503 with the reason otherwise."""
    found = await service.status.health()
    if found.status == "unhealthy":
        reasons = [
            f"{name}: {each.detail}"
            for name, each in found.services.items()
            if each.state.value == "unavailable"
        ]
        raise ApiError(503, "Not ready. " + " ".join(reasons), retry_after=10)
    return ProbeOut(status="ready")
