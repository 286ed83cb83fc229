"""Originals and results on disk.

    <generated>/.staging/                    arriving files, not yet documents
    <generated>/<YYYY-MM>/<id>/original.pdf  the file as it came
                               invoice.json  the result
                               error.json    why it failed, or was refused
                               words.json.gz what was read of the pages, can be removed
                               pages/        pictures drawn for people, can be removed
    <generated>/deleted/<YYYY-MM>/<id>/      results a person deleted

All of it works on local disks and on network shares: a file is written beside its place,
synced and renamed. Every call does its disk work in a thread.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import orjson
from loguru import logger

from src.domain.document import Document
from src.domain.errors import NotFound, StorageFailed
from src.domain.page import ReadDocument
from src.domain.results import Failure, ProcessedInvoice, StagedFile
from src.storage import disk
from src.storage.readings import decode_reading, encode_reading

_STAGING = ".staging"
_DELETED = "deleted"
_WORDS = "words.json.gz"
_ID = re.compile(r"[0-9a-f]{32}")
_EXTENSION = re.compile(r"\.[a-z0-9]{1,16}")
# Uploads arrive in small pieces; each trip to a thread carries about this many bytes.
_BUFFER = 1024 * 1024


class LocalFileStore:
    """`FileStore` in the generated folder."""

    def __init__(self, generated_folder: Path) -> None:
        """Touches nothing."""
        self._root = generated_folder.absolute()
        self._staging = self._root / _STAGING

    async def open(self) -> None:
        """Make the folders and remove what a dead process left in staging.

        Nothing refers to staged files of another process: the sender of an upload had no
        answer, and a file of the incoming folder is still there. Only for a process that
        holds the `ProcessLock`. Raises `StorageFailed`.
        """
        await asyncio.to_thread(self._open)

    def _open(self) -> None:
        with disk.storing(f"Making the folder {self._root}"):
            disk.make_folder(self._staging)
            for leftover in self._staging.glob("*.part"):
                leftover.unlink(missing_ok=True)

    async def stage(self, source: Path, max_bytes: int) -> StagedFile:
        return await asyncio.to_thread(disk.copy_hashed, source, self._new_staged(), max_bytes)

    async def stage_stream(self, chunks: AsyncIterator[bytes], max_bytes: int) -> StagedFile:
        sink = await asyncio.to_thread(disk.HashingSink, self._new_staged(), max_bytes, "The file")
        try:
            buffer = bytearray()
            async for chunk in chunks:
                buffer += chunk
                if len(buffer) >= _BUFFER:
                    await asyncio.to_thread(sink.write, bytes(buffer))
                    buffer.clear()
            await asyncio.to_thread(sink.write, bytes(buffer))
            return await asyncio.to_thread(sink.finish)
        except BaseException:
            # The sender going away (a cancellation) leaves nothing behind either.
            await asyncio.shield(asyncio.to_thread(sink.abandon))
            raise

    async def discard(self, staged: StagedFile) -> None:
        await asyncio.to_thread(_discard, staged.path)

    async def keep_original(
        self, staged: StagedFile, document_id: str, received_at: datetime, extension: str
    ) -> str:
        stored_as = _stored_as(document_id, received_at, extension)
        await asyncio.to_thread(_keep, staged.path, self._root / stored_as)
        return stored_as.as_posix()

    async def keep_refused(
        self, source: Path, document_id: str, received_at: datetime
    ) -> tuple[str, int]:
        stored_as = _stored_as(document_id, received_at, ".refused")
        size = await asyncio.to_thread(disk.keep_whole, source, self._root / stored_as)
        return stored_as.as_posix(), size

    async def write_result(self, document: Document, result: ProcessedInvoice) -> None:
        await asyncio.to_thread(_write_result, self._folder(document), result)

    async def write_error(self, document: Document, failure: Failure) -> None:
        content = {
            "file_id": document.id,
            "file_name": document.name,
            "received_at": document.received_at,
            "original": PurePosixPath(document.stored_as).name,
            "error": {
                "code": failure.code,
                "message": failure.message,
                "retryable": failure.retryable,
            },
        }
        encoded = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        await asyncio.to_thread(_write, self._folder(document) / "error.json", encoded)

    async def keep_reading(self, document: Document, read: ReadDocument) -> None:
        await asyncio.to_thread(_keep_reading, self._folder(document) / _WORDS, read)

    async def kept_reading(self, document: Document) -> ReadDocument | None:
        return await asyncio.to_thread(_kept_reading, self._folder(document) / _WORDS)

    async def move_to_deleted(self, document: Document) -> str:
        stored_as = PurePosixPath(document.stored_as)
        if stored_as.parts[0] == _DELETED:
            return document.stored_as
        target = PurePosixPath(_DELETED) / stored_as
        await asyncio.to_thread(_move_folder, self._folder(document), (self._root / target).parent)
        return target.as_posix()

    def path_of(self, document: Document) -> Path:
        path = self._root / PurePosixPath(document.stored_as)
        # The database is ours, but a restored or edited one must not open /etc/shadow either.
        if ".." in path.parts or not path.is_relative_to(self._root) or path == self._root:
            raise StorageFailed(
                f"The stored path of document {document.id} lies outside {self._root}; restore "
                "the database and the generated folder from the same backup."
            )
        return path

    async def cached_page(self, document: Document, page: int, long_side: int) -> bytes | None:
        return await asyncio.to_thread(_read_cached, self._cached(document, page, long_side))

    async def cache_page(self, document: Document, page: int, long_side: int, png: bytes) -> None:
        await asyncio.to_thread(_write_cached, self._cached(document, page, long_side), png)

    def _new_staged(self) -> Path:
        return self._staging / f"{uuid.uuid4().hex}.part"

    def _folder(self, document: Document) -> Path:
        return self.path_of(document).parent

    def _cached(self, document: Document, page: int, long_side: int) -> Path:
        return self._folder(document) / "pages" / f"{page}-{long_side}.png"


def _stored_as(document_id: str, received_at: datetime, extension: str) -> PurePosixPath:
    """Both parts become names on disk, so nothing but the expected may get through."""
    if not _ID.fullmatch(document_id) or not _EXTENSION.fullmatch(extension):
        raise ValueError(f"no id and extension of a document: {document_id!r} {extension!r}")
    month = received_at.astimezone(UTC).strftime("%Y-%m")
    return PurePosixPath(month, document_id, f"original{extension}")


def _discard(path: Path) -> None:
    with disk.storing("Removing a staged file"):
        path.unlink(missing_ok=True)


def _keep(staged: Path, target: Path) -> None:
    with disk.storing("Keeping the original"):
        disk.make_folder(target.parent)
        try:
            staged.replace(target)
        except FileNotFoundError:
            if not target.exists():
                raise
        disk.sync_folder(target.parent)


def _write_result(folder: Path, result: ProcessedInvoice) -> None:
    encoded = result.model_dump_json(indent=2).encode() + b"\n"
    _write(folder / "invoice.json", encoded)
    with disk.storing("Removing the error of an earlier attempt"):
        (folder / "error.json").unlink(missing_ok=True)


def _keep_reading(target: Path, read: ReadDocument) -> None:
    _write(target, encode_reading(read))


def _kept_reading(path: Path) -> ReadDocument | None:
    with disk.storing(f"Reading {path.name}"):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
    return decode_reading(content)


def _write(target: Path, content: bytes) -> None:
    with disk.storing(f"Writing {target.name}"):
        disk.make_folder(target.parent)
        disk.write_durably(target, content)


def _move_folder(source: Path, target: Path) -> None:
    with disk.storing("Moving the result to the deleted ones"):
        disk.make_folder(target.parent)
        try:
            source.rename(target)
        except FileNotFoundError as error:
            # Moved by a call that a crash cut short before it was written down.
            if not target.exists():
                raise NotFound(f"The folder {source} is gone; restore it from a backup.") from error
        disk.sync_folder(target.parent)
        disk.sync_folder(source.parent)


def _read_cached(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None


def _write_cached(path: Path, png: bytes) -> None:
    temporary = disk.temporary_beside(path)
    try:
        path.parent.mkdir(exist_ok=True)
        temporary.write_bytes(png)
        temporary.replace(path)
    except OSError as error:
        # The picture was drawn and is shown; it is only drawn again the next time.
        logger.debug("page picture {} could not be cached: {}", path, error)
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
