from __future__ import annotations

from pathlib import Path

import pytest

from src.domain.document import JobState, Origin, SourceFile
from src.domain.errors import Conflict, CorruptDocument, InvalidInput, NotFound, StorageFailed
from src.domain.results import ResultQuery
from tests.services.conftest import House


async def _take(house: House, tmp_path: Path, name: str = "a.pdf") -> str:
    path = tmp_path / name
    path.write_bytes(b"bytes")
    receipt = await house.intake().take(
        SourceFile(name=name, origin=Origin.UPLOAD, received_at=house.clock(), path=path)
    )
    return receipt.file_id


async def test_a_deleted_result_is_hidden_and_its_files_are_kept(
    house: House, tmp_path: Path
) -> None:
    result_id = await _take(house, tmp_path)
    await house.run_next()
    await house.results().delete(result_id)

    with pytest.raises(NotFound):
        await house.results().get(result_id)
    assert (await house.results().query(ResultQuery())).total == 0
    kept = {path.name for path in (house.folder / "deleted").rglob("*") if path.is_file()}
    assert {"original.pdf", "invoice.json"} <= kept
    assert house.forgotten == [result_id]


async def test_a_result_stays_whole_while_what_engines_keep_cannot_be_erased(
    house: House, tmp_path: Path
) -> None:
    result_id = await _take(house, tmp_path)
    await house.run_next()
    house.unforgettable = True
    with pytest.raises(StorageFailed):
        await house.results().delete(result_id)
    _, path = await house.results().original(result_id)
    assert path.read_bytes() == b"bytes"

    house.unforgettable = False
    await house.results().delete(result_id)
    assert house.forgotten == [result_id]


async def test_deleting_a_copy_leaves_the_first_alone(house: House, tmp_path: Path) -> None:
    first = await _take(house, tmp_path)
    copy = await _take(house, tmp_path, "b.pdf")
    await house.run_next()
    await house.results().delete(copy)

    _, path = await house.results().original(first)
    assert path.read_bytes() == b"bytes"
    assert house.forgotten == []


async def test_a_result_can_be_processed_again(house: House, tmp_path: Path) -> None:
    result_id = await _take(house, tmp_path)
    await house.run_next()
    record = await house.results().retry(result_id, "null")

    assert record.state is JobState.QUEUED
    assert await house.run_next()
    assert (await house.results().get(result_id)).state is JobState.SUCCEEDED


async def test_what_cannot_be_retried(house: House, tmp_path: Path) -> None:
    first = await _take(house, tmp_path)
    copy = await _take(house, tmp_path, "b.pdf")
    house.inspector.refusal = CorruptDocument("cut off")
    (tmp_path / "c.pdf").write_bytes(b"half")
    refused = await house.intake().take(
        SourceFile(
            name="c.pdf", origin=Origin.UPLOAD, received_at=house.clock(), path=tmp_path / "c.pdf"
        )
    )

    with pytest.raises(InvalidInput):
        await house.results().retry(first, "magic")
    with pytest.raises(Conflict):
        await house.results().retry(copy)
    with pytest.raises(Conflict):
        await house.results().retry(refused.file_id)
    with pytest.raises(NotFound):
        await house.results().retry("0" * 32)
    with pytest.raises(NotFound):
        await house.results().page(refused.file_id, 1)


async def test_a_page_is_drawn_upright_and_once(house: House, tmp_path: Path) -> None:
    result_id = await _take(house, tmp_path)
    before = await house.results().page(result_id, 1, 800)
    await house.run_next()
    upright = await house.results().page(result_id, 1, 800)
    again = await house.results().page(result_id, 1, 800)

    assert before == b"page 1 turned 0 at 800"
    assert upright == again == b"page 1 turned 90 at 800"
    assert house.renderer.drawn == 2
