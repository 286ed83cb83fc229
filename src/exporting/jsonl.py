"""JSON Lines: one object a line. Amounts are text, as everywhere in the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import orjson

from src.domain.results import ResultRecord
from src.exporting.columns import COLUMNS, Cell, cells


class JsonLinesFormat:
    name = "jsonl"
    media_type = "application/x-ndjson"

    def open(self) -> JsonLinesExport:
        return JsonLinesExport()


class JsonLinesExport:
    """One file in the making; every row can be sent at once."""

    def add(self, records: Sequence[ResultRecord]) -> bytes:
        return b"".join(_line(record) for record in records)

    def finish(self) -> Iterator[bytes]:
        yield b""

    def close(self) -> None:
        return None


def _line(record: ResultRecord) -> bytes:
    row = {name: _value(cell) for name, cell in zip(COLUMNS, cells(record), strict=True)}
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _value(cell: Cell) -> object:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell
