"""Answers of the model on disk: the same page and question never cost a second call.

`answers/<key>.json` holds the text of one accepted answer. `documents/<id>/<key>` are empty
files that say which document used it, so that it can be erased with the document. Nothing in it
is needed: a lost or damaged file only costs a call.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from loguru import logger

from src.domain.errors import StorageFailed

# An identifier becomes a folder name, so it may be nothing else.
_PLAIN = re.compile(r"\A[A-Za-z0-9_-]{1,64}\Z")
_LONGEST_ANSWER = 1024 * 1024
# When full, this share is made free at once, so that not every write has to look for space.
_FREED = 0.1
# Bytes a small file takes on disk at least.
_BLOCK = 4096


def cache_key(parts: Iterable[bytes | str]) -> str:
    """A digest of everything that decides an answer; the order of the parts counts."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


class AnswerCache:
    """Bounded by `max_bytes`; the answers unused for longest go first. 0 bytes keep nothing."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._answers = folder / "answers"
        self._documents = folder / "documents"
        self._max_bytes = max_bytes
        # None until the folder was looked at.
        self._used: int | None = None
        self._writing = asyncio.Lock()

    async def get(self, key: str, document_id: str | None) -> str | None:
        if not self._max_bytes:
            return None
        return await asyncio.to_thread(self._get, key, document_id)

    async def put(self, key: str, text: str, document_id: str | None) -> None:
        """A disk that refuses is no reason to fail a document: it is told in the log."""
        if not self._max_bytes or len(text) > _LONGEST_ANSWER:
            return
        async with self._writing:
            try:
                await asyncio.to_thread(self._put, key, text, document_id)
            except OSError as error:
                logger.warning("The model's answer could not be kept: {}", error)

    async def forget(self, document_id: str) -> None:
        """Erase every answer this document used. Raises `StorageFailed` when the disk refuses."""
        if not _PLAIN.match(document_id):
            return
        try:
            async with self._writing:
                await asyncio.to_thread(self._forget, document_id)
        except OSError as error:
            raise StorageFailed(
                f"The kept answers of the model for {document_id} cannot be erased "
                f"({error.strerror}). Give {self._documents.parent} to the service's user."
            ) from error

    def _get(self, key: str, document_id: str | None) -> str | None:
        path = self._answers / f"{key}.json"
        try:
            text = path.read_text(encoding="utf-8")
            # The time of use decides what is kept.
            os.utime(path)
            self._mark(key, document_id)
        except (OSError, UnicodeDecodeError):
            return None
        return text

    def _put(self, key: str, text: str, document_id: str | None) -> None:
        self._answers.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._used is None:
            self._used = sum(_size(path) for path in self._answers.glob("*.json"))
        # Written beside and renamed, so that an answer is whole or not there.
        handle, name = tempfile.mkstemp(dir=self._answers, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            target = self._answers / f"{key}.json"
            self._used += _size(Path(name)) - (_size(target) if target.exists() else 0)
            Path(name).replace(target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        self._mark(key, document_id)
        if self._used > self._max_bytes:
            self._make_room()

    def _mark(self, key: str, document_id: str | None) -> None:
        if document_id is None or not _PLAIN.match(document_id):
            return
        folder = self._documents / document_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / key).touch()

    def _make_room(self) -> None:
        paths = [(path.stat().st_mtime, path) for path in self._answers.glob("*.json")]
        used = sum(_size(path) for _, path in paths)
        for _, path in sorted(paths):
            if used <= self._max_bytes * (1 - _FREED):
                break
            used -= _size(path)
            path.unlink(missing_ok=True)
        self._used = used
        self._drop_stale_marks()

    def _drop_stale_marks(self) -> None:
        for folder in self._documents.glob("*"):
            marks = list(folder.iterdir())
            stale = [mark for mark in marks if not (self._answers / f"{mark.name}.json").exists()]
            for mark in stale:
                mark.unlink(missing_ok=True)
            if len(stale) == len(marks):
                folder.rmdir()

    def _forget(self, document_id: str) -> None:
        folder = self._documents / document_id
        if not folder.is_dir():
            return
        for mark in folder.iterdir():
            (self._answers / f"{mark.name}.json").unlink(missing_ok=True)
        shutil.rmtree(folder)
        self._used = None


def _size(path: Path) -> int:
    return max(_BLOCK, path.stat().st_size)
