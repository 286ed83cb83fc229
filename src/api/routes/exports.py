"""Results as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from src.api.dependencies import Service
from src.api.gate import admitted
from src.api.openapi import errors
from src.api.presenting import selection_query
from src.api.schemas import ResultSelection

router = APIRouter(
    prefix="/results",
    tags=["export"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 500, 503),
)


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


class ExportQuery(ResultSelection):
    """The filters and the order of `GET /results`, and a format."""

    format: FileFormat = FileFormat.CSV
    lines: bool = Field(
        default=False,
        description="csv: a row for each line item; xlsx and jsonl hold them in any case",
    )


@router.get(
    "/export",
    summary="Download results",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "The file"}},
)
async def export_results(service: Service, wanted: Annotated[ExportQuery, Query()]) -> Response:
    """All results that match, sent while they are read. In csv, text that a spreadsheet would run
    as a formula begins with an apostrophe."""
    chosen = service.exports.format(wanted.format.value, of_lines=wanted.lines)
    pieces = service.exports.write(chosen, selection_query(wanted))
    # What goes wrong before the first bytes can still be told as an error.
    first = await anext(pieces, b"")

    async def body() -> AsyncIterator[bytes]:
        async with aclosing(pieces):
            yield first
            async for piece in pieces:
                yield piece

    return StreamingResponse(
        body(),
        media_type=chosen.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{service.exports.file_name(chosen)}"',
            "Cache-Control": "no-store",
        },
    )
