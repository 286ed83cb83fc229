"""Purchase orders on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from src.api.schemas import Amount, Wire
from src.domain.order_table import LARGEST, clean_text


def _text(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise ValueError("must not be empty; leave it out")
    return text


OrderText = Annotated[str, AfterValidator(_text)]
OrderAmount = Annotated[Amount, Field(gt=-LARGEST, lt=LARGEST)]
_MOST_LINES = 1_000


class OrderLineIn(Wire):
    """What is left out is not compared."""

    code: OrderText | None = Field(default=None, description="Article number")
    description: OrderText | None = None
    quantity: OrderAmount | None = None
    price: OrderAmount | None = Field(default=None, description="Of one unit, without tax")


class OrderIn(Wire):
    number: OrderText
    supplier: OrderText = Field(description="Name of the vendor")
    supplier_tax_id: OrderText | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$", description="ISO 4217")
    total: OrderAmount | None = Field(default=None, description="Without tax")
    open: bool = Field(default=True, description="Whether it may still be invoiced")
    lines: tuple[OrderLineIn, ...] = Field(default=(), max_length=_MOST_LINES)


class OrderLineOut(OrderLineIn):
    pass


class OrderOut(OrderIn):
    lines: tuple[OrderLineOut, ...]


class OrdersOut(Wire):
    """A page of the orders, in the order of their numbers."""

    items: tuple[OrderOut, ...]
    next_cursor: str | None
    total: int = Field(description="All orders, not only this page's")
    in_use: bool = Field(description="Whether invoices are held against orders at all")


class OrdersReplacedOut(Wire):
    total: int = Field(description="Orders there are now")
