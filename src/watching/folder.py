"""The incoming folder: every file that is ready goes to intake, whatever the others do.

Only the top level is watched; folders in it are left alone. Events of the operating system
make it look sooner, a look at everything each interval finds what no event told of.
"""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from loguru import logger

from src.domain.document import Origin
from src.domain.errors import (
    ConfigurationError,
    InvoiceAgentError,
    NotFound,
    PathNotAllowed,
    SourceNotReady,
    SourceRejected,
    StorageFailed,
)
from src.domain.results import IntakeReceipt
from src.ports import Clock, Intake, WatchState
from src.watching import snapshot
from src.watching.events import Announcement, FolderEvents
from src.watching.names import is_junk, parse_claim
from src.watching.patience import Patience
from src.watching.snapshot import Entry
from src.watching.taking import Taker

log = logger.bind(channel="processing")

# Files given to intake side by side: copying one overlaps with inspecting another.
_AT_ONCE = 4
# Events come in bursts; one look serves those of this many seconds.
_GATHER_SECONDS = 0.1
# Timers may fire this much early.
_CLOCK_SLACK = 0.02
# How long a look under way may take to end at shutdown.
_STOP_SECONDS = 10.0

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class IncomingFolder:
    """`FolderWatch` of one folder."""

    def __init__(
        self,
        folder: Path,
        intake: Intake,
        *,
        clock: Clock,
        looks_complete: Callable[[Path], bool],
        mode: str,
        interval_seconds: float,
        stability_seconds: float,
        backoff_seconds: float = 2.0,
    ) -> None:
        """`mode` as WATCH_MODE (auto, events, polling, off); `looks_complete` may block and
        raise `OSError`; `backoff_seconds` is the wait after the first failed try, then doubled."""
        self._folder = folder.absolute()
        self._clock = clock
        self._mode = mode
        self._interval = interval_seconds
        self._stability = stability_seconds
        self._taker = Taker(self._folder, intake, clock, looks_complete)
        self._patience = Patience(stability_seconds, backoff_seconds)
        self._looking = asyncio.Lock()
        self._poke = asyncio.Event()
        self._busy: set[str] = set()
        # Things that are never taken, with what was said about them once.
        self._refused: dict[str, Entry] = {}
        self._announcement = Announcement(mode="polling", detail="the watch is not started")
        self._trouble: str | None = None
        self._last_scan_at: datetime | None = None
        self._events: FolderEvents | None = None
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Take what lies there already, then watch. With `off` only `scan` and `take_path`
        take files. Raises `ConfigurationError` when there is no such folder."""
        if self._loop is not None:
            return
        if not await asyncio.to_thread(self._folder.is_dir):
            raise ConfigurationError(
                f"INCOMING_FOLDER={self._folder} is no folder; make it, or choose another one."
            )
        if self._mode == "off":
            self._announcement = Announcement(mode="off", detail="WATCH_MODE=off")
            return
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._poke.set)

        self._events = FolderEvents(self._folder, wake)
        self._announcement = await asyncio.to_thread(self._events.start, self._mode)
        log.info(
            "watching {} by {}: {}",
            self._folder,
            self._announcement.mode,
            self._announcement.detail,
        )
        self._stopping = False
        self._loop = asyncio.create_task(self._watch(), name="incoming folder")

    async def stop(self) -> None:
        """Files that are being taken are taken to the end, within a bound. Safe twice."""
        loop, self._loop = self._loop, None
        self._stopping = True
        self._poke.set()
        if loop is not None:
            await asyncio.wait({loop}, timeout=_STOP_SECONDS)
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop
        if self._events is not None:
            await asyncio.to_thread(self._events.stop)

    async def scan(self, *, force: bool = False) -> tuple[IntakeReceipt, ...]:
        """Take every ready file now; waits the stability time once for files just arrived.

        With `force` also those whose bytes are known are processed.

        Raises `StorageFailed` when the folder cannot be read or the disk refuses.
        """
        async with self._looking:
            taken, wait = await self._look(force=force)
            if 0 < wait <= self._stability:
                await asyncio.sleep(wait + _CLOCK_SLACK)
                taken += (await self._look(force=force))[0]
        if self._trouble is not None and not taken:
            raise StorageFailed(self._trouble)
        return tuple(taken)

    async def take_path(self, path: Path, *, force: bool) -> IntakeReceipt:
        """Take one file of the folder, named absolutely, from the working directory or from
        the folder. Raises `PathNotAllowed`, `NotFound`, `SourceNotReady`, `StorageFailed`."""
        name = await asyncio.to_thread(self._name_inside, path)
        if name in self._busy:
            raise SourceNotReady(f"{name!r} is being taken at this moment.")
        self._busy.add(name)
        try:
            before = await asyncio.to_thread(self._regular, name)
            await asyncio.sleep(self._stability)
            if await asyncio.to_thread(self._regular, name) != before:
                raise SourceNotReady(f"{name!r} is still being written; ask again when it rests.")
            tries = self._patience.tries(name)
            try:
                receipt = await self._taker.take(
                    name, tries=tries, origin=Origin.PROCESS, force=force
                )
            except SourceNotReady as error:
                self._patience.failed(before, time.monotonic(), error.message)
                raise
            self._patience.forget(name)
            return receipt
        finally:
            self._busy.discard(name)

    def state(self) -> WatchState:
        waiting = self._patience.troubles()
        detail = self._announcement.detail
        if self._trouble is not None:
            detail = self._trouble
        elif waiting:
            name, reason = next(iter(waiting.items()))
            detail += f"; {len(waiting)} cannot be taken yet, such as {name!r}: {reason}"
        return WatchState(
            running=self._loop is not None and not self._loop.done(),
            mode=self._announcement.mode,
            detail=detail,
            last_scan_at=self._last_scan_at,
            blocked=self._trouble is not None or self._patience.is_tried,
        )

    async def _watch(self) -> None:
        while not self._stopping:
            self._poke.clear()
            wait = self._interval
            try:
                async with self._looking:
                    _, wait = await self._look()
            except Exception:  # edge of the process: the watch must not die
                log.exception("looking into {} hit a fault; it is looked at again", self._folder)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(self._interval, max(wait, _GATHER_SECONDS))):
                    await self._poke.wait()
                    if not self._stopping:
                        await asyncio.sleep(_GATHER_SECONDS)

    async def _look(self, *, force: bool = False) -> tuple[list[IntakeReceipt], float]:
        """Take what is ready; (receipts, seconds until the next file may be)."""
        try:
            entries = await asyncio.to_thread(snapshot.look, self._folder)
        except OSError as error:
            self._say_trouble(f"{self._folder} cannot be read ({error.strerror or error})")
            return [], self._interval
        self._trouble = None
        self._last_scan_at = self._clock()
        present = {entry.name for entry in entries}
        self._patience.keep_only(present)
        self._refused = {name: was for name, was in self._refused.items() if name in present}
        candidates = [entry for entry in entries if self._is_candidate(entry)]
        now = time.monotonic()
        waits = {
            entry.name: self._patience.see(entry, now, rests=_is_claim(entry))
            for entry in candidates
        }
        ready = [entry for entry in candidates if waits[entry.name] <= 0]
        receipts = await self._take_all(ready, force=force)
        still = [wait for wait in waits.values() if wait > 0]
        return receipts, min(still, default=self._interval)

    async def _take_all(self, ready: Iterable[Entry], *, force: bool) -> list[IntakeReceipt]:
        waiting = iter(ready)
        receipts: list[IntakeReceipt] = []

        async def work() -> None:
            for entry in waiting:
                if self._trouble is not None or self._stopping:
                    return
                receipt = await self._take(entry, force=force)
                if receipt is not None:
                    receipts.append(receipt)

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
        return receipts

    async def _take(self, entry: Entry, *, force: bool) -> IntakeReceipt | None:
        """One file, to a receipt or to a reason in the log; raises nothing of its own."""
        if entry.name in self._busy:
            return None
        self._busy.add(entry.name)
        try:
            receipt = await self._hand_over(entry, force=force)
        except StorageFailed as error:
            # Not this file's fault: the others would meet the same, so all of them wait.
            self._say_trouble(error.message)
        except SourceRejected as error:
            self._refuse(entry, error.message)
        except NotFound:
            self._patience.forget(entry.name)
            log.debug("{!r} is gone before it was taken", entry.name)
        except InvoiceAgentError as error:
            self._wait_longer(entry, error.message)
        except Exception:  # edge of the process: one file must not stop the others
            log.exception("taking {!r} hit a fault; it is tried again later", entry.name)
            self._wait_longer(entry, "the service has a fault; errors.log tells more")
        else:
            self._patience.forget(entry.name)
            log.info("taken from the folder: {!r} as {}", entry.name, receipt.file_id)
            return receipt
        finally:
            self._busy.discard(entry.name)
        return None

    async def _hand_over(self, entry: Entry, *, force: bool) -> IntakeReceipt:
        if _is_claim(entry):
            return await self._taker.take_claim(entry.name, force=force)
        tries = self._patience.tries(entry.name)
        return await self._taker.take(entry.name, tries=tries, force=force)

    def _wait_longer(self, entry: Entry, reason: str) -> None:
        seconds = self._patience.failed(entry, time.monotonic(), reason)
        log.warning("not taken yet: {} Next try in {:.0f} s.", reason, seconds)

    def _is_candidate(self, entry: Entry) -> bool:
        if is_junk(entry.name) and not _is_claim(entry):
            return False
        if entry.is_folder:
            # Said once: a folder changes with each file in it.
            if entry.name not in self._refused:
                self._refuse(entry, "it is a folder; put files beside it, at the top level")
            return False
        if self._refused.get(entry.name) == entry:
            return False
        if not entry.is_file:
            self._refuse(entry, f"{entry.name!r} is {_KINDS.get(entry.kind, 'no regular file')}")
            return False
        return True

    def _refuse(self, entry: Entry, reason: str) -> None:
        """Leave it where it is and say so, once for as long as it stays as it is."""
        self._refused[entry.name] = entry
        self._patience.forget(entry.name)
        log.warning("left in the folder and never taken: {!r}: {}", entry.name, reason)

    def _say_trouble(self, message: str) -> None:
        if self._trouble is None:
            log.error("no file is taken for now: {}", message)
        self._trouble = message

    def _name_inside(self, path: Path) -> str:
        """The name of a path at the top level of the folder, after resolving its parents."""
        try:
            places = [path] if path.is_absolute() else [path.absolute(), self._folder / path]
            real = self._folder.resolve()
            names = [place.name for place in places if place.parent.resolve() == real]
        except (OSError, ValueError, RuntimeError) as error:
            raise PathNotAllowed(f"{str(path)!r} is no usable path ({error}).") from error
        if not names or names[0] in ("", "..") or is_junk(names[0]):
            raise PathNotAllowed(
                f"{str(path)!r} is no document at the top level of {self._folder}; only files "
                "there are taken, and no hidden or temporary ones."
            )
        return names[0]

    def _regular(self, name: str) -> Entry:
        try:
            entry = snapshot.look_at(self._folder / name)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(f"There is no {name!r} in {self._folder}.") from error
        except (OSError, ValueError) as error:
            raise PathNotAllowed(f"{name!r} cannot be looked at ({error}).") from error
        if not entry.is_file:
            raise PathNotAllowed(
                f"{name!r} is no regular file (a link, pipe, device or folder); put the file "
                "itself into the folder."
            )
        return entry


def _is_claim(entry: Entry) -> bool:
    return parse_claim(entry.name) is not None
