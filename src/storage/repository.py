"""Rows of documents, jobs and results, within one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from src.domain.document import Document, JobState, Step
from src.domain.errors import WorkerCrashed
from src.domain.figures import AmountFigures, Bucket, FailureFigures, Width
from src.domain.history import (
    BY_SERVICE,
    Action,
    HistoryEntry,
    ReviewQueue,
    Revision,
)
from src.domain.results import (
    Failure,
    ProcessedInvoice,
    ResultPage,
    ResultQuery,
    ResultRecord,
    Statistics,
)
from src.domain.review import ReviewStatus
from src.ports import RestartOutcome
from src.storage import figures
from src.storage.history import read_history, write_event
from src.storage.knowledge_rows import KnowledgeRows
from src.storage.listing import fetch_page, finding_codes
from src.storage.queue_rows import QueueRows, refuse_running, unknown, waiting_again
from src.storage.result_rows import replace_rows
from src.storage.review_queue import fetch_next
from src.storage.rows import (
    document_of,
    document_values,
    everything,
    failure_values,
    record_of,
    result_values,
    select_records,
)
from src.storage.tables import documents, processing_results

# Even without retries a job survives one crash, which another job may have caused.
_LEAST_ATTEMPTS_AFTER_CRASH = 2


class SqlDocumentRepository(QueueRows, KnowledgeRows):
    """`DocumentRepository` on one connection, inside the caller's transaction."""

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
        copy_of = document.duplicate_of and f"The same bytes as {document.duplicate_of}."
        received = Revision(by=document.origin.value, action=Action.RECEIVED, reason=copy_of)
        await write_event(self._connection, document.id, received, at=now, version=0)
        if failure is not None:
            refused = Revision(by=BY_SERVICE, action=Action.FAILED, reason=failure.message)
            await write_event(self._connection, document.id, refused, at=now, version=0)

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
            raise unknown(document_id)
        codes = await finding_codes(self._connection, [row.result_id] if row.result_id else [])
        return record_of(row, codes.get(row.result_id, ()))

    async def result(self, document_id: str) -> ProcessedInvoice | None:
        await self._existing(document_id)
        payload = await self._payload(document_id)
        if payload is None:
            return None
        # Hundreds of lines take a moment to parse; the event loop must not wait for it.
        return await asyncio.to_thread(ProcessedInvoice.model_validate_json, payload)

    async def results(self, document_ids: Sequence[str]) -> dict[str, ProcessedInvoice]:
        table = processing_results
        statement = select(table.c.document_id, table.c.payload).where(
            table.c.document_id.in_(document_ids), table.c.payload.is_not(None)
        )
        rows = (await self._connection.execute(statement)).all()
        return await asyncio.to_thread(_parsed, [(row.document_id, row.payload) for row in rows])

    async def query(self, query: ResultQuery) -> ResultPage:
        return await fetch_page(self._connection, query)

    async def statistics(self) -> Statistics:
        return await figures.statistics(self._connection)

    async def series(self, since: datetime, width: Width) -> dict[datetime, Bucket]:
        return await figures.series(self._connection, since, width)

    async def failures(self, since: datetime) -> FailureFigures:
        return await figures.failures(self._connection, since)

    async def amounts(self, since: datetime) -> AmountFigures:
        return await figures.amounts(self._connection, since)

    async def history(self, document_id: str) -> tuple[HistoryEntry, ...]:
        await self._existing(document_id)
        return await read_history(self._connection, document_id)

    async def next_to_review(self, status: ReviewStatus, after: str | None) -> ReviewQueue:
        return await fetch_next(self._connection, status, after)

    async def hide(self, document_id: str, stored_as: str, *, by: str = BY_SERVICE) -> None:
        row = await self._existing(document_id)
        refuse_running(row, "deleted")
        now = self._clock()
        values: dict[str, object] = {"deleted_at": now, "stored_as": stored_as}
        if row.state == JobState.QUEUED.value:
            values |= {"state": JobState.CANCELLED.value, "finished_at": now}
        await self._change(document_id, values)
        await self._note(row, Revision(by=by, action=Action.DELETED))

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
        await self._connection.execute(again.values(**waiting_again()))
        return RestartOutcome(
            queued=len(rows) - len(used_up),
            abandoned=tuple(document_of(row) for row in used_up),
            failure=failure,
        )

    async def succeed(self, document_id: str, result: ProcessedInvoice, seconds: float) -> None:
        row = await self._existing(document_id)
        await self._end(row, JobState.SUCCEEDED, None, seconds)
        await self._change(document_id, {"version": row.version + 1})
        replaced = await self._payload(document_id)
        await self._record_run(row, JobState.SUCCEEDED, seconds, result)
        await self._note(
            row,
            Revision(by=BY_SERVICE, action=Action.PROCESSED),
            version=row.version + 1,
            replaced=replaced,
        )

    async def revise(self, document_id: str, result: ProcessedInvoice, revision: Revision) -> None:
        row = await self._existing(document_id)
        await self._change(document_id, {"version": row.version + 1})
        # What the values were is in the changes; where they stood on the page is only here.
        replaced = await self._payload(document_id) if revision.changes else None
        await self._save(document_id, result)
        await self._note(row, revision, version=row.version + 1, replaced=replaced)

    async def fail(self, document_id: str, failure: Failure, seconds: float) -> None:
        """The result of an earlier run, if any, stays readable beside the failure."""
        row = await self._existing(document_id)
        await self._end(row, JobState.FAILED, failure, seconds)
        await self._record_run(row, JobState.FAILED, seconds)
        reason = failure.message
        await self._note(row, Revision(by=BY_SERVICE, action=Action.FAILED, reason=reason))

    async def _payload(self, document_id: str) -> str | None:
        table = processing_results
        statement = select(table.c.payload).where(table.c.document_id == document_id)
        payload: str | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return payload

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
    ) -> None:
        """Write how the run ended; what an earlier run read is replaced by a new result only."""
        run: dict[str, object] = {
            "status": state.value,
            "attempt": row.attempt,
            "seconds": seconds,
            "created_at": self._clock(),
        }
        table = processing_results
        changed = await self._connection.execute(
            update(table).where(table.c.document_id == row.id).values(**run)
        )
        if changed.rowcount == 0:
            result_id = row.id if result is None else result.id
            await self._connection.execute(
                insert(table).values(id=result_id, document_id=row.id, **run)
            )
        if result is not None:
            await self._save(row.id, result)

    async def _save(self, document_id: str, result: ProcessedInvoice) -> None:
        """Replace the result in the row of its run and everywhere it is searched by."""
        payload = await asyncio.to_thread(result.model_dump_json)
        table = processing_results
        await self._connection.execute(
            update(table)
            .where(table.c.document_id == document_id)
            .values(**result_values(result), payload=payload)
        )
        await replace_rows(self._connection, document_id, result)


def _parsed(rows: Sequence[tuple[str, str]]) -> dict[str, ProcessedInvoice]:
    return {key: ProcessedInvoice.model_validate_json(payload) for key, payload in rows}
