"""Rows of documents, jobs and results, within one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.document import Document, Job, JobState, Step
from src.domain.errors import Conflict, NotFound, WorkerCrashed
from src.domain.results import (
    Failure,
    ProcessedInvoice,
    ResultPage,
    ResultQuery,
    ResultRecord,
    Statistics,
)
from src.domain.review import ReviewStatus
from src.ports import Clock, RestartOutcome
from src.storage.listing import fetch_page, finding_codes
from src.storage.rows import (
    document_of,
    document_values,
    everything,
    failure_values,
    invoice_values,
    record_of,
    result_values,
    select_records,
)
from src.storage.tables import documents, invoices, processing_results, result_findings

# The mean time is told over this many results.
_RECENT = 1000
# Even without retries a job survives one crash, which another job may have caused.
_LEAST_ATTEMPTS_AFTER_CRASH = 2


class SqlDocumentRepository:
    """`DocumentRepository` on one connection, inside the caller's transaction."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def add(self, document: Document, state: JobState, failure: Failure | None) -> None:
        known = select(documents.c.id).where(documents.c.id == document.id)
        if (await self._connection.execute(known)).first() is not None:
            return
        now = self._clock()
        finished = state not in (JobState.QUEUED, JobState.RUNNING)
        await self._connection.execute(
            insert(documents).values(
                **document_values(document),
                **failure_values(failure),
                linked=document.duplicate_of is not None and state is JobState.SUCCEEDED,
                state=state.value,
                attempt=0,
                priority=0,
                version=0,
                step=(Step.DONE if finished else Step.WAITING).value,
                progress=1.0 if finished else 0.0,
                queued_at=now,
                finished_at=now if finished else None,
            )
        )

    async def first_with_digest(self, digest: str) -> Document | None:
        refused = (documents.c.state == JobState.FAILED.value) & (documents.c.attempt == 0)
        statement = (
            select(documents)
            .where(
                documents.c.digest == digest,
                documents.c.duplicate_of.is_(None),
                documents.c.deleted_at.is_(None),
                ~refused,
            )
            .order_by(documents.c.received_at, documents.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(statement)).first()
        return None if row is None else document_of(row)

    async def get(self, document_id: str) -> ResultRecord:
        statement = (
            select_records()
            .select_from(everything())
            .where(documents.c.id == document_id, documents.c.deleted_at.is_(None))
        )
        row = (await self._connection.execute(statement)).first()
        if row is None:
            raise _unknown(document_id)
        codes = await finding_codes(self._connection, [row.result_id] if row.result_id else [])
        return record_of(row, codes.get(row.result_id, ()))

    async def result(self, document_id: str) -> ProcessedInvoice | None:
        await self._existing(document_id)
        statement = select(processing_results.c.payload).where(
            processing_results.c.document_id == document_id
        )
        payload = (await self._connection.execute(statement)).scalar_one_or_none()
        if payload is None:
            return None
        # Hundreds of lines take a moment to parse; the event loop must not wait for it.
        return await asyncio.to_thread(ProcessedInvoice.model_validate_json, payload)

    async def query(self, query: ResultQuery) -> ResultPage:
        return await fetch_page(self._connection, query)

    async def statistics(self) -> Statistics:
        """Linked duplicates never count. Hidden results stay in the totals of all time, but
        are neither work that waits nor invoices to review."""
        hidden = documents.c.deleted_at.is_not(None)
        counted: dict[tuple[str, bool], int] = {}
        by_state = (
            select(documents.c.state, hidden, func.count())
            .where(documents.c.linked.is_(False))
            .group_by(documents.c.state, hidden)
        )
        for state, is_hidden, count in await self._connection.execute(by_state):
            counted[state, bool(is_hidden)] = count

        def ever(state: JobState) -> int:
            return counted.get((state.value, True), 0) + counted.get((state.value, False), 0)

        return Statistics(
            successful=ever(JobState.SUCCEEDED),
            failed=ever(JobState.FAILED),
            pending=counted.get((JobState.QUEUED.value, False), 0),
            processing=counted.get((JobState.RUNNING.value, False), 0),
            needs_review=await self._count_needing_review(),
            average_processing_time=await self._recent_seconds(),
        )

    async def hide(self, document_id: str, stored_as: str) -> None:
        row = await self._existing(document_id)
        _refuse_running(row, "deleted")
        now = self._clock()
        values: dict[str, object] = {"deleted_at": now, "stored_as": stored_as}
        if row.state == JobState.QUEUED.value:
            values |= {"state": JobState.CANCELLED.value, "finished_at": now}
        await self._change(document_id, values)

    async def requeue(self, document_id: str, engine: str | None) -> None:
        """The result of an earlier run stays until the new one replaces it."""
        row = await self._existing(document_id)
        _refuse_running(row, "started again")
        await self._change(
            document_id,
            {
                **_waiting(),
                **failure_values(None),
                "attempt": 0,
                "linked": False,
                "requested_engine": engine,
                "queued_at": self._clock(),
                "next_attempt_at": None,
                "started_at": None,
                "finished_at": None,
                "seconds": None,
            },
        )

    async def claim_next(self, now: datetime) -> tuple[Job, Document, str | None] | None:
        column = documents.c
        statement = (
            select(documents)
            .where(
                column.state == JobState.QUEUED.value,
                or_(column.next_attempt_at.is_(None), column.next_attempt_at <= now),
            )
            .order_by(column.priority, column.queued_at, column.id)
            .limit(1)
            # SQLite's write lock is taken already; elsewhere two workers must not meet here.
            .with_for_update(skip_locked=True)
        )
        row = (await self._connection.execute(statement)).first()
        if row is None:
            return None
        attempt = row.attempt + 1
        await self._change(
            row.id,
            {
                "state": JobState.RUNNING.value,
                "attempt": attempt,
                "next_attempt_at": None,
                "started_at": now,
                "finished_at": None,
                "step": Step.WAITING.value,
                "progress": 0.0,
            },
        )
        job = Job(id=row.id, document_id=row.id, state=JobState.RUNNING, attempt=attempt)
        return job, document_of(row), row.requested_engine

    async def requeue_running(self, max_attempts: int) -> RestartOutcome:
        limit = max(max_attempts, _LEAST_ATTEMPTS_AFTER_CRASH)
        statement = select(documents).where(documents.c.state == JobState.RUNNING.value)
        rows = (await self._connection.execute(statement)).all()
        used_up = [row for row in rows if row.attempt >= limit]
        failure = Failure(
            code=WorkerCrashed.code,
            message=(
                f"The service ended {limit} times while it worked on this document, which may be "
                "the cause. Look at the original and at errors.log, then retry it by hand."
            ),
            retryable=True,
        )
        for row in used_up:
            await self.fail(row.id, failure, 0.0)
        again = update(documents).where(documents.c.state == JobState.RUNNING.value)
        await self._connection.execute(again.values(**_waiting()))
        return RestartOutcome(
            queued=len(rows) - len(used_up),
            abandoned=tuple(document_of(row) for row in used_up),
            failure=failure,
        )

    async def release(self, document_id: str) -> None:
        column = documents.c
        await self._connection.execute(
            update(documents)
            .where(column.id == document_id, column.state == JobState.RUNNING.value)
            .values(**_waiting(), attempt=column.attempt - 1, started_at=None)
        )

    async def next_due(self) -> datetime | None:
        statement = select(func.min(documents.c.next_attempt_at)).where(
            documents.c.state == JobState.QUEUED.value
        )
        due: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return due

    async def progress(self, document_id: str, step: Step, fraction: float) -> None:
        await self._connection.execute(
            update(documents)
            .where(documents.c.id == document_id, documents.c.state == JobState.RUNNING.value)
            .values(step=step.value, progress=min(1.0, max(0.0, fraction)))
        )

    async def succeed(self, document_id: str, result: ProcessedInvoice, seconds: float) -> None:
        row = await self._existing(document_id)
        payload = await asyncio.to_thread(result.model_dump_json)
        await self._end(row, JobState.SUCCEEDED, None, seconds)
        await self._record_run(row, JobState.SUCCEEDED, seconds, result, payload)
        for table, owner in (
            (result_findings, result_findings.c.result_id),
            (invoices, invoices.c.id),
        ):
            await self._connection.execute(delete(table).where(owner == result.id))
        values = invoice_values(result.invoice)
        await self._insert(invoices, [{"id": result.id, "document_id": document_id, **values}])
        await self._insert(
            result_findings,
            [
                {
                    "result_id": result.id,
                    "position": position,
                    "code": finding.code,
                    "severity": finding.severity.value,
                }
                for position, finding in enumerate(result.findings)
            ],
        )

    async def fail(self, document_id: str, failure: Failure, seconds: float) -> None:
        """The result of an earlier run, if any, stays readable beside the failure."""
        row = await self._existing(document_id)
        await self._end(row, JobState.FAILED, failure, seconds)
        await self._record_run(row, JobState.FAILED, seconds)

    async def postpone(
        self, document_id: str, failure: Failure, until: datetime, *, spend_attempt: bool
    ) -> None:
        row = await self._existing(document_id)
        await self._change(
            document_id,
            {
                **_waiting(),
                **failure_values(failure),
                "attempt": row.attempt if spend_attempt else max(0, row.attempt - 1),
                "next_attempt_at": until,
            },
        )

    async def _existing(self, document_id: str) -> Row[Any]:
        statement = select(documents).where(
            documents.c.id == document_id, documents.c.deleted_at.is_(None)
        )
        row = (await self._connection.execute(statement)).first()
        if row is None:
            raise _unknown(document_id)
        return row

    async def _change(self, document_id: str, values: dict[str, object]) -> None:
        await self._connection.execute(
            update(documents).where(documents.c.id == document_id).values(**values)
        )

    async def _insert(self, table: Table, rows: Sequence[dict[str, object]]) -> None:
        if rows:
            await self._connection.execute(insert(table), rows)

    async def _end(
        self, row: Row[Any], state: JobState, failure: Failure | None, seconds: float
    ) -> None:
        values: dict[str, object] = {
            **failure_values(failure),
            "state": state.value,
            "finished_at": self._clock(),
            "next_attempt_at": None,
            "requested_engine": None,
            "seconds": seconds,
        }
        if state is JobState.SUCCEEDED:
            values |= {"step": Step.DONE.value, "progress": 1.0}
        await self._change(row.id, values)

    async def _record_run(
        self,
        row: Row[Any],
        state: JobState,
        seconds: float,
        result: ProcessedInvoice | None = None,
        payload: str | None = None,
    ) -> None:
        """Write how the run ended; what an earlier run read is replaced by a new result only."""
        values: dict[str, object] = {
            "status": state.value,
            "attempt": row.attempt,
            "seconds": seconds,
            "created_at": self._clock(),
        }
        if result is not None:
            values |= {**result_values(result), "payload": payload}
        table = processing_results
        changed = await self._connection.execute(
            update(table).where(table.c.document_id == row.id).values(**values)
        )
        if changed.rowcount == 0:
            result_id = row.id if result is None else result.id
            await self._insert(table, [{"id": result_id, "document_id": row.id, **values}])

    async def _count_needing_review(self) -> int:
        statement = (
            select(func.count())
            .select_from(processing_results)
            .join(documents, documents.c.id == processing_results.c.document_id)
            .where(
                processing_results.c.review_status == ReviewStatus.NEEDS_REVIEW.value,
                documents.c.state == JobState.SUCCEEDED.value,
                documents.c.deleted_at.is_(None),
            )
        )
        return int((await self._connection.execute(statement)).scalar_one())

    async def _recent_seconds(self) -> float:
        recent = (
            select(processing_results.c.seconds)
            .where(processing_results.c.status == JobState.SUCCEEDED.value)
            .order_by(processing_results.c.created_at.desc())
            .limit(_RECENT)
            .subquery()
        )
        mean = (await self._connection.execute(select(func.avg(recent.c.seconds)))).scalar_one()
        return float(mean or 0.0)


def _waiting() -> dict[str, object]:
    return {"state": JobState.QUEUED.value, "step": Step.WAITING.value, "progress": 0.0}


def _refuse_running(row: Row[Any], what: str) -> None:
    if row.state == JobState.RUNNING.value:
        raise Conflict(
            f"Document {row.id} is being processed and cannot be {what} now; "
            "wait until it has ended."
        )


def _unknown(document_id: str) -> NotFound:
    return NotFound(f"There is no result {document_id!r}; GET /results lists those there are.")
