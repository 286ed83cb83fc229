"""CSV as spreadsheets open it: UTF-8 with a mark, commas, CRLF, a point in numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from src.domain.results import ResultRecord
from src.exporting.columns import COLUMNS, Cell, cells

# A spreadsheet takes text that begins with one of these for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvFormat:
    name = "csv"
    media_type = "text/csv; charset=utf-8"

    def open(self) -> CsvExport:
        return CsvExport()


class CsvExport:
    """One file in the making; every row can be sent at once."""

    def __init__(self) -> None:
        # Without the mark Excel reads UTF-8 as the code page of the machine.
        self._heading = "\ufeff" + _lines([COLUMNS])

    def add(self, records: Sequence[ResultRecord]) -> bytes:
        heading, self._heading = self._heading, ""
        rows = ([_text(cell) for cell in cells(record)] for record in records)
        return (heading + _lines(rows)).encode()

    def finish(self) -> Iterator[bytes]:
        yield self._heading.encode()

    def close(self) -> None:
        return None


def _lines(rows: Iterator[list[str]] | Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    text = str(cell)
    # The apostrophe is how people write text in a cell themselves.
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
