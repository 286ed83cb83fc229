"""Ways in which one amount comes about from others, as functions of amounts by path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import product

from src.domain.checks.figures import tax_within

# Amounts by path.
Values = Mapping[str, Decimal]
# None where an amount it needs is not there.
Way = Callable[[Values], Decimal | None]


def combined(required: Mapping[str, Way], optional: Mapping[str, Way]) -> dict[str, Way]:
    """Each required way with every choice of the optional amounts added; the fullest first."""
    found: dict[str, Way] = {}
    for name, way in required.items():
        for choice in product((True, False), repeat=len(optional)):
            chosen = [label for label, taken in zip(optional, choice, strict=True) if taken]
            parts = [way, *(optional[label] for label in chosen)]
            found[" + ".join([name, *chosen])] = all_of(parts)
    return found


def all_of(ways: Sequence[Way]) -> Way:
    def added(values: Values) -> Decimal | None:
        parts = [way(values) for way in ways]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if len(known) == len(parts) else None

    return added


def sum_of(paths: Sequence[str], *, unsigned: bool = False, sign: int = 1) -> Way:
    def added(values: Values) -> Decimal | None:
        if any(path not in values for path in paths):
            return None
        parts = (abs(values[path]) if unsigned else values[path] for path in paths)
        return sign * sum(parts, Decimal(0))

    return added


def less(way: Way, path: str) -> Way:
    return all_of([way, sum_of([path], sign=-1)])


def less_unsigned(way: Way, paths: Sequence[str]) -> Way:
    return all_of([way, sum_of(paths, unsigned=True, sign=-1)])


def with_tax(amount: str, rate: str) -> Way:
    return lambda values: values[amount] * (100 + values[rate]) / 100


def taxes(base: str, rate: str) -> dict[str, Way]:
    """Of a base without tax, and within one that contains it."""
    return {
        "of": lambda values: values[base] * values[rate] / 100,
        "within": lambda values: tax_within(values[base], values[rate]),
    }


def products(path: str) -> dict[str, Way]:
    """What quantity x price can come to: as it is, before the discount, with tax, without."""

    def worth(values: Values) -> Decimal:
        gross = values[f"{path}.quantity"] * values[f"{path}.unit_price"]
        base = values.get(f"{path}.price_base_quantity") or Decimal(1)
        extra = abs(values.get(f"{path}.charge", Decimal(0))) - discount(values)
        return gross / base - extra if gross / base < 0 else gross / base + extra

    def discount(values: Values) -> Decimal:
        return abs(values.get(f"{path}.discount", Decimal(0)))

    def rate(values: Values) -> Decimal:
        return values.get(f"{path}.tax_rate", Decimal(0))

    return {
        "product": worth,
        "before discount": lambda values: worth(values) + discount(values),
        "with tax": lambda values: worth(values) * (100 + rate(values)) / 100,
        "without tax": lambda values: (
            worth(values) - (tax_within(worth(values), rate(values)) or Decimal(0))
        ),
    }
