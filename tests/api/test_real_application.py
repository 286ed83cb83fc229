"""The guide's calls against the real application behind the HTTP layer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from src.api.app import create_app
from tests.api.conftest import Client, settings_of
from tests.cli.invoices import write_invoice


@asynccontextmanager
async def running(tmp_path: Path) -> AsyncIterator[Client]:
    """The service on the folders below `tmp_path`, from start to stop."""
    settings = await asyncio.to_thread(
        settings_of,
        incoming_folder=tmp_path / "incoming",
        generated_folder=tmp_path / "generated",
        log_folder=tmp_path / "logs",
        stability_seconds=0,
        watch_mode="off",
        cpu_workers=1,
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client,
    ):
        yield client


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Client]:
    async with running(tmp_path) as client:
        yield client


async def ended(client: Client, file_id: str) -> dict[str, object]:
    """Follow the events to the end; returns the last one."""
    answer = await client.get(f"/results/{file_id}/events", timeout=30)
    *_, last = [line for line in answer.text.split("\n") if line.startswith("data: ")]
    event: dict[str, object] = json.loads(last.removeprefix("data: "))
    return event


async def test_an_upload_becomes_a_result(real: Client, tmp_path: Path) -> None:
    path = await asyncio.to_thread(write_invoice, tmp_path / "a.xml")
    content = await asyncio.to_thread(path.read_bytes)
    receipt = (await real.post("/upload", files={"file": ("a.xml", content)})).json()
    file_id = receipt["file_id"]
    assert (await ended(real, file_id))["state"] == "succeeded"

    listed = (await real.get("/results?limit=50")).json()
    assert listed["total"] == 1
    assert listed["items"][0]["invoice_number"] == "R-2026-1"
    assert listed["items"][0]["total"] == "119.00"

    whole = (await real.get(f"/results/{file_id}")).json()
    assert whole["invoice"]["totals"]["total"]["value"] == "119.00"
    assert whole["invoice"]["totals"]["total"]["evidence"]["kind"] == "xml"

    original = await real.get(f"/results/{file_id}/original")
    assert original.content == content
    assert (await real.get(f"/results/{file_id}/pages/1")).status_code == 404

    again = await real.post("/upload", files={"file": ("b.xml", content)})
    assert (again.status_code, again.json()["duplicate_of"]) == (200, file_id)

    stats = (await real.get("/stats")).json()
    assert stats["successful"] >= 1
    assert (await real.get("/")).json()["services"]["invoice_processor"] == "healthy"

    assert (await real.post(f"/results/{file_id}/retry")).status_code == 202
    await ended(real, file_id)
    assert (await real.delete(f"/results/{file_id}")).status_code == 200
    assert (await real.get(f"/results/{file_id}")).status_code == 404


async def test_a_wrong_total_is_corrected_approved_and_exported(
    real: Client, tmp_path: Path
) -> None:
    path = await asyncio.to_thread(write_invoice, tmp_path / "a.xml")
    content = (await asyncio.to_thread(path.read_bytes)).replace(b">119.00<", b">911.00<")
    file_id = (await real.post("/upload", files={"file": ("a.xml", content)})).json()["file_id"]
    await ended(real, file_id)
    before = (await real.get(f"/results/{file_id}")).json()
    assert (before["version"], before["review_status"]) == (1, "needs_review")
    assert "total-mismatch" in before["finding_codes"]
    assert (await real.get("/results/next")).json() == {"file_id": file_id, "remaining": 1}

    changes = [
        {"field": "totals.total", "value": "119.00"},
        {"field": "totals.amount_due", "value": "119.00"},
        {"field": "vendor.name", "value": "=HYPERLINK(1)"},
    ]
    body = {"version": 1, "changes": changes}
    checked = (await real.post(f"/results/{file_id}/check", json=body)).json()
    assert "total-mismatch" not in {finding["code"] for finding in checked["findings"]}
    answer = await real.patch(f"/results/{file_id}", json=body)
    after = answer.json()
    assert (answer.status_code, after["version"], after["total"]) == (200, 2, "119.00")
    assert "total-mismatch" not in after["finding_codes"]
    assert after["invoice"]["totals"]["total"]["evidence"]["by"] == "local"
    assert (await real.patch(f"/results/{file_id}", json=body)).status_code == 409

    approved = (await real.post(f"/results/{file_id}/approve", json={"version": 2})).json()
    assert (approved["review_status"], approved["approved_by"]) == ("accepted", "local")
    assert (await real.get("/results/next")).json() == {"file_id": None, "remaining": 0}
    entries = (await real.get(f"/results/{file_id}/history")).json()["items"]
    assert [entry["action"] for entry in entries] == [
        "received",
        "processed",
        "corrected",
        "approved",
    ]
    assert {"field": "totals.total", "before": "911.00", "after": "119.00"} in entries[2]["changes"]

    export = await real.get("/results/export?format=csv&review_status=accepted")
    assert "'=HYPERLINK(1)" in export.text
    assert ",119.00," in export.text
    book = await real.get("/results/export?format=xlsx")
    assert book.content.startswith(b"PK")
    day = (await real.get("/stats/timeseries?days=1")).json()["items"][0]
    assert (day["successful"], day["accepted"], day["straight_through"]) == (1, 1, 0)
    amounts = (await real.get("/stats/amounts?days=1")).json()
    assert amounts["by_vendor"][0]["vendor_name"] == "=HYPERLINK(1)"
    assert amounts["by_currency"][0]["total"] == "119.00"


async def test_orders_that_were_sent_hold_after_a_restart(tmp_path: Path) -> None:
    async def codes(client: Client, number: int) -> list[str]:
        path = await asyncio.to_thread(write_invoice, tmp_path / "a.xml", number)
        content = await asyncio.to_thread(path.read_bytes)
        receipt = (await client.post("/upload", files={"file": ("a.xml", content)})).json()
        await ended(client, receipt["file_id"])
        found = (await client.get(f"/results/{receipt['file_id']}")).json()
        told: list[str] = found["finding_codes"]
        return told

    async with running(tmp_path) as client:
        assert "purchase-order-missing" not in await codes(client, 1)
        answer = await client.put(
            "/purchase-orders", json=[{"number": "PO-1", "supplier": "Somebody"}]
        )
        assert answer.json() == {"total": 1}
        assert "purchase-order-missing" in await codes(client, 2)
    async with running(tmp_path) as client:
        assert (await client.get("/purchase-orders")).json()["total"] == 1
        assert "purchase-order-missing" in await codes(client, 3)


async def test_operators_see_failures_logs_and_settings(real: Client) -> None:
    await real.post("/upload", files={"file": ("x.pdf", b"MZ a renamed program")})
    (kind,) = (await real.get("/stats/errors")).json()["items"]
    assert kind["count"] == 1
    assert kind["remedy"]
    (listed,) = (await real.get("/results?state=failed")).json()["items"]
    assert kind["file_ids"] == [listed["file_id"]]
    for _ in range(1000):
        entries = (await real.get("/logs/recent?level=WARNING")).json()["items"]
        if any("refused" in entry["message"] for entry in entries):
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("the refusal is not in the log")
    settings = (await real.get("/settings")).json()["items"]
    assert {"WATCH_MODE", "CPU_WORKERS"} <= {each["name"] for each in settings if each["changed"]}


async def test_refused_files_are_kept(real: Client) -> None:
    answer = await real.post("/upload", files={"file": ("x.pdf", b"MZ a renamed program")})
    assert answer.status_code == 400
    assert answer.json()["error_type"] in {"UnsupportedMedia", "CorruptDocument"}
    (item,) = (await real.get("/results?state=failed")).json()["items"]
    assert item["file_id"] in answer.json()["detail"]
    assert item["error"]["error_type"] == answer.json()["error_type"]


async def test_processing_takes_what_lies_in_the_folder(real: Client, tmp_path: Path) -> None:
    await asyncio.to_thread(write_invoice, tmp_path / "incoming" / "a.xml", 2)
    answer = await real.post("/process", json={"file_path": "a.xml"})
    assert answer.status_code == 202, answer.text
    assert (await ended(real, answer.json()["file_id"]))["state"] == "succeeded"


@pytest.mark.parametrize("path", ["../outside.xml", "/etc/passwd", "gone.xml"])
async def test_processing_stays_in_the_folder(real: Client, tmp_path: Path, path: str) -> None:
    await asyncio.to_thread(write_invoice, tmp_path / "outside.xml")
    answer = await real.post("/process", json={"file_path": path})
    assert answer.status_code in {400, 404}
    assert answer.json()["error_type"] in {"PathNotAllowed", "NotFound"}


async def test_a_foreign_cursor_is_refused(real: Client) -> None:
    answer = await real.get("/results?cursor=bm90LW91cnM")
    assert (answer.status_code, answer.json()["error_type"]) == (400, "ValidationError")
