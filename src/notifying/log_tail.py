"""The end of the log files, read back for people."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from loguru import logger

from src.notifying.log_files import GENERAL, PERFORMANCE, PROCESSING
from src.ports import LogEntry

# `errors.log` repeats what is in the others.
_FILES = (GENERAL, PROCESSING, PERFORMANCE)
# Looked at of each file.
_TAIL_BYTES = 1024 * 1024
_MOST_CHARACTERS = 2000
# `time | level | channel | origin | message`, as `log_lines.render` writes it.
_ENTRY = re.compile(r"(\d{4}-\d\d-\d\dT\S+Z) \| ([A-Z]+) \| (\w+) \| (\S+) \| (.*)")


class LogTail:
    """`LogReader` over the folder of the logs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def recent(self, limit: int, level: str) -> tuple[LogEntry, ...]:
        return await asyncio.to_thread(self._recent, limit, logger.level(level).no)

    def _recent(self, limit: int, least: int) -> tuple[LogEntry, ...]:
        found = (entry for name in _FILES for entry in _entries(self._folder / name, least))
        return tuple(sorted(found, key=lambda entry: entry.at)[-limit:])


def _entries(path: Path, least: int) -> Iterator[LogEntry]:
    """Entries only: the lines of a traceback stay in the file."""
    for line in _tail(path).split("\n"):
        parts = _ENTRY.fullmatch(line)
        if parts is not None and _number(parts[2]) >= least:
            yield LogEntry(
                at=datetime.fromisoformat(parts[1]),
                level=parts[2],
                channel=parts[3],
                message=parts[5][:_MOST_CHARACTERS],
            )


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            content = file.read(_TAIL_BYTES)
    except FileNotFoundError:
        # Between two files of a rotation.
        return ""
    return content.decode(errors="replace")


def _number(level: str) -> int:
    try:
        return logger.level(level).no
    except ValueError:
        # A level of another library: better shown than lost.
        return logger.level("CRITICAL").no
