"""What a person changes on an invoice. Pure: nothing is checked, decided or stored here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast, get_args

from pydantic import BaseModel

from src.domain.arithmetic.following import follow
from src.domain.corrected_lines import replaced, untouched
from src.domain.corrected_readings import corrected, reading_type
from src.domain.errors import InvalidInput, NotFound
from src.domain.history import FieldChange
from src.domain.invoice import Invoice
from src.domain.paths import Reading, iter_readings
from src.domain.plain_values import plain
from src.domain.readings import CorrectedEvidence

LINES = "line_items"
# More in one request is no correction of one invoice.
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One field and its new value as JSON; None clears the field."""

    field: str
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person wants changed; `line_items` replaces the lines, None leaves them."""

    changes: tuple[Change, ...] = ()
    # Plain values by the names of `LineItem`; a name that is missing keeps its value on a line
    # that is still there.
    line_items: tuple[Mapping[str, object], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    invoice: Invoice
    # In the order of the schema; empty when every value was there before.
    changes: tuple[FieldChange, ...]
    # Where each line went, by its old position; those that are gone are missing.
    moved: Mapping[int, int] = field(default_factory=dict)

    def path_now(self, path: str) -> str | None:
        """The path that names the same reading now; None when its line is gone."""
        first, _, rest = path.partition(".")
        position, _, name = rest.partition(".")
        if first != LINES or not position.isdigit():
            return path
        now = self.moved.get(int(position))
        return None if now is None else f"{LINES}.{now}.{name}" if name else f"{LINES}.{now}"


def apply(invoice: Invoice, correction: Correction, *, by: str, at: datetime) -> Corrected:
    """The invoice with the changes made. A changed reading keeps the text it was read from.

    A value that is there already changes nothing, except that it does not follow: readings
    that were computed from changed ones are computed again (`arithmetic`), unless the correction
    names them. In lists of groups the position after the last adds one. Raises `InvalidInput`
    with every field at fault.
    """
    _refuse_ambiguous(correction)
    evidence = CorrectedEvidence(by=by, at=at)
    rows = correction.line_items
    lines = untouched(invoice.line_items)
    if rows is not None:
        lines = replaced(invoice.line_items, rows, evidence)
    changed = invoice.model_copy(update={LINES: lines.items})
    problems: list[str] = []
    for change in correction.changes:
        try:
            changed = cast(
                "Invoice", _changed(changed, change.field.split("."), change.value, evidence)
            )
        except (ValueError, NotFound) as error:
            problems.append(f"{change.field[:200]}: {error}")
    if problems:
        raise InvalidInput("; ".join(problems[:20]))
    followed = follow(
        invoice,
        changed,
        Corrected(invoice=changed, changes=(), moved=lines.moved).path_now,
        set_by_person={change.field for change in correction.changes},
    )
    told = tuple(_told(invoice, followed, lines.moved))
    return Corrected(invoice=followed, changes=told, moved=lines.moved)


def _refuse_ambiguous(correction: Correction) -> None:
    if len(correction.changes) > MOST_CHANGES:
        raise InvalidInput(f"changes: at most {MOST_CHANGES} in one request")
    seen: set[str] = set()
    for change in correction.changes:
        if change.field in seen:
            raise InvalidInput(f"{change.field[:200]}: named twice")
        if correction.line_items is not None and change.field.split(".")[0] == LINES:
            raise InvalidInput(
                f"{change.field[:200]}: send it in line_items, which replaces all lines"
            )
        seen.add(change.field)


def _changed(node: object, parts: Sequence[str], value: object, evidence: CorrectedEvidence) -> Any:
    """A copy of a group or list with one leaf set. Raises `NotFound` and `ValueError`."""
    part, rest = parts[0], parts[1:]
    if not isinstance(node, BaseModel) or part not in type(node).model_fields:
        raise NotFound("there is no such field; docs/invoice.schema.json lists them")
    annotation, here = type(node).model_fields[part].annotation, getattr(node, part)
    readings = reading_type(annotation)
    if readings is not None and not rest:
        return node.model_copy(update={part: corrected(readings, here, value, evidence)})
    if isinstance(here, tuple) and len(rest) >= 2:
        item_type = get_args(annotation)[0]
        return node.model_copy(update={part: _in_list(here, item_type, rest, value, evidence)})
    if readings is None and isinstance(here, BaseModel) and rest:
        return node.model_copy(update={part: _changed(here, rest, value, evidence)})
    raise NotFound("name one single field")


def _in_list(
    items: tuple[Any, ...],
    item_type: type[BaseModel],
    parts: Sequence[str],
    value: object,
    evidence: CorrectedEvidence,
) -> tuple[Any, ...]:
    position, rest = parts[0], parts[1:]
    if not (position.isascii() and position.isdigit() and len(position) < 7):
        raise NotFound("name the position in the list, counted from 0")
    index = int(position)
    if index < len(items):
        changed = _changed(items[index], rest, value, evidence)
        return (*items[:index], changed, *items[index + 1 :])
    required = any(info.is_required() for info in item_type.model_fields.values())
    if index > len(items) or required:
        raise NotFound(f"the list has {len(items)} entries, counted from 0")
    return (*items, _changed(item_type(), rest, value, evidence))


def _told(before: Invoice, after: Invoice, moved: Mapping[int, int]) -> Iterator[FieldChange]:
    """The values that differ, each line compared with what it was."""
    old = dict(iter_readings(before))
    places = {now: then for then, now in moved.items()}
    gone = dict(old)
    for path, reading in iter_readings(after):
        then = _path_then(path, places)
        previous = None if then is None else gone.pop(then, None)
        if previous is not reading and (previous is None or previous.value != reading.value):
            yield FieldChange(field=path, before=_plain(previous), after=plain(reading.value))
    for path, reading in gone.items():
        yield FieldChange(field=path, before=_plain(reading), after=None)


def _path_then(path: str, places: Mapping[int, int]) -> str | None:
    first, _, rest = path.partition(".")
    if first != LINES:
        return path
    position, _, name = rest.partition(".")
    then = places.get(int(position))
    return None if then is None else f"{LINES}.{then}.{name}"


def _plain(reading: Reading | None) -> str | None:
    return None if reading is None else plain(reading.value)
