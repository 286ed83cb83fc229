"""Progress of a running document as server-sent events.

The framework adds what proxies need: keep-alive comments and `X-Accel-Buffering: no`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from src.api.dependencies import FileId, Service, Stopping
from src.api.gate import admitted
from src.api.openapi import errors
from src.api.presenting import progress_out
from src.domain.document import JobState
from src.domain.errors import NotFound
from src.domain.results import ResultRecord

router = APIRouter(
    prefix="/results/{file_id}",
    tags=["results"],
    dependencies=[Depends(admitted)],
    responses=errors(401, 403, 404, 500, 503),
)

POLL_SECONDS = 0.5
_ENDED = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


async def _existing(service: Service, file_id: FileId) -> ResultRecord:
    """Looked up before the stream begins, while an error can still have a status."""
    return await service.results.get(file_id)


@router.get(
    "/events",
    summary="Follow a document",
    response_class=EventSourceResponse,
    responses={200: {"description": "`progress` events, then one `end` (or `gone`) event"}},
)
async def events(
    service: Service, stopping: Stopping, record: Annotated[ResultRecord, Depends(_existing)]
) -> AsyncIterator[ServerSentEvent]:
    """An event for every change, each with the whole state; ends when the work has ended."""
    told: ResultRecord | None = None
    while True:
        ended = record.state in _ENDED
        if record != told:
            yield ServerSentEvent(data=progress_out(record), event="end" if ended else "progress")
            told = record
        if ended:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), POLL_SECONDS)
        if stopping.is_set():
            return
        try:
            record = await service.results.get(record.document.id)
        except NotFound:
            # Deleted while it was followed.
            yield ServerSentEvent(data={"file_id": record.document.id}, event="gone")
            return
