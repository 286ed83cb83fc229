from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from src.storage.database import Database
from src.storage.unit_of_work import SqlUnitOfWork


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def uow(tmp_path: Path) -> AsyncIterator[SqlUnitOfWork]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    await database.open()
    yield SqlUnitOfWork(database, now)
    await database.close()
