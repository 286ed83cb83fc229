"""The bytes behind a result: the original and pictures of its pages."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send

from src.api.dependencies import FileId, Service
from src.api.gate import admitted
from src.api.openapi import errors
from src.domain.errors import NotFound

router = APIRouter(
    prefix="/results/{file_id}",
    tags=["files"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 404, 500, 503),
)

# A browser must never run anything out of a customer's file.
_SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox"}


class PictureSize(IntEnum):
    """A few sizes: each one asked for is kept on disk."""

    THUMBNAIL = 400
    SMALL = 800
    NORMAL = 1600
    LARGE = 2400


class _WholeFile(FileResponse):
    """Without byte ranges: their errors would not have the body all errors have."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)


@router.get(
    "/original",
    summary="The file as it arrived",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The bytes"}},
)
async def original(service: Service, file_id: FileId) -> Response:
    """Always as a download, under the name it arrived with."""
    document, path = await service.results.original(file_id)
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("The file of this result is gone from the generated folder.")
    media_type = document.media_type.value if document.media_type else "application/octet-stream"
    return _WholeFile(
        path,
        media_type=media_type,
        filename=document.name,
        headers=_SANDBOX | {"Accept-Ranges": "none"},
    )


@router.get(
    "/pages/{number}",
    summary="Picture of a page",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "PNG, upright"}},
)
async def page(
    service: Service,
    file_id: FileId,
    number: Annotated[int, Path(ge=1, le=100_000)],
    long_side: Annotated[PictureSize, Query(description="Pixels at most")] = PictureSize.NORMAL,
) -> Response:
    """Drawn when first asked for; evidence boxes are fractions of this picture."""
    png = await service.results.page(file_id, number, long_side.value)
    # Private: kept by the browser of the person who may see it, not by a proxy.
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})
