"""What a person typed on the review desk and did not save, and what it means for the API.

A row of the line items is known by its id: its position in the saved document, or "+1", "+2", …
for one that was added. The API counts the lines as they will be, so paths are translated both ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.answers.base import Json
from dashboard.answers.results import Correcting, Correction, Reading, ResultDetail
from dashboard.view_models.fields import field_of, readings
from dashboard.view_models.formats import Formats
from dashboard.view_models.lines import LINE, plain_lines
from dashboard.view_models.values import NotUsable, same, wire_value

MOST_DRAFTS = 500
LONGEST_DRAFT = 10_000
_ADDED, _SAVED = re.compile(r"\+[1-9][0-9]{0,2}"), re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Text by path of the field; `added` and `removed` are ids of rows."""

    version: int
    values: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    removed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, state: object, version: int) -> Draft:
        """Out of the component's state. A draft on another version of the document is none."""
        empty = cls(version=version)
        if not isinstance(state, Mapping) or state.get("version") != version:
            return empty
        values = state.get("values")
        if not isinstance(values, Mapping) or len(values) > MOST_DRAFTS:
            return empty
        return cls(
            version=version,
            values={
                path: text
                for path, text in values.items()
                if isinstance(path, str) and isinstance(text, str) and len(text) <= LONGEST_DRAFT
            },
            added=tuple(row for row in _rows(state.get("added")) if _ADDED.fullmatch(row)),
            removed=frozenset(row for row in _rows(state.get("removed")) if _SAVED.fullmatch(row)),
        )


def _rows(given: object) -> list[str]:
    """Ids of rows, each once."""
    rows = given if isinstance(given, list) else []
    return list(dict.fromkeys(row for row in rows[:MOST_DRAFTS] if isinstance(row, str)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A draft, as far as it can be sent."""

    changes: tuple[Correction, ...] = ()
    # All lines with plain values, where one was removed.
    line_items: tuple[dict[str, Json], ...] | None = None
    # By path of the draft: why it cannot be sent.
    problems: Mapping[str, str] = field(default_factory=dict)
    # Ids of the rows in the order of the lines as they will be.
    places: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not self.changes and self.line_items is None

    def path_of_draft(self, path: str) -> str:
        """`line_items.2.amount` of the API -> `line_items.+1.amount` of the desk."""
        position, dot, leaf = path.removeprefix(LINE).partition(".")
        if not path.startswith(LINE) or not position.isdecimal():
            return path
        place = int(position)
        return f"{LINE}{self.places[place]}{dot}{leaf}" if place < len(self.places) else path


def understand(detail: ResultDetail, draft: Draft, formats: Formats) -> Understood:
    known = readings(detail.invoice)
    lines = plain_lines(detail.invoice)
    removed = {row for row in draft.removed if int(row) < len(lines)}
    values: dict[str, Json] = {}
    problems: dict[str, str] = {}
    for path, text in draft.values.items():
        if _row_of(path) in removed:
            continue
        try:
            values[path] = wire_value(text, field_of(path).kind, formats)
        except NotUsable as problem:
            problems[path] = str(problem)
    values = _changing(values, known)
    added = [row for row in draft.added if any(_row_of(p) == row and values[p] for p in values)]
    kept = [row for row in map(str, range(len(lines))) if row not in removed]
    places = (*kept, *added)
    there = {path: value for path, value in values.items() if _row_of(path) in (None, *places)}
    of_lines = {path: value for path, value in there.items() if _row_of(path) is not None}
    changes = {path: value for path, value in there.items() if path not in of_lines}
    if not removed:
        changes |= _by_position(of_lines, places)
    return Understood(
        changes=tuple(Correction(field=path, value=value) for path, value in changes.items()),
        line_items=_whole(lines, of_lines, places) if removed else None,
        problems=problems,
        places=places,
    )


def _changing(values: Mapping[str, Json], known: Mapping[str, Reading]) -> dict[str, Json]:
    """Those that say something new. What a person typed over a computed value is sent also where
    it says the same, so that it does not follow the other changes."""
    new, held = {}, {}
    for path, value in values.items():
        before = known.get(path)
        if not same(before.value if before else None, value, field_of(path).kind):
            new[path] = value
        elif before is not None and before.evidence.kind == "computed":
            held[path] = value
    return new | held if new else {}


def _row_of(path: str) -> str | None:
    return path.removeprefix(LINE).partition(".")[0] if path.startswith(LINE) else None


def _by_position(values: Mapping[str, Json], places: Sequence[str]) -> dict[str, Json]:
    """Named as the API does; added lines come last and in order, each behind those there are."""
    position = {row: str(number) for number, row in enumerate(places)}
    ordered = sorted(values, key=lambda path: int(position[_row_of(path) or ""]))
    return {
        f"{LINE}{position[_row_of(path) or '']}.{path.rpartition('.')[2]}": values[path]
        for path in ordered
    }


def _whole(
    lines: Sequence[Mapping[str, Json]], values: Mapping[str, Json], places: Sequence[str]
) -> tuple[dict[str, Json], ...]:
    """Every line with every name that one of them has: lines are told apart by what all name."""
    made: list[dict[str, Json]] = []
    for row in places:
        line = {} if row.startswith("+") else dict(lines[int(row)])
        prefix = f"{LINE}{row}."
        line |= {p.removeprefix(prefix): v for p, v in values.items() if p.startswith(prefix)}
        made.append(line)
    names = dict.fromkeys(name for line in made for name in line if name != "kind")
    return tuple(dict.fromkeys(names) | line for line in made)


def problems_by_field(told: str, correcting: Correcting, understood: Understood) -> dict[str, str]:
    """What the API says is wrong, "field: why; field: why", for each field that was sent."""
    parts = [part.partition(": ") for part in told.split("; ")]
    sent = {change.field for change in correcting.changes}
    return {
        understood.path_of_draft(path): why or told
        for path, _, why in parts
        if path in sent or (correcting.line_items is not None and path.startswith(LINE))
    }
