"""Review, figures, exports, logs and settings as HTTP."""

from __future__ import annotations

import pytest

from src.domain.corrections import Change, Correction
from src.domain.results import SortKey
from src.domain.review import ReviewStatus
from tests.api.conftest import Client, Connect
from tests.api.fake_service import FakeService
from tests.api.fakes import record

ID = "a" * 32
KEY = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _one_result(service: FakeService) -> None:
    service.results.records[ID] = record(ID)


CORRECTION = {
    "version": 3,
    "changes": [{"field": "totals.total", "value": "119.00"}],
    "line_items": [{"description": "Paint", "amount": None}],
}


async def test_a_correction_answers_the_whole_result(client: Client, service: FakeService) -> None:
    answer = await client.patch(f"/results/{ID}", json=CORRECTION)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["version"], body["file_id"]) == (4, ID)
    assert body["invoice"]["totals"]["total"]["value"] == "119.00"
    assert {"findings", "review_reasons", "approved_by", "pages", "alternatives"} <= set(body)
    said = Correction(
        changes=(Change("totals.total", "119.00"),),
        line_items=({"description": "Paint", "amount": None},),
    )
    assert service.review.said == [("correct", said, "local")]


async def test_a_check_answers_what_would_be(client: Client) -> None:
    body = (await client.post(f"/results/{ID}/check", json=CORRECTION)).json()
    assert set(body) == {
        "invoice",
        "alternatives",
        "findings",
        "review_status",
        "review_reasons",
    }


async def test_who_decides_is_told(connect: Connect, service: FakeService) -> None:
    for settings, headers, name in (
        ({}, {}, "local"),
        ({"api_keys": KEY}, {"X-API-Key": KEY}, "key"),
        ({"allow_anonymous": True}, {}, "local"),
    ):
        async with connect(headers=headers, **settings) as client:
            answer = await client.post(f"/results/{ID}/approve", json={"version": 3})
        assert answer.status_code == 200
        assert service.review.said[-1] == ("approve", None, name)
    async with connect(peer="192.0.2.7", allow_anonymous=True) as client:
        await client.post(f"/results/{ID}/reject", json={"version": 3, "reason": " not ours "})
    assert service.review.said[-1] == ("reject", "not ours", "anonymous")


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("approve", {}, "version"),
        ("approve", {"version": -1}, "version"),
        ("reject", {"version": 3}, "reason"),
        ("reject", {"version": 3, "reason": "  "}, "reason"),
        ("priority", {"priority": 1001}, "priority"),
        ("priority", {"priority": "high"}, "priority"),
        ("check", {"version": 3, "changes": [{"field": "x"}]}, "value"),
        ("check", {"version": 3, "line_items": [1]}, "line_items"),
        ("check", {"version": 3, "more": 1}, "more"),
    ],
)
async def test_what_cannot_be_understood_is_told(
    client: Client, path: str, body: dict[str, object], told: str
) -> None:
    answer = await client.post(f"/results/{ID}/{path}", json=body)
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


async def test_another_version_is_a_conflict(client: Client) -> None:
    answer = await client.patch(f"/results/{ID}", json={**CORRECTION, "version": 2})
    assert (answer.status_code, answer.json()["error_type"]) == (409, "Conflict")


