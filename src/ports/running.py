"""The way in, and the work in the background."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from src.domain.document import Document, Job, SourceFile
from src.domain.results import IntakeReceipt


class Intake(Protocol):
    """The one way in, as the doors see it."""

    async def take(self, source: SourceFile) -> IntakeReceipt:
        """Raises `SourceNotReady` (look again later) and `StorageFailed`.

        A refused file, a duplicate under the reject policy too, is kept and answered with
        `failure` set; the caller removes its own file after any receipt. Raises
        `PathNotAllowed` and `NotFound` when `path` is no regular file or gone.
        """
        ...


class JobRunner(Protocol):
    """Does one job. Everything it raises is a bug or a cancellation."""

    async def __call__(self, job: Job, document: Document, engine: str | None) -> None: ...


class WorkQueue(Protocol):
    """Runs queued jobs in the background."""

    @property
    def running(self) -> bool: ...

    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Stop taking jobs, let running ones end within a bound, then cancel them; what was
        cancelled is taken up at the next start."""
        ...

    def wake(self) -> None:
        """New work may be there."""
        ...

    async def idle(self) -> None:
        """Returns when nothing is queued (postponed jobs included) or running."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """How the folder is watched, for people."""

    running: bool
    # "events", "polling" or "off".
    mode: str
    detail: str
    last_scan_at: datetime | None = None
    # Whether files lie there that could not be taken for a while; `detail` says why.
    blocked: bool = False


class FolderWatch(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def scan(self, *, force: bool = False) -> tuple[IntakeReceipt, ...]:
        """Take every ready file now, with `force` also those whose bytes are known."""
        ...

    async def take_path(self, path: Path, *, force: bool) -> IntakeReceipt:
        """Take one file of the folder. Raises `PathNotAllowed`, `NotFound`, `SourceNotReady`."""
        ...

    def state(self) -> WatchState: ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, with the UTC time zone."""
        ...
