"""Every error leaves the service as `{detail, status_code, timestamp, error_type}`.

One table says which status an error of the domain has. `error_type` is the stable name for
programs, `detail` is for people.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from loguru import logger
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from src.api.orjson_response import OrjsonResponse
from src.domain import errors as domain
from src.domain.results import Failure

# The nearest class in an error's line of ancestors counts.
STATUS: dict[type[domain.InvoiceAgentError], int] = {
    domain.InvalidInput: 400,
    domain.SourceRejected: 400,
    domain.NotFound: 404,
    domain.Conflict: 409,
    domain.DuplicateDocument: 409,
    domain.SourceNotReady: 409,
    domain.EngineUnavailable: 503,
    domain.EngineTimeout: 503,
    domain.WorkerCrashed: 503,
    domain.StorageFailed: 503,
    domain.ConfigurationError: 503,
    domain.InvoiceAgentError: 500,
}

# Names that differ from the class name.
_TYPES: dict[type[domain.InvoiceAgentError], str] = {domain.InvalidInput: "ValidationError"}

_HTTP_TYPES = {
    400: "ValidationError",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    429: "TooManyRequests",
    503: "ServiceUnavailable",
}

# Seconds after which a passing failure is worth another try.
RETRY_AFTER_SECONDS = 10

# More problems than this help nobody, and the caller decides how many there are.
_MAX_PROBLEMS = 20
_MAX_DETAIL = 2000


class ApiError(Exception):
    """An error of the HTTP layer itself."""

    def __init__(
        self, status: int, detail: str, *, error_type: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.error_type = error_type or _HTTP_TYPES.get(status, "HttpError")
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        if status == 401:
            self.headers["WWW-Authenticate"] = 'Bearer realm="invoice-agent"'


def error_type_of(error: type[domain.InvoiceAgentError]) -> str:
    return _TYPES.get(error, error.__name__)


def _family(
    root: type[domain.InvoiceAgentError],
) -> Iterator[type[domain.InvoiceAgentError]]:
    yield root
    for child in root.__subclasses__():
        yield from _family(child)


def error_type_of_code(code: str) -> str:
    """`error_type` of a failure that was kept earlier."""
    for kind in _family(domain.InvoiceAgentError):
        if kind.code == code:
            return error_type_of(kind)
    return domain.InvoiceAgentError.__name__


def status_of(error: type[domain.InvoiceAgentError]) -> int:
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def refused(failure: Failure, file_id: str) -> ApiError:
    """The error of a file that was refused and kept."""
    return ApiError(
        400,
        f"{failure.message} (The file is kept as {file_id}.)",
        error_type=error_type_of_code(failure.code),
    )


def error_response(
    status: int, detail: str, error_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    body = {
        "detail": detail[:_MAX_DETAIL],
        "status_code": status,
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "error_type": error_type,
    }
    return OrjsonResponse(body, status_code=status, headers=dict(headers or {}))


def internal_error(error: Exception, where: str) -> Response:
    """Log what happened under a reference; the caller learns the reference only."""
    reference = uuid.uuid4().hex[:12]
    logger.bind(reference=reference).opt(exception=error).error("unexpected error in {}", where)
    return error_response(
        500,
        f"The service made a mistake. It is in errors.log under the reference {reference}.",
        "InternalError",
    )


def install(app: FastAPI) -> None:
    """Register the handlers; what they don't know ends in the error boundary."""

    @app.exception_handler(ApiError)
    async def of_api(_: Request, error: ApiError) -> Response:
        return error_response(error.status, error.detail, error.error_type, error.headers)

    @app.exception_handler(domain.InvoiceAgentError)
    async def of_domain(request: Request, error: domain.InvoiceAgentError) -> Response:
        return _domain_response(request, error)

    @app.exception_handler(RequestValidationError)
    async def of_validation(_: Request, error: RequestValidationError) -> Response:
        return error_response(400, _problems(error.errors()), "ValidationError")

    @app.exception_handler(HTTPException)
    async def of_framework(_: Request, error: HTTPException) -> Response:
        return _framework_response(error)

    @app.exception_handler(ClientDisconnect)
    async def of_disconnect(request: Request, _: ClientDisconnect) -> Response:
        logger.info("the caller hung up during {} {}", request.method, request.url.path)
        return error_response(400, "The request ended early.", "ValidationError")


def _domain_response(request: Request, error: domain.InvoiceAgentError) -> Response:
    status = status_of(type(error))
    if status >= 500:
        logger.error("{} {}: {}", request.method, request.url.path, error.message)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if error.retryable else {}
    return error_response(status, error.message, error_type_of(type(error)), headers)


def _framework_response(error: HTTPException) -> Response:
    detail = error.detail
    if error.status_code == 404 and detail == "Not Found":
        detail = "There is nothing at this address; /docs lists what there is."
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        detail = f"This address does not take that method; it takes {allowed or 'others'}."
    kind = _HTTP_TYPES.get(error.status_code, "HttpError")
    return error_response(error.status_code, detail, kind, error.headers)


def _problems(problems: Sequence[Mapping[str, Any]]) -> str:
    """`limit: Input should be greater than 0; body.file_path: …`, without the values sent."""
    told = []
    for problem in problems[:_MAX_PROBLEMS]:
        place = ".".join(str(part) for part in problem["loc"] if part not in {"query", "path"})
        message = str(problem["msg"]).removeprefix("Value error, ")
        told.append(f"{place}: {message}" if place else message)
    if len(problems) > _MAX_PROBLEMS:
        told.append(f"and {len(problems) - _MAX_PROBLEMS} more")
    return "; ".join(told)
