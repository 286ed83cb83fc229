"""Transactions over the repository."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from src.ports import Clock, DocumentRepository
from src.storage.database import Database
from src.storage.repository import SqlDocumentRepository


class SqlUnitOfWork:
    """`UnitOfWork` on a database that is open."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def __call__(self, *, write: bool = False) -> AsyncIterator[DocumentRepository]:
        """Raises `StorageFailed` when the database refuses."""
        async with self._database.transaction(write=write) as connection:
            yield SqlDocumentRepository(connection, self._clock)
