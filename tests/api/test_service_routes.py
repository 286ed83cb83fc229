"""Health, status and statistics, in the guide's form."""

from __future__ import annotations

import re

import jsonschema  # type: ignore[import-untyped]
import pytest

from src.api.presenting import uptime_text
from tests.api.conftest import Client, Connect
from tests.api.fake_service import FakeService
from tests.api.fakes import processed


async def test_health_has_the_guide_s_form(client: Client) -> None:
    body = (await client.get("/")).json()
    assert list(body) == ["status", "version", "timestamp", "services"]
    assert body["status"] == "healthy"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timestamp"])
    assert body["services"] == {
        "invoice_processor": "healthy",
        "file_monitor": "healthy",
        "ai_model": "healthy",
    }


async def test_statistics_have_the_guide_s_form(client: Client) -> None:
    assert (await client.get("/stats")).json() == {
        "total_processed": 150,
        "successful": 142,
        "failed": 8,
        "pending": 3,
        "processing": 1,
        "average_processing_time": 2.5,
        "uptime": "2 days, 14:30:25",
    }


@pytest.mark.parametrize(
    ("seconds", "text"), [(5.9, "0:00:05"), (86399, "23:59:59"), (90000, "1 day, 1:00:00")]
)
def test_uptime_in_words(seconds: float, text: str) -> None:
    assert uptime_text(seconds) == text


async def test_status_tells_reasons_remedies_and_no_secret(connect: Connect) -> None:
    key = "a-key-nobody-may-see"
    async with connect(api_keys=key, headers={"X-API-Key": key}) as client:
        answer = await client.get("/status")
    body = answer.json()
    assert body["engines"]["vision"] == {
        "state": "unavailable",
        "detail": "No server.",
        "remedy": "Start it.",
    }
    assert body["configuration"]["access"] == "keys"
    assert body["started_at"] == "2026-11-22T12:00:00Z"
    assert body["metrics"]["needs_review"] == 5
    assert key not in answer.text


@pytest.mark.parametrize("changes", [{}, {"allow_anonymous": True}])
async def test_status_tells_who_is_served(connect: Connect, changes: dict[str, bool]) -> None:
    async with connect(**changes) as client:
        access = (await client.get("/status")).json()["configuration"]["access"]
    assert access == ("anonymous" if changes else "loopback")


async def test_probes(client: Client, service: FakeService) -> None:
    assert (await client.get("/health/live")).json() == {"status": "alive"}
    assert (await client.get("/health/ready")).json() == {"status": "ready"}
    service.status.state = "unhealthy"
    refused = await client.get("/health/ready")
    assert refused.status_code == 503
    assert "invoice_processor: The queue stands." in refused.json()["detail"]
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/")).json()["status"] == "unhealthy"


async def test_the_schema_fits_what_is_served(client: Client) -> None:
    answer = await client.get("/schema/invoice")
    assert answer.headers["Content-Type"] == "application/schema+json"
    schema = answer.json()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(processed("a" * 32).model_dump(mode="json"), schema)
