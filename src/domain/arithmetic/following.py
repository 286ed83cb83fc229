"""Computed readings follow the values they were computed from, when a person corrects those.

A reading is computed again by the rule that gave its value before; the rule is not kept with
it, so it is found by trying. Where none gives that value, the reading stays as it is. What was
read from a page, and what a person set, is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import date, timedelta
from decimal import Decimal

from src.domain.checks.terms import plain_days
from src.domain.invoice import Invoice
from src.domain.paths import Reading, iter_readings, with_reading
from src.domain.readings import ComputedEvidence

# From the values of the fields a reading names as its sources to its own; None: not by this rule.
Formula = Callable[[Sequence[object]], object]
PathNow = Callable[[str], str | None]

_CENT = Decimal("0.01")
_TERMS = ("issue_date", "payment.terms")
# A price is for so many units, where it is not for one.
_PRICE_BASES = (Decimal(10), Decimal(100), Decimal(1000))
# Each pass settles what depends on the pass before; engines compute from read values, so two do.
_MOST_PASSES = 4


def follow(
    before: Invoice, after: Invoice, path_now: PathNow, *, set_by_person: Set[str]
) -> Invoice:
    """`after` with its computed readings computed again where a source of theirs changed.

    `path_now` gives the path in `after` of a reading of `before`, None when its line is gone;
    `set_by_person` are paths in `after` that a person named, with whatever value. A reading
    one of whose sources is gone goes with it.
    """
    was = {now: each for path, each in iter_readings(before) if (now := path_now(path))}
    for _ in range(_MOST_PASSES):
        is_now = dict(iter_readings(after))
        changed = after
        for path, reading in is_now.items():
            old = was.get(path)
            if path in set_by_person or old is None or old.value != reading.value:
                continue
            names = _sources(old, path_now)
            values = tuple([_value(side.get(name)) for name in names] for side in (was, is_now))
            again = _again(reading, names, values, (before, changed))
            if again is not reading:
                changed = with_reading(changed, path, again)
        if changed is after:
            break
        after = changed
    return after


def _sources(old: Reading, path_now: PathNow) -> tuple[str, ...]:
    """Where the sources of a computed reading are now; empty text for a line that is gone."""
    if not isinstance(old.evidence, ComputedEvidence):
        return ()
    return tuple(path_now(path) or "" for path in old.evidence.fields)


def _again(
    reading: Reading,
    names: tuple[str, ...],
    values: tuple[list[object], ...],
    invoices: tuple[Invoice, Invoice],
) -> Reading | None:
    """The reading as its sources have it now; `values` and `invoices` are before and after."""
    then, now = values
    if not isinstance(reading.evidence, ComputedEvidence) or not names:
        return reading
    if "" in names or (None in now and None not in then):
        return None
    evidence = ComputedEvidence(fields=names)
    if reading.evidence != evidence:
        reading = reading.model_copy(update={"evidence": evidence})
    if then == now or None in then:
        return reading
    value: object = None
    if names == _TERMS:
        value = _due_date(reading.value, *invoices)
    value = value or _recomputed(reading.value, then, now)
    if value == 1 and _price_base(then) == reading.value:
        return None  # a price for one unit is not said
    if value is None or value == reading.value:
        return reading
    return reading.model_copy(update={"value": value})


def _value(reading: Reading | None) -> object:
    return None if reading is None else reading.value


def _recomputed(value: object, then: Sequence[object], now: Sequence[object]) -> object:
    for formula in _FORMULAS:
        if formula(then) == value:
            return formula(now)
    return None


def _same(values: Sequence[object]) -> object:
    return values[0] if len(values) == 1 else None


def _sum(values: Sequence[object]) -> object:
    amounts = _amounts(values)
    return sum(amounts, Decimal(0)) if amounts else None


def _difference(values: Sequence[object]) -> object:
    amounts = _amounts(values)
    return amounts[0] - amounts[1] if len(amounts) == 2 else None


def _discount(values: Sequence[object]) -> object:
    """What quantity x price is more than the amount."""
    amounts = _amounts(values)
    if len(amounts) != 3:
        return None
    quantity, price, amount = amounts
    less = abs(quantity * price) - abs(amount)
    return less.quantize(_CENT) if less >= 0 else None


def _price_base(values: Sequence[object]) -> object:
    """For how many units the price is, given quantity, price and amount."""
    amounts = _amounts(values)
    if len(amounts) != 3 or not amounts[2]:
        return None
    quantity, price, amount = amounts
    return next(
        (
            base
            for base in (Decimal(1), *_PRICE_BASES)
            if abs(abs(quantity * price / base) - abs(amount)) < _CENT
        ),
        None,
    )


_FORMULAS: tuple[Formula, ...] = (_same, _sum, _difference, _discount, _price_base)


def _amounts(values: Sequence[object]) -> list[Decimal]:
    """The values if all of them are amounts, else none."""
    amounts = [value for value in values if isinstance(value, Decimal)]
    return amounts if len(amounts) == len(values) else []


def _due_date(value: object, before: Invoice, after: Invoice) -> date | None:
    """The day that plain terms give, where they gave the day before."""
    return _by_terms(after) if _by_terms(before) == value else None


def _by_terms(invoice: Invoice) -> date | None:
    days = plain_days(invoice)
    if invoice.issue_date is None or days is None:
        return None
    return invoice.issue_date.value + timedelta(days=days)
