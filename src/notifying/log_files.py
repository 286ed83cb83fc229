"""The four log files and the console.

| file | takes |
|---|---|
| `invoice_agent.log` | everything without a channel: the server, the libraries, the rest |
| `processing.log` | entries bound to `channel="processing"` |
| `performance.log` | entries bound to `channel="performance"` |
| `errors.log` | ERROR and worse, whatever the channel |

Entries are written by a thread of their own: logging never waits for a disk in the event loop.
"""

from __future__ import annotations

import atexit
import logging
import sys
from collections.abc import Sequence
from logging.handlers import QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from loguru import logger

from src.notifying.log_lines import EXCEPTION, channel_of, render

if TYPE_CHECKING:
    from loguru import Message, Record

GENERAL = "invoice_agent.log"
PROCESSING = "processing.log"
ERRORS = "errors.log"
PERFORMANCE = "performance.log"
CONSOLE = "console"

_CHANNELS = {"processing": PROCESSING, "performance": PERFORMANCE}

# Libraries that tell more than anybody wants below this level, some of it invoice data.
_QUIET = ("aiosqlite", "asyncio", "httpcore", "httpx", "multipart", "PIL", "python_multipart")
_QUIETER = ("alembic", "sqlalchemy", "watchdog", "pypdf", "rapidocr", "RapidOCR")
# uvicorn brings handlers of its own; its entries belong into our files instead.
_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access")


class _BoundedFile(RotatingFileHandler):
    """Rotates at a size, also when no old file is to be kept."""

    def doRollover(self) -> None:  # noqa: N802 - the name the standard library calls
        if self.backupCount == 0:
            if self.stream is not None:
                self.stream.close()
            Path(self.baseFilename).write_bytes(b"")
        super().doRollover()


class _Logs:
    """Open log files; made by `open_logs`, ended by `close`."""

    def __init__(self, handlers: Sequence[logging.Handler], secrets: Sequence[str]) -> None:
        self._queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
        self._handlers = handlers
        for handler in handlers:
            handler.setFormatter(_Rendered(tuple(secret for secret in secrets if secret)))
        self._listener = QueueListener(self._queue, *handlers)
        self._intercepts = _Intercepts()

    def start(self, level: str) -> None:
        self._listener.start()
        logger.remove()
        logger.configure(patcher=_keep_exception)
        # The format is not used: the record is rendered by the writing thread.
        logger.add(self._write, level=level, format="{message}", diagnose=False)
        self._intercepts.install(level)

    def close(self) -> None:
        """Write what is waiting, close the files; later entries go to stderr."""
        self._intercepts.remove()
        logger.remove()
        logger.configure(patcher=_change_nothing)
        logger.add(sys.stderr, level="WARNING", diagnose=False)
        self._listener.stop()
        for handler in self._handlers:
            handler.close()

    def _write(self, message: Message) -> None:
        entry = message.record
        self._queue.put(logging.makeLogRecord({"entry": entry, "files": _files_of(entry)}))


def _keep_exception(record: Record) -> None:
    """Put the exception out of loguru's sight: it would format it in the event loop, reading
    source files, and our own rendering does that again in the writing thread."""
    if record["exception"] is not None:
        record["extra"][EXCEPTION] = record["exception"]
        record["exception"] = None


def _change_nothing(record: Record) -> None:
    """The patcher while no files are open; loguru cannot unset one."""


class _Rendered(logging.Formatter):
    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        entry: Record = record.__dict__["entry"]
        return render(entry, self._secrets)


def _files_of(entry: Record) -> frozenset[str]:
    channel = channel_of(entry)
    files = {_CHANNELS.get(channel, GENERAL)}
    if entry["level"].no >= logging.ERROR:
        files.add(ERRORS)
    # One line a document is for the file; on the console it would be a repetition.
    if channel != "performance":
        files.add(CONSOLE)
    return frozenset(files)


class _ToLoguru(logging.Handler):
    """Hands entries of the standard library's logging to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level: str | int = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno

        def told_by(entry: Record) -> None:
            entry["name"], entry["line"] = record.name, record.lineno

        logger.patch(told_by).opt(exception=record.exc_info).log(level, record.getMessage())


class _Intercepts:
    """Our handler on the root logger, and what it replaced."""

    def __init__(self) -> None:
        self._handler = _ToLoguru()
        self._before: dict[str, tuple[list[logging.Handler], bool, int]] = {}

    def install(self, level: str) -> None:
        for name in ("", *_UVICORN, *_QUIET, *_QUIETER):
            found = logging.getLogger(name)
            self._before[name] = (list(found.handlers), found.propagate, found.level)
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(level)
        for name in _UVICORN:
            uvicorn = logging.getLogger(name)
            uvicorn.handlers, uvicorn.propagate = [], True
        for name in (*_QUIET, *_QUIETER):
            logging.getLogger(name).setLevel(max(logging.WARNING, root.level))

    def remove(self) -> None:
        logging.getLogger().removeHandler(self._handler)
        for name, (handlers, propagate, level) in self._before.items():
            found = logging.getLogger(name)
            if name in _UVICORN:
                found.handlers = handlers
            found.propagate = propagate
            found.setLevel(level)
        self._before.clear()


class _Only(logging.Filter):
    """Passes the entries that belong into one file."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def filter(self, record: logging.LogRecord) -> bool:
        files: frozenset[str] = getattr(record, "files", frozenset())
        return self._file in files


_open: list[_Logs] = []


def open_logs(
    folder: Path,
    *,
    level: str,
    max_bytes: int,
    backups: int,
    console: bool = True,
    secrets: Sequence[str] = (),
) -> None:
    """Create the four files in `folder` (made if missing) and send every entry there.

    A file rotates before it passes `max_bytes`; `backups` old ones are kept (`errors.log.1` is
    the newest). `secrets` are blotted out wherever they appear. Opening again replaces what
    was open. Blocks for a few file operations. Raises `OSError` when a file cannot be opened.
    """
    close_logs()
    folder.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = []
    try:
        for name in (GENERAL, PROCESSING, ERRORS, PERFORMANCE):
            file = _BoundedFile(
                folder / name, maxBytes=max_bytes, backupCount=backups, encoding="utf-8"
            )
            file.addFilter(_Only(name))
            handlers.append(file)
    except OSError:
        for handler in handlers:
            handler.close()
        raise
    if console:
        stream: logging.StreamHandler[Any] = logging.StreamHandler(sys.stderr)
        stream.addFilter(_Only(CONSOLE))
        handlers.append(stream)
    logs = _Logs(handlers, secrets)
    logs.start(level)
    _open.append(logs)


def close_logs() -> None:
    """Flush and close; harmless when nothing is open. Blocks until all is written."""
    while _open:
        _open.pop().close()


# What was logged in the last moment must not be lost with the thread.
atexit.register(close_logs)
