"""What is unusual for this supplier, by its approved invoices.

These rules say nothing about a supplier nobody has approved an invoice of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from src.domain.checks.base import CheckContext, CheckSettings
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

_CENT = Decimal("0.01")


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


# (field, what is wrong with it) of one habit, for an invoice and what is known of its supplier.
_Breach = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Habit:
    code: str
    severity: Severity
    # Approved invoices from which on it is one.
    least: Callable[[CheckSettings], int]
    breaches: Callable[[Invoice, SupplierMemory, CheckSettings], Iterator[_Breach]]
    remedy: str = "Compare it with the page and with earlier invoices of the supplier."


def check_habits(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Currency, tax rates, layout of the number and amount are as on approved invoices."""
    for habit in _HABITS:
        memory = _memory(context, habit.least(context.settings))
        if memory is None:
            continue
        for field, message in habit.breaches(invoice, memory, context.settings):
            yield Finding(
                code=habit.code,
                severity=habit.severity,
                message=message,
                fields=(field,),
                remedy=habit.remedy,
            )


def _currency(invoice: Invoice, memory: SupplierMemory, _: CheckSettings) -> Iterator[_Breach]:
    """A supplier that always wrote one currency goes on doing so."""
    currency = invoice.currency
    if currency is None or len(memory.currencies) != 1 or currency.value in memory.currencies:
        return
    yield (
        "currency",
        f"The amounts are in {currency.value}; all {len(memory.facts)} approved invoices of this "
        f"supplier were in {memory.currencies[0]}.",
    )


def _tax_rates(invoice: Invoice, memory: SupplierMemory, _: CheckSettings) -> Iterator[_Breach]:
    """A rate this supplier never used."""
    usual = ", ".join(f"{rate.normalize():f}" for rate in sorted(memory.tax_rates))
    for position, row in enumerate(invoice.tax_breakdown):
        if usual and row.rate is not None and row.rate.value not in memory.tax_rates:
            yield (
                f"tax_breakdown.{position}.rate",
                f"A tax rate of {row.rate.value.normalize():f} % is new for this supplier; "
                f"approved invoices had {usual} %.",
            )


def _number(invoice: Invoice, memory: SupplierMemory, _: CheckSettings) -> Iterator[_Breach]:
    """The layout of the invoice number is one the supplier used before."""
    number = invoice.invoice_number
    if number is None or len(memory.number_shapes) != 1:
        return
    earlier = [one.number for one in memory.facts if one.number]
    lengths = [len(one) for one in earlier]
    # Numbers grow by a digit, not by several.
    is_long_as_usual = min(lengths) - 1 <= len(number.value) <= max(lengths) + 1
    if number_shape(number.value) not in memory.number_shapes or not is_long_as_usual:
        yield (
            "invoice_number",
            f"The number {_short(number.value)} does not look like this supplier's, such as "
            f"{_short(earlier[0])}.",
        )


def _amount(invoice: Invoice, memory: SupplierMemory, settings: CheckSettings) -> Iterator[_Breach]:
    """The total is not far above what this supplier's invoices came to (median and largest)."""
    total, currency = invoice.totals.total, invoice.currency
    if total is None or currency is None:
        return
    count, median, largest = memory.usual_total(currency.value) or (0, Decimal(0), Decimal(0))
    limit = max(settings.unusual_amount_factor * median, 2 * largest)
    if count >= settings.unusual_amount_from and abs(total.value) > limit:
        yield (
            "totals.total",
            f"The total {show(total.value, _CENT)} is far above this supplier's usual: "
            f"median {show(median, _CENT)}, largest {show(largest, _CENT)} of {count}.",
        )


_HABITS = (
    _Habit(CURRENCY_CHANGED, Severity.ERROR, lambda settings: settings.habit_from, _currency),
    _Habit(TAX_RATE_UNUSUAL, Severity.WARNING, lambda settings: settings.habit_from, _tax_rates),
    _Habit(
        # An error: a wrong number is also what a duplicate hides behind.
        NUMBER_UNUSUAL,
        Severity.ERROR,
        # One more than for other habits: layouts change with the year and the branch.
        lambda settings: settings.habit_from + 1,
        _number,
        "Look whether another number of the page was taken for it.",
    ),
    _Habit(
        AMOUNT_UNUSUAL,
        Severity.ERROR,
        lambda settings: settings.unusual_amount_from,
        _amount,
        "Look whether the decimal sign was misread, and whether the amount is expected.",
    ),
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
