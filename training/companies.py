"""Fictional companies and people with numbers whose check digits hold.

Web addresses end in `.example`; names are put together from words of the language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from random import Random

from samples.model import SampleParty
from training.trade import Country, vocabulary

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
# Valid numbers a country; finding one takes up to a thousand tries.
_POOL = 40
# Share of names without a legal form.
_BRANDS = 0.1
# Share of numbers whose check digits do not hold.
_MISPRINTED = 0.08


def filled(pattern: str, rng: Random) -> str:
    """`#` becomes a digit, `@` a letter."""
    return "".join(
        rng.choice("0123456789") if c == "#" else rng.choice(_LETTERS) if c == "@" else c
        for c in pattern
    )


def make_vendor(country: Country, rng: Random) -> SampleParty:
    """A company with everything an imprint may hold."""
    party = make_customer(country, rng, company=True)
    words = vocabulary(country.language)
    domain = _plain(party.name.split()[0])
    mailbox = rng.choice(("info", "office", "accounts", "mail"))
    return replace(
        party,
        registration=filled(rng.choice(("######", "###### B", "## ## ####")), rng),
        phone=filled(country.phone, rng),
        email=f"{mailbox}@{domain}.example",
        iban=_spoiled(_iban(country, rng), rng) if country.iban else "",
        bic=filled(f"EXMP{country.code}@@", rng),
        bank=f"{rng.choice(words.trade['names'])} Bank",
    )


def make_customer(country: Country, rng: Random, *, company: bool | None = None) -> SampleParty:
    """A company, or now and then a person without a tax number."""
    words = vocabulary(country.language)
    if company is None:
        company = rng.random() < 0.85
    return SampleParty(
        name=_company(country, rng) if company else rng.choice(words.trade["people"]),
        street=rng.choice(words.trade["streets"]).format(n=rng.randint(1, 180)),
        postal_code=filled(country.post.replace("#", str(rng.randint(1, 9)), 1), rng),
        city=rng.choice(country.towns),
        country=country.code,
        country_name=country.name,
        tax_id=_spoiled(rng.choice(_tax_ids(country)), rng) if company else "",
    )


def town_lines(party: SampleParty, country: Country) -> list[str]:
    """Postal code and town as letters of the country have them."""
    return country.town.format(p=party.postal_code, t=party.city, r=party.region).split("\n")


def _company(country: Country, rng: Random) -> str:
    words = vocabulary(country.language).trade
    name, trade, legal = (rng.choice(x) for x in (words["names"], words["trades"], country.legal))
    person = rng.choice(words["people"]).split()[-1]
    forms = (f"{name} {trade} {legal}", f"{trade} {name} {legal}", f"{person} {trade} {legal}")
    text = rng.choice((*forms, f"{name} {legal}", f"{name} & {person} {legal}"))
    if rng.random() < _BRANDS:
        # Shops and freelancers go by a name alone.
        text = rng.choice((name, f"{name}{trade}", f"{name} {trade}"))
    return text.strip().upper() if rng.random() < 0.12 else text.strip()


@cache
def _tax_ids(country: Country) -> tuple[str, ...]:
    rng = Random(f"tax ids of {country.code}")
    return tuple(_valid(country.tax_id, _validator(country.check), rng) for _ in range(_POOL))


def _validator(name: str) -> Callable[[str], bool]:
    if not name:
        return lambda _: True
    checker: Callable[[str], bool] = import_module(f"stdnum.{name}").is_valid
    return lambda number: checker(number.removeprefix("ABN "))


def _valid(pattern: str, is_valid: Callable[[str], bool], rng: Random) -> str:
    while True:
        number = filled(pattern, rng)
        if is_valid(number):
            return number


def _iban(country: Country, rng: Random) -> str:
    """Two check digits by ISO 7064 mod 97-10 before an account that fits the pattern."""
    account = filled(country.iban, rng)
    digits = "".join(str(int(c, 36)) for c in f"{account}{country.prefix}00")
    return f"{country.prefix}{98 - int(digits) % 97:02}{account}"


def _spoiled(number: str, rng: Random) -> str:
    """Now and then with a wrong digit: papers carry misprints and made-up numbers."""
    if rng.random() > _MISPRINTED:
        return number
    place = rng.choice([index for index, c in enumerate(number) if c.isdigit() and index > 3])
    return f"{number[:place]}{(int(number[place]) + 1) % 10}{number[place + 1 :]}"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c.isascii() and c.isalnum()) or "firm"
