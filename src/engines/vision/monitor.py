"""Keeps the last known state of the model's server, so that asking for it costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from loguru import logger

from src.domain.candidate import EngineState, Readiness
from src.engines.vision.readiness import Seen, ServerProbe

log = logger.bind(channel="processing")

# Seconds between two looks at a server that works; one that does not is looked at more often.
INTERVAL_SECONDS = 15.0
# A start waits this long for a first impression, not for a model to load.
FIRST_LOOK_SECONDS = 2.0

UNKNOWN = Seen(
    readiness=Readiness(
        state=EngineState.DEGRADED,
        detail="The model's server has not been looked at yet.",
        remedy="Wait a moment, or ask for a document to be read by it.",
    )
)


class ReadinessMonitor:
    """`seen` is what was found last. `start` looks in the background until `stop`."""

    def __init__(
        self,
        probe: ServerProbe,
        *,
        is_proved: Callable[[float], bool],
        on_found: Callable[[Seen], None],
        interval_seconds: float = INTERVAL_SECONDS,
    ) -> None:
        """`is_proved(seconds)` says whether the server answered a question that recently: then
        it is not bothered. `on_found` hears of every finished look."""
        self._probe = probe
        self._is_proved = is_proved
        self._on_found = on_found
        self._interval = interval_seconds
        self._look_now = asyncio.Event()
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.seen = UNKNOWN

    @property
    def has_looked(self) -> bool:
        return self.seen is not UNKNOWN

    @property
    def running(self) -> bool:
        return self._task is not None

    async def start(self) -> None:
        """Idempotent. Returns after a first impression, or soon without one."""
        if self._task is not None:
            return
        self._task = asyncio.create_task(self._watch(), name="model readiness")
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_LOOK_SECONDS):
                await self._impression()

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def doubt(self, readiness: Readiness) -> None:
        """A question met a server that is down: that is the state until the next look."""
        self.seen = replace(self.seen, readiness=readiness)
        self._look_now.set()

    async def look(self, *, load: bool = False) -> Seen:
        """One whole look now; those who ask meanwhile get its outcome.

        A model that was loaded needs no loading, unless `load` asks for it as a proof: its next
        question brings it back.
        """
        if self._looking.locked():
            async with self._looking:
                return self.seen
        async with self._looking:
            seen = await self._probe.look(load=load or not self._is_ready)
            self._found(seen)
            return seen

    async def _impression(self) -> None:
        """Whether the server is there, without waiting for the model to load."""
        seen = await self._probe.look(load=False)
        if self.has_looked:
            return
        if seen.readiness.state is EngineState.READY:
            loading = Readiness(
                state=EngineState.DEGRADED,
                detail=f"{seen.readiness.detail.removesuffix(' answers.')} is being loaded.",
                remedy="Wait until it is loaded; a large model takes minutes.",
            )
            self.seen = replace(seen, readiness=loading)
        else:
            self.seen = seen

    async def _watch(self) -> None:
        while True:
            self._look_now.clear()
            if not (self._is_ready and self._is_proved(self._interval)):
                await self.look()
            wait = self._interval if self._is_ready else self._interval / 3
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._look_now.wait()

    @property
    def _is_ready(self) -> bool:
        return self.seen.readiness.state is EngineState.READY

    def _found(self, seen: Seen) -> None:
        before, self.seen = self.seen.readiness, seen
        if seen.readiness.state is not before.state:
            ready = seen.readiness.state is EngineState.READY
            log.log(
                "INFO" if ready else "WARNING",
                "the vision model is {}: {} {}",
                seen.readiness.state.value,
                seen.readiness.detail,
                seen.readiness.remedy or "",
            )
        self._on_found(seen)
