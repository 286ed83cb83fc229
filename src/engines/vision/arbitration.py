"""The arithmetic of the page decides between two amounts, where it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from src.domain.checks import CheckContext
from src.domain.checks.lines import check_line_amounts, check_line_sum
from src.domain.checks.tax import check_tax_amounts, check_tax_bases, check_tax_sum
from src.domain.checks.totals import check_amount_due, check_subtotal, check_total
from src.domain.findings import Severity
from src.domain.invoice import Invoice
from src.domain.paths import Reading, get_reading
from src.engines.vision.agreement import Dispute
from src.engines.vision.editing import with_readings

# Choices of so many disputed amounts at a time are tried out together.
MOST_TOGETHER = 5
# Amounts that many invoices do not have.
OPTIONAL = (
    "totals.allowance_total",
    "totals.charge_total",
    "totals.shipping",
    "totals.gratuity",
    "totals.rounding",
    "totals.previous_balance",
    "totals.amount_paid",
)
# How sure the arithmetic makes the value it chooses.
PROVED = 0.9

_ARITHMETIC = (
    check_line_amounts,
    check_line_sum,
    check_subtotal,
    check_tax_amounts,
    check_tax_sum,
    check_tax_bases,
    check_total,
    check_amount_due,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`dispute` with the value chosen by the arithmetic in first place."""

    dispute: Dispute
    decided: bool


def decide_amounts(
    invoice: Invoice, disputes: Sequence[Dispute]
) -> tuple[Invoice, tuple[Verdict, ...]]:
    """The invoice with the values that add up, and what was decided.

    A value is decided if the sums of the page hold with it and fail with the other, however the
    other disputes of its group go. Lines are judged one by one, totals together.
    """
    amounts = [one for one in disputes if isinstance(one.chosen.value, Decimal)]
    verdicts = [Verdict(one, decided=False) for one in disputes if one not in amounts]
    for group in _groups(amounts):
        judged = _judged(invoice, group)
        verdicts += judged
        invoice = with_readings(
            invoice, {verdict.dispute.path: verdict.dispute.chosen for verdict in judged}
        )
    return invoice, tuple(verdicts)


def without_strays(invoice: Invoice, candidates: Sequence[str]) -> tuple[Invoice, tuple[str, ...]]:
    """The invoice without those optional amounts that only one engine read and that keep the
    sums from holding; and their paths."""
    removed: list[str] = []
    errors = _errors(invoice)
    for path in candidates:
        if not errors:
            break
        without = _without(invoice, path)
        left = _errors(without)
        if left < errors:
            invoice, errors = without, left
            removed.append(path)
    return invoice, tuple(removed)


def _without(invoice: Invoice, path: str) -> Invoice:
    """Without the amount, also where it is listed among the discounts and charges."""
    gone = get_reading(invoice, path)
    kept = tuple(
        item
        for item in invoice.allowances_charges
        if gone is None or item.amount is None or item.amount.value != gone.value
    )
    emptied = with_readings(invoice, {path: None})
    return emptied.model_copy(update={"allowances_charges": kept})


def _groups(disputes: Sequence[Dispute]) -> Iterator[Sequence[Dispute]]:
    groups: dict[str, list[Dispute]] = {}
    for dispute in disputes:
        parts = dispute.path.split(".")
        name = ".".join(parts[:2]) if parts[0] == "line_items" else "totals"
        groups.setdefault(name, []).append(dispute)
    # Lines first: the sums are held against them.
    for name in sorted(groups, key=lambda one: one == "totals"):
        group = groups[name]
        for start in range(0, len(group), MOST_TOGETHER):
            yield group[start : start + MOST_TOGETHER]


def _judged(invoice: Invoice, group: Sequence[Dispute]) -> list[Verdict]:
    errors = {
        choice: _errors(with_readings(invoice, _readings(group, choice)))
        for choice in product((True, False), repeat=len(group))
    }
    verdicts = []
    for position, dispute in enumerate(group):
        mine = min(count for choice, count in errors.items() if choice[position])
        theirs = min(count for choice, count in errors.items() if not choice[position])
        if mine == theirs:
            verdicts.append(Verdict(dispute, decided=False))
        elif mine < theirs:
            verdicts.append(Verdict(_won(dispute.path, dispute.chosen, dispute.other), True))
        else:
            verdicts.append(Verdict(_won(dispute.path, dispute.other, dispute.chosen), True))
    return verdicts


def _readings(group: Sequence[Dispute], choice: Sequence[bool]) -> Mapping[str, Reading]:
    return {
        dispute.path: dispute.chosen if first else dispute.other
        for dispute, first in zip(group, choice, strict=True)
    }


def _won(path: str, winner: Reading, loser: Reading) -> Dispute:
    return Dispute(path, winner.model_copy(update={"confidence": PROVED}), loser)


def _errors(invoice: Invoice) -> int:
    # The day is of no concern to sums.
    context = CheckContext(pages=(), today=date.min)
    return sum(
        finding.severity is Severity.ERROR
        for check in _ARITHMETIC
        for finding in check(invoice, context)
    )
