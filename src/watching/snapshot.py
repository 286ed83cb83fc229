"""What lies in the folder, and claiming it. Blocking calls, made from threads."""

from __future__ import annotations

import os
import stat
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
