"""Use cases over a real database and real files; only reading and engines are stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

from src.domain.document import DuplicatePolicy
from src.domain.errors import StorageFailed
from src.engines.null import NullEngine
from src.ports import ExtractionEngine, ReviewListener
from src.services.document_reading import DocumentReading
from src.services.intake import IntakeService
from src.services.invoice_processor import InvoiceProcessor
from src.services.job_runner import DocumentJobRunner
from src.services.judge import Judge
from src.services.results import ResultsService
from src.services.review import NullListener, ReviewService
from src.services.suppliers import SupplierMemoryService
from src.storage.database import Database
from src.storage.files import LocalFileStore
from src.storage.order_file import NoOrders
from src.storage.unit_of_work import SqlUnitOfWork
from tests.services.stand_ins import (
    FixedInspector,
    FixedReader,
    FixedRenderer,
    FixedSelector,
    MovableClock,
)

MAX_BYTES = 1000
MAX_RETRIES = 2


@dataclass
class House:
    """The use cases of one test and what stands behind them."""

    folder: Path
    uow: SqlUnitOfWork
    files: LocalFileStore
    clock: MovableClock = field(default_factory=MovableClock)
    inspector: FixedInspector = field(default_factory=FixedInspector)
    reader: FixedReader = field(default_factory=FixedReader)
    renderer: FixedRenderer = field(default_factory=FixedRenderer)
    engines: list[ExtractionEngine] = field(default_factory=lambda: [NullEngine()])
    listener: ReviewListener = field(default_factory=NullListener)
    woken: int = 0
    forgotten: list[str] = field(default_factory=list)
    unforgettable: bool = False

    def wake(self) -> None:
        self.woken += 1

    def intake(self, policy: DuplicatePolicy = DuplicatePolicy.LINK) -> IntakeService:
        return IntakeService(
            files=self.files,
            inspector=self.inspector,
            uow=self.uow,
            clock=self.clock,
            wake=self.wake,
            max_bytes=MAX_BYTES,
            policy=policy,
        )

    @cached_property
    def reading(self) -> DocumentReading:
        return DocumentReading(reader=self.reader, files=self.files)

    def judge(self) -> Judge:
        return Judge(uow=self.uow, memory=self.memory(), clock=self.clock, accept_confidence=0.8)

    def memory(self) -> SupplierMemoryService:
        return SupplierMemoryService(orders=NoOrders(), clock=self.clock)

    def review(self) -> ReviewService:
        return ReviewService(
            uow=self.uow,
            files=self.files,
            reading=self.reading,
            judge=self.judge(),
            listener=self.listener,
            clock=self.clock,
        )

    def runner(self) -> DocumentJobRunner:
        processor = InvoiceProcessor(
            reading=self.reading,
            renderer=self.renderer,
            selector=FixedSelector(self.engines),
            judge=self.judge(),
            files=self.files,
            uow=self.uow,
            clock=self.clock,
        )
        return DocumentJobRunner(
            processor=processor,
            files=self.files,
            uow=self.uow,
            clock=self.clock,
            max_retries=MAX_RETRIES,
        )

    def results(self) -> ResultsService:
        return ResultsService(
            uow=self.uow,
            files=self.files,
            renderer=self.renderer,
            selector=FixedSelector(self.engines),
            wake=self.wake,
            forget=self.forget,
        )

    async def forget(self, document_id: str) -> None:
        if self.unforgettable:
            raise StorageFailed("The disk refuses.")
        self.forgotten.append(document_id)

    async def run_next(self) -> bool:
        """Claim and run the job that is due; False when none is."""
        async with self.uow(write=True) as documents:
            claimed = await documents.claim_next(self.clock())
        if claimed is None:
            return False
        await self.runner()(*claimed)
        return True


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    generated = tmp_path / "generated"
    database = Database(f"sqlite:///{generated / 'invoices.db'}")
    files = LocalFileStore(generated)
    await database.open()
    await files.open()
    clock = MovableClock()
    yield House(folder=generated, uow=SqlUnitOfWork(database, clock), files=files, clock=clock)
    await database.close()
