"""The guide's calls against the real application behind the HTTP layer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from src.api.app import create_app
from tests.api.conftest import Client, settings_of
from tests.cli.invoices import write_invoice


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Client]:
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
