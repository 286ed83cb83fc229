"""Excel workbooks with typed cells: numbers are numbers, days are days, text is never run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from src.domain.errors import InvalidInput, StorageFailed
from src.exporting.columns import COLUMNS, LINE_COLUMNS, Cell, Row, cells, line_cells
from src.ports import ExportedResult

# What one cell and one sheet can hold.
_MOST_CHARACTERS = 32_767
_MOST_ROWS = 1_048_576
# A spreadsheet counts with binary numbers; an amount of more digits stays text and exact.
_MOST_DIGITS = 15
_CHUNK = 256 * 1024
_WIDTHS = {
    "file_id": 34,
    "file_name": 32,
    "vendor_name": 32,
    "customer_name": 32,
    "iban": 28,
    "description": 40,
    "error": 40,
}


class XlsxFormat:
    name = "xlsx"
    of_lines = False
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def open(self) -> XlsxExport:
        return XlsxExport()


class XlsxExport:
    """One file in the making. It is a zip archive, so nothing can be sent before its end; rows
    wait on the disk, not in memory."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="export-")
        self._path = Path(self._folder.name) / "results.xlsx"
        self._book = xlsxwriter.Workbook(
            self._path,
            {
                "constant_memory": True,
                "tmpdir": self._folder.name,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._formats = {
            Decimal: self._book.add_format({"num_format": "#,##0.00##"}),
            date: self._book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._results = self._sheet("Results", COLUMNS)
        self._lines = self._sheet("Line items", LINE_COLUMNS)
        self._ended = False

    def _sheet(self, title: str, columns: Sequence[str]) -> _Sheet:
        sheet = self._book.add_worksheet(title)
        bold = self._book.add_format({"bold": True})
        for position, name in enumerate(columns):
            sheet.set_column(position, position, _WIDTHS.get(name, 16))
            sheet.write_string(0, position, name, bold)
        sheet.freeze_panes(1, 0)
        return _Sheet(sheet, self._formats)

    def add(self, results: Sequence[ExportedResult]) -> bytes:
        """Raises `InvalidInput` beyond the rows a sheet can hold, `StorageFailed` as `finish`."""
        try:
            for result in results:
                self._results.write(cells(result))
                for row in line_cells(result):
                    self._lines.write(row)
        except OSError as error:
            raise _no_space(self._folder.name, error) from error
        return b""

    def finish(self) -> Iterator[bytes]:
        """Raises `StorageFailed` when the disk for temporary files is full."""
        self._end()
        with self._path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    def close(self) -> None:
        """Remove what was written, also of an export that was broken off."""
        try:
            # The library has no other way to let go of its files.
            self._end()
        finally:
            self._folder.cleanup()

    def _end(self) -> None:
        ended, self._ended = self._ended, True
        if ended:
            return
        try:
            self._book.close()
        except (OSError, XlsxFileError) as error:
            raise _no_space(self._folder.name, error) from error


class _Sheet:
    """One sheet below its heading."""

    def __init__(self, sheet: Worksheet, formats: Mapping[type, Format]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._row = 0

    def write(self, row: Row) -> None:
        self._row += 1
        if self._row >= _MOST_ROWS:
            raise InvalidInput(
                f"A sheet holds {_MOST_ROWS - 1:,} rows; narrow the filters or take csv."
            )
        for position, cell in enumerate(row):
            self._write(position, cell)

    def _write(self, position: int, cell: Cell) -> None:
        # Never `write`, which guesses: a vendor may be called =HYPERLINK(...).
        if cell is None:
            return
        sheet = self._sheet
        if isinstance(cell, datetime):
            naive = cell.astimezone(UTC).replace(tzinfo=None)
            sheet.write_datetime(self._row, position, naive, self._formats[datetime])
        elif isinstance(cell, date):
            if cell.year >= 1900:
                sheet.write_datetime(self._row, position, cell, self._formats[date])
            else:  # before the first day a spreadsheet knows
                sheet.write_string(self._row, position, cell.isoformat())
        elif isinstance(cell, Decimal) and len(cell.as_tuple().digits) > _MOST_DIGITS:
            sheet.write_string(self._row, position, format(cell, "f"))
        elif isinstance(cell, Decimal):
            sheet.write_number(self._row, position, cell, self._formats[Decimal])
        elif isinstance(cell, int):
            sheet.write_number(self._row, position, cell)
        else:
            sheet.write_string(self._row, position, cell[:_MOST_CHARACTERS])


def _no_space(folder: str, error: Exception) -> StorageFailed:
    return StorageFailed(
        f"The workbook cannot be written ({error}). Free space on the disk of {folder}, or take "
        "csv, which needs none."
    )
