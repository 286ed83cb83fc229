"""Every error has the same four keys, and none tells what is inside."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from src.api.errors import error_type_of_code, status_of
from src.domain import errors as domain
from src.notifying.log_files import close_logs
from tests.api.conftest import Client, Connect
from tests.api.fake_service import FakeService
from tests.api.fakes import record

ID = "a" * 32


def told(answer: httpx.Response, status: int, error_type: str) -> str:
    """Check the body of an error; returns its detail."""
    body = answer.json()
    assert set(body) == {"detail", "status_code", "timestamp", "error_type"}
    assert answer.status_code == body["status_code"] == status, body
    assert body["error_type"] == error_type
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
    assert body["timestamp"].endswith("Z")
    detail: str = body["detail"]
    return detail


@pytest.mark.parametrize(
    ("method", "path", "status", "error_type"),
    [
        ("GET", "/nothing", 404, "NotFound"),
        ("GET", f"/results/{ID}", 404, "NotFound"),
        ("GET", "/results/../etc", 404, "NotFound"),
        ("GET", "/results/NOT-AN-ID", 404, "NotFound"),
        ("DELETE", f"/results/{ID[:31]}", 404, "NotFound"),
        ("GET", f"/results/{ID}/events", 404, "NotFound"),
        ("GET", f"/results/{ID}/original", 404, "NotFound"),
        ("GET", "/docs/secret.txt", 404, "NotFound"),
        ("PUT", "/stats", 405, "MethodNotAllowed"),
        ("GET", "/upload", 405, "MethodNotAllowed"),
        ("POST", "/upload", 400, "ValidationError"),
        ("GET", "/results?limit=0", 400, "ValidationError"),
        ("GET", "/results?limit=x&order=up", 400, "ValidationError"),
        ("GET", "/results?unknown=1", 400, "ValidationError"),
        ("GET", "/results?total_min=NaN", 400, "ValidationError"),
        ("GET", "/results?vendor=a%0Ab", 400, "ValidationError"),
        ("GET", "/results?cursor=foreign", 400, "ValidationError"),
    ],
)
async def test_errors_of_requests(
    client: Client, method: str, path: str, status: int, error_type: str
) -> None:
    told(await client.request(method, path), status, error_type)


async def test_field_problems_are_listed_without_the_values(client: Client) -> None:
    answer = await client.get("/results?limit=secret-value&order=up&nonsense=1")
    detail = told(answer, 400, "ValidationError")
    assert all(name in detail for name in ("limit", "order", "nonsense"))
    assert "secret-value" not in detail


async def test_a_flood_of_problems_is_cut(client: Client) -> None:
    query = "&".join(f"x{number}=1" for number in range(300))
    detail = told(await client.get(f"/results?{query}"), 400, "ValidationError")
    assert "and 280 more" in detail


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"file_path": 5}', b'{"other": 1}', b'{"file_path": "a\\u0000"}']
)
async def test_bad_json_is_a_validation_error(client: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    told(await client.post("/process", content=body, headers=headers), 400, "ValidationError")


async def test_a_mistake_tells_its_reference_only(
    client: Client, service: FakeService, errors_log: Path
) -> None:
    service.results.fail_with = RuntimeError("password=hunter2 in /srv/secret")
    detail = told(await client.get("/results"), 500, "InternalError")
    assert "hunter2" not in detail
    reference = detail.rstrip(".").split()[-1]
    await asyncio.to_thread(close_logs)
    log = await asyncio.to_thread(errors_log.read_text)
    assert f"reference={reference}" in log
    assert "RuntimeError" in log
    assert log.count("unexpected error") == 1


@pytest.mark.parametrize(
    ("error", "status", "error_type"),
    [
        (domain.StorageFailed("The disk is full."), 503, "StorageFailed"),
        (domain.WorkerCrashed("It died."), 503, "WorkerCrashed"),
        (domain.ReadingFailed("Not to be drawn."), 500, "ReadingFailed"),
        (domain.Conflict("It runs."), 409, "Conflict"),
        (domain.InvalidInput("cursor: no"), 400, "ValidationError"),
    ],
)
async def test_domain_errors_have_their_status(
    client: Client,
    service: FakeService,
    error: domain.InvoiceAgentError,
    status: int,
    error_type: str,
) -> None:
    service.results.fail_with = error
    answer = await client.get(f"/results/{ID}")
    assert told(answer, status, error_type) == error.message
    assert ("Retry-After" in answer.headers) == error.retryable


def test_every_error_of_the_domain_has_a_status_and_a_name() -> None:
    def family(root: type[domain.InvoiceAgentError]) -> list[type[domain.InvoiceAgentError]]:
        return [root, *(each for child in root.__subclasses__() for each in family(child))]

    for error in family(domain.InvoiceAgentError):
        assert status_of(error) in {400, 404, 409, 500, 503}
        if error.code in vars(error).values():
            assert error_type_of_code(error.code) in {error.__name__, "ValidationError"}
    assert error_type_of_code("unknown") == "InvoiceAgentError"


async def test_deleting_a_running_document_is_a_conflict(
    client: Client, service: FakeService
) -> None:
    from src.domain.document import JobState

    service.results.records[ID] = record(ID, state=JobState.RUNNING)
    told(await client.delete(f"/results/{ID}"), 409, "Conflict")


async def test_errors_carry_the_security_headers_too(connect: Connect) -> None:
    async with connect(peer="192.0.2.1") as client:
        refused = await client.get("/stats")
    assert refused.status_code == 403
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert refused.headers["Cache-Control"] == "no-store"
