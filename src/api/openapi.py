"""The error answers every route documents, and the finishing touch on the schema."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from src.api.schemas import ErrorOut

_TOLD = {
    400: ("Invalid input; the detail lists the fields", "ValidationError"),
    401: ("A key is needed (API_KEYS)", "Unauthorized"),
    403: ("Not from there, or not with this key", "Forbidden"),
    404: ("No such result, page or address", "NotFound"),
    409: (
        "Not in this state: the document runs, is a duplicate, or was changed meanwhile",
        "Conflict",
    ),
    429: ("Too many uploads; Retry-After tells the seconds", "TooManyRequests"),
    500: ("A mistake of the service; the detail names the log reference", "InternalError"),
    503: ("Not able to work now; try again later", "ServiceUnavailable"),
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the errors it can answer with, each with an example."""
    return {status: _documented(status) for status in sorted(statuses)}


def _documented(status: int) -> dict[str, Any]:
    description, error_type = _TOLD[status]
    example = {
        "detail": description,
        "status_code": status,
        "timestamp": "2024-01-01T12:00:00Z",
        "error_type": error_type,
    }
    return {
        "model": ErrorOut,
        "description": description,
        "content": {"application/json": {"example": example}},
    }


def install(app: FastAPI) -> None:
    """Take FastAPI's own 422 out of the schema: this service answers 400 in its place."""
    made = app.openapi

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            _without_422(made())
        return made()

    app.openapi = schema  # type: ignore[method-assign]


def _without_422(schema: dict[str, Any]) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            operation.get("responses", {}).pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        schema.get("components", {}).get("schemas", {}).pop(unused, None)
