"""The review desk: what the component shows beside and below the page.

Everything that leaves here for the browser is text and numbers; the component sets them as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.answers.base import Json
from dashboard.answers.results import (
    Alternative,
    Checked,
    Evidence,
    Finding,
    Reading,
    ResultDetail,
)
from dashboard.view_models.drafts import Draft, Understood
from dashboard.view_models.fields import (
    GROUP_ORDER,
    GROUPS,
    LINES,
    Kind,
    field_of,
    group_of,
    label_of,
    readings,
)
from dashboard.view_models.formats import Formats
from dashboard.view_models.lines import LINE, columns, plain_lines
from dashboard.view_models.values import shown, typed
from dashboard.view_models.words import DOCUMENT_TYPES, engine

# Confidence from which a reading is seldom wrong, and below which it is often wrong.
SURE, DOUBTFUL = 0.9, 0.6
# The engine whose second values follow from a correction.
ARITHMETIC = "arithmetic"


def desk(
    detail: ResultDetail,
    checked: Checked | None,
    understood: Understood,
    draft: Draft,
    formats: Formats,
) -> dict[str, Any]:
    """The component's data, without the pictures.

    `checked` is what the API says about the draft; None: there is none.
    """
    said = Said.of(detail, checked, understood)
    fields = _fields(said, formats)
    return {
        "version": detail.version,
        "pages": [{"number": p.number, "width": p.width, "height": p.height} for p in detail.pages],
        "groups": [
            {"name": name, "fields": chosen}
            for name in GROUP_ORDER
            if (chosen := [f for f in fields if f["group"] == name])
        ],
        "lines": _lines(detail, said, draft, formats),
        "findings": [_finding(finding, understood) for finding in said.findings],
        "problems": dict(understood.problems),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Readings and second values by path of the desk, saved and with the draft."""

    known: Mapping[str, Reading]
    now: Mapping[str, Reading]
    others: Mapping[str, Sequence[Alternative]]
    findings: tuple[Finding, ...]
    currency: str | None

    @classmethod
    def of(cls, detail: ResultDetail, checked: Checked | None, understood: Understood) -> Said:
        known = readings(detail.invoice)
        latest: Checked = detail if checked is None else checked
        now = {
            understood.path_of_draft(path): reading
            for path, reading in readings(latest.invoice).items()
        }
        others: dict[str, list[Alternative]] = {}
        for other in latest.alternatives:
            others.setdefault(understood.path_of_draft(other.field), []).append(other)
        currency = now.get("currency")
        return cls(
            known=known,
            now=now or known,
            others=others,
            findings=latest.findings,
            currency=str(currency.value) if currency else None,
        )


def _fields(said: Said, formats: Formats) -> list[dict[str, Any]]:
    """Everything but the lines."""
    paths = dict.fromkeys(
        [f.path for group in GROUPS.values() for f in group if f.always or f.path in said.known]
    )
    paths.update(dict.fromkeys(said.known))
    paths.update(dict.fromkeys(said.others))
    ordered = sorted(paths, key=lambda path: GROUP_ORDER.index(group_of(path)))
    return [
        {"label": field_of(path).label, "group": group_of(path), **_field(path, said, formats)}
        for path in ordered
        if group_of(path) != LINES
    ]


def _lines(detail: ResultDetail, said: Said, draft: Draft, formats: Formats) -> dict[str, Any]:
    """Cells without what their column says already, and without what is empty."""
    ids = [*map(str, range(len(plain_lines(detail.invoice)))), *draft.added]
    paths = [path for path in (*said.known, *said.now) if path.startswith(LINE)]
    shown = columns(path.rpartition(".")[2] for path in paths)
    return {
        "columns": shown,
        "rows": [
            {
                "id": row,
                "cells": {
                    column["leaf"]: _cell(f"{LINE}{row}.{column['leaf']}", said, formats)
                    for column in shown
                },
            }
            for row in ids
        ],
    }


def _cell(path: str, said: Said, formats: Formats) -> dict[str, Any]:
    told = _field(path, said, formats)
    return {
        name: value
        for name, value in told.items()
        if value and name not in ("path", "kind", "unit")
    }


def _field(path: str, said: Said, formats: Formats) -> dict[str, Any]:
    field, currency = field_of(path), said.currency
    reading, now = said.known.get(path), said.now.get(path)
    value: Json = reading.value if reading else None
    # With the draft: what follows from it is shown where nothing was typed.
    latest: Json = now.value if now else None
    return {
        "path": path,
        "kind": field.kind.value,
        "choices": DOCUMENT_TYPES if field.kind is Kind.CHOICE else {},
        "value": typed(value, field.kind, currency, formats),
        "now": typed(latest, field.kind, currency, formats),
        "shown": shown(value, field.kind, currency, formats),
        "unit": (currency or "no currency") if field.kind is Kind.MONEY else "",
        "printed": reading.text if reading and reading.text else "",
        "origin": _origin(reading, formats) if reading else "not found",
        # Whether it changes with others.
        "follows": reading is not None and reading.evidence.kind == "computed",
        "confidence": formats.percent(reading.confidence) if reading else "",
        "level": _level(reading),
        "box": _box(reading.evidence) if reading else None,
        "others": [
            _other(other, field.kind, currency, formats) for other in said.others.get(path, ())
        ],
    }


def _other(
    other: Alternative, kind: Kind, currency: str | None, formats: Formats
) -> dict[str, Any]:
    reading = other.reading
    return {
        "value": typed(reading.value, kind, currency, formats),
        "shown": shown(reading.value, kind, currency, formats),
        "computed": reading.engine == ARITHMETIC,
        "origin": _origin(reading, formats),
        "engine": engine(reading.engine),
        "confidence": formats.percent(reading.confidence),
        "printed": reading.text or "",
        "box": _box(reading.evidence),
    }


def _level(reading: Reading | None) -> str:
    if reading is None:
        return "none"
    if reading.evidence.kind == "corrected":
        return "person"
    if reading.confidence >= SURE:
        return "sure"
    return "doubtful" if reading.confidence < DOUBTFUL else "fair"


def _box(evidence: Evidence) -> dict[str, float | int] | None:
    box = evidence.box
    if evidence.kind != "read" or box is None or evidence.page is None:
        return None
    return {"page": evidence.page, "x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1}


def _origin(reading: Reading, formats: Formats) -> str:
    evidence = reading.evidence
    by = engine(reading.engine)
    if evidence.kind == "read":
        return f"page {evidence.page} · {by}"
    if evidence.kind == "xml":
        return f"e-invoice: {evidence.path}"
    if evidence.kind == "computed":
        return "computed from " + ", ".join(label_of(path).lower() for path in evidence.fields)
    if evidence.kind == "model":
        return f"{by}, not found on page {evidence.page}"
    if evidence.kind == "corrected":
        return f"corrected by {evidence.by or 'somebody'}, {formats.moment(evidence.at)}"
    return by


def _finding(finding: Finding, understood: Understood) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "remedy": finding.remedy,
        "fields": [
            {"path": understood.path_of_draft(path), "label": label_of(path)}
            for path in finding.fields
        ],
    }
