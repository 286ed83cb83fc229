"""The events of a document: written once, read in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.history import Action, FieldChange, HistoryEntry, Revision
from src.storage.tables import events

# A document that is corrected more often shows its latest events.
_MOST = 1000


async def write_event(
    connection: AsyncConnection,
    document_id: str,
    revision: Revision,
    *,
    at: datetime,
    version: int,
    replaced: str | None = None,
) -> None:
    """`version` is the result's after the event, `replaced` the payload it had before."""
    await connection.execute(
        insert(events).values(
            document_id=document_id,
            at=at,
            by=revision.by,
            action=revision.action.value,
            version=version,
            reason=revision.reason,
            changes=[change.model_dump() for change in revision.changes] or None,
            replaced=replaced,
        )
    )


async def read_history(connection: AsyncConnection, document_id: str) -> tuple[HistoryEntry, ...]:
    """Newest last."""
    column = events.c
    statement = (
        select(
            column.id,
            column.at,
            column.by,
            column.action,
            column.version,
            column.reason,
            column.changes,
        )
        .where(column.document_id == document_id)
        .order_by(column.id.desc())
        .limit(_MOST)
    )
    rows = (await connection.execute(statement)).all()
    return tuple(
        HistoryEntry(
            id=row.id,
            at=row.at,
            by=row.by,
            action=Action(row.action),
            version=row.version,
            changes=tuple(FieldChange.model_validate(change) for change in row.changes or ()),
            reason=row.reason,
        )
        for row in reversed(rows)
    )
