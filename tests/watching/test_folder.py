"""The incoming folder over real files, the real intake and store."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import pytest

from src.domain.document import JobState
from src.domain.errors import (
    ConfigurationError,
    NotFound,
    SourceNotReady,
    StorageFailed,
)
from src.watching.names import claim_name
from tests.watching.conftest import BACKOFF, World
from tests.watching.waiting import all_taken, eventually


@pytest.mark.parametrize("mode", ["auto", "events", "polling"])
async def test_what_lies_there_and_what_arrives_is_taken(world: World, mode: str) -> None:
    world.put("before.pdf")
    folder = world.folder(mode)
    await folder.start()
    await folder.start()
    await all_taken(world, 1)
    world.put("after.pdf")
    await all_taken(world, 2)
    state = folder.state()
    await folder.stop()
    await folder.stop()
    assert await world.names() == ["after.pdf", "before.pdf"]
    assert world.left() == []
    assert state.running
    assert state.last_scan_at is not None
    assert not folder.state().running


async def test_events_make_it_look_long_before_the_interval(world: World) -> None:
    folder = world.folder("events", interval=3600)
    await folder.start()
    assert folder.state().mode == "events"
    await asyncio.sleep(0.2)
    world.put("soon.pdf")
    await all_taken(world, 1)
    await folder.stop()


async def test_off_takes_only_when_asked(world: World) -> None:
    world.put("a.pdf")
    folder = world.folder("off")
    await folder.start()
    assert (folder.state().running, folder.state().mode) == (False, "off")
    await asyncio.sleep(0.3)
    assert world.left() == ["a.pdf"]
    receipts = await folder.scan()
    await folder.stop()
    assert [receipt.state for receipt in receipts] == [JobState.QUEUED]
    assert world.left() == []


async def test_a_missing_folder_is_refused_at_start(world: World) -> None:
    world.incoming.rmdir()
    with pytest.raises(ConfigurationError, match="INCOMING_FOLDER"):
        await world.folder().start()


async def test_a_folder_that_goes_away_and_comes_back_is_watched_on(world: World) -> None:
    folder = world.folder()
    await folder.start()
    away = world.incoming.with_name("away")
    world.incoming.rename(away)

    async def noticed() -> bool:
        return "cannot be read" in folder.state().detail and folder.state().blocked

    await eventually(noticed, "the missing folder")
    with pytest.raises(StorageFailed, match="cannot be read"):
        await folder.scan()
    away.rename(world.incoming)
    world.put("back.pdf")
    await all_taken(world, 1)
    await folder.stop()
    assert not folder.state().blocked


async def test_a_file_that_stays_cut_off_is_taken_as_it_is(world: World) -> None:
    (world.incoming / "cut.pdf").write_bytes(b"%PDF-1.7 and no end")
    probes = 0

    def never(path: Path) -> bool:
        nonlocal probes
        probes += 1
        return False

    folder = world.folder(looks_complete=never)
    await folder.start()
    await all_taken(world, 1)
    await folder.stop()
    assert probes == 4


async def test_other_things_than_files_stay_and_stop_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"%PDF-1.7 secret %%EOF")
    (world.incoming / "link.pdf").symlink_to(secret)
    os.mkfifo(world.incoming / "pipe.pdf")
    (world.incoming / "folder.pdf").mkdir()
    (world.incoming / "folder.pdf" / "inside.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    monkeypatch.chdir(world.incoming)  # the path of a socket has a short limit
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.pdf")
        world.put("good.pdf")
        receipts = await world.folder().scan()
    assert len(receipts) == 1
    assert await world.names() == ["good.pdf"]
    assert world.left() == ["folder.pdf", "link.pdf", "pipe.pdf", "socket.pdf"]


async def test_a_refusal_is_said_once(world: World, logged: list[str]) -> None:
    (world.incoming / "link.pdf").symlink_to("/etc/passwd")
    below = world.incoming / "March"
    below.mkdir()
    (world.incoming / ".sync").mkdir()
    folder = world.folder()
    for number in range(3):
        (below / f"{number}.pdf").touch()
        await folder.scan()
    told = [line for line in logged if "never taken" in line]
    assert len([line for line in told if "link.pdf" in line]) == 1
    assert len([line for line in told if "'March': it is a folder" in line]) == 1
    assert len(told) == 2


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "._invoice.pdf",
        ".gitkeep",
        "Thumbs.db",
        "desktop.ini",
        "~$letter.docx",
        "invoice.pdf.part",
        "invoice.pdf.crdownload",
        "scan.TMP",
        "letter.pdf~",
    ],
)
async def test_junk_is_left_alone(world: World, name: str) -> None:
    world.put(name)
    assert await world.folder().scan() == ()
    assert world.left() == [name]


async def test_hostile_names_are_names(world: World) -> None:
    names = {
        "two\nlines.pdf": "two�lines.pdf",
        "..\\..\\up.pdf": "up.pdf",
        "-rf.pdf": "-rf.pdf",
        "ü" * 120 + ".pdf": "ü" * 120 + ".pdf",
        "x" * 251 + ".pdf": "x" * 251 + ".pdf",
        os.fsdecode(b"caf\xe9.pdf"): "caf�.pdf",
    }
    for name in names:
        world.put(name)
    await world.folder().scan()
    assert await world.names() == sorted(names.values())
    assert world.left() == []


async def test_a_file_of_unknown_kind_is_kept_with_the_reason(world: World) -> None:
    (world.incoming / "letter.txt").write_bytes(b"Dear Sir or Madam %%EOF")
    [receipt] = await world.folder().scan()
    assert receipt.failure is not None
    [kept] = world.generated.glob("*/*/original.refused")
    assert kept.read_bytes() == b"Dear Sir or Madam %%EOF"
    assert (kept.parent / "error.json").exists()
    assert world.left() == []


async def test_a_file_that_is_too_large_is_kept_whole(world: World) -> None:
    path = world.put("large.pdf", "x" * 5000)
    content = path.read_bytes()
    [receipt] = await world.folder().scan()
    assert receipt.failure is not None
    assert receipt.failure.code == "too_large"
    [kept] = world.generated.glob("*/*/original.refused")
    assert kept.read_bytes() == content
    assert world.left() == []


async def test_a_burst_of_a_thousand_files(world: World) -> None:
    for number in range(1000):
        world.put(f"{number}.pdf")
    folder = world.folder()
    taken = await asyncio.gather(folder.scan(), folder.scan(), folder.scan())
    assert sorted(len(receipts) for receipts in taken) == [0, 0, 1000]
    assert len(await world.records()) == 1000
    assert world.left() == []


async def test_copies_that_arrive_together_are_linked(world: World) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        world.put(name, "the same")
    receipts = await world.folder().scan()
    owners = [receipt for receipt in receipts if receipt.duplicate_of is None]
    assert len(owners) == 1
    assert {receipt.duplicate_of for receipt in receipts} == {None, owners[0].file_id}


class Killed(BaseException):
    """What no handler of ours may catch."""


@pytest.mark.parametrize("crash", [Killed(), asyncio.CancelledError()])
async def test_a_claim_that_survived_a_crash_is_taken_under_its_id(
    world: World, crash: BaseException
) -> None:
    world.put("killed.pdf")
    world.intake.errors.append(crash)
    with pytest.raises(type(crash)):
        await world.folder().scan()
    [claim] = world.left()
    assert claim.startswith(".claim-")
    [receipt] = await world.folder().scan()
    assert receipt.file_id == claim.removeprefix(".claim-")[:32]
    assert await world.names() == ["killed.pdf"]
    assert world.left() == []


async def test_a_claim_that_was_registered_before_the_crash_is_not_doubled(world: World) -> None:
    document_id = "0123456789abcdef" * 2
    claim = claim_name(document_id, "killed.pdf", 255)
    world.put(claim, "x")
    await world.folder().scan()
    # The crash came before the claim was removed.
    world.put(claim, "x")
    [receipt] = await world.folder().scan()
    assert (receipt.file_id, receipt.duplicate_of) == (document_id, None)
    assert len(await world.records()) == 1
    assert world.left() == []


async def test_a_full_disk_makes_all_wait_and_loses_nothing(world: World) -> None:
    for number in range(20):
        world.put(f"{number}.pdf")
    world.intake.errors.extend(StorageFailed("The disk is full. Free space.") for _ in range(8))
    folder = world.folder()
    with pytest.raises(StorageFailed, match="Free space"):
        await folder.scan()
    # The others were not even claimed: people still see them.
    assert len([name for name in world.left() if name.startswith(".claim-")]) <= 4
    assert "Free space" in folder.state().detail
    await folder.start()
    await all_taken(world, 20)
    await folder.stop()
    assert world.left() == []
    assert await world.names() == sorted(f"{number}.pdf" for number in range(20))


@pytest.mark.parametrize(
    "error", [SourceNotReady("It is locked."), RuntimeError("a bug"), NotFound("It is gone.")]
)
async def test_one_bad_file_stops_no_other_and_is_tried_again(
    world: World, error: Exception
) -> None:
    for name in ("a.pdf", "b.pdf"):
        world.put(name)
    world.intake.errors.append(error)
    folder = world.folder()
    # The claim of one rests already and may be tried again by the second look of the scan.
    assert len(await folder.scan()) in (1, 2)
    await folder.start()
    await all_taken(world, 2)
    await folder.stop()
    assert await world.names() == ["a.pdf", "b.pdf"]


async def test_a_file_that_goes_before_it_is_claimed_is_no_trouble(world: World) -> None:
    world.put("gone.pdf")
    world.put("here.pdf")

    def removing(path: Path) -> bool:
        if path.name == "gone.pdf":
            path.unlink()
        return True

    folder = world.folder(looks_complete=removing)
    assert len(await folder.scan()) == 1
    assert await world.names() == ["here.pdf"]
    assert folder.state().detail == "the watch is not started"


async def test_a_claim_that_cannot_be_removed_is_not_taken_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put("sticky.pdf")
    folder = world.folder()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", refused)
        # The store removes its staged copies by the same call.
        broken.setattr(type(world.intake.real._files), "discard", _keep)
        assert await folder.scan() == ()
    assert len(await world.records()) == 1
    assert "let the service's user write" in folder.state().detail
    await asyncio.sleep(BACKOFF * 4)
    [receipt] = await folder.scan()
    assert [record.document.id for record in await world.records()] == [receipt.file_id]
    assert world.left() == []


async def _keep(*_: object) -> None:
    """In place of removing a staged copy."""


async def test_a_file_that_became_a_link_meanwhile_is_left(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"%PDF-1.7 secret %%EOF")
    world.put("swapped.pdf")

    def swapping(path: Path) -> bool:
        path.unlink()
        path.symlink_to(secret)
        return True

    folder = world.folder(looks_complete=swapping)
    for _ in range(2):
        assert await folder.scan() == ()
    assert await world.records() == ()
    [left] = world.left()
    assert left.endswith("swapped.pdf")
