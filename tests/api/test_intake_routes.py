"""Uploads and the look into the incoming folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from src.domain.document import JobState
from src.domain.errors import DuplicateDocument, StorageFailed
from src.domain.results import Failure, IntakeReceipt
from tests.api.conftest import Client, Connect
from tests.api.fake_service import FakeService

MEGABYTE = 1024 * 1024


async def test_one_file_answers_one_receipt(client: Client, service: FakeService) -> None:
    answer = await client.post("/upload", files={"file": ("a.pdf", b"%PDF-1.7")})
    assert answer.status_code == 202
    assert answer.json() == {"file_id": f"{1:032x}", "state": "queued", "duplicate_of": None}
    assert service.intake.taken == [("a.pdf", 8, False)]


async def test_known_bytes_answer_200_and_force_processes_them(client: Client) -> None:
    files = {"file": ("a.pdf", b"%PDF-1.7")}
    first = await client.post("/upload", files=files)
    second = await client.post("/upload", files=files)
    forced = await client.post("/upload?force_reprocess=true", files=files)
    assert second.status_code == 200
    assert second.json()["duplicate_of"] == first.json()["file_id"]
    assert forced.status_code == 202
    assert forced.json()["duplicate_of"] is None


async def test_several_files_answer_items_in_order(client: Client) -> None:
    parts = [("file", (name, name.encode() + b"!")) for name in ("good", "bad", "fine")]
    answer = await client.post("/upload", files=[*parts, ("file", ("again", b"good!"))])
    assert answer.status_code == 202
    items = answer.json()["items"]
    assert [item["file_name"] for item in items] == ["good", "bad", "fine", "again"]
    assert [item["state"] for item in items] == ["queued", "failed", "queued", "succeeded"]
    assert items[1]["error"] == {"detail": "bad is damaged.", "error_type": "CorruptDocument"}
    assert items[3]["duplicate_of"] == items[0]["file_id"]


async def test_several_known_files_answer_200(client: Client) -> None:
    files = [("file", (name, name.encode())) for name in ("a", "b")]
    await client.post("/upload", files=files)
    assert (await client.post("/upload", files=files)).status_code == 200


async def test_a_refused_file_answers_400_and_is_kept(client: Client) -> None:
    answer = await client.post("/upload", files={"file": ("x.pdf", b"bad bytes")})
    assert answer.status_code == 400
    assert answer.json()["error_type"] == "CorruptDocument"
    assert f"{1:032x}" in answer.json()["detail"]


async def test_only_refused_files_answer_400(client: Client) -> None:
    files = [("file", (name, b"bad " + name.encode())) for name in ("a", "b")]
    answer = await client.post("/upload", files=files)
    assert answer.status_code == 400
    assert "a is damaged.; b is damaged." in answer.json()["detail"]


@pytest.mark.parametrize(
    ("error", "status"),
    [(StorageFailed("The disk is full."), 503), (DuplicateDocument("Known."), 409)],
)
@pytest.mark.parametrize("count", [1, 2])
async def test_nothing_taken_is_an_error(
    client: Client, service: FakeService, error: Exception, status: int, count: int
) -> None:
    service.intake.fail_with = error
    files = [("file", (f"{number}", b"x")) for number in range(count)]
    assert (await client.post("/upload", files=files)).status_code == status


@pytest.mark.parametrize(
    "request_parts",
    [
        {"data": {"file": "text"}},
        {"files": {"other": ("a", b"x")}},
        {"content": b"raw", "headers": {"Content-Type": "application/pdf"}},
        {"content": b"raw", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"raw", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ],
)
async def test_a_body_without_a_file_is_refused(
    client: Client, service: FakeService, request_parts: dict[str, object]
) -> None:
    answer = await client.post("/upload", **request_parts)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert answer.json()["error_type"] == "ValidationError"
    assert service.intake.taken == []


async def test_too_many_files_at_once_are_refused(client: Client) -> None:
    answer = await client.post("/upload", files=[("file", (f"{n}", b"x")) for n in range(101)])
    assert answer.status_code == 400


async def test_an_upload_over_the_limit_is_refused_before_it_is_read(
    connect: Connect, service: FakeService
) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(64):
            read += 1
            yield b"x" * MEGABYTE

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with connect(max_file_size_mb=1) as client:
        announced = await client.post(
            "/upload", content=endless(), headers=headers | {"Content-Length": str(64 * MEGABYTE)}
        )
    assert announced.status_code == 400
    assert announced.json()["error_type"] == "TooLarge"
    assert "MAX_FILE_SIZE_MB=1" in announced.json()["detail"]
    assert announced.headers["Connection"] == "close"
    assert read <= 1
    assert service.intake.taken == []


async def test_an_upload_that_grows_over_the_limit_is_cut_off(
    connect: Connect, service: FakeService
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

    async def endless() -> AsyncIterator[bytes]:
        yield head
        for _ in range(8):
            yield b"x" * MEGABYTE

    async with connect(max_file_size_mb=1) as client:
        answer = await client.post(
            "/upload",
            content=endless(),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
    assert answer.json()["error_type"] == "TooLarge"
    assert service.intake.taken == []


@pytest.mark.parametrize("length", ["-5", "1e3", "x"])
async def test_a_strange_length_is_refused(client: Client, length: str) -> None:
    answer = await client.post("/upload", content=b"", headers={"Content-Length": length})
    assert answer.status_code == 400


async def test_other_bodies_are_small(client: Client) -> None:
    answer = await client.post("/process", json={"file_path": "x" * 70_000})
    assert answer.status_code == 400
    assert answer.json()["error_type"] == "TooLarge"


async def test_a_large_file_arrives_in_small_chunks(client: Client, service: FakeService) -> None:
    answer = await client.post("/upload", files={"file": ("a", b"x" * (5 * MEGABYTE))})
    assert answer.status_code == 202
    assert service.intake.taken[0][1] == 5 * MEGABYTE
    assert service.intake.largest_chunk <= 256 * 1024


@pytest.mark.parametrize("body", [None, {}, {"force_reprocess": False}])
async def test_processing_looks_into_the_folder(
    client: Client, service: FakeService, body: dict[str, object] | None
) -> None:
    service.watch.receipts = (
        IntakeReceipt(file_id="d" * 32, state=JobState.QUEUED),
        IntakeReceipt(
            file_id="e" * 32,
            state=JobState.FAILED,
            failure=Failure(code="too_large", message="Too large.", retryable=False),
        ),
    )
    answer = await client.post("/process", json=body) if body is not None else None
    answer = answer or await client.post("/process")
    assert answer.status_code == 202
    items = answer.json()["items"]
    assert [item["state"] for item in items] == ["queued", "failed"]
    assert items[1]["error"]["error_type"] == "TooLarge"


async def test_an_empty_folder_is_no_error(client: Client) -> None:
    answer = await client.post("/process", json={})
    assert (answer.status_code, answer.json()) == (202, {"items": []})


async def test_processing_one_file(client: Client, service: FakeService) -> None:
    answer = await client.post("/process", json={"file_path": "a.pdf", "force_reprocess": True})
    assert answer.status_code == 202
    assert answer.json()["state"] == "queued"
    assert service.watch.asked == [(Path("a.pdf"), True)]


async def test_a_path_outside_is_refused(client: Client) -> None:
    answer = await client.post("/process", json={"file_path": "../../etc/passwd"})
    assert (answer.status_code, answer.json()["error_type"]) == (400, "PathNotAllowed")


async def test_force_without_a_file_holds_for_the_folder(
    client: Client, service: FakeService
) -> None:
    answer = await client.post("/process", json={"force_reprocess": True})
    assert answer.status_code == 202
    assert service.watch.forced == [True]
