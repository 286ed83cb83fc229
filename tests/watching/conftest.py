"""A watched folder over the real store, database and intake, with a simple inspector."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loguru import logger

from src.domain.document import DuplicatePolicy, MediaType, SourceFile
from src.domain.errors import UnsupportedMedia
from src.domain.results import Inspection, IntakeReceipt, ResultQuery, ResultRecord
from src.services.intake import IntakeService
from src.storage.database import Database
from src.storage.files import LocalFileStore
from src.storage.unit_of_work import SqlUnitOfWork
from src.watching.folder import IncomingFolder

STABLE = 0.08
BACKOFF = 0.15


def now() -> datetime:
    return datetime.now(UTC)


def _kind(path: Path) -> bytes:
    return path.read_bytes()[:5]


class PdfOnly:
    """Takes what starts like a PDF."""

    async def inspect(self, path: Path, name: str) -> Inspection:
        if await asyncio.to_thread(_kind, path) != b"%PDF-":
            raise UnsupportedMedia(f"{name} is no PDF.")
        return Inspection(media_type=MediaType.PDF, page_count=1)


def whole(path: Path) -> bool:
    """What the tests write ends like this once it is whole."""
    return path.read_bytes().endswith(b"%%EOF")


@dataclass
class Intakes:
    """The real intake; can be told to fail first."""

    real: IntakeService
    errors: list[BaseException]
    seen: list[SourceFile]

    async def take(self, source: SourceFile) -> IntakeReceipt:
        self.seen.append(source)
        if self.errors:
            raise self.errors.pop(0)
        return await self.real.take(source)


@dataclass
class World:
    incoming: Path
    generated: Path
    intake: Intakes
    uow: SqlUnitOfWork

    def folder(
        self,
        mode: str = "polling",
        *,
        interval: float = 0.1,
        stability: float = STABLE,
        looks_complete: Callable[[Path], bool] = whole,
    ) -> IncomingFolder:
        return IncomingFolder(
            self.incoming,
            self.intake,
            clock=now,
            looks_complete=looks_complete,
            mode=mode,
            interval_seconds=interval,
            stability_seconds=stability,
            backoff_seconds=BACKOFF,
        )

    def put(self, name: str, content: str = "") -> Path:
        path = self.incoming / name
        path.write_bytes(b"%PDF-1.7 " + (content or name).encode("utf-8", "replace") + b" %%EOF")
        return path

    def left(self) -> list[str]:
        return sorted(path.name for path in self.incoming.iterdir())

    async def records(self) -> tuple[ResultRecord, ...]:
        async with self.uow() as documents:
            page = await documents.query(ResultQuery(limit=2000, include_duplicates=True))
        return page.items

    async def names(self) -> list[str]:
        return sorted(record.document.name for record in await self.records())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    database = Database(f"sqlite:///{tmp_path / 'invoices.db'}")
    await database.open()
    files = LocalFileStore(tmp_path / "generated")
    await files.open()
    uow = SqlUnitOfWork(database, now)
    intake = IntakeService(
        files=files,
        inspector=PdfOnly(),
        uow=uow,
        clock=now,
        wake=lambda: None,
        max_bytes=1000,
        policy=DuplicatePolicy.LINK,
    )
    yield World(incoming, tmp_path / "generated", Intakes(intake, [], []), uow)
    await database.close()


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What is logged during the test, a line an entry."""
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), format="{level} {message}")
    yield lines
    logger.remove(sink)
