"""Language and currency of a document, decided once from all its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale as BabelLocale
from babel.numbers import get_territory_currencies

from src.engines.layout.lexicon import fold, read_lexicon
from src.engines.layout.model import DocumentLayout, Token

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH"}
_SYMBOLS |= {"฿": "THB", "₫": "VND", "₪": "ILS", "₱": "PHP", "₦": "NGN", "zł": "PLN", "kč": "CZK"}
# Signs of several currencies: the first country that fits decides.
_DOLLARS = {"US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
# "$" is also written for currencies that are not called dollar.
_DOLLARS |= {"MX": "MXN", "TW": "TWD", "MY": "MYR", "AR": "ARS", "CL": "CLP", "CO": "COP"}
_KRONER = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CZ": "CZK"}
# Spanish pages in dollars are American; most of their invoices come from Mexico.
_LANGUAGE_DOLLARS = {"es": "MXN"}
# Countries farther down the ranking say nothing about the sign.
_MOST_COUNTRIES = 3
_LANGUAGE_KRONER = {"sv": "SEK", "nb": "NOK", "da": "DKK"}
_CODES = frozenset(read_lexicon("currencies")["codes"])
_NAMES = {"EURO": "EUR", "EUROS": "EUR", "RM": "MYR", "RS": "INR", "RS.": "INR", "RP": "IDR"}
_NAMES |= {"KR": "kr", "KR.": "kr", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "LEI": "RON"}
_NAMES |= {"FR.": "CHF", "SFR.": "CHF", "DOLLARS": "$", "US$": "USD", "A$": "AUD", "AU$": "AUD"}
_NAMES |= {"C$": "CAD", "CA$": "CAD", "S$": "SGD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL"}
_CENTS = re.compile(r"\d[.,]\d{2}$|\d[.,][-–]$")
_AMOUNT = re.compile(r"^[^\d]{0,4}\d[\d.,' ]*$")
_AFFIXED = re.compile(r"^(?P<a>[A-Z]{2,3}\$?|[A-Za-z]{1,2}\$)?-?\d[\d.,']*(?P<b>[A-Z]{3}|kr|zł)?$")


@dataclass(frozen=True, slots=True)
class CurrencyDecision:
    code: str
    confidence: float
    # Where it stands; empty when it follows from the country.
    tokens: tuple[Token, ...]


def decide_language(layout: DocumentLayout) -> tuple[str, float]:
    """ISO 639-1 code and the share of the evidence that speaks for it."""
    votes: Counter[str] = Counter()
    words = Counter(token.text.strip(".,:;()").casefold() for token in layout.tokens)
    for language, markers in read_lexicon("words", "language").items():
        votes[language] = sum(min(words[marker], 3) for marker in markers)
    (best, most), *others = votes.most_common()
    if most == 0:
        return "en", 0.3
    second = others[0][1] if others else 0
    return best, most / (most + second)


@cache
def country_names() -> Mapping[str, str]:
    """Folded country name in the languages of invoices -> ISO 3166-1 alpha-2."""
    names: dict[str, str] = {"usa": "US", "u.s.a": "US", "uk": "GB", "england": "GB"}
    names |= {"united states": "US", "etats unis": "US", "scotland": "GB", "wales": "GB"}
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "fi", "cs"):
        for code, name in BabelLocale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(fold(name), code)
    return names


def decide_currency(
    layout: DocumentLayout, labelled: Sequence[Token], language: str, countries: Sequence[str]
) -> CurrencyDecision | None:
    """The currency of the amounts.

    `labelled` are the tokens beside a currency label; `countries` are those the seller may be
    in, likeliest first.
    """
    votes: Counter[str] = Counter()
    places: dict[str, Token] = {}
    for token in labelled:
        for sign in _signs(token.text, alone=True):
            votes[sign] += 20
            places.setdefault(sign, token)
    for line in layout.lines:
        tokens = line.tokens
        for position, token in enumerate(tokens):
            beside = _beside_amount(tokens, position)
            for sign in _signs(token.text, alone=beside):
                votes[sign] += 2 if beside else 1
                places.setdefault(sign, token)
    for sign, count in votes.most_common():
        code, sure = _resolve(sign, language, countries, votes)
        share = count / sum(votes.values())
        return CurrencyDecision(code, min(0.99, sure * (0.8 + 0.2 * share)), (places[sign],))
    current = currencies_of(countries[0]) if countries else ()
    return CurrencyDecision(current[0], 0.6, ()) if current else None


@cache
def currencies_of(country: str) -> tuple[str, ...]:
    """Currencies (ISO 4217) in use in a country (ISO 3166-1 alpha-2), the main one first."""
    return tuple(get_territory_currencies(country))


def _signs(text: str, *, alone: bool) -> list[str]:
    """Currencies named by one word; short words count beside an amount only (`alone`)."""
    found = [code for symbol, code in _SYMBOLS.items() if symbol in text.casefold()]
    upper = text.strip("()[],:;=").upper()
    if upper in _CODES or upper.rstrip(".") in _CODES:
        found.append(upper.rstrip("."))
    elif upper in _NAMES and (alone or len(upper) > 3 or text[0] == "("):
        found.append(_NAMES[upper])
    elif match := _AFFIXED.match(text):
        affix = (match["a"] or match["b"] or "").upper()
        if affix in _CODES:
            found.append(affix)
        elif affix in _NAMES and ("$" in affix or _CENTS.search(text.rstrip("krzłKRZŁ"))):
            # "RM-7197" and "KR8" are codes, "RM12.50" is money.
            found.append(_NAMES[affix])
        elif "$" in text:
            found.append("$")
    if not found and "$" in text:
        found.append("$")
    return found


def _beside_amount(tokens: Sequence[Token], position: int) -> bool:
    """An amount follows; or stands before, and shows cents or is a price by its place.

    "9688 RS Utrecht" is no amount of rupees: behind a whole number only signs in their usual
    spelling count.
    """
    after = tokens[position + 1 : position + 2]
    before = tokens[position - 1 : position] if position else ()
    if any(_AMOUNT.match(token.text) for token in after):
        return True
    text = tokens[position].text
    usual = not text.strip("().,").isupper() or len(text) > 2
    return any(
        _CENTS.search(token.text) or (usual and _AMOUNT.match(token.text)) for token in before
    )


def _resolve(
    sign: str, language: str, countries: Sequence[str], votes: Mapping[str, int]
) -> tuple[str, float]:
    """(currency, probability) of a sign that several currencies share."""
    if sign == "$":
        return _nearest(_DOLLARS, _LANGUAGE_DOLLARS.get(language, "USD"), countries, votes)
    if sign == "kr":
        return _nearest(_KRONER, _LANGUAGE_KRONER.get(language, "SEK"), countries, votes)
    return sign, 0.99


def _nearest(
    currencies: Mapping[str, str],
    otherwise: str,
    countries: Sequence[str],
    votes: Mapping[str, int],
) -> tuple[str, float]:
    """The currency that is named in words too, or that of the likeliest country that has one."""
    for code in currencies.values():
        if votes.get(code):
            return code, 0.95
    for country in countries[:_MOST_COUNTRIES]:
        if country in currencies:
            return currencies[country], 0.95
    return otherwise, 0.7 if countries else 0.8
