"""Two copies of one invoice that arrive at the same moment, by folder and by upload."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import load_settings
from src.bootstrap import Application, build
from src.domain.document import JobState
from src.domain.results import ResultQuery
from tests.e2e.documents import text_invoice


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    settings = await asyncio.to_thread(
        load_settings,
        incoming_folder=tmp_path / "incoming",
        generated_folder=tmp_path / "generated",
        log_folder=tmp_path / "logs",
        database_url="",
        stability_seconds=0,
        watch_mode="off",
        cpu_workers=2,
        log_level="ERROR",
    )
    application = await asyncio.to_thread(build, settings)
    async with application:
        yield application


async def upload(application: Application, name: str, content: bytes) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return (await application.intake.take_stream(name, chunks())).file_id


async def test_the_same_bytes_give_one_result_and_one_link(application: Application) -> None:
    incoming = application.settings.incoming_folder
    path = await asyncio.to_thread(text_invoice, incoming / "a.pdf", 7)
    content = await asyncio.to_thread(path.read_bytes)
    uploaded, scanned = await asyncio.gather(
        upload(application, "b.pdf", content), application.watch.scan()
    )
    await application.queue.idle()
    (receipt,) = scanned
    records = [await application.results.get(file_id) for file_id in (uploaded, receipt.file_id)]
    assert [one.state for one in records] == [JobState.SUCCEEDED] * 2
    links = [one.document.duplicate_of for one in records]
    assert sorted(link is None for link in links) == [False, True]
    first = next(one.document.id for one in records if one.document.duplicate_of is None)
    assert first in links
    page = await application.results.query(ResultQuery())
    assert [one.document.id for one in page.items] == [first]


async def test_two_files_of_one_invoice_give_one_duplicate(application: Application) -> None:
    incoming = application.settings.incoming_folder
    path = await asyncio.to_thread(text_invoice, incoming / "a.pdf", 7)
    # A trailing comment makes it another file.
    content = await asyncio.to_thread(path.read_bytes) + b"\n% sent again\n%%EOF\n"
    uploaded, scanned = await asyncio.gather(
        upload(application, "b.pdf", content), application.watch.scan()
    )
    await application.queue.idle()
    ids = {uploaded, scanned[0].file_id}
    results = [await application.results.invoice(file_id) for file_id in ids]
    related = {
        finding.related_id
        for result in results
        if result is not None
        for finding in result.findings
        if finding.code == "duplicate-invoice"
    }
    assert len(related) == 1
    assert related < ids
