"""What is unusual for this supplier, by its approved invoices.

These rules say nothing about a supplier nobody has approved an invoice of.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.sums import show
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.naming import alike, number_shape
from src.domain.paths import get_reading
from src.domain.readings import CorrectedEvidence
from src.domain.suppliers import SupplierMemory, answer_to, same_text, vendor_tax_ids

TAX_ID_CHANGED = "supplier-tax-id-changed"
NAME_CHANGED = "supplier-name-changed"
CURRENCY_CHANGED = "supplier-currency-changed"
TAX_RATE_UNUSUAL = "supplier-tax-rate-unusual"
NUMBER_UNUSUAL = "supplier-number-unusual"
AMOUNT_UNUSUAL = "supplier-amount-unusual"
CORRECTED_BEFORE = "corrected-before"

_COMPARE = "Compare it with the page and with earlier invoices of the supplier."


def check_identity(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The supplier that is known by this name has this tax id, and the other way round."""
    memory = _memory(context, 1)
    if memory is None:
        return
    tax_ids, name = vendor_tax_ids(invoice), invoice.vendor.name
    strange = [number for number in tax_ids if number not in memory.tax_ids]
    if memory.tax_ids and tax_ids and len(strange) == len(tax_ids):
        yield Finding(
            code=TAX_ID_CHANGED,
            severity=Severity.ERROR,
            message=f"Tax id {_short(strange[0])} is new for this supplier; approved invoices "
            f"named {_listed(sorted(memory.tax_ids))}.",
            fields=("vendor.tax_id",),
            remedy="Another company may have the same name, or use it. Ask the supplier on a "
            "channel you know.",
        )
    elif name is not None and memory.names and not _is_known_name(name.value, memory):
        yield Finding(
            code=NAME_CHANGED,
            severity=Severity.ERROR,
            message=f"'{_short(name.value)}' has the tax id of {_listed(memory.names)}.",
            fields=("vendor.name",),
            remedy="Look whether the company was renamed or another one uses its tax id.",
        )


def _is_known_name(name: str, memory: SupplierMemory) -> bool:
    read_before = [one.read or "" for one in memory.corrections.get("vendor.name", ())]
    return any(alike(name, known) for known in (*memory.names, *read_before))


def check_usual_currency(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """A supplier that always wrote one currency goes on doing so."""
    memory = _memory(context, context.settings.habit_from)
    if memory is None or invoice.currency is None or len(memory.currencies) != 1:
        return
    usual = memory.currencies[0]
    if invoice.currency.value != usual:
        yield Finding(
            code=CURRENCY_CHANGED,
            severity=Severity.ERROR,
            message=f"The amounts are in {invoice.currency.value}; all {len(memory.facts)} "
            f"approved invoices of this supplier were in {usual}.",
            fields=("currency",),
            remedy=_COMPARE,
        )


def check_usual_tax_rates(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """A rate this supplier never used."""
    memory = _memory(context, context.settings.habit_from)
    if memory is None or not memory.tax_rates:
        return
    for position, row in enumerate(invoice.tax_breakdown):
        if row.rate is not None and row.rate.value not in memory.tax_rates:
            usual = ", ".join(f"{rate.normalize():f}" for rate in sorted(memory.tax_rates))
            yield Finding(
                code=TAX_RATE_UNUSUAL,
                severity=Severity.WARNING,
                message=f"A tax rate of {row.rate.value.normalize():f} % is new for this "
                f"supplier; approved invoices had {usual} %.",
                fields=(f"tax_breakdown.{position}.rate",),
                remedy=_COMPARE,
            )


def check_usual_number(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The layout of the invoice number is one the supplier used before.

    An error: a wrong number is also what a duplicate hides behind.
    """
    # One more than for other habits: layouts change with the year and the branch.
    memory = _memory(context, context.settings.habit_from + 1)
    number = invoice.invoice_number
    if memory is None or number is None or len(memory.number_shapes) != 1:
        return
    (usual,) = memory.number_shapes
    earlier = [one.number for one in memory.facts if one.number]
    lengths = [len(one) for one in earlier]
    # Numbers grow by a digit, not by several.
    is_long_as_usual = min(lengths) - 1 <= len(number.value) <= max(lengths) + 1
    if number_shape(number.value) != usual or not is_long_as_usual:
        example = earlier[0]
        yield Finding(
            code=NUMBER_UNUSUAL,
            severity=Severity.ERROR,
            message=f"The number {_short(number.value)} does not look like this supplier's, such "
            f"as {_short(example)}.",
            fields=("invoice_number",),
            remedy="Look whether another number of the page was taken for it.",
        )


def check_usual_amount(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The total is not far above what this supplier's invoices came to (median and largest)."""
    settings = context.settings
    memory = _memory(context, settings.unusual_amount_from)
    total, currency = invoice.totals.total, invoice.currency
    if memory is None or total is None or currency is None:
        return
    usual = memory.usual_total(currency.value)
    if usual is None or usual[0] < settings.unusual_amount_from:
        return
    count, median, largest = usual
    limit = max(settings.unusual_amount_factor * median, 2 * largest)
    if abs(total.value) > limit:
        minor = Decimal("0.01")
        yield Finding(
            code=AMOUNT_UNUSUAL,
            severity=Severity.ERROR,
            message=f"The total {show(total.value, minor)} is far above this supplier's usual: "
            f"median {show(median, minor)}, largest {show(largest, minor)} of {count}.",
            fields=("totals.total",),
            remedy="Look whether the decimal sign was misread, and whether the amount is expected.",
        )


def check_corrected_before(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """A value that a person corrected on an earlier invoice of this supplier was read again,
    or again nothing was. The correction is offered as an alternative, never put in its place."""
    if context.known is None:
        return
    for field, corrections in context.known.supplier.corrections.items():
        reading = get_reading(invoice, field)
        if reading is not None and isinstance(reading.evidence, CorrectedEvidence):
            continue
        value = None if reading is None else str(reading.value)
        latest = answer_to(value, corrections)
        if latest is None or same_text(latest.value, value):
            continue
        was = "nothing was read" if value is None else f"'{_short(value)}' was read"
        yield Finding(
            code=CORRECTED_BEFORE,
            severity=Severity.WARNING,
            message=f"{field}: {was}, as on an earlier invoice of this supplier, where "
            f"{_short(latest.by)} set '{_short(latest.value)}'.",
            fields=(field,),
            remedy="Take over the earlier correction if the page means the same.",
        )


def _memory(context: CheckContext, least: int) -> SupplierMemory | None:
    """The supplier's memory if it holds that many approved invoices."""
    if context.known is None or len(context.known.supplier.facts) < least:
        return None
    return context.known.supplier


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(_short(name) for name in names[:3])


def _short(text: str | None) -> str:
    text = text or "?"
    return text if len(text) <= 60 else f"{text[:60]}…"
