"""People decide about results."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from src.api.dependencies import FileId, Service
from src.api.gate import Admitted, admitted
from src.api.openapi import errors
from src.api.presenting import result_detail_out, result_out
from src.api.review_presenting import checked_out, correction_of, history_out
from src.api.review_schemas import (
    CheckedOut,
    CorrectionIn,
    HistoryOut,
    NextOut,
    PriorityIn,
    RejectionIn,
    VersionIn,
)
from src.api.schemas import Line, ResultDetailOut, ResultOut, RetryIn
from src.domain.review import ReviewStatus
from src.services.review import Reviewed

router = APIRouter(
    prefix="/results",
    tags=["review"],
    dependencies=[Depends(admitted)],
    responses=errors(400, 401, 403, 500, 503),
)
_OF_ONE = errors(404, 409)


# Before the routes of one result, which take any name for an id.
@router.get("/next", summary="Next result to review")
async def next_result(
    service: Service,
    after: Annotated[Line | None, Query(max_length=64, description="A result's id")] = None,
    review_status: ReviewStatus = ReviewStatus.NEEDS_REVIEW,
) -> NextOut:
    """The one that follows `after`, oldest first; without `after` the oldest."""
    queue = await service.review.next(review_status, after)
    return NextOut(file_id=queue.next_id, remaining=queue.remaining)


@router.patch("/{file_id}", summary="Correct a result", responses=_OF_ONE)
async def correct_result(
    service: Service, caller: Admitted, file_id: FileId, body: CorrectionIn
) -> ResultDetailOut:
    """Save changed values. The invoice is checked and decided on again; the values there were
    stay in the history. 409 when somebody changed the result since `version`."""
    correction = correction_of(body)
    return _whole(await service.review.correct(file_id, body.version, correction, by=caller.name))


@router.post("/{file_id}/check", summary="Try a correction", responses=_OF_ONE)
async def check_result(
    service: Service, caller: Admitted, file_id: FileId, body: CorrectionIn
) -> CheckedOut:
    """What the same body would lead to as `PATCH`; saves nothing."""
    correction = correction_of(body)
    return checked_out(
        await service.review.check(file_id, body.version, correction, by=caller.name)
    )


@router.post("/{file_id}/approve", summary="Approve a result", responses=_OF_ONE)
async def approve_result(
    service: Service, caller: Admitted, file_id: FileId, body: VersionIn
) -> ResultDetailOut:
    """A person decides: open findings are no hindrance."""
    return _whole(await service.review.approve(file_id, body.version, by=caller.name))


@router.post("/{file_id}/reject", summary="Reject a result", responses=_OF_ONE)
async def reject_result(
    service: Service, caller: Admitted, file_id: FileId, body: RejectionIn
) -> ResultDetailOut:
    """The reason is kept in the history."""
    reason = body.reason.strip()
    return _whole(await service.review.reject(file_id, body.version, reason, by=caller.name))


@router.post(
    "/{file_id}/reprocess", status_code=202, summary="Read a document again", responses=_OF_ONE
)
async def reprocess_result(
    service: Service,
    caller: Admitted,
    file_id: FileId,
    order: Annotated[RetryIn | None, Body()] = None,
) -> ResultOut:
    """The result there is stays until the new one, and then in the history."""
    engine = order.engine if order else None
    return result_out(await service.results.retry(file_id, engine, by=caller.name))


@router.post("/{file_id}/cancel", summary="Call a queued job off", responses=_OF_ONE)
async def cancel_result(service: Service, caller: Admitted, file_id: FileId) -> ResultOut:
    """409 when it runs or has ended."""
    return result_out(await service.review.cancel(file_id, by=caller.name))


@router.post("/{file_id}/priority", summary="Move a queued job", responses=_OF_ONE)
async def prioritise_result(
    service: Service, caller: Admitted, file_id: FileId, body: PriorityIn
) -> ResultOut:
    """Higher ones are taken first; 409 when it runs or has ended."""
    record = await service.review.prioritise(file_id, body.priority, by=caller.name)
    return result_out(record)


@router.get("/{file_id}/history", summary="What happened to a document", responses=errors(404))
async def result_history(service: Service, file_id: FileId) -> HistoryOut:
    """Nothing in it is ever changed."""
    return history_out(await service.review.history(file_id))


def _whole(reviewed: Reviewed) -> ResultDetailOut:
    return result_detail_out(reviewed.record, reviewed.result)
