"""The dashboard's only way to the service: typed answers over HTTP.

The types hold the fields that the pages show and ignore all others, so that a dashboard and an
API of neighbouring versions understand each other.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

# A page that polls must not pile up requests behind a service that hangs.
TIMEOUT_SECONDS = 10.0


class ApiProblem(Exception):
    """Base of what can go wrong in a call; the message is for people."""


class ApiUnreachable(ApiProblem):
    """Nobody answers at the address."""


class ApiRefused(ApiProblem):
    """The API wants a key, or another one (401, 403)."""

    def __init__(self, message: str, status_code: int) -> None:
        super().__init__(message)
        self.status_code = status_code


class ApiFailed(ApiProblem):
    """The API answered, but not with what was asked for."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Stats(_Answer):
    """Totals of all time; `pending` and `processing` are now."""

    total_processed: int
    successful: int
    failed: int
    pending: int
    processing: int
    # Seconds, mean of the last results.
    average_processing_time: float
    # Of the API process, as text: "2 days, 14:30:25".
    uptime: str


class ResultItem(_Answer):
    """One row of the results list."""

    file_id: str
    file_name: str
    state: str
    review_status: str | None = None
    vendor_name: str | None = None
    invoice_number: str | None = None
    invoice_date: date | None = None
    currency: str | None = None
    total: Decimal | None = None
    finding_codes: tuple[str, ...] = ()
    engine: str | None = None
    received_at: datetime | None = None


class ResultList(_Answer):
    items: tuple[ResultItem, ...]
    # All results there are, not only these.
    total: int


class _Error(_Answer):
    detail: str


A = TypeVar("A", bound=_Answer)


class ApiClient:
    """Calls of one browser session, made with that session's key."""

    def __init__(
        self, base_url: str, key: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        self.base_url = base_url
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=TIMEOUT_SECONDS,
            transport=transport,
            # Key and invoices must not travel through a proxy found in the environment.
            trust_env=False,
        )

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.close()

    def stats(self) -> Stats:
        """Raises an `ApiProblem`."""
        return self._get("/stats", Stats)

    def results(self, limit: int = 50) -> ResultList:
        """The newest results. Raises an `ApiProblem`."""
        return self._get("/results", ResultList, {"limit": limit})

    def _get(self, path: str, answer: type[A], params: dict[str, int] | None = None) -> A:
        try:
            response = self._http.get(path, params=params)
        except httpx.TransportError as error:
            raise ApiUnreachable(
                f"No answer from the API at {self.base_url} ({type(error).__name__})."
            ) from error
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise ApiRefused(_detail(response), response.status_code)
        if response.status_code != httpx.codes.OK:
            raise ApiFailed(f"The API answered {response.status_code}: {_detail(response)}")
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise ApiFailed(
                f"{self.base_url}{path} answers, but not as the invoice API does. "
                "Is API_BASE_URL the address of another service?"
            ) from error


def _detail(response: httpx.Response) -> str:
    """The text for people in an error body, or the name of the status."""
    try:
        return _Error.model_validate_json(response.content).detail
    except ValidationError:
        return response.reason_phrase
