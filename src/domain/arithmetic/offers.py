"""Amounts on the page that no longer fit a correction, with what they would be.

What is printed stays as it is, with its finding: the page may be wrong, or the correction. The
amount that follows is offered beside it, for a person to take. Amounts that follow from an offer
are offered too, so that a chain from a line to the amount due can be taken at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from src.domain.arithmetic.relations import LINES, Relation, amounts, relations
from src.domain.candidate import Alternative
from src.domain.checks.base import CheckSettings
from src.domain.checks.sums import rounding_of
from src.domain.corrections import Corrected
from src.domain.invoice import Invoice
from src.domain.paths import Reading, iter_readings
from src.domain.plain_values import plain
from src.domain.readings import ComputedEvidence, FieldReading

# The name of the engine of an offer.
ARITHMETIC = "arithmetic"
# Offered also where the page has nothing; a page without a subtotal needs none.
_WANTED = ("totals.tax_total", "totals.total")


def offers(
    before: Invoice, corrected: Corrected, earlier: Iterable[Alternative] = ()
) -> tuple[Alternative, ...]:
    """A second value for each printed amount that followed from what was corrected, and does
    not any more; and for an amount that is missing and follows now.

    An amount is computed in the way in which the page agreed with itself before. Where it did
    not agree, only relations that hold on every page are used. Of the `earlier` alternatives
    of `before`, offers that this correction has nothing to do with still stand.
    """
    after = corrected.invoice
    is_there, values = dict(iter_readings(after)), amounts(after)
    held = _held(before, corrected)
    touched = _touched(before, corrected, values)
    minor = rounding_of(after, CheckSettings()).minor
    found: list[Alternative] = []
    for relation in relations(after):
        target = relation.target
        if touched.isdisjoint(relation.inputs):
            continue
        amount = _follows(relation, values, held.get(target, ()))
        if amount is None:
            continue
        values[target] = amount = amount.quantize(minor, ROUND_HALF_UP)
        reading = is_there.get(target)
        if reading is None or not _will_follow(reading, touched):
            found.append(_offer(relation, amount, is_there))
        touched.add(target)
    return (*_standing(earlier, corrected, touched), *found)


def _standing(
    earlier: Iterable[Alternative], corrected: Corrected, touched: set[str]
) -> Iterator[Alternative]:
    for offer in earlier:
        evidence = offer.reading.evidence
        if offer.reading.engine != ARITHMETIC or not isinstance(evidence, ComputedEvidence):
            continue
        paths = {offer.field, *evidence.fields}
        if paths.isdisjoint(touched) and all(corrected.path_now(path) == path for path in paths):
            yield offer


def _held(before: Invoice, corrected: Corrected) -> dict[str, list[str]]:
    """The ways that gave the amount there was, by its path now."""
    values = amounts(before)
    return {
        now: list(_fitting(relation, values))
        for relation in relations(before)
        if (now := corrected.path_now(relation.target)) is not None
    }


def _touched(before: Invoice, corrected: Corrected, values: Mapping[str, Decimal]) -> set[str]:
    """The paths whose amounts are others now."""
    was = {corrected.path_now(path): value for path, value in amounts(before).items()}
    changed = {path for path, value in values.items() if was.get(path) != value}
    changed |= {path for path in was if path is not None and path not in values}
    if len(corrected.moved) != max(len(before.line_items), len(corrected.invoice.line_items)):
        changed.add(LINES)
    return changed


def _fitting(relation: Relation, values: Mapping[str, Decimal]) -> Iterator[str]:
    printed = values.get(relation.target)
    if printed is None:
        return
    for name, way in relation.ways.items():
        amount = way(values)
        if amount is not None and abs(amount - printed) <= relation.tolerance:
            yield name


def _follows(
    relation: Relation, values: Mapping[str, Decimal], held: Iterable[str]
) -> Decimal | None:
    """What the target would be; None where it fits, or where nobody can say."""
    printed = values.get(relation.target)
    if any(True for _ in _fitting(relation, values)):
        return None
    ordinary = next(iter(relation.ways))
    wanted = relation.target in _WANTED or relation.target.endswith(".amount")
    names = [name for name in held if name in relation.ways]
    if relation.certain and (printed is not None or wanted):
        names.append(ordinary)
    return relation.ways[names[0]](values) if names else None


def _will_follow(reading: Reading, touched: set[str]) -> bool:
    """Whether it is computed again by itself once the offer before it is taken."""
    evidence = reading.evidence
    return isinstance(evidence, ComputedEvidence) and not touched.isdisjoint(evidence.fields)


def _offer(relation: Relation, amount: Decimal, is_there: Mapping[str, Reading]) -> Alternative:
    sources = tuple(path for path in relation.inputs if path in is_there)
    return Alternative(
        field=relation.target,
        reading=FieldReading[str](
            value=plain(amount),
            evidence=ComputedEvidence(fields=sources),
            # No surer than what it was computed from.
            confidence=min((is_there[path].confidence for path in sources), default=0.0),
            engine=ARITHMETIC,
        ),
    )
