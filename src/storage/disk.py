"""Blocking file work that survives a power cut. Called from threads, never in the loop."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from src.domain.errors import (
    InvoiceAgentError,
    NotFound,
    PathNotAllowed,
    SourceNotReady,
    StorageFailed,
    TooLarge,
)
from src.domain.results import StagedFile

_CHUNK = 1024 * 1024
# Not following a link and not waiting for a FIFO's writer; flags some systems lack are 0.
_SAFE_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Turn a refusal of the disk into `StorageFailed` with the remedy."""
    try:
        yield
    except OSError as error:
        remedy = (
            "Free disk space or raise the quota"
            if error.errno in _FULL
            else "Check that the folder is there and belongs to the service's user"
        )
        raise StorageFailed(f"{what} failed ({error.strerror or error}). {remedy}.") from error


def copy_hashed(source: Path, target: Path, max_bytes: int) -> StagedFile:
    """Copy a regular file durably while hashing; raises as `FileStore.stage` says.

    Never reads more than `max_bytes`, even of a file that grows meanwhile.
    """
    with _opened(source) as descriptor:
        before = os.fstat(descriptor)
        if before.st_size > max_bytes:
            raise too_large(source.name, max_bytes)
        sink = HashingSink(target, max_bytes, source.name)
        try:
            while chunk := _read(descriptor, source):
                sink.write(chunk)
            after = os.fstat(descriptor)
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise SourceNotReady(
                    f"{source.name!r} changed while it was copied; it is taken once it rests."
                )
            return sink.finish()
        except BaseException:
            sink.abandon()
            raise


class HashingSink:
    """A file that is written and hashed, and given up or made durable at the end."""

    def __init__(self, target: Path, max_bytes: int, name: str) -> None:
        """`name` is for messages only. Raises `StorageFailed`."""
        self._target = target
        self._max_bytes = max_bytes
        self._name = name
        self._digest = hashlib.sha256()
        self._size = 0
        with storing("Making a file in the staging folder"):
            target.parent.mkdir(parents=True, exist_ok=True)
            self._file = target.open("xb")

    def write(self, chunk: bytes) -> None:
        """Raises `TooLarge` and `StorageFailed`."""
        self._size += len(chunk)
        if self._size > self._max_bytes:
            raise too_large(self._name, self._max_bytes)
        self._digest.update(chunk)
        with storing("Writing to the staging folder"):
            self._file.write(chunk)

    def finish(self) -> StagedFile:
        """Raises `StorageFailed`."""
        with storing("Writing to the staging folder"):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        return StagedFile(path=self._target, digest=self._digest.hexdigest(), size=self._size)

    def abandon(self) -> None:
        """Remove what was written; never raises."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._target.unlink()


def keep_whole(source: Path, target: Path) -> int:
    """Make `target` the same file as `source`, of any size; returns its bytes.

    A hard link where the file system can, else a copy of as many bytes as there are now.
    Idempotent. Raises as `FileStore.stage` says, except `TooLarge`.
    """
    with _opened(source) as descriptor:
        size = os.fstat(descriptor).st_size
        with storing("Keeping the refused file"):
            make_folder(target.parent)
            temporary = temporary_beside(target)
            try:
                if not _linked(source, descriptor, temporary):
                    _copy(descriptor, source, temporary, size)
                temporary.replace(target)
            finally:
                # Renaming a second link over the first one leaves both names.
                temporary.unlink(missing_ok=True)
            sync_folder(target.parent)
    return size


def write_durably(target: Path, content: bytes) -> None:
    """The file is whole under its name or not there. Raises `OSError`."""
    temporary = temporary_beside(target)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, durably. Raises `OSError`."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in a folder durable. Raises `OSError`."""
    if os.name == "nt":  # Windows cannot open a folder and needs no such call
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def temporary_beside(target: Path) -> Path:
    """A name nobody else uses, hidden, on the same file system as `target`."""
    return target.with_name(f".{uuid.uuid4().hex}.part")


def too_large(name: str, max_bytes: int) -> TooLarge:
    return TooLarge(
        f"{name!r} has more than {max_bytes / 1024 / 1024:g} MB; "
        "send a smaller file or raise MAX_FILE_SIZE_MB."
    )


def source_error(source: Path, error: OSError) -> InvoiceAgentError:
    """What a refusal to open or read an arriving file means."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NotFound(f"{source.name!r} is gone; it was moved or removed before it was taken.")
    if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENODEV):
        return _not_regular(source)
    return SourceNotReady(
        f"{source.name!r} cannot be read yet ({error.strerror or error}). It is tried again; if "
        "this stays, let the service's user read it and close the program that holds it."
    )


def _not_regular(source: Path) -> PathNotAllowed:
    return PathNotAllowed(
        f"{source.name!r} is no regular file (a link, pipe, device or folder); "
        "put the file itself there."
    )


@contextmanager
def _opened(source: Path) -> Iterator[int]:
    try:
        descriptor = os.open(source, _SAFE_READ)
    except OSError as error:
        raise source_error(source, error) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _not_regular(source)
        yield descriptor
    finally:
        os.close(descriptor)


def _read(descriptor: int, source: Path) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError as error:
        raise source_error(source, error) from error


def _linked(source: Path, descriptor: int, temporary: Path) -> bool:
    """Whether `temporary` is now a second name of the file that is open."""
    try:
        os.link(source, temporary, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return False
    # Somebody may have put another file, or a link, under the name since it was opened.
    if os.path.samestat(temporary.lstat(), os.fstat(descriptor)):
        return True
    temporary.unlink()
    return False


def _copy(descriptor: int, source: Path, temporary: Path, size: int) -> None:
    with temporary.open("xb") as file:
        left = size
        while left > 0 and (chunk := _read(descriptor, source)[:left]):
            file.write(chunk)
            left -= len(chunk)
        file.flush()
        os.fsync(file.fileno())
