"""From the texts a model copied to values: amounts, numbers, dates, currencies.

A text alone is often ambiguous ("1.234", "03/04/2026"); the document decides, not each text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from src.domain.checks import currencies
from src.domain.invoice import Invoice
from src.domain.page import Page
from src.domain.paths import iter_readings
from src.engines.layout.dates import parse_date
from src.engines.layout.model import DateOrder
from src.engines.layout.numbers import (
    DecimalMark,
    parse_number,
    parse_quantity,
    vote_decimal_mark,
)

# Signs and short names in front of or behind amounts, and the codes they may mean.
SIGNS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "euro": ("EUR",),
    "£": ("GBP",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "fr.": ("CHF",),
    "sfr": ("CHF",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "rs": ("INR",),
    "rm": ("MYR",),
    "₺": ("TRY",),
    "r$": ("BRL",),
    "₩": ("KRW",),
}
_CODE = re.compile(r"(?<![A-Z])([A-Z]{3})(?![A-Z])")
_MONTH_FIRST = frozenset({"US", "PH", "PR"})
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Reads texts by the conventions of one document. Every method gives None for a text that
    is not what was asked for."""

    mark: DecimalMark
    order: DateOrder
    # What the embedded engine takes for the currency; decides signs of several currencies.
    currency_hint: str | None = None

    def amount(self, text: str) -> Decimal | None:
        found = parse_number(text[:_LONGEST], self.mark)
        return None if found is None or found.percent else found.value

    def number(self, text: str) -> Decimal | None:
        """A quantity or a percentage; a unit or a percent sign is left out."""
        found = parse_number(text[:_LONGEST], self.mark)
        if found is not None:
            return found.value
        quantity = parse_quantity(text[:_LONGEST], self.mark)
        return None if quantity is None else quantity.number.value

    def unit(self, text: str) -> str | None:
        """The unit that stands in one text with its quantity."""
        quantity = parse_quantity(text[:_LONGEST], self.mark)
        return None if quantity is None else quantity.unit

    def day(self, text: str) -> date | None:
        return parse_date(text[:_LONGEST], self.order)

    def currency(self, text: str) -> str | None:
        for code in _CODE.findall(text.upper()):
            if currencies.is_known(code):
                return str(code)
        plain = text.casefold().strip()
        codes = next((codes for sign, codes in SIGNS.items() if sign in plain), ())
        if self.currency_hint in codes:
            return self.currency_hint
        return codes[0] if codes else None


def normaliser_of(pages: Sequence[Page], embedded: Invoice) -> Normaliser:
    """The conventions of a document, from its words and from what the embedded engine read."""
    return Normaliser(
        mark=vote_decimal_mark(_numeric(pages)),
        order=_order(embedded),
        currency_hint=embedded.currency.value if embedded.currency else None,
    )


def _numeric(pages: Iterable[Page]) -> Iterable[str]:
    for page in pages:
        for word in page.words:
            if any(character.isdigit() for character in word.text):
                yield word.text


def _order(embedded: Invoice) -> DateOrder:
    """The order in which the embedded engine read the dates, where it shows.

    It looked at every date of the document; without one, the country decides.
    """
    for _, reading in iter_readings(embedded):
        if isinstance(reading.value, date) and reading.text:
            day_first = parse_date(reading.text, DateOrder.DMY)
            month_first = parse_date(reading.text, DateOrder.MDY)
            if day_first != month_first and reading.value in (day_first, month_first):
                return DateOrder.DMY if reading.value == day_first else DateOrder.MDY
    address = embedded.vendor.address
    country = address.value.country if address else None
    english = embedded.language is not None and embedded.language.value == "en"
    if country in _MONTH_FIRST or (country is None and english):
        return DateOrder.MDY
    return DateOrder.DMY
