"""`OrderStore` on a CSV file that people, programs or the API replace."""

from __future__ import annotations

import asyncio
from pathlib import Path

from loguru import logger

from src.domain.errors import ConfigurationError, InvalidInput
from src.domain.order_table import orders_as_table, parse_orders
from src.domain.purchase_orders import OrderBook, PurchaseOrder
from src.storage import disk

_LARGEST = 64 * 1024 * 1024


class OrderFile:
    """Read at the start and again whenever the file changes, whoever changed it."""

    def __init__(self, path: Path, *, required: bool) -> None:
        """Unless it is `required`, no file means that no orders are kept."""
        self._path = path
        self._required = required
        self._book: OrderBook | None = None
        # (modified ns, bytes) of what was read last, good or bad.
        self._seen: tuple[int, int] | None = None
        # One at a time reads or writes.
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Raises `ConfigurationError` when a required file is missing, or any cannot be
        understood."""
        self._seen, self._book = await asyncio.to_thread(self._read)

    async def current(self) -> OrderBook | None:
        """A changed file that cannot be understood is told in the log once; the orders that
        were read before stay."""
        async with self._turn:
            try:
                state = await asyncio.to_thread(self._state)
                if state != self._seen:
                    self._seen = state
                    self._seen, self._book = await asyncio.to_thread(self._read)
            except ConfigurationError as error:
                logger.error("The purchase orders read before stay in use: {}", error.message)
            return self._book

    async def replace(self, orders: tuple[PurchaseOrder, ...]) -> None:
        """What is in use is what the file says, now and after a restart.

        Raises `InvalidInput` for orders that a file cannot say; nothing is written then.
        """
        async with self._turn:
            self._book = await asyncio.to_thread(self._write, orders)
            # Somebody else may have written as well: the next question looks.
            self._seen = None

    def _state(self) -> tuple[int, int] | None:
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size

    def _read(self) -> tuple[tuple[int, int] | None, OrderBook | None]:
        state = self._state()
        if state is None and not self._required:
            return None, None
        try:
            if state is not None and state[1] > _LARGEST:
                raise InvalidInput(f"it is above {_LARGEST // 1024**2} MB.")
            return state, parse_orders(self._path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, InvalidInput) as error:
            told = error.message if isinstance(error, InvalidInput) else str(error)
            raise ConfigurationError(
                f"The purchase orders in {self._path} cannot be used: {told} Give a CSV file in "
                "UTF-8 (docs/checks.md), or choose another with PURCHASE_ORDERS_FILE."
            ) from error

    def _write(self, orders: tuple[PurchaseOrder, ...]) -> OrderBook:
        table = orders_as_table(orders)
        book = parse_orders(table)
        with disk.storing(f"Writing the purchase orders to {self._path}"):
            disk.write_durably(self._path, table.encode())
        return book


class NoOrders:
    """`OrderSource` where no orders are kept."""

    async def open(self) -> None:
        """Nothing to open."""

    async def current(self) -> OrderBook | None:
        return None
