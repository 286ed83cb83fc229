"""The purchase orders invoices are held against."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from src.api.dependencies import Service
from src.api.errors import ApiError
from src.api.gate import Admitted, admitted
from src.api.openapi import errors
from src.api.order_presenting import orders_of, orders_out
from src.api.order_schemas import OrderIn, OrderLineIn, OrdersOut, OrdersReplacedOut
from src.api.schemas import Line

router = APIRouter(
    prefix="/purchase-orders",
    tags=["purchase orders"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 500, 503),
)

_TABLES = frozenset({"text/csv", "application/csv", "application/vnd.ms-excel"})
_EXAMPLE = "number,supplier,currency,total,open\nPO-4711,Example Ltd,EUR,1250.00,yes\n"


def _order_schema() -> dict[str, Any]:
    """With the lines in place: a body that is no parameter has no components."""
    schema = OrderIn.model_json_schema()
    schema["properties"]["lines"]["items"] = OrderLineIn.model_json_schema()
    del schema["$defs"]
    return schema


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE},
            "application/json": {
                "schema": {"type": "array", "items": _order_schema()},
                "example": [{"number": "PO-4711", "supplier": "Example Ltd", "total": "1250.00"}],
            },
        },
    }
}


@router.get("", summary="Purchase orders")
async def list_orders(
    service: Service,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[
        Line | None, Query(max_length=500, description="`next_cursor` of the page before")
    ] = None,
) -> OrdersOut:
    """In the order of their numbers. `in_use` is false where no orders are kept: then invoices
    are held against none."""
    return orders_out(await service.orders.page(limit, cursor))


@router.put("", summary="Replace the purchase orders", openapi_extra=_BODY)
async def replace_orders(request: Request, service: Service, caller: Admitted) -> OrdersReplacedOut:
    """All of them, by a CSV file (`text/csv`) or a JSON list, at most 16 MB. Either every row is
    taken or none; `detail` names the rows at fault. They hold for what is checked from now on."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        orders = await asyncio.to_thread(orders_of, await request.body())
        return OrdersReplacedOut(total=await service.orders.replace(orders, by=caller.name))
    if kind in _TABLES:
        content = await request.body()
        return OrdersReplacedOut(
            total=await service.orders.replace_by_table(content, by=caller.name)
        )
    raise ApiError(400, "Send the orders as text/csv or application/json (Content-Type).")
