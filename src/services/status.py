"""Whether the service can work, and what to do if not."""

from __future__ import annotations

import asyncio
import platform
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import psutil

from src.domain.candidate import EngineState, Readiness
from src.domain.results import Statistics
from src.ports import Clock, EngineSelector, FolderWatch, UnitOfWork, WatchState, WorkQueue

# Below this many bytes the disk is about to refuse results.
LOW_DISK_BYTES = 512 * 1024 * 1024


class ServiceState(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHealth:
    state: ServiceState
    # One sentence for people.
    detail: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    # healthy: all can work; degraded: work goes on with a fallback; unhealthy: it does not.
    status: str
    services: dict[str, ServiceHealth]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    health: Health
    started_at: datetime
    uptime_seconds: float
    statistics: Statistics
    watch: WatchState
    engines: dict[str, Readiness]
    disk_free_bytes: int
    # Of this process without its workers.
    memory_rss_bytes: int
    python: str
    platform: str


class StatusService:
    def __init__(
        self,
        *,
        uow: UnitOfWork,
        queue: WorkQueue,
        watch: FolderWatch,
        selector: EngineSelector,
        generated_folder: Path,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._queue = queue
        self._watch = watch
        self._selector = selector
        self._generated_folder = generated_folder
        self._clock = clock
        self._started_at = clock()
        self._started = time.monotonic()

    @property
    def uptime_seconds(self) -> float:
        return time.monotonic() - self._started

    async def health(self) -> Health:
        services = {
            "invoice_processor": await self._processor(),
            "file_monitor": self._monitor(),
            "ai_model": _of_engine(await self._selector.readiness()),
        }
        states = [service.state for service in services.values()]
        if services["invoice_processor"].state is ServiceState.UNAVAILABLE:
            status = "unhealthy"
        elif any(state is not ServiceState.HEALTHY for state in states):
            status = "degraded"
        else:
            status = "healthy"
        return Health(status=status, services=services)

    async def details(self) -> SystemStatus:
        async with self._uow() as documents:
            statistics = await documents.statistics()
        return SystemStatus(
            health=await self.health(),
            started_at=self._started_at,
            uptime_seconds=self.uptime_seconds,
            statistics=statistics,
            watch=self._watch.state(),
            engines=await self._selector.all_readiness(),
            disk_free_bytes=await self._disk_free(),
            memory_rss_bytes=await asyncio.to_thread(lambda: psutil.Process().memory_info().rss),
            python=platform.python_version(),
            platform=await asyncio.to_thread(platform.platform),
        )

    async def _disk_free(self) -> int:
        usage = await asyncio.to_thread(shutil.disk_usage, self._generated_folder)
        return usage.free

    async def _processor(self) -> ServiceHealth:
        if not self._queue.running:
            return ServiceHealth(
                state=ServiceState.UNAVAILABLE,
                detail="The processing queue is not running.",
                remedy="Look into errors.log and restart the service.",
            )
        free = await self._disk_free()
        if free < LOW_DISK_BYTES:
            return ServiceHealth(
                state=ServiceState.DEGRADED,
                detail=f"Only {free // 1024**2} MB are free for results.",
                remedy=f"Free space on the disk of {self._generated_folder}.",
            )
        return ServiceHealth(state=ServiceState.HEALTHY, detail="Documents are being processed.")

    def _monitor(self) -> ServiceHealth:
        watch = self._watch.state()
        if watch.running and watch.blocked:
            return ServiceHealth(
                state=ServiceState.DEGRADED,
                detail=watch.detail,
                remedy="Nothing is lost: files wait in the incoming folder. Let the service's user "
                "read and write it, and free space on the disks.",
            )
        if watch.running or watch.mode == "off":
            # Switched off by the operator is a choice, not a fault.
            return ServiceHealth(state=ServiceState.HEALTHY, detail=watch.detail)
        return ServiceHealth(
            state=ServiceState.UNAVAILABLE,
            detail=watch.detail,
            remedy="Set WATCH_MODE=auto and restart, or send files with POST /upload.",
        )


_STATES = {
    EngineState.READY: ServiceState.HEALTHY,
    EngineState.DEGRADED: ServiceState.DEGRADED,
    EngineState.UNAVAILABLE: ServiceState.UNAVAILABLE,
}


def _of_engine(readiness: Readiness) -> ServiceHealth:
    return ServiceHealth(
        state=_STATES[readiness.state], detail=readiness.detail, remedy=readiness.remedy
    )
