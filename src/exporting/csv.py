"""CSV as spreadsheets open it: UTF-8 with a mark, commas, CRLF, a point in numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from src.exporting.columns import COLUMNS, LINE_COLUMNS, Cell, Row, cells, line_cells
from src.ports import ExportedResult

# A spreadsheet takes text that begins with one of these for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvFormat:
    """A row for each result."""

    name = "csv"
    of_lines = False
    media_type = "text/csv; charset=utf-8"

    def open(self) -> CsvExport:
        return CsvExport(COLUMNS, lambda result: (cells(result),))


class CsvLinesFormat:
    """A row for each line of goods."""

    name = "csv"
    of_lines = True
    media_type = "text/csv; charset=utf-8"

    def open(self) -> CsvExport:
        return CsvExport(LINE_COLUMNS, line_cells)


class CsvExport:
    """One file in the making; every row can be sent at once."""

    def __init__(
        self, columns: Sequence[str], rows_of: Callable[[ExportedResult], Iterable[Row]]
    ) -> None:
        # Without the mark Excel reads UTF-8 as the code page of the machine.
        self._heading = "\ufeff" + _lines([columns])
        self._rows_of = rows_of

    def add(self, results: Sequence[ExportedResult]) -> bytes:
        heading, self._heading = self._heading, ""
        rows = ([_text(cell) for cell in row] for each in results for row in self._rows_of(each))
        return (heading + _lines(rows)).encode()

    def finish(self) -> Iterator[bytes]:
        yield self._heading.encode()

    def close(self) -> None:
        return None


def _lines(rows: Iterable[Sequence[str]]) -> str:
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
