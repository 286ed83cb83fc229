"""What routes ask for."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Protocol, cast

from fastapi import Depends, Path, Request

from config.settings import Settings
from src.api.rate_limit import RateLimit
from src.domain.errors import NotFound
from src.ports import FolderWatch, LogReader
from src.services.exports import ExportService
from src.services.figures import FiguresService
from src.services.intake import IntakeService
from src.services.orders import OrderService
from src.services.results import ResultsService
from src.services.review import ReviewService
from src.services.status import StatusService

_ID = re.compile(r"[0-9a-f]{32}")


class RunningService(Protocol):
    """The part of `src.bootstrap.Application` that HTTP needs."""

    @property
    def intake(self) -> IntakeService: ...

    @property
    def results(self) -> ResultsService: ...

    @property
    def review(self) -> ReviewService: ...

    @property
    def figures(self) -> FiguresService: ...

    @property
    def exports(self) -> ExportService: ...

    @property
    def orders(self) -> OrderService: ...

    @property
    def logs(self) -> LogReader: ...

    @property
    def status(self) -> StatusService: ...

    @property
    def watch(self) -> FolderWatch: ...

    async def start(self, *, watch: bool = True) -> None: ...

    async def stop(self) -> None: ...


def _service(request: Request) -> RunningService:
    return cast("RunningService", request.app.state.service)


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


def _upload_limit(request: Request) -> RateLimit:
    return cast("RateLimit", request.app.state.upload_limit)


def _stopping(request: Request) -> asyncio.Event:
    return cast("asyncio.Event", request.app.state.stopping)


def _result_id(
    file_id: Annotated[str, Path(description="Id of the document and of its result")],
) -> str:
    """An id that can exist. Raises `NotFound` for anything that is not 32 hex digits."""
    if not _ID.fullmatch(file_id):
        raise NotFound("There is no result with this id; GET /results lists what there is.")
    return file_id


Service = Annotated[RunningService, Depends(_service)]
CurrentSettings = Annotated[Settings, Depends(_settings)]
UploadLimit = Annotated[RateLimit, Depends(_upload_limit)]
# Set when the process was asked to end: streams must end by themselves.
Stopping = Annotated[asyncio.Event, Depends(_stopping)]
FileId = Annotated[str, Depends(_result_id)]
