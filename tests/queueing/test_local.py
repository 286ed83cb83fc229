"""The queue of one machine, over a real SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest

from src.domain.document import Document, Job, JobState
from src.domain.errors import StorageFailed
from src.domain.results import Failure, ResultRecord
from src.ports import DocumentRepository, UnitOfWork
from src.queueing.local import LocalQueue
from src.storage.unit_of_work import SqlUnitOfWork
from tests.queueing.conftest import now
from tests.storage.factory import PASSING, document, result

Work = Callable[[Job, Document, str | None], Awaitable[None]]


def queue(uow: UnitOfWork, work: Work, **changes: object) -> LocalQueue:
    options: dict[str, object] = {
        "batch_size": 3,
        "max_attempts": 3,
        "shutdown_seconds": 2.0,
        "poll_seconds": 0.05,
    }
    return LocalQueue(uow=uow, runner=work, clock=now, **(options | changes))  # type: ignore[arg-type]


async def add(uow: UnitOfWork, count: int = 1) -> list[Document]:
    added = [document() for _ in range(count)]
    async with uow(write=True) as documents:
        for one in added:
            await documents.add(one, JobState.QUEUED, None)
    return added


async def record_of(uow: UnitOfWork, one: Document) -> ResultRecord:
    async with uow() as documents:
        return await documents.get(one.id)


async def success_of(uow: UnitOfWork, one: Document) -> None:
    for _ in range(3000):
        if (await record_of(uow, one)).state is JobState.SUCCEEDED:
            return
        await asyncio.sleep(0.02)
    pytest.fail("the job did not succeed in a minute")


def finishing(uow: UnitOfWork) -> Work:
    async def work(job: Job, one: Document, engine: str | None) -> None:
        async with uow(write=True) as documents:
            await documents.succeed(one.id, result(one), 0.1)

    return work


async def test_jobs_run_side_by_side_up_to_the_batch_size(uow: SqlUnitOfWork) -> None:
    added = await add(uow, 20)
    running = most = 0
    finish = finishing(uow)
    full = asyncio.Event()

    async def work(job: Job, one: Document, engine: str | None) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 3:
            full.set()
        # However slowly jobs are claimed, the first three wait for each other.
        await full.wait()
        await asyncio.sleep(0.01)
        await finish(job, one, engine)
        running -= 1

    jobs = queue(uow, work)
    await jobs.start()
    await jobs.start()
    while_started = jobs.running
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()
    await jobs.stop()
    assert (while_started, jobs.running) == (True, False)
    assert most == 3
    assert {(await record_of(uow, one)).state for one in added} == {JobState.SUCCEEDED}


async def test_waking_finds_new_work_at_once(uow: SqlUnitOfWork) -> None:
    jobs = queue(uow, finishing(uow), poll_seconds=60.0)
    await jobs.start()
    await jobs.idle()
    await add(uow)
    jobs.wake()
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()


async def test_work_nobody_told_of_is_found_by_polling(uow: SqlUnitOfWork) -> None:
    jobs = queue(uow, finishing(uow))
    await jobs.start()
    await jobs.idle()
    await add(uow)
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()


async def test_a_postponed_job_runs_when_it_is_due(uow: SqlUnitOfWork) -> None:
    [one] = await add(uow)
    finish = finishing(uow)

    async def work(job: Job, one: Document, engine: str | None) -> None:
        if job.attempt == 2:
            await finish(job, one, engine)
            return
        async with uow(write=True) as documents:
            due = now() + timedelta(seconds=0.2)
            await documents.postpone(one.id, PASSING, due, spend_attempt=True)

    jobs = queue(uow, work, poll_seconds=60.0)
    await jobs.start()
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()
    assert (await record_of(uow, one)).attempt == 2


@pytest.mark.parametrize("poison", ["raises", "ends without an outcome"])
async def test_one_poisoned_job_stops_no_other(uow: SqlUnitOfWork, poison: str) -> None:
    bad, *good = await add(uow, 6)
    finish = finishing(uow)

    async def work(job: Job, one: Document, engine: str | None) -> None:
        if one.id != bad.id:
            await finish(job, one, engine)
        elif poison == "raises":
            raise RuntimeError("a bug")

    jobs = queue(uow, work)
    await jobs.start()
    await asyncio.wait_for(jobs.idle(), 10)
    await jobs.stop()
    failed = await record_of(uow, bad)
    assert failed.state is JobState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "internal_error"
    assert {(await record_of(uow, one)).state for one in good} == {JobState.SUCCEEDED}


async def test_a_job_that_is_claimed_again_at_once_is_left_alone(uow: SqlUnitOfWork) -> None:
    """Under load the next try may have begun before the one that postponed it has ended."""
    [one] = await add(uow)
    claimed_again, first_ended = asyncio.Event(), asyncio.Event()

    async def work(job: Job, one: Document, engine: str | None) -> None:
        if claimed_again.is_set():
            raise AssertionError("a third try")
        if jobs_begun:
            claimed_again.set()
            await first_ended.wait()
            await finishing(uow)(job, one, engine)
            return
        jobs_begun.append(job.id)
        async with uow(write=True) as documents:
            await documents.postpone(one.id, PASSING, now(), spend_attempt=False)
        jobs.wake()
        await claimed_again.wait()

    jobs_begun: list[str] = []
    jobs = queue(uow, work)
    await jobs.start()
    await claimed_again.wait()
    async with asyncio.timeout(30):
        # The first try has ended when one task is left.
        while len(_tasks_of_jobs()) > 1:  # noqa: ASYNC110 - the queue tells nobody
            await asyncio.sleep(0.01)
    assert (await record_of(uow, one)).state is JobState.RUNNING
    first_ended.set()
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()
    record = await record_of(uow, one)
    assert (record.state, record.attempt, record.failure) == (JobState.SUCCEEDED, 1, None)


def _tasks_of_jobs() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("job ")]


async def test_a_full_disk_postpones_until_attempts_are_used_up(uow: SqlUnitOfWork) -> None:
    [one] = await add(uow)
    tries = 0

    async def work(job: Job, one: Document, engine: str | None) -> None:
        nonlocal tries
        tries += 1
        raise StorageFailed("The disk is full. Free some space.")

    jobs = queue(uow, work)
    await jobs.start()
    await asyncio.wait_for(jobs.idle(), 10)
    await jobs.stop()
    record = await record_of(uow, one)
    assert tries == 3
    assert (record.state, record.attempt) == (JobState.FAILED, 3)
    assert record.failure == Failure(
        code="storage_failed", message="The disk is full. Free some space.", retryable=True
    )


async def test_a_database_that_refuses_for_a_while_stops_nothing(uow: SqlUnitOfWork) -> None:
    [one] = await add(uow)
    refusals = 0

    class Refusing:
        """The real transactions, refused for a while once jobs run."""

        def __call__(
            self, *, write: bool = False
        ) -> AbstractAsyncContextManager[DocumentRepository]:
            return self._refuse_or_open(write)

        @asynccontextmanager
        async def _refuse_or_open(self, write: bool):  # type: ignore[no-untyped-def]
            nonlocal refusals
            if jobs.running and refusals < 4:
                refusals += 1
                raise StorageFailed("The database is locked.")
            async with uow(write=write) as documents:
                yield documents

    async def work(job: Job, one: Document, engine: str | None) -> None:
        nonlocal refusals
        if job.attempt == 1:
            refusals = 2
            raise StorageFailed("The database is locked.")
        await finishing(uow)(job, one, engine)

    jobs = queue(Refusing(), work)
    await jobs.start()
    await success_of(uow, one)
    await jobs.stop()
    assert refusals == 4


async def test_a_document_deleted_under_its_job_is_no_fault(uow: SqlUnitOfWork) -> None:
    await add(uow)

    async def work(job: Job, one: Document, engine: str | None) -> None:
        await finishing(uow)(job, one, engine)
        async with uow(write=True) as documents:
            await documents.hide(one.id, one.stored_as)

    jobs = queue(uow, work)
    await jobs.start()
    await asyncio.wait_for(jobs.idle(), 30)
    assert jobs.running
    await jobs.stop()


async def test_stopping_lets_running_jobs_end(uow: SqlUnitOfWork) -> None:
    started = asyncio.Event()
    first, second = await add(uow, 2)
    finish = finishing(uow)

    async def work(job: Job, one: Document, engine: str | None) -> None:
        started.set()
        await asyncio.sleep(0.2)
        await finish(job, one, engine)

    jobs = queue(uow, work, batch_size=1)
    await jobs.start()
    await started.wait()
    await jobs.stop()
    assert (await record_of(uow, first)).state is not (await record_of(uow, second)).state
    states = {(await record_of(uow, one)).state for one in (first, second)}
    assert states == {JobState.SUCCEEDED, JobState.QUEUED}


@pytest.mark.parametrize("seconds", [0.0, 0.1])
async def test_what_does_not_end_in_time_is_taken_up_again(
    uow: SqlUnitOfWork, seconds: float
) -> None:
    [one] = await add(uow)
    started = asyncio.Event()

    async def endless(job: Job, one: Document, engine: str | None) -> None:
        started.set()
        await asyncio.sleep(3600)

    jobs = queue(uow, endless, shutdown_seconds=seconds)
    await jobs.start()
    await started.wait()
    await asyncio.wait_for(jobs.stop(), 30)
    record = await record_of(uow, one)
    # An orderly stop is no failed try.
    assert (record.state, record.attempt) == (JobState.QUEUED, 0)
    jobs = queue(uow, finishing(uow))
    await jobs.start()
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()
    assert (await record_of(uow, one)).attempt == 1


async def test_what_a_killed_process_left_is_taken_up_but_not_for_ever(
    uow: SqlUnitOfWork,
) -> None:
    innocent, killer = await add(uow, 2)
    async with uow(write=True) as documents:
        for _ in range(3):
            await documents.claim_next(now())
            await documents.requeue_running(9)
        await documents.claim_next(now())
        await documents.claim_next(now())
        attempts = {one.id: (await documents.get(one.id)).attempt for one in (innocent, killer)}
    given_up: list[tuple[str, str]] = []

    async def on_abandoned(one: Document, failure: Failure) -> None:
        given_up.append((one.id, failure.code))

    jobs = queue(uow, finishing(uow), max_attempts=4, on_abandoned=on_abandoned)
    await jobs.start()
    await asyncio.wait_for(jobs.idle(), 30)
    await jobs.stop()
    used_up = [document_id for document_id, attempt in attempts.items() if attempt >= 4]
    assert len(used_up) == 1
    assert given_up == [(used_up[0], "worker_crashed")]
    states = {one.id: (await record_of(uow, one)).state for one in (innocent, killer)}
    assert states.pop(used_up[0]) is JobState.FAILED
    assert set(states.values()) == {JobState.SUCCEEDED}
