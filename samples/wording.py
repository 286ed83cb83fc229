"""What a language and country needs to word an invoice and to write numbers and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samples.model import Kind

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    invoice: str
    credit_note: str
    receipt: str = ""
    number: str
    issue_date: str
    credit_number: str
    credit_date: str
    due_date: str
    delivery_date: str
    purchase_order: str
    customer_number: str
    preceding_number: str
    bill_to: str
    position: str
    code: str
    description: str
    quantity: str
    unit_price: str
    tax_rate: str
    amount: str
    subtotal: str
    discount: str
    # Takes rate and base.
    tax_line: str
    total: str
    paid: str
    amount_due: str
    tax_id: str
    registration: str
    phone: str
    bank_details: str
    carried_forward: str
    # Takes the number of the page.
    page: str
    thanks: str
    # Between thousands, and before the fraction.
    group: str
    point: str
    # Takes symbol and number.
    money: str
    day: str
    months: tuple[str, ...] = ()

    def title(self, kind: Kind) -> str:
        return {
            Kind.INVOICE: self.invoice,
            Kind.CREDIT_NOTE: self.credit_note,
            Kind.RECEIPT: self.receipt,
        }[kind]

    def decimal(self, value: Decimal, places: int = 2) -> str:
        text = f"{value:,.{places}f}"
        return text.translate(str.maketrans(",.", self.group + self.point))

    def whole(self, value: Decimal) -> str:
        """A quantity or a percentage, without needless zeros."""
        places = max(0, -int(value.normalize().as_tuple().exponent))
        return self.decimal(value, places)

    def amount_of(self, value: Decimal, currency: str) -> str:
        """With the currency, as in a total."""
        symbol = _SYMBOLS.get(currency, currency)
        return self.money.format(symbol=symbol, number=self.decimal(value))

    def date(self, value: date) -> str:
        month = self.months[value.month - 1] if self.months else ""
        return self.day.format(day=value.day, month=value.month, year=value.year, name=month)

    def tax(self, rate: Decimal, base: Decimal) -> str:
        return self.tax_line.format(rate=self.whole(rate), base=self.decimal(base))
