"""Which discounts, charges and payments belong to the bill, and which only stand on its page.

A page prints many amounts that look like these: a price for those who pay early, a fee for those
who pay late, a sum carried over to the next page. One that the sums work out without is left
out; one that they need, or that stands clearly among them, is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, combinations

from src.engines.layout.amount_fit import Hypothesis, Option
from src.engines.layout.amount_labels import Role
from src.engines.layout.labelled_amounts import Candidate

_NOTHING = Decimal(0)
_TOLERANCE = Decimal("0.02")
# Roles that a bill may do without.
OPTIONAL = frozenset({Role.DISCOUNT, Role.SHIPPING, Role.CHARGE, Role.TIP})
# Roles that a sum carried over between pages is taken for.
_CARRIED = OPTIONAL | {Role.LINE_TOTAL, Role.PREPAID, Role.PREVIOUS, Role.CASH}
_MOST_PAYMENTS = 5
_UNNAMED = 0.6


def without_carried(
    candidates: Iterable[Candidate], line_amounts: Sequence[Decimal]
) -> tuple[Candidate, ...]:
    """The candidates without the sums of the goods down to some line before the last."""
    carried = set(list(accumulate(line_amounts))[1:-1])
    kept: list[Candidate] = []
    for candidate in candidates:
        roles = candidate.roles
        if candidate.value in carried and roles.keys() & _CARRIED:
            roles = {role: w for role, w in roles.items() if role not in _CARRIED}
        if roles:
            kept.append(Candidate(candidate.cell, roles, candidate.label))
    return tuple(kept)


def payments_of(candidates: Sequence[Candidate]) -> tuple[Option, ...]:
    """What may have been paid: each payment on the page, and the sums of several of them."""
    paid = [c for c in candidates if c.roles.get(Role.PREPAID, 0.0) >= 0.5]
    distinct = list({(abs(c.value), c.label.casefold()): c for c in paid}.values())
    options: list[Option] = []
    for size in range(1, len(distinct[:_MOST_PAYMENTS]) + 1):
        for chosen in combinations(distinct[:_MOST_PAYMENTS], size):
            value = sum((abs(c.value) for c in chosen), _NOTHING)
            options.append(Option(value, chosen[0].roles[Role.PREPAID], chosen))
    return tuple(options)


@dataclass(frozen=True)
class Proof:
    """The sums of a bill, against which its optional amounts are held."""

    best: Hypothesis
    others: Mapping[Role, Option]
    line_sum: Decimal | None
    payments: tuple[Option, ...]
    candidates: Sequence[Candidate]

    def proven(self) -> dict[Role, Option]:
        """The other amounts without those that do not belong to the bill."""
        kept = dict(self.others)
        for role in OPTIONAL & kept.keys():
            if not self._belongs(role):
                del kept[role]
        self._settle_payment(kept)
        return kept

    def _belongs(self, role: Role) -> bool:
        option = self.others[role]
        total = self.best.total
        if total is None or not option.value:
            return True
        uses = list(self._uses())
        if uses:
            return any(role in used for used in uses)
        return _stands_before(option, total) and abs(option.value) < abs(total.value)

    def _uses(self) -> Iterator[frozenset[Role]]:
        """The optional amounts that lead from the goods to the total, for each way that works.

        Nothing where the goods are unknown or lead nowhere: then the sums prove nothing.
        """
        lines, total, subtotal = self._lines(), self.best.total, self.best.subtotal
        if lines is None or total is None:
            return
        tax = self.best.tax.value if self.best.tax is not None else _NOTHING
        if subtotal is None:
            for end in (total.value - tax, total.value):
                yield from self._needed(end - lines)
            return
        for end in (total.value - tax, total.value):
            for first in self._needed(subtotal.value - lines):
                for then in self._needed(end - subtotal.value):
                    yield first | then
        if tax:
            # Prices with tax lead to the total past the subtotal.
            yield from self._needed(total.value - lines)

    def _lines(self) -> Decimal | None:
        if self.line_sum is not None:
            return self.line_sum
        line_total = self.others.get(Role.LINE_TOTAL)
        return None if line_total is None else line_total.value

    def _needed(self, difference: Decimal) -> Iterator[frozenset[Role]]:
        """The smallest set of optional amounts that make `difference`; nothing if none do."""
        signed = {
            role: -abs(option.value) if role is Role.DISCOUNT else abs(option.value)
            for role, option in self.others.items()
            if role in OPTIONAL
        }
        rounding = self.others.get(Role.ROUNDING)
        slack = {_NOTHING, rounding.value if rounding else _NOTHING}
        for size in range(len(signed) + 1):
            for chosen in combinations(sorted(signed), size):
                rest = difference - sum((signed[role] for role in chosen), _NOTHING)
                if any(abs(rest - extra) <= _TOLERANCE for extra in slack):
                    yield frozenset(chosen)
                    return

    def _settle_payment(self, kept: dict[Role, Option]) -> None:
        """Take the payments that lead from the total to the amount due; drop a mere offer."""
        total, due = self.best.total, self.best.due
        if total is None or due is None:
            return
        before = kept[Role.PREVIOUS].value if Role.PREVIOUS in kept else _NOTHING
        paid = total.value + before - due.value
        fitting = [o for o in self.payments if abs(o.value - paid) <= _TOLERANCE]
        if abs(paid) <= _TOLERANCE:
            kept.pop(Role.PREPAID, None)
        elif fitting:
            kept[Role.PREPAID] = fitting[0]
        elif Role.PREPAID not in kept and (found := self._unnamed(paid)) is not None:
            kept[Role.PREPAID] = found

    def _unnamed(self, paid: Decimal) -> Option | None:
        """A payment that no label names: the amount by which the total exceeds what is due."""
        places = frozenset().union(
            *(option.places for option in (self.best.total, self.best.due) if option is not None)
        )
        same = [c for c in self.candidates if abs(c.value) == paid and id(c.cell) not in places]
        if paid <= 0 or not same:
            return None
        return Option(paid, _UNNAMED, (same[-1],))


def _stands_before(option: Option, total: Option) -> bool:
    """Among the sums: on the page of the total, and above it."""
    return any(
        mine.cell.page == other.cell.page and mine.cell.line.number <= other.cell.line.number
        for mine in option.candidates
        for other in total.candidates
    )
