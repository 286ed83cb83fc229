from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from src.domain.document import JobState, Origin, SourceFile, Step
from src.domain.errors import (
    CorruptDocument,
    EngineTimeout,
    EngineUnavailable,
    StorageFailed,
    UnusableAnswer,
    WorkerCrashed,
)
from src.domain.review import ReviewStatus
from tests.services.conftest import MAX_RETRIES, House
from tests.services.stand_ins import FaultyEngine, NumberEngine


@pytest.fixture
async def document_id(house: House, tmp_path: Path) -> str:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"bytes")
    receipt = await house.intake().take(
        SourceFile(name="a.pdf", origin=Origin.UPLOAD, received_at=house.clock(), path=path)
    )
    return receipt.file_id


async def test_a_document_becomes_a_result_in_both_places(house: House, document_id: str) -> None:
    engine = NumberEngine()
    house.engines = [engine]
    await house.run_next()

    record = await house.results().get(document_id)
    assert (record.state, record.invoice_number, record.engine) == (
        JobState.SUCCEEDED,
        "RE-7",
        "number",
    )
    result = await house.results().invoice(document_id)
    assert result is not None
    # Vendor, date and total are missing, so a person must look.
    assert result.review_status is ReviewStatus.NEEDS_REVIEW
    assert [timing.step for timing in result.timings] == [
        Step.READING,
        Step.EXTRACTING,
        Step.CHECKING,
    ]
    written = json.loads((house.folder / "2026-03" / document_id / "invoice.json").read_text())
    assert written["invoice"]["invoice_number"]["evidence"]["kind"] == "read"
    assert engine.picture == b"page 1 turned 90 at 800"


async def test_the_next_engine_takes_what_the_first_cannot_use(
    house: House, document_id: str
) -> None:
    house.engines = [FaultyEngine(UnusableAnswer("no invoice in it")), NumberEngine()]
    await house.run_next()

    result = await house.results().invoice(document_id)
    assert result is not None
    assert result.provenance.engine == "number"
    assert result.provenance.notes == ("faulty: no invoice in it",)


async def test_when_no_engine_can_use_it_the_job_fails_with_the_reasons(
    house: House, document_id: str
) -> None:
    house.engines = [FaultyEngine(UnusableAnswer("no invoice in it"))]
    await house.run_next()

    record = await house.results().get(document_id)
    assert record.state is JobState.FAILED
    assert record.failure is not None
    assert record.failure.code == "unusable_answer"
    assert "faulty: no invoice in it" in record.failure.message


async def test_a_lasting_failure_is_written_beside_the_original(
    house: House, document_id: str
) -> None:
    house.reader.errors = [CorruptDocument("page 1 cannot be read")]
    await house.run_next()

    error = json.loads((house.folder / "2026-03" / document_id / "error.json").read_text())
    assert error["error"]["message"] == "page 1 cannot be read"
    assert (await house.results().get(document_id)).state is JobState.FAILED


async def test_a_passing_failure_is_tried_again_later_and_not_for_ever(
    house: House, document_id: str
) -> None:
    house.reader.errors = [WorkerCrashed("the process died")] * (MAX_RETRIES + 1)
    for _ in range(MAX_RETRIES):
        assert await house.run_next()
        record = await house.results().get(document_id)
        assert record.state is JobState.QUEUED
        assert record.next_attempt_at is not None
        assert record.next_attempt_at > house.clock()
        assert not await house.run_next()
        house.clock.move(600)
    await house.run_next()

    record = await house.results().get(document_id)
    assert (record.state, record.attempt) == (JobState.FAILED, MAX_RETRIES + 1)


async def test_a_passing_failure_leaves_no_trace_once_it_worked(
    house: House, document_id: str
) -> None:
    house.reader.errors = [WorkerCrashed("the process died")]
    await house.run_next()
    house.clock.move(600)
    await house.run_next()

    record = await house.results().get(document_id)
    assert (record.state, record.failure) == (JobState.SUCCEEDED, None)


class ServerGone(EngineUnavailable):
    """As engines tell more exactly what is wrong."""


@pytest.mark.parametrize("kind", [EngineUnavailable, ServerGone])
async def test_waiting_for_an_engine_spends_no_attempt(
    house: House, document_id: str, kind: type[EngineUnavailable]
) -> None:
    house.engines = [FaultyEngine(kind("the server is down"))]
    for _ in range(MAX_RETRIES * 3):
        assert await house.run_next()
        house.clock.move(600)

    record = await house.results().get(document_id)
    assert (record.state, record.attempt) == (JobState.QUEUED, 0)


