"""One file of the folder, taken on request."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from src.domain.document import JobState, Origin
from src.domain.errors import (
    NotFound,
    PathNotAllowed,
    SourceNotReady,
)
from src.watching.folder import IncomingFolder
from tests.watching.conftest import World


async def test_taking_one_path(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("a.pdf", "same")
    world.put("b.pdf", "same")
    world.put("c.pdf")
    folder = world.folder("off")
    monkeypatch.chdir(world.incoming.parent)
    first = await folder.take_path(Path("a.pdf"), force=False)
    again = await folder.take_path(world.incoming / "b.pdf", force=True)
    third = await folder.take_path(Path("incoming/c.pdf"), force=False)
    assert {first.state, again.state, third.state} == {JobState.QUEUED}
    assert again.duplicate_of is None
    assert {record.document.origin for record in await world.records()} == {Origin.PROCESS}
    with pytest.raises(NotFound):
        await folder.take_path(Path("a.pdf"), force=False)


@pytest.mark.parametrize("force", [False, True])
async def test_a_forced_look_processes_known_bytes(world: World, force: bool) -> None:
    folder = world.folder("off")
    world.put("a.pdf", "same")
    await folder.scan()
    world.put("b.pdf", "same")
    (again,) = await folder.scan(force=force)
    assert (again.duplicate_of is None) is force


async def test_paths_outside_and_odd_things_are_not_taken(world: World, tmp_path: Path) -> None:
    (tmp_path / "outside.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    (tmp_path / "way out").symlink_to(world.incoming)
    (world.incoming / "sub").mkdir()
    (world.incoming / "sub" / "deep.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    (world.incoming / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    os.mkfifo(world.incoming / "pipe.pdf")
    world.put(".hidden.pdf")
    folder = world.folder("off")
    for path in (
        tmp_path / "outside.pdf",
        world.incoming / ".." / "outside.pdf",
        Path("../outside.pdf"),
        Path("/etc/passwd"),
        Path("sub/deep.pdf"),
        Path("link.pdf"),
        Path("pipe.pdf"),
        Path("sub"),
        Path(".hidden.pdf"),
        Path(".."),
        Path(),
        Path("nul\x00.pdf"),
        Path("x" * 5000),
    ):
        with pytest.raises(PathNotAllowed):
            await folder.take_path(path, force=False)
    assert await world.records() == ()
    world.put("same.pdf")
    # Another name of the same folder is the same folder.
    receipt = await folder.take_path(tmp_path / "way out" / "same.pdf", force=False)
    assert receipt.state is JobState.QUEUED


async def test_a_path_that_is_being_written_or_taken_is_not_ready(world: World) -> None:
    path = world.put("growing.pdf")
    # Long enough for what follows on a busy machine.
    folder: IncomingFolder = world.folder("off", stability=2)
    taking = asyncio.create_task(folder.take_path(path, force=False))
    await asyncio.sleep(0.2)
    with pytest.raises(SourceNotReady, match="at this moment"):
        await folder.take_path(path, force=False)
    path.write_bytes(b"%PDF-1.7 more and more %%EOF")
    with pytest.raises(SourceNotReady, match="still being written"):
        await taking
    path.write_bytes(b"%PDF-1.7 without an end")
    with pytest.raises(SourceNotReady, match="ends in the middle"):
        await folder.take_path(path, force=False)
    assert world.left() == ["growing.pdf"]
