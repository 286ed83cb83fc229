"""What the page prints beside the values that were taken from it.

An engine that finds a total which does not fit takes another figure of the page, or computes
one, and what it passed over is forgotten. Two rules bring it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import (
    Figures,
    amount_of,
    document_type_of,
    extras,
    views,
)
from src.domain.checks.printed import amounts_in, normalise
from src.domain.checks.rows import rows_of
from src.domain.checks.sums import (
    LOOK_AGAIN,
    Term,
    rounding_of,
    show,
    with_options,
)
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, TaxBreakdown
from src.domain.page import TextSource
from src.domain.paths import iter_readings

NEARLY = "total-printed-otherwise"
RATE_TOTAL = "tax-rate-total-mismatch"

# Amounts of fewer digits are a digit apart by chance.
_FEWEST_DIGITS = 5
_MONEY = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:[.,' ]?[0-9]{3})*[.,][0-9]{2}(?![0-9.,]?[0-9])")
# Spares most rows of a page the closer look: digits of any script.
_MAY_HOLD_MONEY = re.compile(r"\d\d")
_MOST_AMOUNTS = 2_000


def check_printed_otherwise(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """No amount of the page is one digit away from a total and stands for nothing else: a page
    that says 7,251.20 in one place and 8,251.20 in another contradicts itself.

    On pages read by OCR it may be a misreading of the same amount, so it is a warning there.
    """
    totals = tuple((name, amount, _digits(amount)) for name, amount in _totals(invoice))
    if not totals:
        return
    minor = rounding_of(invoice, context.settings).minor
    known = {
        abs(reading.value)
        for _, reading in iter_readings(invoice)
        if isinstance(reading.value, Decimal)
    }
    known |= set(_before_rounding(invoice))
    told: set[Decimal] = set()
    for page in context.pages:
        rows = (row for row in rows_of(page) if _MAY_HOLD_MONEY.search(row))
        texts = [text for row in rows for text in _MONEY.findall(normalise(row))]
        for text in texts[:_MOST_AMOUNTS]:
            meant = _meanings(text)
            if meant & known or meant & told:
                continue
            for name, amount, digits in totals:
                near = next((one for one in meant if _one_digit_apart(_digits(one), digits)), None)
                if near is None:
                    continue
                told.add(near)
                by_ocr = page.source is not TextSource.TEXT_LAYER
                yield Finding(
                    code=NEARLY,
                    severity=Severity.WARNING if by_ocr else Severity.ERROR,
                    message=f"Page {page.number} says {show(near, minor)}, one digit away from "
                    f"{name} {show(amount, minor)}, and nothing else on the page is that amount.",
                    fields=("totals",),
                    remedy=LOOK_AGAIN,
                )
                break


def _totals(invoice: Invoice) -> Iterator[tuple[str, Decimal]]:
    """The totals, and what they lead to, where it has enough digits."""
    figures = views(invoice)[0]
    tax = figures.tax or Decimal(0)
    found = {
        "the total": figures.total,
        "the amount due": figures.due,
        "the subtotal": figures.subtotal,
        "the tax": figures.tax,
        "the total without tax": None if figures.total is None else figures.total - tax,
        "the subtotal with tax": None if figures.subtotal is None else figures.subtotal + tax,
        "the sum of the lines": figures.line_sum,
    }
    if figures.total is not None and figures.rounding:
        found["the rounded total"] = figures.total + figures.rounding
    for name, amount in found.items():
        if amount is not None and len(_digits(abs(amount))) >= _FEWEST_DIGITS:
            yield name, abs(amount)


def _meanings(text: str) -> frozenset[Decimal]:
    """With spaces between its groups, or with a number of another column before it."""
    if " " not in text:
        return amounts_in(text)
    return amounts_in(text.replace(" ", "")) | amounts_in(text.rsplit(" ", 1)[-1])


def _before_rounding(invoice: Invoice) -> Iterator[Decimal]:
    """Totals as they were before they were rounded to a coin."""
    figures = views(invoice)[0]
    for amount in (figures.total, figures.due):
        if amount is not None and figures.rounding:
            yield abs(amount - figures.rounding)


def _one_digit_apart(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _digits(amount: Decimal) -> str:
    """In hundredths, as it is printed."""
    return str(int((amount * 100).to_integral_value()))


def check_rate_of_total(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Where the page names tax rates without their bases: taxes / rates = what is taxed.

    That is the subtotal, with or without the allowances, charges and shipping around it. On
    receipts, and where a rate of 0 is named, part of the goods may be untaxed.
    """
    rows = [row for row in invoice.tax_breakdown if amount_of(row.rate)]
    if not rows or any(row.taxable_amount is not None for row in invoice.tax_breakdown):
        return
    parts = [(_tax_of(row, invoice), amount_of(row.rate)) for row in rows]
    rounding = rounding_of(invoice, context.settings)
    slack = rounding.of_sum(max(len(invoice.line_items), 2))
    implied, tolerance = Decimal(0), Decimal(0)
    for tax, rate in parts:
        if tax is None or rate is None or rate <= 0:
            return
        implied += abs(tax) * 100 / rate
        # What is left open by rounding the tax, as seen from the base.
        tolerance += slack * 100 / rate
    possible = [abs(one) for view in views(invoice) for one in _taxable(view)]
    if not possible or any(abs(one - implied) <= tolerance for one in possible):
        return
    may_be_untaxed = (
        len(rows) < len(invoice.tax_breakdown) or document_type_of(invoice) is DocumentType.RECEIPT
    )
    is_less = implied < max(possible)
    told = ", ".join(
        f"{show(tax or Decimal(0), rounding.minor)} at {rate} %" for tax, rate in parts
    )
    yield Finding(
        code=RATE_TOTAL,
        severity=Severity.WARNING if is_less and may_be_untaxed else Severity.ERROR,
        message=f"Tax of {told} means a taxable amount of {show(round(implied, 2), rounding.minor)}"
        f", but the page says {show(possible[0], rounding.minor)}.",
        fields=("totals.subtotal", "tax_breakdown", "totals.tax_total"),
        remedy=LOOK_AGAIN,
    )


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
