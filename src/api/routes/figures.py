"""Figures over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from src.api.dependencies import Service
from src.api.figure_presenting import amounts_out, failures_out, series_out
from src.api.figure_schemas import AmountsOut, FailuresOut, TimeSeriesOut
from src.api.gate import admitted
from src.api.openapi import errors
from src.domain.figures import Width

router = APIRouter(
    prefix="/stats",
    tags=["figures"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 500, 503),
)

Days = Annotated[int, Query(ge=1, le=366, description="The last days, today included (UTC)")]


@router.get("/timeseries", summary="Work over time")
async def timeseries(service: Service, days: Days = 30, by: Width = Width.DAY) -> TimeSeriesOut:
    """Every bucket is there, empty ones too; by the hour 41 days at most."""
    return series_out(await service.figures.series(days, by))


@router.get("/errors", summary="Failures by kind and day")
async def failures(service: Service, days: Days = 30) -> FailuresOut:
    """Documents that failed in that time and are still failed."""
    return failures_out(await service.figures.failures(days))


@router.get("/amounts", summary="Amounts by currency and vendor")
async def amounts(service: Service, days: Days = 30) -> AmountsOut:
    """Of invoices processed in that time; rejected ones and statements are left out, credit
    notes count against the sum."""
    return amounts_out(await service.figures.amounts(days))
