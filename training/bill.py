"""An invoice as data: amounts that add up, by the custom of the vendor's country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from samples.model import Kind, SampleParty, SampleTax, rounded
from training.companies import filled, make_customer, make_vendor
from training.trade import Country, countries, vocabulary

ZERO = Decimal(0)
_NUMBERS = (
    *("######", "####", "RE-2026-#####", "INV-#####", "2026/####", "F######", "@@-####/26"),
    *("26######", "##-####", "@####", "INV/2026/####", "VF26-#####", "1#########", "#/26"),
)
_FIRST_DAY = date(2018, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    description: str
    quantity: Decimal
    unit: str
    # Of one unit; with tax where the bill's prices include it.
    unit_price: Decimal
    tax_rate: Decimal
    # Percent off.
    discount: Decimal = ZERO
    code: str = ""
    # Further rows of print below the description.
    extras: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        return rounded(self.quantity * self.unit_price * (1 - self.discount / 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    kind: Kind
    country: Country
    currency: str
    number: str
    issued: date
    due: date
    days: int
    delivered: date
    ordered: date
    order: str
    customer_number: str
    preceding_number: str
    preceding_date: date
    vendor: SampleParty
    customer: SampleParty
    customer_country: Country
    lines: tuple[BillLine, ...]
    discount_percent: Decimal
    shipping: Decimal
    paid: Decimal
    # Owed from before; only bills that state an account have it.
    previous: Decimal
    payments: Decimal
    gross_prices: bool
    # The total is rounded to this, None for not at all.
    round_to: Decimal | None

    @property
    def line_total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def discount(self) -> Decimal:
        """On the goods, without tax unless prices include it."""
        return rounded(self.line_total * self.discount_percent / 100)

    @property
    def taxes(self) -> tuple[SampleTax, ...]:
        """One entry a rate, highest first; discount and shipping belong to the first line's."""
        first = self.lines[0].tax_rate
        taxes = []
        for rate in sorted({line.tax_rate for line in self.lines}, reverse=True):
            amount = sum((x.amount for x in self.lines if x.tax_rate == rate), ZERO)
            amount += self.shipping - self.discount if rate == first else ZERO
            if self.gross_prices:
                base = rounded(amount / (1 + rate / 100))
                taxes.append(SampleTax(rate=rate, base=base, amount=amount - base))
            else:
                taxes.append(SampleTax(rate=rate, base=amount, amount=rounded(amount * rate / 100)))
        return tuple(taxes)

    @property
    def subtotal(self) -> Decimal:
        """Without tax, after discount and shipping."""
        return sum((tax.base for tax in self.taxes), ZERO)

    @property
    def tax_total(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)

    @property
    def total(self) -> Decimal:
        """With tax, before rounding."""
        return self.subtotal + self.tax_total

    @property
    def rounding(self) -> Decimal:
        if self.round_to is None:
            return ZERO
        steps = (self.total / self.round_to).quantize(Decimal(1), ROUND_HALF_UP)
        return steps * self.round_to - self.total

    @property
    def amount_due(self) -> Decimal:
        return self.total + self.rounding - self.paid + self.previous - self.payments

    @property
    def is_taxed(self) -> bool:
        return self.tax_total != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What kind of bills a family of layouts is used for."""

    countries: tuple[str, ...] = ()
    kind: Kind | None = None
    gross_prices: bool = False
    statement: bool = False
    receipt: bool = False
    extras: bool = False
    line_discounts: bool = False


def make_bill(trade: Trade, rng: Random) -> Bill:
    """One bill; the same generator state gives the same bill."""
    known = countries()
    codes = trade.countries or tuple(known)
    country = known[rng.choices(codes, [known[code].weight for code in codes])[0]]
    abroad = rng.random() < 0.12 and not trade.receipt
    customer_country = known[rng.choice(tuple(known))] if abroad else country
    kind = trade.kind or (Kind.CREDIT_NOTE if rng.random() < 0.08 else Kind.INVOICE)
    issued = _FIRST_DAY + timedelta(days=rng.randrange(365 * 9))
    days = rng.choice((0, 7, 10, 14, 14, 20, 30, 30, 30, 45, 60))
    delivered = issued - timedelta(days=rng.randrange(10))
    ordered = delivered - timedelta(days=rng.randrange(1, 30))
    lines = _lines(trade, country, delivered, rng)
    taxed = len({line.tax_rate for line in lines}) == 1 and not trade.receipt
    gross = trade.gross_prices or (trade.receipt and rng.random() < 0.8)
    goods = sum((line.amount for line in lines), ZERO)
    return Bill(
        kind=kind,
        country=country,
        currency=_currency(country, rng),
        number=filled(rng.choice(_NUMBERS).replace("#", str(rng.randint(1, 9)), 1), rng),
        issued=issued,
        due=issued + timedelta(days=days),
        days=days,
        delivered=delivered,
        ordered=ordered,
        order=filled(rng.choice(("PO-####", "45########", "B-####/26", "@@/####", "#####")), rng),
        customer_number=filled(rng.choice(("#####", "C-####", "K1####")), rng),
        preceding_number=filled("INV-####", rng),
        preceding_date=issued - timedelta(days=rng.randrange(5, 90)),
        vendor=make_vendor(country, rng),
        customer=make_customer(customer_country, rng),
        customer_country=customer_country,
        lines=lines,
        discount_percent=Decimal(rng.choice((2, 3, 5, 10)))
        if taxed and rng.random() < 0.18
        else ZERO,
        shipping=rounded(Decimal(rng.randrange(390, 12000)) / 100)
        if taxed and rng.random() < 0.22
        else ZERO,
        paid=rounded(goods * Decimal(rng.choice((10, 20, 30))) / 100)
        if kind is Kind.INVOICE and not trade.receipt and rng.random() < 0.12
        else ZERO,
        previous=rounded(goods * Decimal(rng.randrange(30, 180)) / 100)
        if trade.statement
        else ZERO,
        payments=rounded(goods * Decimal(rng.randrange(10, 29)) / 100) if trade.statement else ZERO,
        gross_prices=gross,
        round_to=country.round_to if rng.random() < (0.5 if trade.receipt else 0.25) else None,
    )


def _currency(country: Country, rng: Random) -> str:
    if rng.random() < 0.93:
        return country.currency
    return rng.choice(("EUR", "USD", "GBP"))


def _lines(trade: Trade, country: Country, delivered: date, rng: Random) -> tuple[BillLine, ...]:
    words = vocabulary(country.language).trade
    # The day of the supply decides on the rate.
    rates = country.rates_on(delivered)
    main = Decimal(0) if rng.random() < 0.08 else rates[0] if rng.random() < 0.85 else rates[-1]
    mixed = main > 0 and len(rates) > 1 and rng.random() < 0.2
    counts = (1, 2, 3, 5, 8) if trade.receipt else (1, 1, 2, 3, 3, 4, 5, 6, 8, 12, 18, 40)
    coded = rng.random() < 0.5
    dear = rng.choice((2_000, 20_000, 20_000, 300_000))
    lines = []
    for number in range(rng.choice(counts)):
        lines.append(
            BillLine(
                description=_description(words, rng),
                quantity=_quantity(trade, rng),
                unit=rng.choice(words["units"]),
                unit_price=Decimal(rng.randrange(35, dear)) / 100,
                tax_rate=rng.choice(rates) if mixed and number else main,
                discount=Decimal(rng.choice((0, 0, 5, 10, 20))) if trade.line_discounts else ZERO,
                code=filled("@@-####", rng) if coded else str(1000 + rng.randrange(9000)),
                extras=tuple(rng.sample(words["extras"], rng.randint(0, 2)))
                if trade.extras or rng.random() < 0.08
                else (),
            )
        )
    return tuple(lines)


def _description(words: dict[str, list[str]], rng: Random) -> str:
    text = rng.choice(words["goods"])
    return f"{text} {rng.choice(words['extras'])}" if rng.random() < 0.15 else text


def _quantity(trade: Trade, rng: Random) -> Decimal:
    chance = rng.random()
    if trade.receipt or chance < 0.55:
        return Decimal(rng.choice((1, 1, 1, 2, 3, 4)))
    if chance < 0.85:
        return Decimal(rng.choice((5, 6, 8, 10, 12, 24, 50, 100, 250)))
    return Decimal(rng.choice(("0.5", "1.5", "2.25", "7.5", "12.75")))
