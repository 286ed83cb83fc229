"""`OrderSource` on a CSV file that people or programs replace."""

from __future__ import annotations

import asyncio
from pathlib import Path

from loguru import logger

from src.domain.errors import ConfigurationError
from src.domain.purchase_orders import OrderBook, parse_orders

_LARGEST = 64 * 1024 * 1024


class OrderFile:
    """Read at the start and again whenever the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = OrderBook()
        # (modified ns, bytes) of what was read last, good or bad.
        self._seen: tuple[int, int] | None = None
        self._reading = asyncio.Lock()

    async def open(self) -> None:
        """Raises `ConfigurationError` when the file is missing or cannot be understood."""
        self._seen, self._book = await asyncio.to_thread(self._read)

    async def current(self) -> OrderBook | None:
        """A changed file that cannot be understood is told in the log once; the orders that
        were read before stay."""
        async with self._reading:
            try:
                state = await asyncio.to_thread(self._state)
                if state != self._seen:
                    self._seen = state
                    self._seen, self._book = await asyncio.to_thread(self._read)
            except ConfigurationError as error:
                logger.error("The purchase orders read before stay in use: {}", error.message)
        return self._book

    def _state(self) -> tuple[int, int] | None:
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size

    def _read(self) -> tuple[tuple[int, int] | None, OrderBook]:
        state = self._state()
        try:
            if state is not None and state[1] > _LARGEST:
                raise ConfigurationError(f"PURCHASE_ORDERS_FILE={self._path} is above 64 MB.")
            text = self._path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"PURCHASE_ORDERS_FILE={self._path} cannot be read ({error}). Give a CSV file in "
                "UTF-8, or clear the setting."
            ) from error
        return state, parse_orders(text, str(self._path))


class NoOrders:
    """`OrderSource` where no orders are kept."""

    async def open(self) -> None:
        """Nothing to open."""

    async def current(self) -> OrderBook | None:
        return None
