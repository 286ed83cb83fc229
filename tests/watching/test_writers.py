"""Files that somebody still writes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from src.domain.document import SourceFile
from src.domain.errors import (
    SourceNotReady,
)
from src.domain.results import IntakeReceipt
from src.watching.taking import Taker
from tests.watching.conftest import BACKOFF, STABLE, World, now
from tests.watching.waiting import all_taken

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux file leases")


async def test_a_slow_writer_is_waited_for(world: World) -> None:
    folder = world.folder()
    await folder.start()
    path = world.incoming / "slow.pdf"
    with path.open("wb") as file:
        for piece in (b"%PDF-1.7 ", b"one ", b"two ", b"three "):
            file.write(piece)
            file.flush()
            await asyncio.sleep(STABLE * 0.6)
        # A scanner that pauses longer than any stability delay: the end is still missing.
        await asyncio.sleep(STABLE * 4)
        assert await world.records() == ()
        file.write(b"%%EOF")
    await all_taken(world, 1)
    await folder.stop()
    [record] = await world.records()
    assert record.document.size == len(b"%PDF-1.7 one two three %%EOF")


@linux_only
async def test_a_file_its_writer_holds_is_waited_for(world: World) -> None:
    import fcntl

    path = world.put("held.pdf")
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    held = os.open(path, os.O_RDWR)
    try:
        # What Samba does for a client that has the file open.
        fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        folder = world.folder()
        assert await folder.scan() == ()
        assert world.left() == ["held.pdf"]
        assert "1 cannot be taken yet, such as 'held.pdf'" in folder.state().detail
        with pytest.raises(SourceNotReady):
            await folder.take_path(path, force=False)
    finally:
        os.close(held)
        signal.signal(signal.SIGIO, before)
    await asyncio.sleep(BACKOFF * 4)
    assert len(await folder.scan()) == 1


@linux_only
async def test_a_whole_file_its_writer_has_open_is_waited_for(world: World) -> None:
    path = world.put("scan.pdf")
    folder = world.folder()
    with path.open("ab") as file:
        assert await folder.scan() == ()
        assert "open for writing in another program" in folder.state().detail
        with pytest.raises(SourceNotReady, match="open for writing"):
            await folder.take_path(path, force=False)
        file.write(b" second page %%EOF")
    await folder.start()
    await all_taken(world, 1)
    await folder.stop()
    [record] = await world.records()
    assert record.document.size == len(b"%PDF-1.7 scan.pdf %%EOF second page %%EOF")


@linux_only
@pytest.mark.parametrize(
    ("tries", "kind", "waited_for"), [(11, "ext4", True), (12, "ext4", False), (0, "nfs4", False)]
)
async def test_a_writer_is_waited_for_but_not_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch, tries: int, kind: str, waited_for: bool
) -> None:
    monkeypatch.setattr("src.watching.taking.file_system_of", lambda _: kind)
    path = world.put("forgotten.pdf")
    taker = Taker(world.incoming, world.intake, now, lambda _: True)
    with path.open("ab"):
        if waited_for:
            with pytest.raises(SourceNotReady, match="open for writing"):
                await taker.take(path.name, tries=tries)
        else:
            await taker.take(path.name, tries=tries)
    assert world.left() == (["forgotten.pdf"] if waited_for else [])


async def test_what_is_written_after_the_copy_is_taken_too(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[str]
) -> None:
    first = world.put("slow.pdf")
    grown = first.read_bytes() + b" the rest %%EOF"
    real = world.intake.take
    seen: list[str] = []

    async def take_and_write_on(source: SourceFile) -> IntakeReceipt:
        receipt = await real(source)
        if not seen:
            await asyncio.to_thread(source.path.write_bytes, grown)
        seen.append(source.name)
        return receipt

    monkeypatch.setattr(world.intake, "take", take_and_write_on)
    folder = world.folder()
    await folder.start()
    await all_taken(world, 2)
    await folder.stop()
    sizes = sorted(record.document.size for record in await world.records())
    assert sizes == [len(grown) - len(b" the rest %%EOF"), len(grown)]
    assert seen == ["slow.pdf", "slow.pdf"]
    assert world.left() == []
    assert any("'slow.pdf' was changed after it was taken" in line for line in logged)
