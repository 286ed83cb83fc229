"""Originals and results on a real disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from src.domain.errors import (
    NotFound,
    PathNotAllowed,
    SourceNotReady,
    StorageFailed,
    TooLarge,
)
from src.storage import disk
from src.storage.files import LocalFileStore
from tests.storage.factory import BROKEN, MORNING, document, result

ID = "0123456789abcdef" * 2
MEGABYTE = 1024 * 1024
CONTENT = b"%PDF-1.7 " + bytes(3 * MEGABYTE)
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@pytest.fixture
async def files(tmp_path: Path) -> LocalFileStore:
    store = LocalFileStore(tmp_path / "generated")
    await store.open()
    return store


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "arriving.pdf"
    path.write_bytes(CONTENT)
    return path


def staged_left(files: LocalFileStore) -> list[str]:
    return [path.name for path in (files._root / ".staging").iterdir()]


async def test_a_staged_file_is_a_whole_copy(files: LocalFileStore, source: Path) -> None:
    staged = await files.stage(source, len(CONTENT))
    assert staged.path.read_bytes() == CONTENT
    assert (staged.size, staged.digest) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert source in source.parent.iterdir()
    await files.discard(staged)
    await files.discard(staged)
    assert staged_left(files) == []


async def test_a_larger_file_is_refused_and_leaves_nothing(
    files: LocalFileStore, source: Path
) -> None:
    with pytest.raises(TooLarge, match="MAX_FILE_SIZE_MB"):
        await files.stage(source, 1000)
    assert staged_left(files) == []


async def test_a_file_that_grows_is_not_read_beyond_the_limit(
    files: LocalFileStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = 0
    read = disk._read

    def growing(descriptor: int, path: Path) -> bytes:
        nonlocal grown
        grown += 1
        with path.open("ab") as file:
            file.write(bytes(2 * MEGABYTE))
        return read(descriptor, path)

    monkeypatch.setattr(disk, "_read", growing)
    with pytest.raises(TooLarge):
        await files.stage(source, 8 * MEGABYTE)
    assert grown < 12
    assert staged_left(files) == []


async def test_a_file_that_changes_meanwhile_is_not_ready(
    files: LocalFileStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = disk._read

    def touching(descriptor: int, path: Path) -> bytes:
        os.utime(path, (1, 1))
        return read(descriptor, path)

    monkeypatch.setattr(disk, "_read", touching)
    with pytest.raises(SourceNotReady, match="changed while"):
        await files.stage(source, 8 * MEGABYTE)
    assert staged_left(files) == []


async def test_only_regular_files_are_staged(
    files: LocalFileStore, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link.pdf").symlink_to(source)
    os.mkfifo(tmp_path / "pipe.pdf")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.pdf")
        for name in ("link.pdf", "pipe.pdf", "socket.pdf", "generated"):
            with pytest.raises(PathNotAllowed):
                await asyncio.wait_for(files.stage(tmp_path / name, MEGABYTE), 5)
            with pytest.raises(PathNotAllowed):
                await asyncio.wait_for(files.keep_refused(tmp_path / name, ID, MORNING), 5)
    with pytest.raises(PathNotAllowed):
        await files.stage(Path("/dev/zero"), MEGABYTE)
    with pytest.raises(NotFound):
        await files.stage(tmp_path / "missing.pdf", MEGABYTE)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux file leases")
async def test_a_file_its_writer_holds_is_not_ready(files: LocalFileStore, source: Path) -> None:
    import fcntl

    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    held = os.open(source, os.O_RDWR)
    try:
        fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        with pytest.raises(SourceNotReady):
            await files.stage(source, 8 * MEGABYTE)
    finally:
        os.close(held)
        signal.signal(signal.SIGIO, before)


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_an_upload_is_staged_while_it_arrives(files: LocalFileStore) -> None:
    chunks = [bytes([number]) * 300_000 for number in range(9)]
    staged = await files.stage_stream(pieces(*chunks), 8 * MEGABYTE)
    content = b"".join(chunks)
    assert staged.path.read_bytes() == content
    assert (staged.size, staged.digest) == (len(content), hashlib.sha256(content).hexdigest())
    empty = await files.stage_stream(pieces(), 10)
    assert empty.size == 0


async def test_an_upload_that_breaks_off_leaves_nothing(files: LocalFileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(2 * MEGABYTE)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.stage_stream(broken(), 8 * MEGABYTE)
    with pytest.raises(TooLarge):
        await files.stage_stream(pieces(bytes(2 * MEGABYTE)), MEGABYTE)

    async def endless() -> AsyncIterator[bytes]:
        yield bytes(2 * MEGABYTE)
        await asyncio.sleep(3600)

    sending = asyncio.create_task(files.stage_stream(endless(), 8 * MEGABYTE))
    await asyncio.sleep(0.1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert staged_left(files) == []


async def test_an_original_is_kept_once_however_often(files: LocalFileStore, source: Path) -> None:
    staged = await files.stage(source, 8 * MEGABYTE)
    stored_as = await files.keep_original(staged, ID, MORNING, ".pdf")
    assert stored_as == f"2026-03/{ID}/original.pdf"
    assert await files.keep_original(staged, ID, MORNING, ".pdf") == stored_as
    kept = replace(document(ID), stored_as=stored_as)
    assert files.path_of(kept).read_bytes() == CONTENT
    # The claim is taken once more after a crash: a second copy replaces the first.
    again = await files.stage(source, 8 * MEGABYTE)
    assert await files.keep_original(again, ID, MORNING, ".pdf") == stored_as
    assert staged_left(files) == []


async def test_keeping_what_was_never_staged_fails_loudly(files: LocalFileStore) -> None:
    staged = await files.stage_stream(pieces(b"x"), 10)
    await files.discard(staged)
    with pytest.raises(StorageFailed):
        await files.keep_original(staged, ID, MORNING, ".pdf")


@pytest.mark.parametrize(
    ("document_id", "extension"),
    [("../../etc", ".pdf"), (ID, "/../x"), (ID, ""), ("", ".pdf"), (ID.upper(), ".pdf")],
)
async def test_ids_and_extensions_cannot_leave_the_folder(
    files: LocalFileStore, source: Path, document_id: str, extension: str
) -> None:
    staged = await files.stage(source, 8 * MEGABYTE)
    with pytest.raises(ValueError, match="no id and extension"):
        await files.keep_original(staged, document_id, MORNING, extension)


@pytest.mark.parametrize("stored_as", ["../secret", "/etc/passwd", "a/../../b", "."])
def test_a_stored_path_cannot_leave_the_folder(tmp_path: Path, stored_as: str) -> None:
    with pytest.raises(StorageFailed, match="outside"):
        LocalFileStore(tmp_path).path_of(replace(document(), stored_as=stored_as))


@pytest.mark.parametrize("links", [True, False])
async def test_a_refused_file_of_any_size_is_kept_and_its_source_stays(
    files: LocalFileStore, source: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:

        def no_links(*_: object, **__: object) -> None:
            raise PermissionError("this file system has no hard links")

        monkeypatch.setattr(os, "link", no_links)
    for _ in range(2):
        stored_as, size = await files.keep_refused(source, ID, MORNING)
    assert (stored_as, size) == (f"2026-03/{ID}/original.refused", len(CONTENT))
    folder = files.path_of(replace(document(ID), stored_as=stored_as)).parent
    assert [path.name for path in folder.iterdir()] == ["original.refused"]
    await asyncio.to_thread(source.unlink)
    assert (folder / "original.refused").read_bytes() == CONTENT


async def test_a_link_put_under_the_name_meanwhile_is_not_kept(
    files: LocalFileStore, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    link = os.link

    def swapping(from_path: Path, to_path: Path, *, follow_symlinks: bool) -> None:
        from_path.unlink()
        from_path.symlink_to(secret)
        link(from_path, to_path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "link", swapping)
    stored_as, _ = await files.keep_refused(source, ID, MORNING)
    kept = files.path_of(replace(document(ID), stored_as=stored_as))
    assert not kept.is_symlink()
    assert kept.read_bytes() == CONTENT


async def test_results_and_errors_lie_beside_the_original(files: LocalFileStore) -> None:
    kept = document()
    await files.write_error(kept, BROKEN)
    folder = files.path_of(kept).parent
    error = json.loads((folder / "error.json").read_bytes())
    assert error["error"] == {
        "code": "reading_failed",
        "message": "The page cannot be read.",
        "retryable": False,
    }
    assert (error["file_id"], error["file_name"]) == (kept.id, kept.name)
    assert error["original"] == "original.pdf"
    made = result(kept)
    await files.write_result(kept, made)
    assert [path.name for path in folder.iterdir()] == ["invoice.json"]
    assert type(made).model_validate_json((folder / "invoice.json").read_bytes()) == made


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
async def test_a_crash_while_writing_leaves_the_old_file_whole(
    files: LocalFileStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept = document()
    first, second = result(kept), result(kept, number="another")
    await files.write_result(kept, first)

    class Killed(BaseException):
        pass

    def crash(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        if step == "fsync":
            broken.setattr(os, "fsync", crash)
        else:
            broken.setattr(Path, step, crash)
        with pytest.raises(Killed):
            await files.write_result(kept, second)
    folder = files.path_of(kept).parent
    assert type(first).model_validate_json((folder / "invoice.json").read_bytes()) == first


@full_disk
async def test_a_full_disk_is_told_with_the_remedy(
    files: LocalFileStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalFileStore, "_new_staged", lambda _: Path("/dev/full"))
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, mode="r", *a, **k: opened(self, mode.replace("x", "w"), *a, **k)
    )
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(StorageFailed, match="Free disk space"):
        await files.stage(source, 8 * MEGABYTE)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "generated").write_bytes(b"a file is in the way")
    with pytest.raises(StorageFailed, match="belongs to the service's user"):
        await LocalFileStore(tmp_path / "generated").open()


async def test_what_a_dead_process_staged_is_removed(files: LocalFileStore) -> None:
    await files.stage_stream(pieces(b"x"), 10)
    await files.open()
    assert staged_left(files) == []


async def test_a_deleted_result_moves_with_everything_once(files: LocalFileStore) -> None:
    kept = document()
    await files.write_error(kept, BROKEN)
    moved = await files.move_to_deleted(kept)
    assert moved == f"deleted/{kept.stored_as}"
    assert not files.path_of(kept).parent.exists()
    # A crash came before the row was written: it is moved "again".
    assert await files.move_to_deleted(kept) == moved
    hidden = replace(kept, stored_as=moved)
    assert await files.move_to_deleted(hidden) == moved
    assert (files.path_of(hidden).parent / "error.json").exists()
    with pytest.raises(NotFound):
        await files.move_to_deleted(document())


async def test_page_pictures_are_cached_but_never_needed(files: LocalFileStore) -> None:
    kept = document()
    assert await files.cached_page(kept, 1, 1600) is None
    # No folder: the picture is simply not cached.
    await files.cache_page(kept, 1, 1600, b"png")
    assert await files.cached_page(kept, 1, 1600) is None
    await files.write_error(kept, BROKEN)
    await files.cache_page(kept, 1, 1600, b"png")
    assert await files.cached_page(kept, 1, 1600) == b"png"
    assert await files.cached_page(kept, 1, 800) is None


@pytest.mark.parametrize(
    ("number", "error"),
    [(13, SourceNotReady), (16, SourceNotReady), (2, NotFound), (40, PathNotAllowed)],
)
def test_what_a_refusal_to_open_means(number: int, error: type[Exception]) -> None:
    assert isinstance(disk.source_error(Path("a.pdf"), OSError(number, "refused")), error)