async def test_jobs_are_moved_called_off_and_done_again(
    client: Client, service: FakeService
) -> None:
    assert (await client.post(f"/results/{ID}/priority", json={"priority": 10})).status_code == 200
    assert (await client.post(f"/results/{ID}/cancel", json={})).status_code == 200
    answer = await client.post(f"/results/{ID}/reprocess", json={"engine": "layout"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert (await client.post(f"/results/{ID}/reprocess", json={"engine": None})).status_code == 202
    assert service.results.engines == ["layout", None]
    assert service.review.said == [("prioritise", 10, "local"), ("cancel", None, "local")]


async def test_history_and_queue(client: Client, service: FakeService) -> None:
    (entry,) = (await client.get(f"/results/{ID}/history")).json()["items"]
    assert entry == {
        "id": 7,
        "at": "2026-11-22T12:00:00Z",
        "by": "key",
        "action": "corrected",
        "version": 2,
        "changes": [{"field": "totals.total", "before": "191.00", "after": "119.00"}],
        "reason": None,
    }
    answer = await client.get("/results/next", params={"after": ID, "review_status": "rejected"})
    assert answer.json() == {"file_id": ID, "remaining": 4}
    assert service.review.said[-1] == ("next", (ReviewStatus.REJECTED, ID), "")


async def test_an_export_is_a_download_of_what_is_filtered(
    client: Client, service: FakeService
) -> None:
    answer = await client.get("/results/export?format=csv&vendor=acme&sort=total&order=asc")
    assert answer.text == "first,second"
    assert answer.headers["content-disposition"] == 'attachment; filename="invoices.csv"'
    assert answer.headers["content-type"].startswith("text/csv")
    (query,) = service.exports.queries
    assert (query.vendor, query.sort, query.descending) == ("acme", SortKey.TOTAL, False)
    of_lines = await client.get("/results/export?format=csv&lines=true")
    assert of_lines.headers["content-disposition"] == 'attachment; filename="lines.csv"'
    for wrong in ("format=pdf", "limit=5", "nothing=1", "lines=perhaps"):
        assert (await client.get(f"/results/export?{wrong}")).status_code == 400


async def test_figures(client: Client) -> None:
    (bucket,) = (await client.get("/stats/timeseries?days=7&by=hour")).json()["items"]
    assert bucket["start"] == "2026-11-22T12:00:00Z"
    assert (bucket["processed"], bucket["seconds_mean"], bucket["engines"]) == (4, 1.235, {"x": 3})
    failures = (await client.get("/stats/errors")).json()
    assert failures["items"][0]["error_type"] == "TooLarge"
    assert "MAX_FILE_SIZE_MB" in failures["items"][0]["remedy"]
    assert failures["by_day"][0]["counts"] == {"TooLarge": 2}
    amounts = (await client.get("/stats/amounts")).json()
    assert amounts["by_currency"] == [{"currency": "EUR", "count": 2, "total": "1190.00"}]
    assert amounts["by_vendor"][0]["total"] == "0.1234"
    for wrong in ("days=0", "days=367", "by=week"):
        assert (await client.get(f"/stats/timeseries?{wrong}")).status_code == 400


async def test_log_entries(client: Client) -> None:
    answer = await client.get("/logs/recent?limit=5&level=ERROR")
    assert answer.json()["items"] == [
        {
            "at": "2026-11-22T12:00:00.123000Z",
            "level": "ERROR",
            "channel": "general",
            "message": "5 asked",
        }
    ]
    assert (await client.get("/logs/recent?level=LOUD")).status_code == 400


async def test_settings_are_told_without_secrets(connect: Connect) -> None:
    secrets = {"vision_api_key": "sk-very-secret", "api_keys": f"{KEY},{KEY}-2"}
    address = "http://user:hunter22@model.example:8000/v1"
    async with connect(
        headers={"X-API-Key": KEY},
        **secrets,
        vision_base_url=address,
        batch_size=3,
    ) as client:
        answer = await client.get("/settings")
    for secret in ("sk-very-secret", KEY, "hunter22"):
        assert secret not in answer.text
    settings = {each["name"]: each for each in answer.json()["items"]}
    assert settings["VISION_API_KEY"]["value"] == "(set)"
    assert settings["API_KEYS"]["value"] == "(set), (set)"
    assert settings["VISION_BASE_URL"]["value"] == "http://user:***@model.example:8000/v1"
    assert settings["BATCH_SIZE"] == {
        "name": "BATCH_SIZE",
        "value": 3,
        "default": 10,
        "description": "Files processed at the same time",
        "changed": True,
    }
    assert settings["PORT"]["changed"] is False
    assert all(each["description"] for each in settings.values())
