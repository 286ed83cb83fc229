"""What approved invoices say about a supplier.

One `SupplierFacts` is kept for each approved invoice, and memory is nothing but the latest of
them put together: what was approved by mistake is forgotten with its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from pydantic import Field

from src.domain.candidate import Alternative
from src.domain.invoice import BankAccount, Invoice
from src.domain.naming import compact, name_key, number_shape
from src.domain.paths import get_reading
from src.domain.readings import CorrectedEvidence, FieldReading, Frozen

# What stays the same from one invoice of a supplier to the next. Bank details are not among
# them: where money goes is never suggested.
LASTING_FIELDS: tuple[str, ...] = (
    "vendor.name",
    "vendor.tax_id",
    "vendor.tax_registration",
    "vendor.registration_number",
    "customer.name",
    "customer.tax_id",
    "customer.customer_id",
    "currency",
)


# Who is named as the maker of an alternative that comes from here.
SUPPLIER_MEMORY = "supplier-memory"


class PastCorrection(Frozen):
    """What a person made of a field that lasts."""

    field: str
    read: str | None = Field(description="What had been read; None where nothing had")
    value: str
    by: str
    at: datetime


class SupplierFacts(Frozen):
    """What one approved invoice says about its supplier."""

    result_id: str
    approved_at: datetime
    name: str | None = None
    tax_ids: tuple[str, ...] = ()
    accounts: tuple[str, ...] = Field(default=(), description="As `account_key` gives them")
    currency: str | None = None
    tax_rates: tuple[Decimal, ...] = ()
    number: str | None = None
    total: Decimal | None = None
    corrections: tuple[PastCorrection, ...] = ()


def facts_of(
    invoice: Invoice, *, result_id: str, approved_at: datetime, read: dict[str, str | None]
) -> SupplierFacts:
    """The facts of an invoice a person approved; `read` holds what stood in corrected fields
    before the first correction."""
    vendor = invoice.vendor
    rates = {row.rate.value for row in invoice.tax_breakdown if row.rate is not None}
    rates |= {line.tax_rate.value for line in invoice.line_items if line.tax_rate is not None}
    return SupplierFacts(
        result_id=result_id,
        approved_at=approved_at,
        name=_text(vendor.name),
        tax_ids=vendor_tax_ids(invoice),
        accounts=account_keys(invoice),
        currency=_text(invoice.currency),
        tax_rates=tuple(sorted(rates)),
        number=_text(invoice.invoice_number),
        total=invoice.totals.total.value if invoice.totals.total else None,
        corrections=tuple(_corrections(invoice, read)),
    )


def _corrections(invoice: Invoice, read: dict[str, str | None]) -> list[PastCorrection]:
    found = []
    for field in LASTING_FIELDS:
        reading = get_reading(invoice, field)
        if reading is None or not isinstance(reading.evidence, CorrectedEvidence):
            continue
        before = read.get(field)
        if before != str(reading.value):
            found.append(
                PastCorrection(
                    field=field,
                    read=before,
                    value=str(reading.value),
                    by=reading.evidence.by,
                    at=reading.evidence.at,
                )
            )
    return found


def vendor_tax_ids(invoice: Invoice) -> tuple[str, ...]:
    vendor = invoice.vendor
    readings = (vendor.tax_id, vendor.tax_registration)
    return tuple(dict.fromkeys(compact(one.value) for one in readings if one is not None))


def account_key(account: BankAccount) -> str | None:
    """IBAN, else bank code and account number, without spaces; None for an empty account."""
    if account.iban is not None:
        return compact(account.iban.value) or None
    if account.account_number is None:
        return None
    bank = compact(account.bank_code.value) if account.bank_code is not None else ""
    return f"{bank}/{compact(account.account_number.value)}"


def account_keys(invoice: Invoice) -> tuple[str, ...]:
    keys = (account_key(account) for account in invoice.payment.accounts)
    return tuple(dict.fromkeys(key for key in keys if key))


@dataclass(frozen=True, slots=True)
class SupplierKeys:
    """What a supplier is found by."""

    # Any of them is the same supplier.
    own: tuple[str, ...]
    accounts: tuple[str, ...]


def keys_of_invoice(invoice: Invoice) -> SupplierKeys:
    name = _text(invoice.vendor.name)
    return _keys([name] if name else [], vendor_tax_ids(invoice), account_keys(invoice))


def keys_of_facts(facts: SupplierFacts) -> SupplierKeys:
    """Also by the names that had been read before a person corrected them."""
    names = [facts.name] if facts.name else []
    names += [c.read for c in facts.corrections if c.field == "vendor.name" and c.read]
    return _keys(names, facts.tax_ids, facts.accounts)


def _keys(names: Sequence[str], tax_ids: Sequence[str], accounts: Sequence[str]) -> SupplierKeys:
    by_name = (key for key in map(name_key, names) if key)
    own = (*(f"name:{key}" for key in by_name), *(f"tax:{number}" for number in tax_ids if number))
    return SupplierKeys(
        own=tuple(dict.fromkeys(own)), accounts=tuple(f"account:{key}" for key in accounts)
    )


@dataclass(frozen=True, slots=True)
class SupplierMemory:
    """The latest facts of one supplier, newest first."""

    facts: tuple[SupplierFacts, ...] = ()

    @property
    def is_new(self) -> bool:
        return not self.facts

    @property
    def names(self) -> tuple[str, ...]:
        return _distinct(one.name for one in self.facts)

    @property
    def tax_ids(self) -> frozenset[str]:
        return frozenset(number for one in self.facts for number in one.tax_ids)

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset(account for one in self.facts for account in one.accounts)

    @property
    def currencies(self) -> tuple[str, ...]:
        return _distinct(one.currency for one in self.facts)

    @property
    def tax_rates(self) -> frozenset[Decimal]:
        return frozenset(rate for one in self.facts for rate in one.tax_rates)

    @property
    def number_shapes(self) -> frozenset[str]:
        return frozenset(number_shape(one.number) for one in self.facts if one.number)

    def usual_total(self, currency: str) -> tuple[int, Decimal, Decimal] | None:
        """(count, median, largest) of the totals in that currency, without signs."""
        totals = [
            abs(one.total)
            for one in self.facts
            if one.total is not None and one.currency == currency
        ]
        return (len(totals), median(totals), max(totals)) if totals else None

    @property
    def corrections(self) -> dict[str, tuple[PastCorrection, ...]]:
        """Field -> what people made of it, latest first."""
        found: dict[str, list[PastCorrection]] = {}
        for one in self.facts:
            for correction in one.corrections:
                found.setdefault(correction.field, []).append(correction)
        return {field: tuple(all_of_it) for field, all_of_it in found.items()}


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _text(reading: FieldReading[str] | None) -> str | None:
    return None if reading is None else reading.value


def suggestions(invoice: Invoice, memory: SupplierMemory) -> tuple[Alternative, ...]:
    """Corrections of earlier invoices that answer the same misreading (or the same gap), as
    alternatives for the person who reviews; the evidence names who made them and when."""
    found = []
    for field, corrections in memory.corrections.items():
        reading = get_reading(invoice, field)
        value = None if reading is None else str(reading.value)
        latest = answer_to(value, corrections)
        if latest is not None and not same_text(latest.value, value):
            suggested = FieldReading[str](
                value=latest.value,
                evidence=CorrectedEvidence(by=latest.by, at=latest.at),
                confidence=_SUGGESTION_CONFIDENCE,
                engine=SUPPLIER_MEMORY,
            )
            found.append(Alternative(field=field, reading=suggested))
    return tuple(found)


def answer_to(value: str | None, corrections: Iterable[PastCorrection]) -> PastCorrection | None:
    """The latest correction of that very reading."""
    return next((one for one in corrections if same_text(one.read, value)), None)


def same_text(first: str | None, second: str | None) -> bool:
    """Whether two readings are one apart from case, spacing and punctuation."""
    if first is None or second is None:
        return first is second
    return compact(first) == compact(second) or name_key(first) == name_key(second) != ""


# A person once said so, of another page.
_SUGGESTION_CONFIDENCE = 0.5
