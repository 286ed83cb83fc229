"""The currency exists, and amounts have no more decimals than it has."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.checks import currencies
from src.domain.checks.base import CheckContext
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.paths import iter_readings
from src.domain.readings import ComputedEvidence

UNKNOWN = "currency-unknown"
NOT_PRINTED = "currency-not-printed"
TOO_PRECISE = "amount-too-precise"

# Totals and tax (BR-DEC-09 to BR-DEC-20). Prices may have more decimals, and line amounts
# often do.
_PRECISE_GROUPS = ("totals.", "tax_breakdown.", "allowances_charges.", "payment.instalments.")
# Nobody can pay a fraction of a cent.
_PAID = frozenset({"totals.total", "totals.amount_due"})
_RATES = frozenset({"rate", "tax_rate"})


def check_currency_known(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """The code is one of ISO 4217."""
    for field, reading in (
        ("currency", invoice.currency),
        ("tax_currency", invoice.tax_currency),
    ):
        if reading is not None and not currencies.is_known(reading.value):
            yield Finding(
                code=UNKNOWN,
                severity=Severity.ERROR,
                message=f"{reading.value} is not a currency of ISO 4217.",
                fields=(field,),
                remedy="Set the currency the page names.",
            )


def check_currency_printed(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """The page names the currency; usual invoices at home do not always."""
    reading = invoice.currency
    if reading is not None and isinstance(reading.evidence, ComputedEvidence):
        yield Finding(
            code=NOT_PRINTED,
            severity=Severity.WARNING,
            message=f"The page names no currency; {reading.value} is that of the vendor's country.",
            fields=("currency",),
            remedy="Set another one if the vendor invoices in it.",
        )


def check_decimals(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Totals and taxes have at most the decimals of the currency."""
    if invoice.currency is None or not currencies.is_known(invoice.currency.value):
        return
    code = invoice.currency.value
    allowed = currencies.decimals(code)
    for path, reading in iter_readings(invoice):
        if not path.startswith(_PRECISE_GROUPS) or path.rpartition(".")[2] in _RATES:
            continue
        value = reading.value
        if isinstance(value, Decimal) and value != round(value, allowed):
            yield Finding(
                code=TOO_PRECISE,
                severity=Severity.ERROR if path in _PAID else Severity.WARNING,
                message=f"{value:f} has more decimals than {code} allows ({allowed}).",
                fields=(path,),
                remedy="Look whether the decimal sign or the currency was misread.",
            )
