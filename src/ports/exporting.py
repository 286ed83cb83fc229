"""What is handed out as a file, and the log read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from src.domain.results import ProcessedInvoice, ResultRecord


@dataclass(frozen=True, slots=True)
class ExportedResult:
    """A row of the list with its whole result, None while there is none."""

    record: ResultRecord
    result: ProcessedInvoice | None


class Export(Protocol):
    """One export file in the making. Blocks: called from threads, one call at a time."""

    def add(self, results: Sequence[ExportedResult]) -> bytes:
        """Add results; gives the bytes that can be sent already."""
        ...

    def finish(self) -> Iterator[bytes]:
        """The rest of the file, after the last row."""
        ...

    def close(self) -> None:
        """Free what it holds, also when it was broken off."""
        ...


class ExportFormat(Protocol):
    """One way to write results into a file. Text in it is never run by a spreadsheet."""

    # Also the extension of the file.
    @property
    def name(self) -> str: ...

    # Whether a row of it is a line of goods, and not a result.
    @property
    def of_lines(self) -> bool: ...

    @property
    def media_type(self) -> str: ...

    def open(self) -> Export: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of the service's log files."""

    at: datetime
    level: str
    channel: str
    message: str


class LogReader(Protocol):
    async def recent(self, limit: int, level: str) -> tuple[LogEntry, ...]:
        """The last entries of at least this level, oldest first; looks at the end of the
        current files only."""
        ...
