"""Connections and transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from src.domain.errors import StorageFailed
from src.storage.migrate import upgrade
from src.storage.sqlite import WRITE, parse_url, prepare_sqlite


class Database:
    """One database; nothing is opened before `open()`."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._engine: AsyncEngine | None = None
        self._writer: AsyncEngine | None = None
        # SQLite has one writer at a time. Queueing here is fair and wakes at once, where
        # SQLite's own waiting polls and may let one writer starve.
        self._write_turn = asyncio.Lock()

    async def open(self) -> None:
        """Bring the tables up to date and connect.

        Raises `ConfigurationError` (unusable URL, database of a newer version) and
        `StorageFailed` (folder or file cannot be written).
        """
        await asyncio.to_thread(upgrade, self._url)
        engine = await asyncio.to_thread(_engine, self._url)
        self._engine = engine
        self._writer = engine.execution_options(**{WRITE: True})

    async def close(self) -> None:
        """Close all connections. Safe to call twice."""
        if self._engine is not None:
            await self._engine.dispose()
        self._engine = self._writer = None

    @asynccontextmanager
    async def transaction(self, *, write: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed when the block ends well, rolled back otherwise.

        Raises `StorageFailed` when the database refuses (locked, full, gone).
        """
        engine = self._writer if write else self._engine
        if engine is None:
            raise StorageFailed("The database is not open; start the service first.")
        try:
            if write and engine.dialect.name == "sqlite":
                async with self._write_turn, engine.begin() as connection:
                    yield connection
            else:
                async with engine.begin() as connection:
                    yield connection
        except IntegrityError:
            # A broken rule of our own tables is a bug, not a tired disk.
            raise
        except DBAPIError as error:
            raise StorageFailed(
                f"The database refused the work ({error.orig}). Check free disk space and that "
                f"{parse_url(self._url).render_as_string(hide_password=True)} can be written."
            ) from error


def _engine(database_url: str) -> AsyncEngine:
    # In a thread: SQLAlchemy resolves the file's path here.
    url = parse_url(database_url)
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_pre_ping=True)
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"))
    prepare_sqlite(engine.sync_engine)
    return engine