@pytest.mark.parametrize(
    ("xml", "readings"), [(None, 1), (b"<Invoice/>", 4)], ids=["pages", "with an e-invoice"]
)
async def test_pages_are_read_once_however_long_an_engine_is_down(
    house: House, document_id: str, xml: bytes | None, readings: int
) -> None:
    house.reader.xml = xml
    house.engines = [FaultyEngine(EngineUnavailable("the server is down"))]
    for _ in range(3):
        assert await house.run_next()
        house.clock.move(600)
    house.engines = [NumberEngine()]
    assert await house.run_next()
    assert house.reader.calls == readings
    result = await house.results().invoice(document_id)
    assert result is not None
    assert result.invoice.invoice_number is not None

    # A person who has it read again wants just that.
    await house.results().retry(document_id)
    assert await house.run_next()
    assert house.reader.calls == readings + 1


async def test_pages_that_were_not_kept_are_read_again(house: House, document_id: str) -> None:
    house.reader.xml = None
    house.engines = [FaultyEngine(EngineUnavailable("the server is down"))]
    assert await house.run_next()
    (kept,) = house.folder.glob(f"*/{document_id}/words.json.gz")
    kept.unlink()
    house.clock.move(600)
    assert await house.run_next()
    assert house.reader.calls == 2


async def test_half_an_hour_without_an_engine_costs_some_looks_and_no_attempt(
    house: House, document_id: str
) -> None:
    house.engines = [FaultyEngine(EngineUnavailable("the server is down"))]
    looks = 0
    for _ in range(1800):
        looks += await house.run_next()
        house.clock.move(1)
    record = await house.results().get(document_id)
    assert (record.state, record.attempt) == (JobState.QUEUED, 0)
    assert 60 <= looks <= 90

    house.engines = [NumberEngine()]
    house.clock.move(30)
    assert await house.run_next()
    assert (await house.results().get(document_id)).state is JobState.SUCCEEDED


async def test_a_full_disk_spends_no_attempt_however_long_it_lasts(
    house: House, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StorageFailed("Writing invoice.json failed (No space left on device).")

    waits = []
    with monkeypatch.context() as full:
        full.setattr(house.files, "write_result", refuse)
        for _ in range(MAX_RETRIES + 6):
            assert await house.run_next()
            record = await house.results().get(document_id)
            assert record.state is JobState.QUEUED
            assert record.next_attempt_at is not None
            waits.append((record.next_attempt_at - house.clock()).total_seconds())
            house.clock.move(1000)
    assert await house.run_next()
    record = await house.results().get(document_id)
    assert (record.state, record.attempt, record.failure) == (JobState.SUCCEEDED, 1, None)
    assert (waits[0], max(waits)) == (2.0, 300.0)


async def test_an_engine_that_is_late_is_passed_over(house: House, document_id: str) -> None:
    house.engines = [FaultyEngine(EngineTimeout("too late.")), NumberEngine()]
    await house.run_next()
    result = await house.results().invoice(document_id)
    assert result is not None
    assert result.provenance.notes == ("faulty: too late.",)


async def test_the_last_engine_being_late_spends_attempts(house: House, document_id: str) -> None:
    house.engines = [FaultyEngine(EngineTimeout("too late."))]
    for _ in range(MAX_RETRIES + 1):
        assert await house.run_next()
        house.clock.move(600)
    record = await house.results().get(document_id)
    assert record.state is JobState.FAILED
    assert record.failure is not None
    assert record.failure.code == "engine_timeout"


async def test_a_bug_is_not_taken_for_a_bad_document(house: House, document_id: str) -> None:
    house.engines = [FaultyEngine(ZeroDivisionError("a bug"))]
    with pytest.raises(ZeroDivisionError):
        await house.run_next()


async def test_long_work_tells_how_far_it_is(
    house: House, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("src.services.progress.SECONDS_BETWEEN_REPORTS", 0.02)
    told = []

    class Watching(NumberEngine):
        async def extract(self, pages, hints):  # type: ignore[no-untyped-def]
            told.append(await house.results().get(document_id))
            return await super().extract(pages, hints)

    async def is_told() -> None:
        async with asyncio.timeout(60):
            while not (await house.results().get(document_id)).progress:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    house.reader.until = is_told
    house.engines = [Watching()]
    await house.run_next()

    assert told[0].step is Step.READING
    assert 0 < told[0].progress < 1
