"""The review desk: what the component shows beside the page, and what a person's draft means.

Everything that leaves here for the browser is text and numbers; the component sets them as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.answers.base import Json
from dashboard.answers.results import (
    Alternative,
    Checked,
    Correcting,
    Correction,
    Evidence,
    Finding,
    Reading,
    ResultDetail,
)
from dashboard.view_models.fields import (
    GROUP_ORDER,
    GROUPS,
    LINES,
    Field,
    Kind,
    field_of,
    group_of,
    label_of,
    readings,
)
from dashboard.view_models.formats import Formats
from dashboard.view_models.values import NotUsable, same, shown, typed, wire_value
from dashboard.view_models.words import DOCUMENT_TYPES, engine

# Confidence from which a reading is seldom wrong, and below which it is often wrong.
SURE, DOUBTFUL = 0.9, 0.6
MOST_DRAFTS = 500
LONGEST_DRAFT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person typed and did not save: text by path of the field."""

    version: int
    values: Mapping[str, str]

    @classmethod
    def of(cls, state: object, version: int) -> Draft:
        """Out of the component's state. A draft on another version of the document is none."""
        empty = cls(version=version, values={})
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
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A draft, as far as it can be sent."""

    changes: tuple[Correction, ...]
    # By path: why it cannot be sent.
    problems: Mapping[str, str]


def understand(detail: ResultDetail, draft: Draft, formats: Formats) -> Understood:
    known = readings(detail.invoice)
    changes: list[Correction] = []
    problems: dict[str, str] = {}
    for path, text in draft.values.items():
        kind = field_of(path).kind
        try:
            value = wire_value(text, kind, formats)
        except NotUsable as problem:
            problems[path] = str(problem)
            continue
        before = known[path].value if path in known else None
        if not same(before, value, kind):
            changes.append(Correction(field=path, value=value))
    changes.extend(_following(known, draft, changes))
    return Understood(changes=tuple(changes), problems=problems)


def _following(
    known: Mapping[str, Reading], draft: Draft, changes: Iterable[Correction]
) -> list[Correction]:
    """What was taken over from one other field goes with it: an amount due that is the total
    because nothing was paid. Not where the person typed a value."""
    changed = {change.field: change.value for change in changes}
    return [
        Correction(field=path, value=changed[reading.evidence.fields[0]])
        for path, reading in known.items()
        if path not in draft.values
        and reading.evidence.kind == "computed"
        and len(reading.evidence.fields) == 1
        and reading.evidence.fields[0] in changed
        and reading.evidence.fields[0] in known
        and reading.value == known[reading.evidence.fields[0]].value
    ]


def problems_by_field(told: str, correcting: Correcting) -> dict[str, str]:
    """What the API says is wrong, "field: why; field: why", for each field that was sent."""
    parts = [part.partition(": ") for part in told.split("; ")]
    sent = {change.field for change in correcting.changes}
    return {path: why or told for path, _, why in parts if path in sent}


def desk(
    detail: ResultDetail,
    checked: Checked | None,
    problems: Mapping[str, str],
    formats: Formats,
    *,
    locked: bool = False,
) -> dict[str, Any]:
    """The component's data, without the pictures.

    `checked` is what the API says about the draft; None: there is none. `locked`: nothing can be
    edited now.
    """
    findings = detail.findings if checked is None else checked.findings
    fields = _fields(detail, checked, formats)
    told = {path for finding in findings for path in finding.fields}
    return {
        "version": detail.version,
        "locked": locked,
        "pages": [{"number": p.number, "width": p.width, "height": p.height} for p in detail.pages],
        "groups": [
            {"name": name, "fields": chosen}
            for name in GROUP_ORDER
            if (chosen := [f for f in fields if f["group"] == name])
        ],
        "findings": [_finding(finding) for finding in findings],
        "problems": dict(problems),
        "told": sorted(told),
    }


def _fields(
    detail: ResultDetail, checked: Checked | None, formats: Formats
) -> list[dict[str, Any]]:
    known = readings(detail.invoice)
    now = readings(checked.invoice) if checked and checked.invoice else known
    currency = _currency(now)
    alternatives: dict[str, list[Alternative]] = {}
    for alternative in detail.alternatives:
        alternatives.setdefault(alternative.field, []).append(alternative)
    paths = dict.fromkeys(
        [f.path for group in GROUPS.values() for f in group if f.always or f.path in known]
    )
    paths.update(dict.fromkeys(known))
    paths.update(dict.fromkeys(alternatives))
    ordered = sorted(paths, key=lambda path: GROUP_ORDER.index(group_of(path)))
    return [
        _field(
            field_of(path),
            known.get(path),
            now.get(path),
            alternatives.get(path, ()),
            currency,
            formats,
        )
        for path in ordered
    ]


def _currency(known: Mapping[str, Reading]) -> str | None:
    reading = known.get("currency")
    return str(reading.value) if reading else None


def _field(
    field: Field,
    reading: Reading | None,
    now: Reading | None,
    alternatives: Iterable[Alternative],
    currency: str | None,
    formats: Formats,
) -> dict[str, Any]:
    value: Json = reading.value if reading else None
    group = group_of(field.path)
    return {
        "path": field.path,
        "label": field.label,
        "group": group,
        "kind": field.kind.value,
        "choices": DOCUMENT_TYPES if field.kind is Kind.CHOICE else {},
        # Lines are edited in their own table.
        "editable": group != LINES,
        "value": typed(value, field.kind, currency, formats),
        # With the draft: what follows from it is shown where nothing was typed.
        "now": typed(now.value if now else None, field.kind, currency, formats),
        "shown": shown(value, field.kind, currency, formats),
        "unit": (currency or "no currency") if field.kind is Kind.MONEY else "",
        "printed": reading.text if reading and reading.text else "",
        "origin": _origin(reading, formats) if reading else "not found",
        "confidence": formats.percent(reading.confidence) if reading else "",
        "level": _level(reading),
        "box": _box(reading.evidence) if reading else None,
        "others": [
            {
                "value": typed(other.reading.value, field.kind, currency, formats),
                "shown": shown(other.reading.value, field.kind, currency, formats),
                "engine": engine(other.reading.engine),
                "confidence": formats.percent(other.reading.confidence),
                "printed": other.reading.text or "",
                "box": _box(other.reading.evidence),
            }
            for other in alternatives
        ],
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


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "remedy": finding.remedy,
        "fields": [{"path": path, "label": label_of(path)} for path in finding.fields],
    }
