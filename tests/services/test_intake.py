from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.document import DuplicatePolicy, JobState, Origin, SourceFile
from src.domain.errors import CorruptDocument, TooLarge
from src.domain.results import ResultQuery
from src.services.intake import display_name
from tests.services.conftest import MAX_BYTES, House


def _source(house: House, path: Path, **more: object) -> SourceFile:
    return SourceFile(
        name=path.name,
        origin=Origin.FOLDER,
        received_at=house.clock(),
        path=path,
        **more,  # type: ignore[arg-type]
    )


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_file_becomes_a_document_with_a_job(house: House, tmp_path: Path) -> None:
    receipt = await house.intake().take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))

    record = await house.results().get(receipt.file_id)
    assert (record.state, record.document.name, record.document.size) == (
        JobState.QUEUED,
        "a.pdf",
        5,
    )
    document, path = await house.results().original(receipt.file_id)
    assert document.stored_as == f"2026-03/{receipt.file_id}/original.pdf"
    assert path.read_bytes() == b"bytes"
    assert house.woken == 1
    assert list(house.folder.glob(".staging/*")) == []


async def test_the_same_claim_taken_twice_is_one_document(house: House, tmp_path: Path) -> None:
    path = _file(tmp_path, "a.pdf", b"bytes")
    source = _source(house, path, document_id="a" * 32)
    first = await house.intake().take(source)
    again = await house.intake().take(source)

    assert first.file_id == again.file_id == "a" * 32
    assert again.duplicate_of is None
    page = await house.results().query(ResultQuery(include_duplicates=True))
    assert page.total == 1


async def test_the_same_bytes_are_linked_to_the_first(house: House, tmp_path: Path) -> None:
    intake = house.intake()
    first = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))
    copy = await intake.take_stream("b.pdf", _chunks(b"by", b"tes"))

    assert copy.duplicate_of == first.file_id
    assert copy.state is JobState.SUCCEEDED
    assert (await house.results().query(ResultQuery())).total == 1
    await house.run_next()
    result = await house.results().invoice(copy.file_id)
    assert result is not None
    assert result.id == first.file_id


async def test_force_processes_the_same_bytes_again(house: House, tmp_path: Path) -> None:
    intake = house.intake()
    await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))
    again = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes"), force=True))

    assert (again.state, again.duplicate_of) == (JobState.QUEUED, None)


async def test_under_the_reject_policy_a_copy_is_refused_and_kept(
    house: House, tmp_path: Path
) -> None:
    intake = house.intake(DuplicatePolicy.REJECT)
    first = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))
    copy = await intake.take(_source(house, _file(tmp_path, "b.pdf", b"bytes")))

    assert copy.failure is not None
    assert copy.failure.code == "duplicate_document"
    assert first.file_id in copy.failure.message
    _, kept = await house.results().original(copy.file_id)
    assert kept.read_bytes() == b"bytes"


async def test_a_failed_file_sent_again_is_tried_again(house: House, tmp_path: Path) -> None:
    house.reader.errors = [CorruptDocument("cannot be read")]
    intake = house.intake()
    first = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))
    await house.run_next()
    copy = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))

    assert copy.duplicate_of == first.file_id
    assert (await house.results().get(first.file_id)).state is JobState.QUEUED


async def test_a_cancelled_file_sent_again_is_processed(house: House, tmp_path: Path) -> None:
    intake = house.intake()
    first = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))
    async with house.uow(write=True) as documents:
        await documents.cancel(first.file_id, by="somebody")
    copy = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))

    assert copy.duplicate_of == first.file_id
    assert await house.run_next()
    assert (await house.results().get(first.file_id)).state is JobState.SUCCEEDED


@pytest.mark.parametrize("failed", [True, False])
async def test_a_file_sent_again_replaces_an_original_that_is_gone(
    house: House, tmp_path: Path, failed: bool
) -> None:
    house.reader.errors = [CorruptDocument("cannot be read")] if failed else []
    intake = house.intake()
    first = await intake.take(_source(house, _file(tmp_path, "a.pdf", b"bytes")))
    await house.run_next()
    _, original = await house.results().original(first.file_id)
    original.unlink()
    await intake.take(_source(house, _file(tmp_path, "b.pdf", b"bytes")))

    assert original.read_bytes() == b"bytes"
    assert await house.run_next() is failed


async def test_a_refused_file_is_kept_with_its_reason(house: House, tmp_path: Path) -> None:
    house.inspector.refusal = CorruptDocument("The file is cut off; send it again.")
    receipt = await house.intake().take(_source(house, _file(tmp_path, "a.pdf", b"half")))

    folder = house.folder / "2026-03" / receipt.file_id
    assert json.loads((folder / "error.json").read_text())["error"]["code"] == "corrupt_document"
    assert (folder / "original.refused").read_bytes() == b"half"
    record = await house.results().get(receipt.file_id)
    assert record.state is JobState.FAILED
    assert await house.run_next() is False


async def test_a_file_over_the_limit_is_kept_too(house: House, tmp_path: Path) -> None:
    path = _file(tmp_path, "big.pdf", bytes(MAX_BYTES + 1))
    receipt = await house.intake().take(_source(house, path))

    assert receipt.failure is not None
    assert receipt.failure.code == "too_large"
    _, kept = await house.results().original(receipt.file_id)
    assert kept.stat().st_size == MAX_BYTES + 1


async def test_an_upload_over_the_limit_is_cut_off(house: House) -> None:
    with pytest.raises(TooLarge):
        await house.intake().take_stream("big.pdf", _chunks(bytes(MAX_BYTES), b"1"))
    assert list(house.folder.glob(".staging/*")) == []


@given(st.text())
def test_a_display_name_is_one_printable_component(name: str) -> None:
    shown = display_name(name)
    assert 0 < len(shown) <= 255
    assert not set(shown) & set("/\\\n\r\x00\x1b\u202e")
    shown.encode()


def test_a_display_name_has_no_folders() -> None:
    assert display_name("../../etc/passwd") == "passwd"
    assert display_name("C:\\scans\\re 7.pdf") == "re 7.pdf"
    assert display_name("..//") == "unnamed"
