"""Tax rates that the page names without their bases."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import (
    Figures,
    amount_of,
    counts,
    document_type_of,
    extras,
    line_amount,
    views,
)
from src.domain.checks.sums import LOOK_AGAIN, Rounding, Term, rounding_of, show, with_options
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, TaxBreakdown

RATE_TOTAL = "tax-rate-total-mismatch"

# Of more lines some always add up to anything.
_MOST_LINES = 12
_PLACES = 4


def check_rate_of_total(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Taxes / rates, and the bases of other rates, = what is taxed: the subtotal, with or
    without the allowances, charges and shipping around it.

    On receipts, and where a rate of 0 is named, part of the goods may be untaxed: then each tax
    must belong to some of the lines, where these are few and add up.
    """
    based = [row.taxable_amount.value for row in invoice.tax_breakdown if row.taxable_amount]
    without = [row for row in invoice.tax_breakdown if row.taxable_amount is None]
    rows = [row for row in without if amount_of(row.rate)]
    if not rows:
        return
    rounding = rounding_of(invoice, context.settings)
    slack = rounding.of_sum(max(len(invoice.line_items), 2))
    taxed: list[_Taxed] = []
    for row in rows:
        tax, rate = _tax_of(row, invoice), amount_of(row.rate)
        if tax is None or rate is None or rate <= 0:
            return
        taxed.append(_Taxed(abs(tax), rate, slack))
    implied = sum((one.base for one in taxed), abs(sum(based, Decimal(0))))
    tolerance = sum((one.tolerance for one in taxed), Decimal(0))
    possible = [abs(one) for view in views(invoice) for one in _taxable(view)]
    if not possible or any(abs(one - implied) <= tolerance for one in possible):
        return
    may_be_untaxed = len(rows) < len(without) or document_type_of(invoice) is DocumentType.RECEIPT
    is_open = implied < max(possible) and may_be_untaxed
    told = ", ".join(f"{show(one.tax, rounding.minor)} at {one.rate} %" for one in taxed)
    yield Finding(
        code=RATE_TOTAL,
        severity=Severity.WARNING
        if is_open and _lines_allow(taxed, invoice, rounding)
        else Severity.ERROR,
        message=f"Tax of {told} means a taxable amount of {show(round(implied, 2), rounding.minor)}"
        f", but the page says {show(possible[0], rounding.minor)}.",
        fields=("totals.subtotal", "tax_breakdown", "totals.tax_total"),
        remedy=LOOK_AGAIN,
    )


class _Taxed:
    """What a tax says of its base."""

    def __init__(self, tax: Decimal, rate: Decimal, slack: Decimal) -> None:
        """`rate` in percent; `slack`: how far the tax may be off by rounding."""
        self.tax, self.rate = tax, rate
        self.base = tax * 100 / rate
        # What is left open by rounding the tax, as seen from the base.
        self.tolerance = slack * 100 / rate


def _tax_of(row: TaxBreakdown, invoice: Invoice) -> Decimal | None:
    """Of the only rate, the total tax is as good."""
    if row.tax_amount is None and len(invoice.tax_breakdown) == 1:
        return amount_of(invoice.totals.tax_total)
    return amount_of(row.tax_amount)


def _taxable(view: Figures) -> Iterator[Decimal]:
    """Every amount that may be what is taxed."""
    tax = view.tax or Decimal(0)
    if view.subtotal is not None:
        for one in with_options([Term("subtotal", view.subtotal)], extras(view)):
            yield one.value
            # The subtotal may be with tax.
            yield one.value - tax
    if view.total is not None:
        yield view.total - tax
        # Rounded to a coin after it was taxed; some pages print the difference the other way.
        yield view.total - view.rounding - tax
        yield view.total + view.rounding - tax


def _lines_allow(taxed: list[_Taxed], invoice: Invoice, rounding: Rounding) -> bool:
    """Whether each tax can be that of some lines; also where these do not tell."""
    view = views(invoice)[0]
    amounts = [line_amount(line) for line in invoice.line_items if counts(line)]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or len(known) > _MOST_LINES or extras(view):
        return True
    ends = [end for end in (view.subtotal, view.total) if end is not None]
    whole = [abs(end + step) for end in ends for step in (0, view.rounding, -view.rounding)]
    together = rounding.of_sum(len(known))
    if all(abs(abs(sum(known, Decimal(0))) - one) > together for one in whole):
        return True
    sums = _sums_of_some(known)
    return all(
        any(
            abs(one - base) <= each.tolerance
            for one in sums
            for base in (each.base, each.base + each.tax)
        )
        for each in taxed
        if each.tax
    )


def _sums_of_some(amounts: list[Decimal]) -> list[Decimal]:
    """Of every choice of the amounts, without signs."""
    sums = {0}
    for amount in amounts:
        scaled = int(amount.scaleb(_PLACES))
        sums |= {one + scaled for one in sums}
    return [Decimal(abs(one)).scaleb(-_PLACES) for one in sums]
