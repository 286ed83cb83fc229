"""What lies in the folder, and claiming it. Blocking calls, made from threads."""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Most bytes of a name on nearly every file system.
_USUAL_NAME_MAX = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name of the folder. Equal entries of two looks mean a file that rests."""

    name: str
    # Bytes.
    size: int
    mtime_ns: int
    inode: int
    # Of `stat.S_IFMT`: what kind of thing it is.
    kind: int

    @property
    def is_file(self) -> bool:
        return self.kind == stat.S_IFREG

    @property
    def is_folder(self) -> bool:
        return self.kind == stat.S_IFDIR


def look(folder: Path) -> list[Entry]:
    """Everything at the top level, links not followed, in order of names. Raises `OSError`."""
    entries = []
    with os.scandir(folder) as found:
        for item in found:
            # A file may go while the folder is read.
            with suppress(FileNotFoundError):
                entries.append(_entry(item.name, item.stat(follow_symlinks=False)))
    return sorted(entries, key=lambda entry: entry.name)


def look_at(path: Path) -> Entry:
    """One file, links not followed. Raises `OSError`."""
    return _entry(path.name, path.lstat())


def _entry(name: str, status: os.stat_result) -> Entry:
    return Entry(
        name=name,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        inode=status.st_ino,
        kind=stat.S_IFMT(status.st_mode),
    )


def open_once(path: Path) -> None:
    """Raises `OSError` when the file cannot be read now: no right, or held by its writer.

    Follows no link and waits for nobody: neither a pipe's writer nor a lease's holder.
    """
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    os.close(os.open(path, os.O_RDONLY | flags))


def is_being_written(path: Path) -> bool:
    """Whether a program of this machine has the file open for writing.

    False where the system does not tell. Raises `OSError` when the file cannot be opened.
    """
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415  (not on Windows)

    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        # Whoever opens the file for writing while the lease is held sends us a signal; the one
        # it would be by default ends the process, this one does nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        # A lease for reading is refused while anybody has the file open for writing.
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        # Anything else: a file of another user, or a file system without leases.
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def longest_name(folder: Path) -> int:
    """Most bytes of a name in this folder."""
    with suppress(AttributeError, OSError, ValueError):
        return os.pathconf(folder, "PC_NAME_MAX")
    return _USUAL_NAME_MAX


def claim(source: Path, target: Path) -> None:
    """Rename, durably where the file system can. Raises `OSError`; `FileNotFoundError` when
    somebody else was faster."""
    source.rename(target)
    # Without it a power cut could bring the old name back after the file was taken; it would
    # come in once more and be linked to itself.
    with suppress(OSError):
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
