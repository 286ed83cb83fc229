"""Two engines on one page: what both read is surer, where they differ both values are kept.

The embedded engine's value is only ever replaced by one that stands on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from src.domain.candidate import Alternative
from src.domain.checks.grounding import Kind, kind_of
from src.domain.checks.printed import compact
from src.domain.invoice import Address
from src.domain.paths import Reading
from src.domain.readings import FieldReading, UngroundedEvidence
from src.engines.vision.claims import ENGINE

# Agreement alone makes nothing surer than this.
SUREST = 0.99
# Share of the embedded engine's doubt that the model's word takes away at most. Its confidences
# are not calibrated, so what the embedded engine hardly believes must stay a person's matter.
TRUST = 0.5
# One engine reads the field and the other does not: a little less sure.
ALONE = 0.9
# Confidence left to each of two values on the page that contradict each other.
DISPUTED = 0.6
# … and to a value of the page that only an invented one contradicts.
DOUBTED = 0.85
_SAME_ADDRESS = 80.0
_SAME_TEXT = 90.0
_LEAST_CONTAINED = 4
# Grounded like identifiers, compared like texts.
_NAMES = frozenset({"vendor.name"})


@dataclass(frozen=True, slots=True)
class Dispute:
    """A field for which the engines give different values; `chosen` stands on the page."""

    path: str
    chosen: Reading
    other: Reading


@dataclass(frozen=True, slots=True)
class Agreed:
    """The readings of both engines as one."""

    readings: Mapping[str, Reading]
    disputes: tuple[Dispute, ...]


def agree(mine: Mapping[str, Reading], theirs: Mapping[str, Reading]) -> Agreed:
    """`mine` are the model's readings, `theirs` the embedded engine's, both by path."""
    readings: dict[str, Reading] = {}
    disputes: list[Dispute] = []
    for path in dict.fromkeys((*theirs, *mine)):
        my, their = mine.get(path), theirs.get(path)
        if my is None or their is None:
            readings[path] = _of_one(my, their)
        elif same(path, my, their):
            readings[path] = _of_both(path, my, their)
        else:
            dispute = _dispute(path, my, their)
            readings[path] = dispute.chosen
            disputes.append(dispute)
    return Agreed(readings, tuple(disputes))


def same(path: str, one: Reading, other: Reading) -> bool:
    """Whether two readings of a field mean the same, in whatever spelling."""
    first, second = one.value, other.value
    if isinstance(first, Address) and isinstance(second, Address):
        return fuzz.token_set_ratio(first.text, second.text) >= _SAME_ADDRESS
    if not isinstance(first, str) or not isinstance(second, str):
        return first == second
    plain, rival = compact(first), compact(second)
    if plain == rival:
        return True
    if kind_of(path, one) is Kind.BANK:
        return False
    shorter, longer = sorted((plain, rival), key=len)
    rest = longer.replace(shorter, "", 1)
    contained = len(shorter) >= _LEAST_CONTAINED and shorter in longer
    if kind_of(path, one) is Kind.TEXT and path not in _NAMES:
        # A label or prefix of letters makes no other identifier, a digit does.
        return contained and not any(character.isdigit() for character in rest)
    return contained or fuzz.ratio(plain, rival) >= _SAME_TEXT


def is_grounded(reading: Reading) -> bool:
    return not isinstance(reading.evidence, UngroundedEvidence)


def alternative(path: str, reading: Reading, confidence: float) -> Alternative:
    return Alternative(
        field=path,
        reading=FieldReading[str](
            value=in_words(reading.value),
            text=reading.text,
            evidence=reading.evidence,
            confidence=confidence,
            engine=reading.engine,
        ),
    )


def in_words(value: object) -> str:
    if isinstance(value, Address):
        return value.text
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _dispute(path: str, my: Reading, their: Reading) -> Dispute:
    """A value that stands nowhere on the page is no match for one that does."""
    if is_grounded(my):
        return Dispute(path, _with(my, DISPUTED), _with(their, DISPUTED))
    return Dispute(path, _with(their, DOUBTED), my)


def _of_one(my: Reading | None, their: Reading | None) -> Reading:
    if my is not None:
        return my
    assert their is not None  # noqa: S101 - the path came from one of the two
    return _with(their, their.confidence * ALONE)


def _of_both(path: str, my: Reading, their: Reading) -> Reading:
    """One value of two that mean the same.

    The engines go wrong in different ways, so two make a value surer. A value of the model that
    was not found where the other engine reads it adds nothing.
    """
    doubt = 1 - their.confidence
    if is_grounded(my):
        doubt *= 1 - min(my.confidence, TRUST)
    base = my if is_grounded(my) and _reads_better(path, my, their) else their
    sure = max(their.confidence, min(SUREST, 1 - doubt))
    return base.model_copy(update={"confidence": sure, "engine": ENGINE})


def _reads_better(path: str, my: Reading, their: Reading) -> bool:
    """Whether the model's spelling is the better one: names with their legal form, and texts of
    lines without what stands in the column beside. Otherwise the printed words count."""
    if not isinstance(my.value, str) or not isinstance(their.value, str):
        return False
    if path == "description":
        return True
    return not path.endswith("tax_id") and len(compact(my.value)) > len(compact(their.value))


def _with(reading: Reading, confidence: float) -> Reading:
    return reading.model_copy(update={"confidence": min(reading.confidence, confidence)})
