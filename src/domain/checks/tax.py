"""The tax breakdown: EN 16931 BR-CO-14, BR-CO-17, BR-S-09 and the sum of the bases."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import (
    Figures,
    amount_of,
    extras,
    tax_within,
    views,
)
from src.domain.checks.sums import (
    LOOK_AGAIN,
    ROUNDING_DIFFERENCE,
    ROUNDING_REMEDY,
    Explanation,
    PrintedAmount,
    Rounding,
    Term,
    judge,
    mildest,
    rounding_of,
    show,
    with_options,
)
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice, TaxBreakdown

TAX_AMOUNT = "tax-amount-mismatch"
TAX_SUM = "tax-sum-mismatch"
TAX_BASES = "tax-base-sum-mismatch"


def check_tax_amounts(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Base x rate = tax, for each rate (BR-CO-17, BR-S-09).

    Tax that is rounded line by line may differ by half a minor unit a line. A base may be
    with tax where all bases together are the total.
    """
    rounding = rounding_of(invoice, context.settings)
    tolerance = rounding.of_sum(max(len(invoice.line_items), 2))
    for position, row in enumerate(invoice.tax_breakdown):
        base, rate, tax = (
            amount_of(reading) for reading in (row.taxable_amount, row.rate, row.tax_amount)
        )
        if base is None or rate is None or tax is None:
            continue
        expected = [abs(base * rate / 100)]
        if _bases_with_tax(invoice, rounding):
            contained = tax_within(base, rate)
            expected += [] if contained is None else [abs(contained)]
        # Signs are left to the sums: some pages print a credit's base or tax without one.
        difference = min(abs(value - abs(tax)) for value in expected)
        if difference > rounding.silent:
            yield _tax_amount_finding(position, row, rounding, rounded=difference <= tolerance)


def check_tax_sum(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The taxes of all rates add up to the total tax (BR-CO-14)."""
    if invoice.totals.tax_total is None or not invoice.tax_breakdown:
        return
    taxes = [_tax_of(row) for row in invoice.tax_breakdown]
    if any(tax is None for tax in taxes):
        return
    rounding = rounding_of(invoice, context.settings)
    total = sum((tax for tax in taxes if tax is not None), Decimal(0))
    printed = invoice.totals.tax_total.value
    finding = mildest(
        judge(
            TAX_SUM,
            PrintedAmount("the page says total tax", shown),
            [Explanation((Term("taxes of all rates", added),))],
            rounding,
            rounding.of_sum(len(taxes)),
            ("tax_breakdown", "totals.tax_total"),
        )
        for added, shown in ((total, printed), (abs(total), abs(printed)))[: len(views(invoice))]
    )
    if finding is not None:
        yield finding


def check_tax_bases(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The bases of all rates add up to the subtotal, or with tax in them to the total.

    EN 16931 lists untaxed parts with a rate of 0; other pages leave them out, so bases below
    the subtotal are a warning, bases above it an error.
    """
    rounding = rounding_of(invoice, context.settings)
    finding = mildest(_tax_bases(view, rounding, invoice) for view in views(invoice))
    if finding is not None:
        yield finding


def _tax_bases(view: Figures, rounding: Rounding, invoice: Invoice) -> Finding | None:
    if view.base_sum is None or view.subtotal is None:
        return None
    explanations = list(with_options([Term("subtotal", view.subtotal)], extras(view)))[::-1]
    if view.tax:
        less_tax = [Term("subtotal", view.subtotal), Term("tax contained", -view.tax)]
        explanations.append(Explanation(tuple(less_tax)))
    if view.total is not None:
        explanations.append(Explanation((Term("total", view.total),)))
    finding = judge(
        TAX_BASES,
        PrintedAmount("the taxable amounts add up to", view.base_sum),
        explanations,
        rounding,
        rounding.of_sum(max(len(invoice.tax_breakdown), 2)),
        ("tax_breakdown", "totals.subtotal"),
    )
    if finding is None or finding.code != TAX_BASES or abs(view.base_sum) > abs(view.subtotal):
        return finding
    if any(_is_zero_rated(row) for row in invoice.tax_breakdown):
        return finding
    return finding.model_copy(update={"severity": Severity.WARNING})


def _bases_with_tax(invoice: Invoice, rounding: Rounding) -> bool:
    """Whether the bases of the breakdown are prices with tax: together they are the total."""
    for view in views(invoice):
        if view.base_sum is None or view.total is None:
            continue
        if abs(view.base_sum - view.total) <= rounding.of_sum(2):
            return True
    return False


def _tax_of(row: TaxBreakdown) -> Decimal | None:
    """The tax of a row; a row of rate 0 need not print one."""
    if row.tax_amount is None and _is_zero_rated(row):
        return Decimal(0)
    return amount_of(row.tax_amount)


def _is_zero_rated(row: TaxBreakdown) -> bool:
    return row.rate is not None and row.rate.value == 0


def _tax_amount_finding(
    position: int, row: TaxBreakdown, rounding: Rounding, *, rounded: bool
) -> Finding:
    base, rate, tax = (
        amount_of(reading) or Decimal(0)
        for reading in (row.taxable_amount, row.rate, row.tax_amount)
    )
    minor = rounding.minor
    path = f"tax_breakdown.{position}"
    message = (
        f"Taxable amount {show(base, minor)} x {rate:f} % = "
        f"{show(base * rate / 100, minor)}, "
        f"but the page says tax {show(tax, minor)}"
    )
    return Finding(
        code=ROUNDING_DIFFERENCE if rounded else TAX_AMOUNT,
        severity=Severity.WARNING if rounded else Severity.ERROR,
        message=f"{message}; rounding can explain the difference." if rounded else f"{message}.",
        fields=(f"{path}.taxable_amount", f"{path}.rate", f"{path}.tax_amount"),
        remedy=ROUNDING_REMEDY if rounded else LOOK_AGAIN,
    )
