"""Results that wait for a person, oldest first."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.document import JobState
from src.domain.history import ReviewQueue
from src.domain.review import ReviewStatus
from src.storage.tables import documents, processing_results

_AT_WORK = (JobState.QUEUED.value, JobState.RUNNING.value)


async def fetch_next(
    connection: AsyncConnection, status: ReviewStatus, after: str | None
) -> ReviewQueue:
    """The order is that of the last runs; an unknown `after` starts at the oldest."""
    column = processing_results.c
    conditions = _waiting(status)
    if after is not None:
        place = (
            await connection.execute(
                select(column.created_at, column.document_id).where(column.document_id == after)
            )
        ).first()
        if place is not None:
            here = tuple_(column.created_at, column.document_id)
            conditions.append(here > tuple_(place.created_at, place.document_id))
    statement = (
        select(column.document_id)
        .join(documents, documents.c.id == column.document_id)
        .where(*conditions)
        .order_by(column.created_at, column.document_id)
        .limit(1)
    )
    found = (await connection.execute(statement)).scalar_one_or_none()
    return ReviewQueue(next_id=found, remaining=await count_waiting(connection, status))


async def count_waiting(connection: AsyncConnection, status: ReviewStatus) -> int:
    statement = (
        select(func.count())
        .select_from(processing_results)
        .join(documents, documents.c.id == processing_results.c.document_id)
        .where(*_waiting(status))
    )
    return int((await connection.execute(statement)).scalar_one())


def _waiting(status: ReviewStatus) -> list[ColumnElement[bool]]:
    """A document that is being read again comes back with its new result."""
    return [
        processing_results.c.review_status == status.value,
        documents.c.state.not_in(_AT_WORK),
        documents.c.deleted_at.is_(None),
    ]
