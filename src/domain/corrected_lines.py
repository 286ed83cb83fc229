"""The lines of goods as a person left them in a table: which is which, and what changed.

A table has rows, no memory: rows are matched with the lines there were, so that a line that only
moved up keeps its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from src.domain.corrected_readings import corrected, reading_type, value_type
from src.domain.errors import InvalidInput
from src.domain.invoice import LineItem, LineKind
from src.domain.plain_values import parse
from src.domain.readings import CorrectedEvidence, FieldReading

# Matching compares rows with rows; an invoice of more lines is corrected field by field.
MOST_LINES = 1000

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Lines:
    items: tuple[LineItem, ...]
    # Where each line that is still there went, by its old position.
    moved: Mapping[int, int]


def untouched(items: tuple[LineItem, ...]) -> Lines:
    return Lines(items, {position: position for position in range(len(items))})


def replaced(
    items: tuple[LineItem, ...], rows: Sequence[Row], evidence: CorrectedEvidence
) -> Lines:
    """The lines these rows of plain values stand for.

    A name that is missing in a row keeps its value on a line that is still there; null clears
    it. Raises `InvalidInput` with every cell at fault.
    """
    if len(rows) > MOST_LINES:
        raise InvalidInput(f"line_items: at most {MOST_LINES} lines; send single fields instead")
    wanted = _parsed(rows)
    pairs = _pairs(items, wanted)
    lines = []
    for position, row in enumerate(rows):
        before = items[pairs[position]] if position in pairs else LineItem()
        lines.append(_line(before, row, evidence))
    return Lines(tuple(lines), {then: now for now, then in pairs.items()})


def _parsed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    problems: list[str] = []
    parsed = []
    for position, row in enumerate(rows):
        values: dict[str, Any] = {}
        for name, value in row.items():
            try:
                values[name] = _cell(name, value)
            except ValueError as error:
                problems.append(f"line_items.{position}.{name[:64]}: {error}")
        parsed.append(values)
    if problems:
        raise InvalidInput("; ".join(problems[:20]))
    return parsed


def _cell(name: str, value: object) -> Any:
    if name == "kind":
        if not isinstance(value, str) or value not in list(LineKind):
            raise ValueError(f"one of {', '.join(LineKind)}")
        return LineKind(value)
    return parse(value_type(_readings(name)), value)


def _readings(name: str) -> type[FieldReading[Any]]:
    info = LineItem.model_fields.get(name)
    readings = None if info is None else reading_type(info.annotation)
    if readings is None:
        raise ValueError("a line has no such field; docs/invoice.schema.json lists them")
    return readings


def _pairs(items: Sequence[LineItem], rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """The old position of each new row that is an old line, changed or not.

    Rows are compared by the names that all of them have. Equal ones are matched in order; what
    lies between two matches is matched by position.
    """
    names = sorted(set.intersection(*(set(row) for row in rows))) if rows else []
    old = [tuple(_value(item, name) for name in names) for item in items]
    new = [tuple(row[name] for name in names) for row in rows]
    pairs: dict[int, int] = {}
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        for then, now in zip(range(old_start, old_end), range(new_start, new_end), strict=False):
            pairs[now] = then
    return pairs


def _value(item: LineItem, name: str) -> Any:
    found = getattr(item, name)
    return found.value if isinstance(found, FieldReading) else found


def _line(before: LineItem, row: Row, evidence: CorrectedEvidence) -> LineItem:
    changed: dict[str, Any] = {}
    for name, value in row.items():
        if name == "kind":
            changed[name] = LineKind(str(value))
        else:
            changed[name] = corrected(_readings(name), getattr(before, name), value, evidence)
    return before.model_copy(update=changed)
