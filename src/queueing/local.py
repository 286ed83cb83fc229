"""The queue of one machine: jobs run as tasks of this process.

The documents table is the truth. What is in memory only says when to look at it, so that
nothing is lost with the process: unfinished jobs are taken up at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from loguru import logger

from src.domain.document import Document, Job, JobState
from src.domain.errors import InvoiceAgentError, NotFound, StorageFailed
from src.domain.results import Failure
from src.ports import Clock, JobRunner, UnitOfWork

log = logger.bind(channel="processing")

Abandoned = Callable[[Document, Failure], Awaitable[None]]

# Waking a little late beats waking a little early and finding nothing due.
_LEAST_WAIT = 0.01
# How long a cancelled job may take to clean up.
_CANCEL_SECONDS = 5.0

_FAULT = Failure(
    code="internal_error",
    message="The service has a fault; errors.log tells more. Report it, and retry later.",
    retryable=False,
)


class LocalQueue:
    """`WorkQueue` with up to `batch_size` jobs at a time.

    A bug that a job raises ends that job as FAILED and no other. `max_attempts` counts all
    tries of a document (MAX_RETRY_ATTEMPTS + 1); it bounds how often one that kills the process
    is taken up again. `on_abandoned` is told of documents given up at start for that reason.
    """

    def __init__(
        self,
        *,
        uow: UnitOfWork,
        runner: JobRunner,
        clock: Clock,
        batch_size: int,
        max_attempts: int,
        shutdown_seconds: float,
        poll_seconds: float = 5.0,
        on_abandoned: Abandoned | None = None,
    ) -> None:
        self._uow = uow
        self._runner = runner
        self._clock = clock
        self._batch_size = batch_size
        self._max_attempts = max_attempts
        self._shutdown_seconds = shutdown_seconds
        # Work added without `wake()`, by another program say, is found after this long.
        self._poll_seconds = poll_seconds
        self._on_abandoned = on_abandoned
        self._awake = asyncio.Event()
        # Set whenever a job ended or the table was looked at in vain; `idle` waits for it.
        self._settled = asyncio.Event()
        self._jobs: dict[asyncio.Task[None], str] = {}
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def running(self) -> bool:
        return self._loop is not None and not self._loop.done()

    async def start(self) -> None:
        """Take up what a dead process left, then work in the background.

        Raises `StorageFailed` when the database cannot be used.
        """
        if self.running:
            return
        async with self._uow(write=True) as documents:
            outcome = await documents.requeue_running(self._max_attempts)
        if outcome.queued:
            log.info("processing taken up again: {} documents", outcome.queued)
        for document in outcome.abandoned:
            log.error("processing given up: {} ({})", document.name, document.id)
            if self._on_abandoned is not None:
                await self._on_abandoned(document, outcome.failure)
        self._stopping = False
        self._loop = asyncio.create_task(self._work(), name="queue")

    async def stop(self) -> None:
        loop, self._loop = self._loop, None
        if loop is None:
            return
        # Not cancelled: a job claimed in this moment would stay marked as running.
        self._stopping = True
        self._awake.set()
        await loop
        if self._jobs and self._shutdown_seconds > 0:
            await asyncio.wait(self._jobs, timeout=self._shutdown_seconds)
        unfinished = dict(self._jobs)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished, timeout=_CANCEL_SECONDS)
            await self._release(unfinished.values())

    def wake(self) -> None:
        self._awake.set()

    async def idle(self) -> None:
        while True:
            self._settled.clear()
            if not self._jobs:
                async with self._uow() as documents:
                    statistics = await documents.statistics()
                if statistics.pending == 0 and statistics.processing == 0:
                    return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), self._poll_seconds)

    async def _work(self) -> None:
        while not self._stopping:
            # Cleared before looking: a wake during the look leads to another look.
            self._awake.clear()
            wait = self._poll_seconds
            try:
                wait = await self._fill()
            except InvoiceAgentError as error:
                log.error("processing cannot look for work, tries again: {}", error.message)
            except Exception:  # edge of the process: the queue must not die
                log.exception("processing cannot look for work, tries again")
            self._settled.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), wait)

    async def _fill(self) -> float:
        """Start jobs until the batch is full or nothing is due; seconds until the next look."""
        while len(self._jobs) < self._batch_size and not self._stopping:
            claimed_at = self._clock()
            async with self._uow(write=True) as documents:
                claim = await documents.claim_next(claimed_at)
                due = None if claim else await documents.next_due()
            if claim is None:
                return self._until(due)
            job, document, engine = claim
            work = self._run(job, document, engine, claimed_at)
            task = asyncio.create_task(work, name=f"job {job.id}")
            self._jobs[task] = document.id
            task.add_done_callback(self._ended)
        return self._poll_seconds

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return self._poll_seconds
        seconds = (due - self._clock()).total_seconds() + _LEAST_WAIT
        return min(self._poll_seconds, max(_LEAST_WAIT, seconds))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._jobs.pop(task, None)
        self._awake.set()
        self._settled.set()

    async def _run(
        self, job: Job, document: Document, engine: str | None, claimed_at: datetime
    ) -> None:
        started = self._clock()
        try:
            await self._runner(job, document, engine)
        except StorageFailed as error:
            # The outcome could not be written; something is once the disk is well again.
            log.error("processing of {} ({}): {}", document.name, document.id, error.message)
            failure = Failure(code=error.code, message=error.message, retryable=True)
        except Exception:  # edge of the process: one job must not stop the others
            log.exception("processing of {} ({}) hit a fault", document.name, document.id)
            failure = _FAULT
        else:
            failure = _FAULT
        seconds = (self._clock() - started).total_seconds()
        await self._end_if_running(job, claimed_at, failure, max(0.0, seconds))

    async def _end_if_running(
        self, job: Job, claimed_at: datetime, failure: Failure, seconds: float
    ) -> None:
        """End a job whose runner left it without an outcome; repeats while the disk refuses.

        A job that was postponed may have been claimed again by now. It is told by the time of
        its claim, and is none of ours: the number of its attempt may be the same.
        """
        while True:
            try:
                async with self._uow() as documents:
                    record = await documents.get(job.document_id)
                if record.state is JobState.RUNNING and record.started_at == claimed_at:
                    await self._end(job, failure, seconds)
            except NotFound:
                return
            except StorageFailed as error:
                log.error("the end of {} is not written yet: {}", job.document_id, error.message)
                await asyncio.sleep(self._poll_seconds)
            else:
                return

    async def _end(self, job: Job, failure: Failure, seconds: float) -> None:
        async with self._uow(write=True) as documents:
            if failure.retryable and job.attempt < self._max_attempts:
                until = self._clock() + timedelta(seconds=self._poll_seconds)
                await documents.postpone(job.document_id, failure, until, spend_attempt=True)
                return
            await documents.fail(job.document_id, failure, seconds)
        log.error("processing failed: {}: {}", job.document_id, failure.message)

    async def _release(self, document_ids: Iterable[str]) -> None:
        try:
            async with self._uow(write=True) as documents:
                for document_id in document_ids:
                    await documents.release(document_id)
        except StorageFailed as error:
            log.warning("interrupted jobs stay marked as running: {}", error.message)
