"""Custom and wording of the countries that generated invoices come from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "INR": "₹", "PLN": "zł"}


@dataclass(frozen=True, slots=True)
class FormerRates:
    # The last day.
    until: date
    rates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One section of `countries.toml`, which explains the fields."""

    code: str
    language: str
    name: str
    currency: str
    point: str
    groups: tuple[str, ...]
    money: tuple[str, ...]
    dates: tuple[str, ...]
    tax: tuple[str, ...]
    # Percent, today.
    rates: tuple[str, ...]
    legal: tuple[str, ...]
    towns: tuple[str, ...]
    post: str
    town: str
    tax_id: str
    check: str
    phone: str
    # Pattern of the account behind the check digits of an IBAN; "" where there are no IBANs.
    iban: str = ""
    prefix: str = ""
    # As many rates up to a day (included), the earliest first.
    earlier: tuple[FormerRates, ...] = ()
    # How often bills come from here, against one of the others.
    weight: int = 1
    # What cash and, in some countries, invoices are rounded to; "" for no such custom.
    rounds: str = ""

    def rates_on(self, day: date) -> tuple[Decimal, ...]:
        """In percent, the usual one first."""
        then = (one.rates for one in self.earlier if day <= one.until)
        return tuple(Decimal(rate) for rate in next(then, self.rates))

    @property
    def round_to(self) -> Decimal | None:
        return Decimal(self.rounds) if self.rounds else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language; every entry is a choice of ways to say the same."""

    language: str
    months: tuple[str, ...]
    labels: dict[str, list[str]]
    trade: dict[str, list[str]]


@cache
def countries() -> dict[str, Country]:
    text = resources.files("training").joinpath("countries.toml").read_text("utf-8")
    return {code: _country(code, fields) for code, fields in tomllib.loads(text).items()}


def _country(code: str, fields: dict[str, Any]) -> Country:
    former = fields.pop("earlier", ())
    fixed: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in fields.items()
    }
    earlier = tuple(FormerRates(one["until"], tuple(one["rates"])) for one in former)
    return Country(code=code, earlier=earlier, **fixed)


@cache
def vocabulary(language: str) -> Vocabulary:
    file = resources.files("training").joinpath("words", f"{language}.toml")
    words = tomllib.loads(file.read_text("utf-8"))
    return Vocabulary(language, tuple(words["months"]), words["labels"], words["trade"])
