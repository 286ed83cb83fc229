"""Originals, results and what was read, on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from src.domain.document import Document
from src.domain.page import ReadDocument
from src.domain.results import Failure, ProcessedInvoice, StagedFile


class FileStore(Protocol):
    """Originals and results on disk. A file is either whole at its name or not there."""

    async def stage(self, source: Path, max_bytes: int) -> StagedFile:
        """Copy into the staging area while hashing, fsync.

        Raises `TooLarge`, `SourceNotReady` when the source cannot be opened yet or changes
        meanwhile, `PathNotAllowed` when it is no regular file (a symbolic link is not
        followed), `NotFound` when it is gone, `StorageFailed` when the disk refuses.
        """
        ...

    async def stage_stream(self, chunks: AsyncIterator[bytes], max_bytes: int) -> StagedFile:
        """The same for bytes that arrive. Raises `TooLarge`, `StorageFailed`."""
        ...

    async def discard(self, staged: StagedFile) -> None: ...

    async def keep_original(
        self, staged: StagedFile, document_id: str, received_at: datetime, extension: str
    ) -> str:
        """Move to `<YYYY-MM>/<id>/original<ext>`; returns that path, relative. Idempotent."""
        ...

    async def keep_refused(
        self, source: Path, document_id: str, received_at: datetime
    ) -> tuple[str, int]:
        """Keep a file that is too large to be staged as `<YYYY-MM>/<id>/original.refused`.

        Returns (that path, relative; its size in bytes). The source stays where it is, so that
        a crash loses nothing; its owner removes it. Idempotent. Raises as `stage` does.
        """
        ...

    async def write_result(self, document: Document, result: ProcessedInvoice) -> None:
        """Write `invoice.json` beside the original (tmp + fsync + rename); removes an
        `error.json` of an earlier attempt."""
        ...

    async def write_error(self, document: Document, failure: Failure) -> None:
        """Write `error.json` beside the original."""
        ...

    async def keep_reading(self, document: Document, read: ReadDocument) -> None:
        """Keep what was read, without the e-invoice XML, for checks after a correction."""
        ...

    async def kept_reading(self, document: Document) -> ReadDocument | None:
        """None where it is gone or was kept by another version."""
        ...

    async def move_to_deleted(self, document: Document) -> str:
        """Move the document's folder under `deleted/`; returns the new `stored_as`."""
        ...

    def path_of(self, document: Document) -> Path:
        """Absolute path of the original."""
        ...

    async def cached_page(self, document: Document, page: int, long_side: int) -> bytes | None: ...

    async def cache_page(
        self, document: Document, page: int, long_side: int, png: bytes
    ) -> None: ...
