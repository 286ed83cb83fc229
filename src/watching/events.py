"""Whether the operating system tells of new files, and being told."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loguru import logger
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from src.watching.mounts import file_system_of, is_shared
from src.watching.names import is_junk

log = logger.bind(channel="processing")

# An event arrives within milliseconds, if at all.
_PROBE_SECONDS = 1.0
_KINDS = frozenset({"created", "modified", "moved", "closed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """How new files are noticed, in words for people."""

    # "events" or "polling".
    mode: str
    detail: str


class FolderEvents:
    """Calls `on_change` from a thread when something arrives in the folder."""

    def __init__(self, folder: Path, on_change: Callable[[], None]) -> None:
        self._folder = folder
        self._on_change = on_change
        self._observer: BaseObserver | None = None

    def start(self, mode: str) -> Announcement:
        """Start as `WATCH_MODE` says (auto, events, polling). Blocks up to a second.

        Never raises for want of events: the folder is then looked at periodically.
        """
        if mode == "polling":
            return Announcement(mode="polling", detail="WATCH_MODE=polling")
        kind = file_system_of(self._folder)
        if mode == "auto" and is_shared(kind):
            return Announcement(
                mode="polling", detail=f"the folder is on {kind}, which sends no events"
            )
        handler = _Handler(self._on_change, listening=mode == "auto")
        try:
            observer = Observer()
            observer.schedule(handler, str(self._folder), recursive=False)
            observer.start()
        except (OSError, RuntimeError) as error:
            # inotify's limits on instances and watches arrive here.
            log.warning("folder events are not to be had ({}); polling instead", error)
            return Announcement(mode="polling", detail=f"the system refuses events: {error}")
        self._observer = observer
        silence = self._silence(handler) if mode == "auto" else None
        if silence is not None:
            self.stop()
            return Announcement(mode="polling", detail=silence)
        return Announcement(mode="events", detail="the system tells of new files")

    def stop(self) -> None:
        """Blocks until the thread ended. Safe to call twice."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join()

    def _silence(self, handler: _Handler) -> str | None:
        """Why events cannot be counted on, None when a test file was heard of."""
        probe = self._folder / f".probe-{uuid.uuid4().hex}.tmp"
        try:
            probe.write_bytes(b"")
        except OSError as error:
            log.warning("the incoming folder cannot be written: {}", error)
            return f"the folder cannot be written ({error.strerror}), so no file can be taken"
        try:
            heard = handler.heard(probe.name)
            return None if heard else "a test file in the folder made no event"
        finally:
            with suppress(OSError):
                probe.unlink()


class _Handler(FileSystemEventHandler):
    """Remembers names only while it is `listening` for the probe."""

    def __init__(self, on_change: Callable[[], None], *, listening: bool) -> None:
        self._on_change = on_change
        self._names: set[str] = set()
        self._any = threading.Condition()
        self._listening = listening

    def heard(self, name: str) -> bool:
        """Whether an event of this name came in time."""
        with self._any:
            heard = self._any.wait_for(lambda: name in self._names, _PROBE_SECONDS)
            self._listening = False
            self._names.clear()
            return heard

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_directory:
            return
        names = {Path(os.fsdecode(path)).name for path in (event.src_path, event.dest_path)}
        with self._any:
            if self._listening:
                self._names |= names
                self._any.notify_all()
        # Our own claims are hidden names; they must not wake us.
        if event.event_type in _KINDS and any(name and not is_junk(name) for name in names):
            self._on_change()
