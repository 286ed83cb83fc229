"""Tells how far a running document is, without slowing quick ones down."""

from __future__ import annotations

import asyncio
from types import TracebackType

from loguru import logger

from src.domain.document import Step
from src.ports import UnitOfWork

log = logger.bind(channel="processing")

# A document that is done sooner than this is never reported on.
SECONDS_BETWEEN_REPORTS = 1.0

# Share of the whole work at which a step begins; reading is by far the longest.
_STARTS = {Step.READING: 0.0, Step.EXTRACTING: 0.85, Step.CHECKING: 0.95}


class ProgressReporter:
    """Writes the latest step at most once a second, from a task of its own."""

    def __init__(self, uow: UnitOfWork, document_id: str) -> None:
        self._uow = uow
        self._document_id = document_id
        self._step = Step.READING
        self._fraction = 0.0
        self._task: asyncio.Task[None] | None = None

    def at(self, step: Step) -> None:
        self._step, self._fraction = step, _STARTS[step]

    def page_read(self, done: int, of: int) -> None:
        self._fraction = _STARTS[Step.EXTRACTING] * done / max(of, 1)

    async def __aenter__(self) -> ProgressReporter:
        self._task = asyncio.create_task(self._report())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is None:
            return
        self._task.cancel()
        # Waits without raising: a report that failed must not fail the document.
        await asyncio.wait([self._task])
        if not self._task.cancelled() and self._task.exception():
            log.warning(
                "processing {}: no progress told: {}", self._document_id, self._task.exception()
            )

    async def _report(self) -> None:
        told: tuple[Step, float] | None = None
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_REPORTS)
            now = (self._step, self._fraction)
            if now != told:
                async with self._uow(write=True) as documents:
                    await documents.progress(self._document_id, *now)
                told = now
