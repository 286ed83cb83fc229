"""The purchase orders invoices are held against: shown, and replaced as a whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from loguru import logger

from src.domain.errors import InvalidInput
from src.domain.order_table import parse_orders
from src.domain.purchase_orders import OrderBook, PurchaseOrder
from src.ports import OrderStore

log = logger.bind(channel="processing")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    items: tuple[PurchaseOrder, ...]
    # The number behind which the next page starts; None on the last one.
    next_after: str | None
    # All orders, not only this page's; None where none are kept and invoices not held against any.
    total: int | None


class OrderService:
    def __init__(self, *, orders: OrderStore) -> None:
        self._orders = orders

    async def page(self, limit: int, after: str | None) -> OrderPage:
        """At most `limit` orders behind the number `after`, in the order of their numbers."""
        book = await self._orders.current()
        if book is None:
            return OrderPage(items=(), next_after=None, total=None)
        items = book.page(limit + 1, after)
        more = len(items) > limit
        return OrderPage(
            items=items[:limit],
            next_after=items[limit - 1].number if more else None,
            total=len(book),
        )

    async def replace_by_table(self, content: bytes, *, by: str) -> int:
        """As `replace`, by the bytes of a CSV file."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidInput("The table is no UTF-8 text; save it as 'CSV UTF-8'.") from error
        book = await asyncio.to_thread(parse_orders, text)
        return await self._keep(book, by)

    async def replace(self, orders: tuple[PurchaseOrder, ...], *, by: str) -> int:
        """Keep these orders and no others; returns how many there are.

        Raises `InvalidInput` for a number that comes twice, and for none at all: a table
        without orders is an export that failed, and would hold every invoice. Raises
        `StorageFailed`; what was kept before then stays.
        """
        return await self._keep(OrderBook.of(orders), by)

    async def _keep(self, book: OrderBook, by: str) -> int:
        if not len(book):
            raise InvalidInput(
                "There is no order in it. To hold invoices against no orders any more, take the "
                "file of the orders away (docs/checks.md)."
            )
        await self._orders.replace(tuple(book))
        log.info("processing purchase orders replaced by {}: {} orders", by, len(book))
        return len(book)
