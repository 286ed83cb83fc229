"""Progress of a running document as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, format_sse_event

from src.api.dependencies import FileId, RunningService, Service, Stopping
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
# Silence a proxy would take for a dead connection.
KEEP_ALIVE_POLLS = 30
_ENDED = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})
# nginx must hand on each event at once.
_HEADERS = {"X-Accel-Buffering": "no"}


@router.get(
    "/events",
    summary="Follow a document",
    response_class=EventSourceResponse,
    responses={200: {"description": "`progress` events, then one `end` event"}},
)
async def events(service: Service, file_id: FileId, stopping: Stopping) -> EventSourceResponse:
    """An event for every change, each with the whole state; ends when the work has ended."""
    first = await service.results.get(file_id)
    return EventSourceResponse(_follow(service, first, stopping), headers=_HEADERS)


async def _follow(
    service: RunningService, record: ResultRecord, stopping: asyncio.Event
) -> AsyncIterator[bytes]:
    told: str | None = None
    silent = 0
    while True:
        data = progress_out(record).model_dump_json()
        ended = record.state in _ENDED
        if data != told or ended:
            yield format_sse_event(data_str=data, event="end" if ended else "progress")
            told, silent = data, 0
        if ended:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), POLL_SECONDS)
        if stopping.is_set():
            return
        silent += 1
        if silent % KEEP_ALIVE_POLLS == 0:
            yield b": still there\n\n"
        try:
            record = await service.results.get(record.document.id)
        except NotFound:
            # Deleted while it was followed.
            yield format_sse_event(data_str="{}", event="gone")
            return
