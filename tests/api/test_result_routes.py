"""Results, their files and their progress."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from src.api.routes import events
from src.api.schemas import rfc3339
from src.domain.document import JobState, Step
from src.domain.results import Failure, SortKey
from src.domain.review import ReviewStatus
from tests.api.conftest import Client, app_over
from tests.api.fake_service import FakeService
from tests.api.fakes import PNG, record

ID = "a" * 32


@pytest.fixture(autouse=True)
def _one_result(service: FakeService) -> None:
    service.results.records[ID] = record(ID)


async def test_the_list_has_items_a_cursor_and_a_total(
    client: Client, service: FakeService
) -> None:
    body = (await client.get("/results?limit=50")).json()
    assert set(body) == {"items", "next_cursor", "total"}
    item = body["items"][0]
    assert item["file_id"] == ID
    assert item["total"] == "119.00"
    assert item["invoice_date"] == "2026-11-01"
    assert item["received_at"] == "2026-11-22T12:00:00Z"
    assert item["finding_codes"] == ["total-mismatch"]
    assert service.results.queries[0].limit == 50


async def test_filters_reach_the_query(client: Client, service: FakeService) -> None:
    await client.get(
        "/results?sort=total&order=asc&state=succeeded&review_status=needs_review&engine=layout"
        "&currency=eur&finding=x&vendor=mu&invoice_number=7&date_from=2026-01-01"
        "&date_to=2026-12-31&total_min=1.50&total_max=9&include_duplicates=true&cursor=c&limit=7"
    )
    query = service.results.queries[0]
    assert query.sort is SortKey.TOTAL
    assert not query.descending
    assert query.state is JobState.SUCCEEDED
    assert query.review_status is ReviewStatus.NEEDS_REVIEW
    assert query.currency == "EUR"
    assert (query.date_from, query.date_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (query.total_min, query.total_max) == (Decimal("1.50"), Decimal(9))
    assert (query.cursor, query.limit, query.include_duplicates) == ("c", 7, True)


def test_times_are_told_in_utc() -> None:
    moment = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(moment) == "2025-12-31T23:00:00Z"
    assert rfc3339(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


async def test_one_result_has_the_whole_invoice(client: Client) -> None:
    body = (await client.get(f"/results/{ID}")).json()
    total = body["invoice"]["totals"]["total"]
    assert total["value"] == "119.00"
    assert total["evidence"]["kind"] == "read"
    assert body["findings"][0]["code"] == "total-mismatch"
    assert body["processed_at"].endswith("Z")


async def test_a_failed_result_tells_why(client: Client, service: FakeService) -> None:
    failure = Failure(code="engine_timeout", message="Too slow.", retryable=True)
    service.results.records[ID] = record(ID, state=JobState.FAILED, failure=failure)
    body = (await client.get(f"/results/{ID}")).json()
    assert body["invoice"] is None
    assert body["error"] == {
        "error_type": "EngineTimeout",
        "detail": "Too slow.",
        "retryable": True,
    }


async def test_deleting(client: Client) -> None:
    answer = await client.delete(f"/results/{ID}")
    assert (answer.status_code, answer.json()) == (200, {"file_id": ID, "deleted": True})
    assert (await client.get(f"/results/{ID}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "engine"), [(None, None), ({}, None), ({"engine": "null"}, "null")]
)
async def test_retrying(
    client: Client, service: FakeService, body: dict[str, str] | None, engine: str | None
) -> None:
    answer = await client.post(f"/results/{ID}/retry", json=body)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert service.results.engines == [engine]


async def test_the_original_is_a_harmless_download(
    client: Client, service: FakeService, tmp_path: Path
) -> None:
    (tmp_path / f"{ID}.pdf").write_bytes(b"%PDF-1.7 whole")
    service.results.records[ID] = record(ID, name='a"\r\nX-Evil: 1;ü.pdf')
    answer = await client.get(f"/results/{ID}/original", headers={"Range": "bytes=0-3"})
    assert answer.status_code == 200
    assert answer.content == b"%PDF-1.7 whole"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''a%22%0D%0AX-Evil")
    assert "x-evil" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_refused_original_has_no_type(
    client: Client, service: FakeService, tmp_path: Path
) -> None:
    (tmp_path / f"{ID}.pdf").write_bytes(b"<html>")
    whole = record(ID)
    service.results.records[ID] = replace(whole, document=replace(whole.document, media_type=None))
    answer = await client.get(f"/results/{ID}/original")
    assert answer.headers["Content-Type"] == "application/octet-stream"


async def test_an_original_that_is_gone_is_not_found(client: Client) -> None:
    assert (await client.get(f"/results/{ID}/original")).status_code == 404


async def test_page_pictures(client: Client) -> None:
    answer = await client.get(f"/results/{ID}/pages/1")
    assert answer.content == PNG + b"1600"
    assert answer.headers["Content-Type"] == "image/png"
    small = await client.get(f"/results/{ID}/pages/2?long_side=400")
    assert small.content.endswith(b"400")


@pytest.mark.parametrize(
    ("page", "status"), [("3", 404), ("0", 400), ("x", 400), ("1?long_side=401", 400)]
)
async def test_pages_that_are_not_there(client: Client, page: str, status: int) -> None:
    assert (await client.get(f"/results/{ID}/pages/{page}")).status_code == status


def parsed(text: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_events_tell_each_change_and_end(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "POLL_SECONDS", 0.02)
    results = service.results.records
    results[ID] = record(ID, state=JobState.RUNNING, step=Step.READING, progress=0.2)

    checking = replace(results[ID], step=Step.CHECKING, progress=0.8)
    service.results.after_looks = {
        2: (lambda: results.update({ID: checking}),),
        4: (lambda: results.update({ID: record(ID)}),),
    }
    answer = await client.get(f"/results/{ID}/events")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["X-Accel-Buffering"] == "no"
    told = [(name, data["step"]) for name, data in parsed(answer.text)]
    assert told == [("progress", "reading"), ("progress", "checking"), ("end", "done")]


async def test_events_of_an_ended_document_end_at_once(client: Client) -> None:
    assert [name for name, _ in parsed((await client.get(f"/results/{ID}/events")).text)] == ["end"]


async def test_events_tell_that_a_document_was_deleted(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "POLL_SECONDS", 0.02)
    service.results.records[ID] = record(ID, state=JobState.QUEUED)
    service.results.after_looks = {2: (service.results.records.clear,)}
    answer = await client.get(f"/results/{ID}/events")
    assert [name for name, _ in parsed(answer.text)] == ["progress", "gone"]


async def test_events_end_when_the_service_ends(service: FakeService) -> None:
    import httpx

    service.results.records[ID] = record(ID, state=JobState.QUEUED)
    app = app_over(service)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            asyncio.get_running_loop().call_later(0.1, app.state.stopping.set)
            answer = await client.get(f"/results/{ID}/events")
    assert [name for name, _ in parsed(answer.text)] == ["progress"]
