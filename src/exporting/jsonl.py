"""JSON Lines: one object a result, with the whole invoice as plain values.

Amounts are text, as everywhere in the API. Where a value stands on its page is left out: it is
ten times the rest, and `GET /results/{id}` tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import orjson
from pydantic import BaseModel

from src.domain.readings import FieldReading
from src.exporting.columns import COLUMNS, cells
from src.ports import ExportedResult


class JsonLinesFormat:
    name = "jsonl"
    of_lines = False
    media_type = "application/x-ndjson"

    def open(self) -> JsonLinesExport:
        return JsonLinesExport()


class JsonLinesExport:
    """One file in the making; every row can be sent at once."""

    def add(self, results: Sequence[ExportedResult]) -> bytes:
        return b"".join(_line(result) for result in results)

    def finish(self) -> Iterator[bytes]:
        yield b""

    def close(self) -> None:
        return None


def _line(exported: ExportedResult) -> bytes:
    row = {name: _value(cell) for name, cell in zip(COLUMNS, cells(exported), strict=True)}
    row["invoice"] = None if exported.result is None else _plain(exported.result.invoice)
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _plain(node: object) -> object:
    """Groups and lists with the values of their readings; what is empty is left out."""
    if isinstance(node, FieldReading):
        return _plain(node.value)
    if isinstance(node, BaseModel):
        children = {name: _plain(getattr(node, name)) for name in type(node).model_fields}
        return {name: child for name, child in children.items() if child not in (None, {}, [])}
    if isinstance(node, tuple):
        return [_plain(item) for item in node]
    return _value(node)


def _value(cell: object) -> object:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell
