"""Documents, jobs and results in a real SQLite file."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest

from src.domain.document import JobState, Step
from src.domain.errors import Conflict, NotFound
from src.domain.review import ReviewStatus
from src.storage.unit_of_work import SqlUnitOfWork
from tests.storage.factory import BROKEN, MORNING, PASSING, Hands, document, result

SECOND = timedelta(seconds=1)


async def test_a_document_comes_back_as_it_was_added(uow: SqlUnitOfWork) -> None:
    kept = document()
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
    async with uow() as documents:
        record = await documents.get(kept.id)
        assert await documents.result(kept.id) is None
    assert record.document == kept
    assert (record.state, record.step, record.progress) == (JobState.QUEUED, Step.WAITING, 0.0)
    assert record.queued_at == MORNING
    assert record.queued_at.utcoffset() == timedelta(0)
    assert (record.started_at, record.finished_at, record.failure) == (None, None, None)


async def test_a_result_comes_back_digit_by_digit(uow: SqlUnitOfWork, clock: Hands) -> None:
    kept = document()
    made = result(kept, total=Decimal("119.10"), findings=("total-mismatch", "iban", "iban"))
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        await documents.claim_next(MORNING)
        clock.now += SECOND
        await documents.succeed(kept.id, made, 0.75)
    async with uow() as documents:
        record = await documents.get(kept.id)
        assert await documents.result(kept.id) == made
    assert str(record.total) == "119.10"
    assert (record.state, record.step, record.progress) == (JobState.SUCCEEDED, Step.DONE, 1.0)
    assert (record.started_at, record.finished_at) == (MORNING, MORNING + SECOND)
    assert (record.attempt, record.seconds, record.engine) == (1, 0.75, "layout")
    assert record.review_status is ReviewStatus.ACCEPTED
    assert record.finding_codes == ("total-mismatch", "iban")
    assert record.vendor_name == "Malerbetrieb Größe GmbH"
    assert record.customer_name == "Hausverwaltung"
    assert (record.invoice_number, record.currency) == ("RE-2026/0042", "EUR")
    assert (record.invoice_date, record.due_date) == (date(2026, 3, 1), date(2026, 4, 1))
    assert record.document_type == "invoice"


async def test_adding_a_known_id_changes_nothing(uow: SqlUnitOfWork) -> None:
    kept = document()
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.FAILED, BROKEN)
        await documents.add(document(kept.id, digest="f" * 64), JobState.QUEUED, None)
        record = await documents.get(kept.id)
    assert (record.document, record.state, record.failure) == (kept, JobState.FAILED, BROKEN)


async def test_unknown_ids_are_not_found(uow: SqlUnitOfWork) -> None:
    missing = document()
    async with uow(write=True) as documents:
        for call in (
            documents.get(missing.id),
            documents.result(missing.id),
            documents.hide(missing.id, "deleted/x"),
            documents.requeue(missing.id, None),
            documents.succeed(missing.id, result(missing), 1.0),
            documents.fail(missing.id, BROKEN, 1.0),
            documents.postpone(missing.id, PASSING, MORNING, spend_attempt=True),
        ):
            with pytest.raises(NotFound):
                await call


async def test_the_owner_of_bytes_is_the_first_good_document(uow: SqlUnitOfWork) -> None:
    digest = "a" * 64
    refused = document(digest=digest, received_at=MORNING - 3 * SECOND, media_type=None)
    deleted = document(digest=digest, received_at=MORNING - 2 * SECOND)
    owner = document(digest=digest, received_at=MORNING)
    copy = document(digest=digest, received_at=MORNING - SECOND, duplicate_of=owner.id)
    async with uow(write=True) as documents:
        await documents.add(refused, JobState.FAILED, BROKEN)
        await documents.add(deleted, JobState.QUEUED, None)
        await documents.hide(deleted.id, deleted.stored_as)
        assert await documents.first_with_digest(digest) is None
        await documents.add(owner, JobState.QUEUED, None)
        await documents.add(copy, JobState.SUCCEEDED, None)
        assert await documents.first_with_digest(digest) == owner
        assert await documents.first_with_digest("b" * 64) is None
        await documents.claim_next(MORNING)
        await documents.fail(owner.id, BROKEN, 1.0)
        # It was taken, and its reading may be tried again: it still owns its bytes.
        assert await documents.first_with_digest(digest) == owner


async def test_two_takers_of_the_same_bytes_make_one_owner(uow: SqlUnitOfWork) -> None:
    async def take() -> bool:
        async with uow(write=True) as documents:
            first = await documents.first_with_digest("c" * 64)
            await asyncio.sleep(0.01)
            if first is None:
                await documents.add(document(digest="c" * 64), JobState.QUEUED, None)
            return first is None

    taken = await asyncio.gather(*(take() for _ in range(8)))
    assert sum(taken) == 1


async def test_jobs_run_oldest_first_and_one_at_a_time(uow: SqlUnitOfWork, clock: Hands) -> None:
    early, late = document(), document()
    async with uow(write=True) as documents:
        await documents.add(early, JobState.QUEUED, None)
        clock.now += SECOND
        await documents.add(late, JobState.QUEUED, None)
    async with uow(write=True) as documents:
        claimed = [await documents.claim_next(clock.now) for _ in range(3)]
        assert (await documents.get(early.id)).started_at == clock.now
    assert claimed[2] is None
    jobs = [claim[0] for claim in claimed if claim]
    assert [job.document_id for job in jobs] == [early.id, late.id]
    assert {(job.attempt, job.state) for job in jobs} == {(1, JobState.RUNNING)}


async def test_a_postponed_job_waits_until_it_is_due(uow: SqlUnitOfWork) -> None:
    kept = document()
    due = MORNING + timedelta(seconds=30)
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        assert await documents.next_due() is None
        await documents.claim_next(MORNING)
        await documents.postpone(kept.id, PASSING, due, spend_attempt=True)
        assert await documents.next_due() == due
        record = await documents.get(kept.id)
        assert (record.next_attempt_at, record.failure, record.attempt) == (due, PASSING, 1)
        assert await documents.claim_next(due - SECOND) is None
        claimed = await documents.claim_next(due)
        assert claimed is not None
        assert claimed[0].attempt == 2
        await documents.postpone(kept.id, PASSING, due, spend_attempt=False)
        assert (await documents.get(kept.id)).attempt == 1
        await documents.claim_next(due)
        await documents.succeed(kept.id, result(kept), 1.0)
        record = await documents.get(kept.id)
    assert (record.state, record.failure, record.next_attempt_at) == (
        JobState.SUCCEEDED,
        None,
        None,
    )


async def test_a_clock_that_is_set_back_makes_no_job_wait_for_days(uow: SqlUnitOfWork) -> None:
    kept = document()
    tomorrow = MORNING + timedelta(days=1)
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        await documents.claim_next(tomorrow)
        until = tomorrow + timedelta(minutes=5)
        await documents.postpone(kept.id, PASSING, until, spend_attempt=True)
        assert await documents.claim_next(tomorrow) is None
        assert await documents.claim_next(MORNING) is not None


async def test_progress_is_of_running_jobs_only(uow: SqlUnitOfWork) -> None:
    kept = document()
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        await documents.progress(kept.id, Step.READING, 0.5)
        assert (await documents.get(kept.id)).progress == 0.0
        await documents.claim_next(MORNING)
        await documents.progress(kept.id, Step.READING, 1.5)
        record = await documents.get(kept.id)
    assert (record.step, record.progress) == (Step.READING, 1.0)


async def test_a_retried_document_keeps_its_result_until_a_new_one(uow: SqlUnitOfWork) -> None:
    kept = document()
    first = result(kept, findings=("total-mismatch",))
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        await documents.claim_next(MORNING)
        with pytest.raises(Conflict):
            await documents.requeue(kept.id, None)
        await documents.succeed(kept.id, first, 1.0)
        await documents.requeue(kept.id, "null")
        record = await documents.get(kept.id)
        assert (record.state, record.attempt) == (JobState.QUEUED, 0)
        claimed = await documents.claim_next(MORNING)
        assert claimed is not None
        assert claimed[2] == "null"
        await documents.fail(kept.id, BROKEN, 2.0)
        record = await documents.get(kept.id)
        assert (record.state, record.failure, record.seconds) == (JobState.FAILED, BROKEN, 2.0)
        assert await documents.result(kept.id) == first
        await documents.requeue(kept.id, None)
        claimed = await documents.claim_next(MORNING)
        assert claimed is not None
        assert claimed[2] is None
        second = result(kept, total=Decimal("7"), findings=("iban",), engine="einvoice")
        await documents.succeed(kept.id, second, 1.0)
        record = await documents.get(kept.id)
        assert await documents.result(kept.id) == second
    assert (record.finding_codes, record.engine) == (("iban",), "einvoice")
    assert record.total == 7


async def test_a_deleted_result_is_gone_and_its_waiting_job_with_it(uow: SqlUnitOfWork) -> None:
    waiting, running = document(), document()
    async with uow(write=True) as documents:
        await documents.add(running, JobState.QUEUED, None)
        await documents.claim_next(MORNING)
        await documents.add(waiting, JobState.QUEUED, None)
        with pytest.raises(Conflict):
            await documents.hide(running.id, "deleted/x")
        await documents.hide(waiting.id, "deleted/x")
        with pytest.raises(NotFound):
            await documents.get(waiting.id)
        with pytest.raises(NotFound):
            await documents.hide(waiting.id, "deleted/x")
        assert await documents.claim_next(MORNING) is None


async def test_jobs_of_a_dead_process_run_again_but_not_for_ever(uow: SqlUnitOfWork) -> None:
    kept = document()
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        for _ in range(2):
            await documents.claim_next(MORNING)
            outcome = await documents.requeue_running(3)
            assert (outcome.queued, outcome.abandoned) == (1, ())
        await documents.claim_next(MORNING)
        outcome = await documents.requeue_running(3)
        record = await documents.get(kept.id)
    assert (outcome.queued, outcome.abandoned) == (0, (kept,))
    assert (record.state, record.failure) == (JobState.FAILED, outcome.failure)


async def test_one_crash_is_forgiven_even_without_retries(uow: SqlUnitOfWork) -> None:
    async with uow(write=True) as documents:
        await documents.add(document(), JobState.QUEUED, None)
        await documents.claim_next(MORNING)
        assert (await documents.requeue_running(1)).queued == 1


async def test_a_released_job_has_not_been_tried(uow: SqlUnitOfWork) -> None:
    kept = document()
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        await documents.release(kept.id)
        assert (await documents.get(kept.id)).attempt == 0
        await documents.claim_next(MORNING)
        await documents.release(kept.id)
        record = await documents.get(kept.id)
    assert (record.state, record.attempt, record.started_at) == (JobState.QUEUED, 0, None)


async def test_statistics_count_work_once(uow: SqlUnitOfWork) -> None:
    async with uow() as documents:
        empty = await documents.statistics()
    assert (empty.total_processed, empty.pending, empty.average_processing_time) == (0, 0, 0.0)
    good, doubtful, gone, copied = (document() for _ in range(4))
    async with uow(write=True) as documents:
        for kept, status, seconds in (
            (good, ReviewStatus.ACCEPTED, 1.0),
            (doubtful, ReviewStatus.NEEDS_REVIEW, 2.0),
            (gone, ReviewStatus.NEEDS_REVIEW, 6.0),
        ):
            await documents.add(kept, JobState.QUEUED, None)
            await documents.claim_next(MORNING)
            await documents.succeed(kept.id, result(kept, review_status=status), seconds)
        await documents.hide(gone.id, "deleted/x")
        await documents.add(
            document(duplicate_of=good.id, digest=good.digest), JobState.SUCCEEDED, None
        )
        await documents.add(document(media_type=None), JobState.FAILED, BROKEN)
        await documents.add(copied, JobState.QUEUED, None)
        await documents.claim_next(MORNING)
        await documents.add(document(), JobState.QUEUED, None)
        statistics = await documents.statistics()
    assert (statistics.successful, statistics.failed, statistics.total_processed) == (3, 1, 4)
    assert (statistics.pending, statistics.processing, statistics.needs_review) == (1, 1, 1)
    assert statistics.average_processing_time == pytest.approx(3.0)
