"""Everything behind the HTTP layer, in memory."""

from __future__ import annotations

from pathlib import Path

from src.domain.errors import InvoiceAgentError
from src.services.orders import OrderService
from src.storage.order_file import OrderFile
from tests.api.fakes import FakeIntake, FakeResults, FakeStatus, FakeWatch
from tests.api.review_fakes import FakeExports, FakeFigures, FakeLogs, FakeReview


class FakeService:
    """Everything behind the HTTP layer."""

    def __init__(self, folder: Path) -> None:
        self.intake = FakeIntake()
        self.results = FakeResults(folder)
        self.review = FakeReview(self.results)
        self.figures = FakeFigures()
        self.exports = FakeExports()
        # The real thing: it needs no more than a folder.
        self.orders = OrderService(orders=OrderFile(folder / "purchase_orders.csv", required=False))
        self.logs = FakeLogs()
        self.status = FakeStatus()
        self.watch = FakeWatch()
        self.start_error: InvoiceAgentError | RuntimeError | None = None
        self.running = False

    async def start(self, *, watch: bool = True) -> None:
        if self.start_error:
            raise self.start_error
        self.running = True

    async def stop(self) -> None:
        self.running = False
