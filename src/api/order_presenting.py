"""Purchase orders between the wire and the domain."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import from_json

from src.api.order_schemas import OrderIn, OrderLineOut, OrderOut, OrdersOut
from src.domain.errors import InvalidInput
from src.domain.purchase_orders import OrderLine, PurchaseOrder, refuse
from src.services.orders import OrderPage

MOST_ORDERS = 100_000
# Enough to see what is wrong with all of them.
_MOST_PROBLEMS = 20


def orders_of(body: bytes) -> tuple[PurchaseOrder, ...]:
    """A JSON list of `OrderIn`. Blocks for a moment; raises `InvalidInput` naming the orders at
    fault by their place in the list, counted from 1."""
    try:
        items = from_json(body)
    except ValueError as error:
        raise InvalidInput(f"The body is no JSON: {error}.") from error
    if not isinstance(items, list) or len(items) > MOST_ORDERS:
        raise InvalidInput(f"Send a list of at most {MOST_ORDERS} orders.")
    orders: list[PurchaseOrder] = []
    problems: list[str] = []
    for place, item in enumerate(items, start=1):
        try:
            orders.append(_order_of(OrderIn.model_validate(item)))
        except ValidationError as error:
            problems += _problems(error, f"order {place}")
        if len(problems) >= _MOST_PROBLEMS:
            break
    refuse(problems)
    return tuple(orders)


def _problems(error: ValidationError, place: str) -> Iterator[str]:
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        where = ", ".join((place, *(str(part) for part in one["loc"])))
        yield f"{where}: {one['msg']}"


def _order_of(order: OrderIn) -> PurchaseOrder:
    lines = (
        OrderLine(
            code=line.code, description=line.description, quantity=line.quantity, price=line.price
        )
        for line in order.lines
    )
    return PurchaseOrder(
        number=order.number,
        supplier=order.supplier,
        supplier_tax_id=order.supplier_tax_id,
        currency=order.currency,
        total=order.total,
        is_open=order.open,
        # One that says nothing is none.
        lines=tuple(line for line in lines if line != OrderLine()),
    )


def orders_out(page: OrderPage) -> OrdersOut:
    return OrdersOut(
        items=tuple(_order_out(order) for order in page.items),
        next_cursor=page.next_after,
        total=page.total or 0,
        in_use=page.total is not None,
    )


def _order_out(order: PurchaseOrder) -> OrderOut:
    # What is kept was checked when it came, by the rules of a file: those of the wire are not
    # asked again.
    return OrderOut.model_construct(
        number=order.number,
        supplier=order.supplier,
        supplier_tax_id=order.supplier_tax_id,
        currency=order.currency,
        total=order.total,
        open=order.is_open,
        lines=tuple(
            OrderLineOut.model_construct(
                code=line.code,
                description=line.description,
                quantity=line.quantity,
                price=line.price,
            )
            for line in order.lines
        ),
    )
