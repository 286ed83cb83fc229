from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from src.storage.database import Database
from src.storage.unit_of_work import SqlUnitOfWork
from tests.storage.factory import Hands


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new folder' / 'invoices.db'}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def uow(database: Database, clock: Hands) -> SqlUnitOfWork:
    return SqlUnitOfWork(database, clock)
