"""Results: list, one, again, away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from src.api.dependencies import FileId, Service
from src.api.gate import Admitted, admitted
from src.api.openapi import errors
from src.api.presenting import result_detail_out, result_out, result_query
from src.api.schemas import (
    DeletedOut,
    ResultDetailOut,
    ResultFilters,
    ResultOut,
    ResultPageOut,
    RetryIn,
)

router = APIRouter(
    prefix="/results",
    tags=["results"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 500, 503),
)


@router.get("", summary="List results")
async def list_results(
    service: Service, filters: Annotated[ResultFilters, Query()]
) -> ResultPageOut:
    """Newest first unless `sort` and `order` say otherwise.

    For the next page send the same query with `cursor` set to `next_cursor`.
    """
    page = await service.results.query(result_query(filters))
    return ResultPageOut(
        items=tuple(result_out(record) for record in page.items),
        next_cursor=page.next_cursor,
        total=page.total,
    )


@router.get("/{file_id}", summary="One result", responses=errors(404))
async def get_result(service: Service, file_id: FileId) -> ResultDetailOut:
    """The whole invoice with the evidence for every value and the findings."""
    return result_detail_out(*await service.results.whole(file_id))


@router.post(
    "/{file_id}/retry", status_code=202, summary="Process again", responses=errors(404, 409)
)
async def retry_result(
    service: Service,
    caller: Admitted,
    file_id: FileId,
    order: Annotated[RetryIn | None, Body()] = None,
) -> ResultOut:
    """With the configured engine, or with the one that is named."""
    engine = order.engine if order else None
    return result_out(await service.results.retry(file_id, engine, by=caller.name))


@router.delete("/{file_id}", summary="Delete a result", responses=errors(404, 409))
async def delete_result(service: Service, caller: Admitted, file_id: FileId) -> DeletedOut:
    """Hide the result; its files move to `deleted/` in the generated folder."""
    await service.results.delete(file_id, by=caller.name)
    return DeletedOut(file_id=file_id)
