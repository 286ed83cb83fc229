"""The joint decision: which printed amount is the subtotal, the tax, the total, the amount due.

Every combination of the best few candidates is scored by its labels, by where it stands, and by
whether the sums work out. Labels weigh more than arithmetic, and no printed value is ever
replaced: a page that contradicts itself is reported as printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product

from src.engines.layout.amount_fit import Context, Hypothesis, Option
from src.engines.layout.amount_labels import Role
from src.engines.layout.amount_proof import Proof, payments_of, without_carried
from src.engines.layout.labelled_amounts import Candidate, LabelledAmounts, TaxRow

_MOST_OPTIONS = 5
_NOTHING = Decimal(0)
# A value printed at several places is worth this much more a place.
_REPEATED = 0.12
# What a subtotal or the cash given is worth as a total where no total is printed.
_STAND_IN = 0.35
_CLEAR = 0.5
# A subtotal this clear says that it is without tax: with a tax on the page it is no total.
_NET = 0.9
# What the sum of the taxes is worth more than the tax of each rate.
_WHOLE_TAX = 0.15


@dataclass(frozen=True)
class Decision:
    """The chosen options; None where the page has nothing for a role."""

    total: Option | None = None
    subtotal: Option | None = None
    tax: Option | None = None
    due: Option | None = None
    others: Mapping[Role, Option] = field(default_factory=dict)
    # Score of the best hypothesis minus that of the best one with another total, tax, ….
    margins: Mapping[Role, float] = field(default_factory=dict)
    # Whether subtotal, tax and the other sums add up to the total.
    consistent: bool = False


def decide(
    amounts: LabelledAmounts, line_amounts: Sequence[Decimal], tax_rows: Sequence[TaxRow]
) -> Decision:
    """Choose one option per role.

    `line_amounts` are the amounts of the goods; `tax_rows` the taxes by rate without repetition.
    """
    candidates = without_carried(amounts.candidates, line_amounts)
    payments = payments_of(candidates)
    others = {
        role: option
        for role in _SINGLE_ROLES
        if (option := _best_single(candidates, role)) is not None
    }
    if Role.CHANGE in others and Role.CASH not in others and Role.PREPAID in others:
        # "Paid" beside "change" is the money handed over, not a payment on account.
        others[Role.CASH] = others.pop(Role.PREPAID)
    totals = _options(candidates, Role.TOTAL) or _stand_ins(candidates)
    line_sum = sum(line_amounts, _NOTHING) if line_amounts else None
    context = Context(
        others=others,
        totals=tuple(totals),
        payments=tuple(option.value for option in payments),
        printed=frozenset(abs(c.value) for c in candidates if not _is_sum(c)),
        line_sum=line_sum,
        last_line=max((c.cell.line.number for c in candidates if Role.TOTAL in c.roles), default=0),
    )
    possible_totals: list[Option | None] = [*totals] if totals else [None]
    hypotheses = [
        Hypothesis(total, subtotal, tax, due)
        for total, subtotal, tax, due in product(
            possible_totals,
            [None, *_options(candidates, Role.SUBTOTAL)],
            [None, *_tax_options(candidates, tax_rows)],
            [None, *_options(candidates, Role.DUE)[:3]],
        )
    ]
    scored = sorted(
        (
            (context.score(hypothesis), index, hypothesis)
            for index, hypothesis in enumerate(hypotheses)
        ),
        key=lambda entry: (-entry[0], entry[1]),
    )
    top, _, best = scored[0]
    best, others = _without_gross_goods(context, best)
    if _is_after_discount(others, line_sum):
        del others[Role.LINE_TOTAL]
    return Decision(
        total=best.total,
        subtotal=best.subtotal,
        tax=best.tax,
        due=best.due,
        others=Proof(best, others, line_sum, payments, candidates).proven(),
        margins=_margins(top, best, [(score, h) for score, _, h in scored]),
        consistent=context.adds_up(best),
    )


_SINGLE_ROLES = (
    Role.LINE_TOTAL,
    Role.DISCOUNT,
    Role.SHIPPING,
    Role.CHARGE,
    Role.GROSS_BILLING,
    Role.COMMISSION,
    Role.ROUNDING,
    Role.TIP,
    Role.PREPAID,
    Role.PREVIOUS,
    Role.CASH,
    Role.CHANGE,
)


def _best_single(candidates: Iterable[Candidate], role: Role) -> Option | None:
    """The clearest candidate; among equals the last one printed."""
    best = None
    for candidate in candidates:
        weight = candidate.roles.get(role, 0.0)
        if weight >= 0.5 and (best is None or weight >= best.weight):
            best = Option(candidate.value, weight, (candidate,))
    return best


def _options(candidates: Iterable[Candidate], role: Role) -> list[Option]:
    """Candidates of one role, equal values together, best first."""
    by_value: dict[Decimal, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.roles.get(role, 0.0) > 0:
            by_value.setdefault(candidate.value, []).append(candidate)
    options = []
    for value, group in by_value.items():
        group.sort(key=lambda candidate: -candidate.roles[role])
        weight = group[0].roles[role] + _REPEATED * min(2, len(group) - 1)
        options.append(Option(value, weight, tuple(group)))
    options.sort(key=lambda option: -option.weight)
    return options[:_MOST_OPTIONS]


def _stand_ins(candidates: Sequence[Candidate]) -> list[Option]:
    """Where nothing is called a total: the sum of the goods, or the money given."""
    taxed = any(c.roles.get(Role.TAX, 0.0) >= _CLEAR and c.value for c in candidates)
    sums = [c for c in candidates if not (taxed and c.roles.get(Role.SUBTOTAL, 0.0) >= _NET)]
    options = _options(sums, Role.SUBTOTAL) + _options(candidates, Role.CASH)
    return [Option(o.value, _STAND_IN * o.weight, o.candidates) for o in options]


def _tax_options(candidates: Sequence[Candidate], rows: Sequence[TaxRow]) -> list[Option]:
    """Printed taxes, and the sum of the taxes by rate."""
    options = _options(candidates, Role.TAX)
    taxed = [row for row in rows if row.tax is not None]
    if taxed:
        total = sum((row.tax.number.value for row in taxed if row.tax is not None), _NOTHING)
        if all(option.value != total for option in options):
            options.append(Option(total, _weight_of_sum(taxed, options), (), tuple(taxed)))
        elif len(taxed) > 1:
            options = [
                Option(o.value, o.weight + 0.3, o.candidates) if o.value == total else o
                for o in options
            ]
    return sorted(options, key=lambda option: -option.weight)[:_MOST_OPTIONS]


def _without_gross_goods(
    context: Context, best: Hypothesis
) -> tuple[Hypothesis, dict[Role, Option]]:
    """Goods priced with tax add up to no subtotal, which is without tax: to a sum of lines."""
    others = dict(context.others)
    goods = best.subtotal
    if goods is None or not context.includes_tax(best):
        return best, others
    roles = [candidate.roles for candidate in goods.candidates]
    if not any(role.get(Role.LINE_TOTAL) for role in roles):
        return best, others
    if all(role.get(Role.TOTAL, 0.0) < role.get(Role.SUBTOTAL, 0.0) for role in roles):
        others.setdefault(Role.LINE_TOTAL, goods)
    return replace(best, subtotal=None), others


def _is_after_discount(others: Mapping[Role, Option], line_sum: Decimal | None) -> bool:
    """What is called the sum of the goods has the discount between them taken off."""
    goods, discount = others.get(Role.LINE_TOTAL), others.get(Role.DISCOUNT)
    if goods is None or discount is None or line_sum is None or not discount.value:
        return False
    return goods.value == line_sum - abs(discount.value)


def _is_sum(candidate: Candidate) -> bool:
    sums = (Role.TOTAL, Role.SUBTOTAL, Role.TAX, Role.DUE)
    return any(candidate.roles.get(role, 0.0) >= _CLEAR for role in sums)


def _weight_of_sum(rows: Sequence[TaxRow], printed: Sequence[Option]) -> float:
    """The tax of one of several rates is a part: their sum is worth more than each."""
    if len(rows) == 1:
        return 0.75
    rates = {row.rate.number.value for row in rows if row.rate is not None}
    places = {id(row.tax) for row in rows}
    parts = [o.weight for o in printed if any(id(c.cell) in places for c in o.candidates)]
    return max([0.8, *(weight + _WHOLE_TAX for weight in parts if len(rates) == len(rows))])


def _margins(
    top: float, best: Hypothesis, scored: Sequence[tuple[float, Hypothesis]]
) -> dict[Role, float]:
    """How much worse the best hypothesis is that gives a role another value."""
    margins: dict[Role, float] = {}
    for role, value in best.values().items():
        rival = next((score for score, h in scored if h.values().get(role) != value), None)
        margins[role] = 1.0 if rival is None else top - rival
    return margins
