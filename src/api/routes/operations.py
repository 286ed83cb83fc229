"""For operators: log entries and settings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from config.settings import LogLevel
from src.api.dependencies import CurrentSettings, Service
from src.api.figure_presenting import log_entries_out
from src.api.figure_schemas import LogEntriesOut, SettingsOut
from src.api.gate import admitted
from src.api.openapi import errors
from src.api.settings_presenting import settings_out

router = APIRouter(
    tags=["operations"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 500, 503),
)


@router.get("/logs/recent", summary="Latest log entries")
async def recent_logs(
    service: Service,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    level: Annotated[LogLevel, Query(description="At least")] = LogLevel.WARNING,
) -> LogEntriesOut:
    """From the ends of the log files; tracebacks stay there."""
    return log_entries_out(await service.logs.recent(limit, level.value))


@router.get("/settings", summary="Settings in force")
async def settings_in_force(settings: CurrentSettings) -> SettingsOut:
    """Every setting with its default and meaning. Secrets are not shown, only whether they are
    set."""
    return settings_out(settings)
