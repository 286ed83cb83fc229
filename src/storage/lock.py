"""One process per SQLite database."""

from __future__ import annotations

import asyncio
from pathlib import Path

from filelock import FileLock, Timeout

from src.domain.errors import Conflict, StorageFailed
from src.storage.sqlite import sqlite_path


class ProcessLock:
    """Held while a process works on the database.

    Two processes would both take up the "unfinished" jobs of the other. The operating system
    releases the lock with the process, however that ends.
    """

    def __init__(self, database_url: str) -> None:
        database = sqlite_path(database_url)
        self._path = None if database is None else _lock_file(database)
        self._lock: FileLock | None = None

    async def acquire(self) -> None:
        """Raises `Conflict` when another process has the database, `StorageFailed` when the
        lock file cannot be made. Does nothing for a database that is not SQLite."""
        if self._path is not None and self._lock is None:
            self._lock = await asyncio.to_thread(_take, self._path)

    async def release(self) -> None:
        """Safe to call twice, and without having acquired."""
        lock, self._lock = self._lock, None
        if lock is not None:
            await asyncio.to_thread(lock.release)


def _lock_file(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _take(path: Path) -> FileLock:
    # Acquired in one thread and released in another, so it must not belong to a thread.
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise Conflict(
            f"Another process already works on this database (lock file {path}). Stop it first. "
            "Several processes on one database need PostgreSQL: QUEUE=postgres of a later version."
        ) from error
    except (OSError, NotImplementedError) as error:
        raise StorageFailed(
            f"The lock file {path} cannot be made ({error}). Give the folder to the service's "
            "user, and keep the database on a local disk."
        ) from error
    return lock
