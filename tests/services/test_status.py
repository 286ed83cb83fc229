from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from src.domain.candidate import EngineState, Readiness
from src.domain.results import IntakeReceipt
from src.engines.null import NullEngine
from src.ports import WatchState
from src.services.status import ServiceState, StatusService
from tests.services.conftest import House
from tests.services.stand_ins import FaultyEngine, FixedSelector


@dataclass
class Queue:
    running: bool = True

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def wake(self) -> None: ...

    async def idle(self) -> None: ...


@dataclass
class Watch:
    running: bool = True
    mode: str = "events"
    blocked: bool = False

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def scan(self, *, force: bool = False) -> tuple[IntakeReceipt, ...]:
        return ()

    async def take_path(self, path: Path, *, force: bool) -> IntakeReceipt:
        raise NotImplementedError

    def state(self) -> WatchState:
        return WatchState(
            running=self.running, mode=self.mode, detail="as told", blocked=self.blocked
        )


class Unavailable(FaultyEngine):
    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.UNAVAILABLE, detail="down", remedy="start it")


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def _status(house: House, **parts: object) -> StatusService:
    return StatusService(
        uow=house.uow,
        queue=parts.get("queue", Queue()),  # type: ignore[arg-type]
        watch=parts.get("watch", Watch()),  # type: ignore[arg-type]
        selector=FixedSelector([parts.get("engine", FaultyEngine(ValueError()))]),  # type: ignore[list-item]
        generated_folder=house.folder,
        clock=house.clock,
    )


async def test_all_well(house: House) -> None:
    health = await _status(house).health()
    assert health.status == "healthy"
    assert set(health.services) == {"invoice_processor", "file_monitor", "ai_model"}


async def test_a_stopped_queue_is_unhealthy(house: House) -> None:
    health = await _status(house, queue=Queue(running=False)).health()
    assert health.status == "unhealthy"
    assert health.services["invoice_processor"].remedy


@pytest.mark.parametrize(
    ("mode", "state", "status"),
    [
        ("events", ServiceState.UNAVAILABLE, "degraded"),
        ("off", ServiceState.HEALTHY, "healthy"),
    ],
)
async def test_a_folder_that_is_not_watched(
    house: House, mode: str, state: ServiceState, status: str
) -> None:
    health = await _status(house, watch=Watch(running=False, mode=mode)).health()
    assert (health.services["file_monitor"].state, health.status) == (state, status)


async def test_files_that_cannot_be_taken_are_told(house: House) -> None:
    health = await _status(house, watch=Watch(blocked=True)).health()
    monitor = health.services["file_monitor"]
    assert (monitor.state, health.status) == (ServiceState.DEGRADED, "degraded")
    assert monitor.detail == "as told"
    assert monitor.remedy


@pytest.mark.parametrize("engine", [NullEngine(), Unavailable(ValueError())])
async def test_an_engine_that_cannot_work_degrades(house: House, engine: object) -> None:
    health = await _status(house, engine=engine).health()
    assert health.status == "degraded"
    assert health.services["ai_model"].remedy


async def test_a_full_disk_is_told_with_the_remedy(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, 1024**2))
    health = await _status(house).health()
    assert health.services["invoice_processor"].state is ServiceState.DEGRADED
    assert str(house.folder) in str(health.services["invoice_processor"].remedy)


async def test_the_details_hold_what_an_operator_asks_for(house: House) -> None:
    details = await _status(house).details()
    assert details.disk_free_bytes > 0
    assert details.memory_rss_bytes > 0
    assert details.uptime_seconds >= 0
    assert set(details.engines) == {"faulty"}
    assert details.started_at == house.clock()
