"""Files come in: uploads, and a look into the incoming folder on request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response

from src.api.dependencies import RunningService, Service, UploadLimit
from src.api.errors import ApiError, error_type_of, refused
from src.api.gate import Admitted, admitted
from src.api.openapi import errors
from src.api.presenting import item_out, receipt_out
from src.api.rate_limit import RateLimit
from src.api.schemas import ItemOut, ItemsOut, ProcessIn, ReceiptOut, RefusalOut
from src.api.uploads import UploadedFile, uploaded_files
from src.domain.document import JobState
from src.domain.errors import InvoiceAgentError
from src.domain.results import IntakeReceipt

router = APIRouter(
    tags=["intake"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 409, 429, 500, 503),
)

_MULTIPART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "One or several files; repeat the field",
                        }
                    },
                }
            }
        },
    }
}
_ACCEPTED: dict[int | str, dict[str, Any]] = {
    200: {"model": ReceiptOut | ItemsOut, "description": "Known already: linked to the first"}
}


@router.post(
    "/upload",
    status_code=202,
    summary="Upload files",
    responses=_ACCEPTED,
    openapi_extra=_MULTIPART,
)
async def upload(
    request: Request,
    response: Response,
    service: Service,
    caller: Admitted,
    limit: UploadLimit,
    force_reprocess: Annotated[
        bool, Query(description="Process the files even if their bytes are known")
    ] = False,
) -> ReceiptOut | ItemsOut:
    """One file answers one receipt, several answer `items` in the order they were sent.

    All files of one request together stay below MAX_FILE_SIZE_MB.
    """
    _spend(limit, caller.identity, 1)
    async with uploaded_files(request) as files:
        if len(files) == 1:
            receipt = await service.intake.take_stream(
                files[0].name, files[0].chunks(), force=force_reprocess
            )
            return _single(response, receipt)
        _spend(limit, caller.identity, len(files) - 1)
        return await _several(response, service, files, force=force_reprocess)


@router.post(
    "/process", status_code=202, summary="Take files of the incoming folder", responses=_ACCEPTED
)
async def process(
    response: Response,
    service: Service,
    order: Annotated[ProcessIn | None, Body()] = None,
) -> ReceiptOut | ItemsOut:
    """With `file_path` that file, else every file that is ready; the work goes on behind."""
    order = order or ProcessIn()
    if order.file_path is not None:
        receipt = await service.watch.take_path(Path(order.file_path), force=order.force_reprocess)
        return _single(response, receipt)
    receipts = await service.watch.scan(force=order.force_reprocess)
    return _items(response, [item_out(receipt) for receipt in receipts])


def _spend(limit: RateLimit, caller: str, count: int) -> None:
    wait = limit.wait_for(caller, count)
    if wait:
        raise ApiError(
            429,
            f"Too many uploads; try again in {wait} seconds (UPLOADS_PER_MINUTE sets the limit).",
            retry_after=wait,
        )


def _single(response: Response, receipt: IntakeReceipt) -> ReceiptOut:
    if receipt.failure:
        raise refused(receipt.failure, receipt.file_id)
    if receipt.duplicate_of:
        response.status_code = 200
    return receipt_out(receipt)


async def _several(
    response: Response, service: RunningService, files: Sequence[UploadedFile], *, force: bool
) -> ItemsOut:
    """Each file by itself: one that is refused does not hold up the others."""
    items: list[ItemOut] = []
    problems: list[InvoiceAgentError] = []
    for file in files:
        try:
            receipt = await service.intake.take_stream(file.name, file.chunks(), force=force)
        except InvoiceAgentError as error:
            problems.append(error)
            items.append(_not_taken(file.name, error))
        else:
            items.append(item_out(receipt, file.name))
    if len(problems) == len(files):
        # Nothing was taken or kept, so the whole request failed.
        raise problems[0]
    return _items(response, items)


def _not_taken(name: str, error: InvoiceAgentError) -> ItemOut:
    return ItemOut(
        file_name=name,
        file_id=None,
        state=JobState.FAILED,
        error=RefusalOut(detail=error.message, error_type=error_type_of(type(error))),
    )


def _items(response: Response, items: Sequence[ItemOut]) -> ItemsOut:
    refusals = [item.error for item in items if item.error]
    if items and len(refusals) == len(items):
        told = "; ".join(refusal.detail for refusal in refusals)
        raise ApiError(400, f"No file was accepted. {told}", error_type=refusals[0].error_type)
    if any(item.duplicate_of for item in items) and not any(
        item.error is None and item.duplicate_of is None for item in items
    ):
        response.status_code = 200
    return ItemsOut(items=tuple(items))
