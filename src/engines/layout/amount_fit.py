"""How well a choice of subtotal, tax, total and amount due fits the page and each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from src.engines.layout.amount_labels import Role
from src.engines.layout.labelled_amounts import Candidate, TaxRow

_NOTHING = Decimal(0)
# Rounding of several taxes may move a sum by a cent or two.
_TOLERANCE = Decimal("0.02")

# What these facts are worth beside a clear label (1.0).
_FITS = 0.9
_FITS_WITHOUT_TAX = 0.45
_CONTRADICTS = -0.35
# … when charges, discounts or a cent of rounding are needed to explain the difference.
_ALMOST = 0.7
_LINES_FIT = 0.35
_CASH_FITS = 0.5
_DUE_FITS = 0.5
_DUE_UNEXPLAINED = -0.5
_DUE_BEFORE_ROUNDING = -0.9
# That nothing was to pay in the first place is less likely than that it was paid.
_NOTHING_BILLED = -0.6
_RATE_FITS = 0.3
# A total that is the sum of two others (of goods at different rates) stands above them.
_WHOLE = 1.0
_LAST = 0.15
_SAME_PLACE = -0.6
_IMPOSSIBLE = -1.5
# Labels that name a sum, and those that only hint at one.
_NAMED, _HINTED = 0.5, 0.3


@dataclass(frozen=True)
class Option:
    """A value some role can take; several places may print it."""

    value: Decimal
    weight: float
    candidates: tuple[Candidate, ...] = ()
    # Set when the value is the sum of the taxes by rate and stands nowhere itself.
    summed: tuple[TaxRow, ...] = ()

    @cached_property
    def places(self) -> frozenset[int]:
        return frozenset(id(candidate.cell) for candidate in self.candidates)


@dataclass(frozen=True)
class Hypothesis:
    """One option for each of the four deciding roles; None: the page does not say."""

    total: Option | None
    subtotal: Option | None
    tax: Option | None
    due: Option | None

    def values(self) -> dict[Role, Decimal]:
        """The values by role, without the roles that have none."""
        pairs = (
            (Role.TOTAL, self.total),
            (Role.SUBTOTAL, self.subtotal),
            (Role.TAX, self.tax),
            (Role.DUE, self.due),
        )
        return {role: option.value for role, option in pairs if option is not None}


@dataclass(frozen=True)
class Context:
    """What is known before choosing: the clearly labelled other amounts and the goods."""

    others: Mapping[Role, Option]
    totals: tuple[Option, ...]
    # Everything that may have been paid before.
    payments: tuple[Decimal, ...]
    # Every amount outside the goods that is no total, tax or subtotal by its label.
    printed: frozenset[Decimal]
    line_sum: Decimal | None
    # Number of the last line with a total on it.
    last_line: int

    def score(self, h: Hypothesis) -> float:
        """Higher is better; labels, position, repetition and sums together."""
        score = self._labels(h)
        if h.total is not None:
            score += self._sums(h) + self._lines(h) + self._cash(h.total) + self._rounded(h.total)
            score += self._due(h, h.total) + self._rate(h, h.total)
            if h.total.value in self._wholes:
                score += _WHOLE
        return score

    def adds_up(self, h: Hypothesis) -> bool:
        """Whether subtotal, tax and the other sums make the total."""
        if h.total is None or h.subtotal is None:
            return False
        tax = h.tax.value if h.tax else _NOTHING
        return self._explains(h.total.value - h.subtotal.value - tax) and (
            h.tax is not None or h.subtotal.places != h.total.places
        )

    def includes_tax(self, h: Hypothesis) -> bool:
        """Whether discounts or charges lead from the "subtotal" to the total, but no tax does."""
        if h.total is None or h.subtotal is None or h.tax is None or not h.tax.value:
            return False
        difference = h.total.value - h.subtotal.value
        added = self._explains(difference - h.tax.value)
        return difference != 0 and not added and self._explains(difference)

    @cached_property
    def _adjustments(self) -> frozenset[Decimal]:
        """Every sum of some of the charges and deductions that stand on the page."""
        amounts = [
            abs(self.others[role].value)
            for role in (Role.SHIPPING, Role.CHARGE, Role.TIP)
            if role in self.others
        ]
        amounts += [
            -abs(self.others[role].value)
            for role in (Role.DISCOUNT, Role.COMMISSION)
            if role in self.others
        ]
        if Role.ROUNDING in self.others:
            amounts.append(self.others[Role.ROUNDING].value)
        return frozenset(
            sum(chosen, _NOTHING)
            for size in range(len(amounts) + 1)
            for chosen in combinations(amounts, size)
        )

    @cached_property
    def _wholes(self) -> frozenset[Decimal]:
        """Totals that are the sum of two other totals printed before them."""
        parts = [option for option in self.totals if option.weight >= 0.6 and option.value]
        return frozenset(
            whole.value
            for whole in self.totals
            for one, other in combinations(parts, 2)
            if whole not in (one, other) and one.value + other.value == whole.value
        )

    def _explains(self, difference: Decimal) -> bool:
        return any(abs(difference - sum_) <= _TOLERANCE for sum_ in self._adjustments) or any(
            abs(difference + sum_) <= _TOLERANCE for sum_ in self._adjustments
        )

    def _labels(self, h: Hypothesis) -> float:
        score = 0.0
        for option, share in ((h.total, 1.0), (h.subtotal, 0.8), (h.tax, 0.9), (h.due, 0.6)):
            if option is not None:
                score += option.weight * share
        if h.total is not None and any(
            candidate.cell.line.number == self.last_line for candidate in h.total.candidates
        ):
            score += _LAST
        if h.subtotal and h.total and _is_one_place(h.subtotal, h.total):
            score += _SAME_PLACE - h.subtotal.weight * 0.8
        if h.subtotal and h.total and h.total.value and not h.subtotal.value:
            score += _IMPOSSIBLE
        if h.tax and h.tax.places:
            for other in (h.subtotal, h.total, h.due):
                if other and other.places & h.tax.places:
                    score += _IMPOSSIBLE
        return score

    def _sums(self, h: Hypothesis) -> float:
        assert h.total is not None  # noqa: S101 - score() asked
        total = h.total.value
        tax = h.tax.value if h.tax else _NOTHING
        score = 0.0
        if h.tax and total and _exceeds_base(abs(tax), abs(total), h.subtotal):
            score += _IMPOSSIBLE
        billed = self.others.get(Role.GROSS_BILLING)
        commission = self.others.get(Role.COMMISSION)
        if billed and commission:
            net = billed.value - abs(commission.value) + tax
            score += _FITS if abs(total - net) <= _TOLERANCE else _CONTRADICTS
        if h.subtotal is None:
            return score
        difference = total - h.subtotal.value - tax
        if self._explains(difference):
            fits = _FITS if h.tax else _FITS_WITHOUT_TAX
            return score + (fits if not difference else _ALMOST * fits)
        # The subtotal of one rate says nothing about the sum of several.
        return score + (0.0 if total in self._wholes else _CONTRADICTS)

    def _lines(self, h: Hypothesis) -> float:
        """The goods add up to the subtotal, or to the total where prices include tax."""
        if self.line_sum is None or h.total is None:
            return 0.0
        score = 0.0
        if h.subtotal is not None and self._explains(h.subtotal.value - self.line_sum):
            score += _LINES_FIT
        tax = h.tax.value if h.tax else _NOTHING
        for extra in (tax, _NOTHING):
            if self._explains(h.total.value - self.line_sum - extra):
                return score + _LINES_FIT
        return score

    def _cash(self, total: Option) -> float:
        cash, change = self.others.get(Role.CASH), self.others.get(Role.CHANGE)
        if cash is None or cash.value < 0:
            return 0.0
        given_back = abs(change.value) if change else _NOTHING
        if cash.value - given_back == total.value:
            return _CASH_FITS
        if change and given_back and total.value == cash.value:
            return -_CASH_FITS
        return 0.0

    def _rounded(self, total: Option) -> float:
        """Of two totals that differ by the printed rounding, the rounded one is asked."""
        rounding = self.others.get(Role.ROUNDING)
        if rounding is None or not rounding.value:
            return 0.0
        values = {option.value for option in self.totals}
        step = abs(rounding.value)
        if total.value - rounding.value in values:
            return 0.5
        if total.value + rounding.value in values:
            return -0.5
        return 0.2 if {total.value - step, total.value + step} & values else 0.0

    def _due(self, h: Hypothesis, total: Option) -> float:
        if h.due is None:
            return 0.0
        before = self.others[Role.PREVIOUS].value if Role.PREVIOUS in self.others else _NOTHING
        rounding = self.others[Role.ROUNDING].value if Role.ROUNDING in self.others else _NOTHING
        if rounding and h.due.value + rounding in {option.value for option in self.totals}:
            return _DUE_BEFORE_ROUNDING
        for paid in self.payments or (_NOTHING,):
            for expected in (
                total.value - paid + before,
                total.value - paid + before + rounding,
                total.value - paid,
            ):
                if abs(h.due.value - expected) <= _TOLERANCE:
                    return _DUE_FITS
        if h.due.value in {total.value, total.value + before}:
            return 0.2 if total.value else _NOTHING_BILLED
        if total.value + before - h.due.value in self.printed:
            # A payment without a label, or all of it paid.
            return _DUE_FITS
        explained = self.others.keys() & {Role.PREPAID, Role.PREVIOUS, Role.CASH}
        return -0.2 if explained else _DUE_UNEXPLAINED

    def _rate(self, h: Hypothesis, total: Option) -> float:
        """The tax is its printed rate of the subtotal, or of what the total includes."""
        if h.tax is None:
            return 0.0
        for candidate in h.tax.candidates:
            rate = printed_rate(candidate)
            if rate is None or (not rate and len(h.tax.candidates) == 1):
                # No tax on a part of the goods says nothing of the whole.
                continue
            bases = [total.value * rate / (100 + rate)]
            if h.subtotal is not None:
                bases.append(h.subtotal.value * rate / 100)
            if any(abs(abs(base) - abs(h.tax.value)) <= _TOLERANCE for base in bases):
                return _RATE_FITS
        return 0.0


def _is_one_place(subtotal: Option, total: Option) -> bool:
    """Both are the same print; without tax the same value may stand twice, under both names."""
    if subtotal.places != total.places:
        return False
    return not any(
        net.cell is not gross.cell
        and net.roles.get(Role.SUBTOTAL, 0.0) >= _NAMED
        and gross.roles.get(Role.TOTAL, 0.0) >= _HINTED
        for net in subtotal.candidates
        for gross in total.candidates
    )


def _exceeds_base(tax: Decimal, total: Decimal, subtotal: Option | None) -> bool:
    """A tax as large as what it is levied on."""
    return tax >= total or (subtotal is not None and 0 < abs(subtotal.value) <= tax)


def printed_rate(candidate: Candidate) -> Decimal | None:
    """The percentage printed in the label of a tax."""
    for token in candidate.label.replace("%", " % ").split():
        cleaned = token.strip("()@:").replace(",", ".")
        if cleaned.replace(".", "", 1).isdigit() and cleaned[0] != "." and "%" in candidate.label:
            rate = Decimal(cleaned)
            if 0 <= rate < 100:
                return rate
    return None
