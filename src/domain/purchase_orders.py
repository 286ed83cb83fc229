"""Open orders, against which invoices are held."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from src.domain.errors import InvalidInput
from src.domain.naming import compact


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order; what is not known is None and not compared."""

    code: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    # Without tax, of one unit.
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    number: str
    supplier: str
    supplier_tax_id: str | None = None
    # ISO 4217.
    currency: str | None = None
    # Without tax.
    total: Decimal | None = None
    is_open: bool = True
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderMatch:
    """The order an invoice names, as far as it is known."""

    # As the invoice names it.
    number: str
    order: PurchaseOrder | None
    # Without tax, in the order's currency: what other invoices have charged for it already.
    invoiced_before: Decimal = Decimal(0)


class OrderBook:
    """All orders by their number; spaces, punctuation and case do not matter."""

    def __init__(self, orders: Iterable[PurchaseOrder] = ()) -> None:
        self._orders = {order_key(order.number): order for order in orders}
        self._keys = sorted(self._orders)

    @classmethod
    def of(cls, orders: Sequence[PurchaseOrder]) -> OrderBook:
        """Raises `InvalidInput` for numbers that are empty or come twice, by their place in the
        list, counted from 1."""
        first: dict[str, int] = {}
        problems = []
        for place, order in enumerate(orders, start=1):
            key = order_key(order.number)
            if not key:
                problems.append(f"order {place}: the number has neither letters nor digits")
            elif key in first:
                problems.append(
                    f"order {place}: the number {order.number} is that of order {first[key]}"
                )
            first.setdefault(key, place)
        refuse(problems)
        return cls(orders)

    def __iter__(self) -> Iterator[PurchaseOrder]:
        return iter(self._orders.values())

    def __len__(self) -> int:
        return len(self._orders)

    def find(self, number: str) -> PurchaseOrder | None:
        return self._orders.get(order_key(number))

    def page(self, limit: int, after: str | None = None) -> tuple[PurchaseOrder, ...]:
        """At most `limit` orders behind that number, in the order of their numbers."""
        start = 0 if after is None else bisect_right(self._keys, order_key(after))
        return tuple(self._orders[key] for key in self._keys[start : start + limit])


def order_key(number: str) -> str:
    return compact(number)


# More problems than this help nobody.
_MOST_TOLD = 20


def refuse(problems: list[str]) -> None:
    """Raises `InvalidInput` with the problems if there are any."""
    if not problems:
        return
    more = len(problems) - _MOST_TOLD
    told = "; ".join(problems[:_MOST_TOLD])
    raise InvalidInput(f"{told}; and {more} more." if more > 0 else f"{told}.")
