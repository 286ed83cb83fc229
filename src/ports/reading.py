"""From a file to upright pages of words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from src.domain.document import MediaType
from src.domain.page import ReadDocument
from src.domain.results import Inspection

P = ParamSpec("P")
R = TypeVar("R")


class CpuPool(Protocol):
    """Runs pure CPU work in other processes, bounded in number and time."""

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call a picklable module-level function in a worker process.

        Raises what the function raises (it must pickle), and `WorkerCrashed` if the worker
        died or the call took longer than `seconds` (the worker is then killed). A call that
        is cancelled frees its worker.
        """
        ...


class DocumentInspector(Protocol):
    """Tells what a file is from its bytes."""

    async def inspect(self, path: Path, name: str) -> Inspection:
        """Sniff the type, count pages, enforce limits.

        Raises a `SourceRejected` subclass when the file cannot become a document. A file that
        is cut off is a `CorruptDocument`: whoever watches files grow asks whether one looks
        whole before. `name` is for messages only.
        """
        ...


class DocumentReader(Protocol):
    """Turns a document into upright pages of words."""

    async def read(
        self,
        path: Path,
        media_type: MediaType,
        on_page: Callable[[int, int], None] | None = None,
    ) -> ReadDocument:
        """Read all pages; `on_page(done, of)` is called as pages finish.

        Raises `ReadingFailed` (not retryable) or `WorkerCrashed`.
        """
        ...


class PageRenderer(Protocol):
    """Draws one page for people or for a vision model."""

    async def render(
        self, path: Path, media_type: MediaType, page: int, rotation: int, long_side: int
    ) -> bytes:
        """PNG of the upright 1-based `page`, RGB, at most `long_side` pixels.

        Raises `NotFound` when there is no such page, `ReadingFailed` when it cannot be drawn.
        """
        ...
