"""Whether the invoice is one that came before, in another file.

Paying an invoice twice is the most common loss in accounts payable. The rules are those of
audit software: same vendor and number; same vendor, amount and day; and nearly the same of
everything, because the second copy is a scan, or was sent again under a mended number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from src.domain.checks.base import CheckContext, CheckSettings
from src.domain.checks.figures import document_type_of
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.knowledge import EarlierInvoice
from src.domain.naming import alike, number_key, one_edit_apart

DUPLICATE = "duplicate-invoice"
POSSIBLE = "possible-duplicate"


def check_duplicates(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """At most one finding: the strongest, with the id of the other result."""
    if context.known is None:
        return
    found = [
        finding
        for earlier in context.known.earlier
        if (finding := _compare(invoice, earlier, context.settings)) is not None
    ]
    if found:
        yield min(
            found, key=lambda one: (one.code != DUPLICATE, one.severity is not Severity.ERROR)
        )


def _compare(invoice: Invoice, other: EarlierInvoice, settings: CheckSettings) -> Finding | None:
    if _is_credit(other.document_type) != _is_credit(document_type_of(invoice)):
        return None
    vendor = invoice.vendor.name.value if invoice.vendor.name else None
    if (
        vendor is not None
        and other.vendor_name is not None
        and not alike(vendor, other.vendor_name)
    ):
        return None
    pair = _Pair(invoice, other)
    # Without a vendor on one of the pages all the rest must agree.
    same_vendor = vendor is not None and other.vendor_name is not None
    if pair.same_number and pair.is_long_number and (same_vendor or pair.same_amount):
        if pair.same_amount is False and pair.days is not None and pair.days > _NEW_SERIES:
            return _finding(POSSIBLE, Severity.WARNING, pair, "the same number, long ago")
        return _finding(DUPLICATE, Severity.ERROR, pair, "the same vendor and number")
    if pair.same_amount and pair.days == 0 and same_vendor:
        return _finding(DUPLICATE, Severity.ERROR, pair, "the same vendor, amount and date")
    return _nearly(pair, settings)


# Days after which a vendor may have started to count from 1 again, with another amount.
_NEW_SERIES = 300


def _nearly(pair: _Pair, settings: CheckSettings) -> Finding | None:
    """Amount within 1 %, at most 30 days apart, and a number one slip apart."""
    if pair.days is None or pair.days > settings.duplicate_days:
        return None
    if not pair.is_near_amount(settings.duplicate_amount_share):
        return None
    if pair.same_number:
        return _finding(DUPLICATE, Severity.ERROR, pair, "the same number and nearly the amount")
    if not pair.number_slipped:
        return None
    # 1041 after 1040 with the same amount is what a subscription looks like, not a slip.
    goes_on = pair.counts_on and pair.days > 0
    severity = Severity.WARNING if goes_on else Severity.ERROR
    return _finding(POSSIBLE, severity, pair, "nearly the same vendor, number and amount")


class _Pair:
    """The invoice beside the other one."""

    def __init__(self, invoice: Invoice, other: EarlierInvoice) -> None:
        self.other = other
        self._total = invoice.totals.total.value if invoice.totals.total else None
        self._issued: date | None = invoice.issue_date.value if invoice.issue_date else None
        currency = invoice.currency.value if invoice.currency else None
        self._same_currency = None in (currency, other.currency) or currency == other.currency
        self._number = number_key(invoice.invoice_number.value) if invoice.invoice_number else ""
        self._others_number = number_key(other.number) if other.number else ""

    @property
    def same_number(self) -> bool:
        return self._number != "" and self._number == self._others_number

    @property
    def is_long_number(self) -> bool:
        """A lone digit says little."""
        return len(self._number) > 1

    @property
    def same_amount(self) -> bool:
        return self.is_near_amount(Decimal(0))

    @property
    def days(self) -> int | None:
        if self._issued is None or self.other.issue_date is None:
            return None
        return abs((self._issued - self.other.issue_date).days)

    @property
    def number_slipped(self) -> bool:
        """One character apart; numbers of three characters or fewer are apart by chance."""
        shorter = min(len(self._number), len(self._others_number))
        return shorter > 3 and one_edit_apart(self._number, self._others_number)

    @property
    def counts_on(self) -> bool:
        """Same length, and the only differing character is a digit on both sides."""
        if len(self._number) != len(self._others_number):
            return False
        pairs = zip(self._number, self._others_number, strict=True)
        return all(a.isdigit() and b.isdigit() for a, b in pairs if a != b)

    def is_near_amount(self, share: Decimal) -> bool:
        mine, theirs = self._total, self.other.total
        if mine is None or theirs is None or not mine or not self._same_currency:
            return False
        return abs(mine - theirs) <= abs(mine) * share


def _is_credit(kind: str | None) -> bool:
    return kind == DocumentType.CREDIT_NOTE.value


def _finding(code: str, severity: Severity, pair: _Pair, why: str) -> Finding:
    other = pair.other
    told = ", ".join(
        str(part)
        for part in (other.vendor_name, other.number, other.issue_date, other.total)
        if part is not None
    )
    return Finding(
        code=code,
        severity=severity,
        message=f"An earlier result ({_short(told)}) has {why}.",
        fields=("vendor.name", "invoice_number", "issue_date", "totals.total"),
        remedy="Open the other result. Reject this one if it is the same invoice; approve it if "
        "both are to be paid.",
        related_id=other.id,
    )


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120]}…"
