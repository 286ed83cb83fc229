"""An invoice as data, before anybody draws it.

The same `SampleInvoice` can be drawn by every layout, in its own language, and written as XML.
Amounts are computed, so a drawing adds up unless its data says that it must not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """To cents, halves away from zero as on paper."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class Kind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleParty:
    """A fictional company; web addresses end in `.example`, numbers carry valid check digits."""

    name: str
    street: str
    # Postal code and town in the order the country prints them.
    postal_code: str
    city: str
    # Second-level division where addresses need it, such as a US state.
    region: str = ""
    # ISO 3166-1 alpha-2, and the name as printed on letters from abroad.
    country: str
    country_name: str
    tax_id: str = ""
    registration: str = ""
    phone: str = ""
    email: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""

    @property
    def town(self) -> str:
        if self.region:
            return f"{self.city}, {self.region} {self.postal_code}"
        if self.country in ("GB", "IE"):
            return f"{self.city} {self.postal_code}"
        return f"{self.postal_code} {self.city}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLine:
    description: str
    quantity: Decimal
    # As printed in the invoice's language.
    unit: str
    # Without tax, except on receipts.
    unit_price: Decimal
    # Percent.
    tax_rate: Decimal
    code: str = ""
    # UN/ECE Recommendation 20 code for the XML; C62 is "one".
    unit_code: str = "C62"

    @property
    def amount(self) -> Decimal:
        return rounded(self.quantity * self.unit_price)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTax:
    """The tax of one rate."""

    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleInvoice:
    kind: Kind = Kind.INVOICE
    # Key of `samples.languages.WORDINGS`.
    language: str
    currency: str
    number: str
    issue_date: date
    due_date: date | None = None
    delivery_date: date | None = None
    purchase_order: str = ""
    customer_number: str = ""
    # The invoice a credit note corrects.
    preceding_number: str = ""
    vendor: SampleParty
    customer: SampleParty | None = None
    lines: tuple[SampleLine, ...]
    # Whole-invoice discount without tax; only together with a single tax rate.
    discount: Decimal = Decimal(0)
    discount_reason: str = ""
    paid: Decimal = Decimal(0)
    note: str = ""
    # Line prices hold the tax already (receipts).
    prices_include_tax: bool = False
    # Set where the page must state a wrong total.
    misprinted_total: Decimal | None = None
    # Names of the checks that must fire.
    findings: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.discount and len({line.tax_rate for line in self.lines}) != 1:
            raise ValueError(f"{self.number}: a discount needs a single tax rate")

    @property
    def line_total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def taxes(self) -> tuple[SampleTax, ...]:
        """One entry a rate, lowest rate first."""
        taxes = []
        for rate in sorted({line.tax_rate for line in self.lines}):
            amount = sum((x.amount for x in self.lines if x.tax_rate == rate), -self.discount)
            if self.prices_include_tax:
                base = rounded(amount / (1 + rate / 100))
                taxes.append(SampleTax(rate=rate, base=base, amount=amount - base))
            else:
                tax = rounded(amount * rate / 100)
                taxes.append(SampleTax(rate=rate, base=amount, amount=tax))
        return tuple(taxes)

    @property
    def subtotal(self) -> Decimal:
        """Without tax, after the discount."""
        return sum((tax.base for tax in self.taxes), Decimal(0))

    @property
    def tax_total(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        """With tax, as the page states it."""
        if self.misprinted_total is not None:
            return self.misprinted_total
        return self.subtotal + self.tax_total

    @property
    def amount_due(self) -> Decimal:
        return self.total - self.paid
