"""One call to the API: what is sent, and each kind of failure as a problem of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar

import httpx
from pydantic import ValidationError

from dashboard.answers.base import Answer
from dashboard.problems import (
    ApiFailed,
    ApiProblem,
    ApiRefused,
    ApiSlow,
    ApiUnreachable,
    Changed,
    InvalidInput,
    NotThere,
)

# A page that polls must not pile up requests behind a service that hangs.
TIMEOUT_SECONDS = 10.0
# An upload waits until the service has the bytes on disk.
LONG_TIMEOUT = httpx.Timeout(TIMEOUT_SECONDS, read=120.0, write=120.0)
# A workbook comes when its last row is written; 100,000 results take minutes.
EXPORT_TIMEOUT = httpx.Timeout(TIMEOUT_SECONDS, read=900.0)

Query = Mapping[str, str | int | bool]


class _Error(Answer):
    detail: str


A = TypeVar("A", bound=Answer)


def connections(base_url: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Connections to the API, for all sessions: making them anew costs more than most answers.

    It holds no key, and no cookie that an answer to one session sets.
    """
    return httpx.Client(
        base_url=base_url,
        timeout=TIMEOUT_SECONDS,
        transport=transport,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        # Key and invoices must not travel through a proxy found in the environment.
        trust_env=False,
    )


class Http:
    """Calls of one browser session, made with that session's key."""

    def __init__(self, client: httpx.Client, key: str = "") -> None:
        self.base_url = str(client.base_url).rstrip("/")
        self._http = client
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, answer: type[A], query: Query | None = None) -> A:
        return self._typed(answer, self._call("GET", path, params=query))

    def send(self, method: str, path: str, answer: type[A], body: object = None) -> A:
        """`body` goes as JSON."""
        return self._typed(answer, self._call(method, path, json=body))

    def upload(self, path: str, answer: type[A], name: str, content: bytes) -> A:
        files = {"file": (name, content)}
        return self._typed(answer, self._call("POST", path, files=files, timeout=LONG_TIMEOUT))

    def content(self, path: str, query: Query | None = None) -> bytes:
        return self._call("GET", path, params=query).content

    def chunks(self, path: str, query: Query) -> Iterator[bytes]:
        """The body piece by piece, so that a large one is never held twice."""
        with (
            self._reaching(),
            self._http.stream(
                "GET", path, params=query, headers=self._headers, timeout=EXPORT_TIMEOUT
            ) as response,
        ):
            if response.is_error:
                response.read()
            _refuse(response)
            yield from response.iter_bytes()

    def _call(self, method: str, path: str, **sent: object) -> httpx.Response:
        with self._reaching():
            response = self._http.request(
                method,
                path,
                headers=self._headers,
                **sent,  # type: ignore[arg-type]
            )
        _refuse(response)
        return response

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout) as error:
            raise ApiSlow(
                f"The API at {self.base_url} took longer than {TIMEOUT_SECONDS:.0f} seconds."
            ) from error
        except httpx.TransportError as error:
            raise ApiUnreachable(
                f"No answer from the API at {self.base_url} ({type(error).__name__})."
            ) from error

    def _typed(self, answer: type[A], response: httpx.Response) -> A:
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise ApiFailed(
                f"{response.url} answers, but not as the invoice API does. "
                "Is API_BASE_URL the address of another service?"
            ) from error


_KINDS: dict[int, type[ApiFailed]] = {400: InvalidInput, 404: NotThere, 409: Changed}


def _refuse(response: httpx.Response) -> None:
    """Raises the `ApiProblem` that a status stands for; nothing for success."""
    if response.is_success:
        return
    raise _problem(response)


def _problem(response: httpx.Response) -> ApiProblem:
    detail = _detail(response)
    if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return ApiRefused(detail, response.status_code)
    kind = _KINDS.get(response.status_code)
    if kind is not None:
        return kind(detail)
    return ApiFailed(f"The API answered {response.status_code}: {detail}")


def _detail(response: httpx.Response) -> str:
    """The text for people in an error body, or the name of the status."""
    try:
        return _Error.model_validate_json(response.content).detail
    except ValidationError:
        return response.reason_phrase
