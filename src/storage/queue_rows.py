"""The queue within the rows of documents: waiting, claimed, called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.document import Document, Job, JobState, Step
from src.domain.errors import Conflict, NotFound
from src.domain.history import BY_SERVICE, Action, FieldChange, Revision
from src.domain.results import Failure
from src.ports import Clock
from src.storage.history import write_event
from src.storage.rows import document_of, failure_values
from src.storage.tables import documents

# Nothing is postponed for longer: a time beyond was written before the clock was set back.
_LONGEST_POSTPONEMENT = timedelta(hours=1)


class QueueRows:
    """The part of `DocumentRepository` that moves jobs before they end."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def cancel(self, document_id: str, *, by: str) -> None:
        row = await self._existing(document_id)
        _refuse_unless_queued(row, "called off")
        values = {"state": JobState.CANCELLED.value, "finished_at": self._clock()}
        await self._change(document_id, {**values, "next_attempt_at": None})
        await self._note(row, Revision(by=by, action=Action.CANCELLED))

    async def prioritise(self, document_id: str, priority: int, *, by: str) -> None:
        row = await self._existing(document_id)
        _refuse_unless_queued(row, "moved in the queue")
        if row.priority == -priority:
            return
        await self._change(document_id, {"priority": -priority})
        change = FieldChange(field="priority", before=str(-row.priority), after=str(priority))
        await self._note(row, Revision(by=by, action=Action.PRIORITISED, changes=(change,)))

    async def requeue(self, document_id: str, engine: str | None, *, by: str = BY_SERVICE) -> None:
        """The result of an earlier run stays until the new one replaces it."""
        row = await self._existing(document_id)
        refuse_running(row, "started again")
        await self._change(
            document_id,
            {
                **waiting_again(),
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
        told = None if engine is None else f"By the engine {engine}."
        await self._note(row, Revision(by=by, action=Action.REPROCESSED, reason=told))

    async def claim_next(self, now: datetime) -> tuple[Job, Document, str | None] | None:
        column = documents.c
        statement = (
            select(documents)
            .where(
                column.state == JobState.QUEUED.value,
                or_(
                    column.next_attempt_at.is_(None),
                    column.next_attempt_at <= now,
                    column.next_attempt_at > now + _LONGEST_POSTPONEMENT,
                ),
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

    async def release(self, document_id: str) -> None:
        column = documents.c
        await self._connection.execute(
            update(documents)
            .where(column.id == document_id, column.state == JobState.RUNNING.value)
            .values(**waiting_again(), attempt=column.attempt - 1, started_at=None)
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

    async def postpone(
        self, document_id: str, failure: Failure, until: datetime, *, spend_attempt: bool
    ) -> None:
        row = await self._existing(document_id)
        await self._change(
            document_id,
            {
                **waiting_again(),
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
            raise unknown(document_id)
        return row

    async def _change(self, document_id: str, values: dict[str, object]) -> None:
        await self._connection.execute(
            update(documents).where(documents.c.id == document_id).values(**values)
        )

    async def _note(
        self,
        row: Row[Any],
        revision: Revision,
        *,
        version: int | None = None,
        replaced: str | None = None,
    ) -> None:
        await write_event(
            self._connection,
            row.id,
            revision,
            at=self._clock(),
            version=row.version if version is None else version,
            replaced=replaced,
        )


def waiting_again() -> dict[str, object]:
    return {"state": JobState.QUEUED.value, "step": Step.WAITING.value, "progress": 0.0}


def refuse_running(row: Row[Any], what: str) -> None:
    if row.state == JobState.RUNNING.value:
        raise Conflict(
            f"Document {row.id} is being processed and cannot be {what} now; "
            "wait until it has ended."
        )


def _refuse_unless_queued(row: Row[Any], what: str) -> None:
    if row.state != JobState.QUEUED.value:
        raise Conflict(
            f"Document {row.id} is {row.state} and cannot be {what}; only queued ones can."
        )


def unknown(document_id: str) -> NotFound:
    return NotFound(f"There is no result {document_id!r}; GET /results lists those there are.")
