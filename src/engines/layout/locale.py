"""Language, country and currency of a document, decided once from all its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale as BabelLocale
from babel.numbers import get_territory_currencies

from src.engines.layout.identifiers import Identifier
from src.engines.layout.lexicon import fold, read_lexicon
from src.engines.layout.model import DocumentLayout, Token

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH"}
_SYMBOLS |= {"฿": "THB", "₫": "VND", "₪": "ILS", "₱": "PHP", "₦": "NGN", "zł": "PLN", "kč": "CZK"}
# Signs of several currencies: the first country that fits decides.
_DOLLARS = {"US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
# "$" is also written for currencies that are not called dollar.
_DOLLARS |= {"MX": "MXN", "TW": "TWD", "MY": "MYR", "AR": "ARS", "CL": "CLP", "CO": "COP"}
_KRONER = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CZ": "CZK"}
_LANGUAGE_KRONER = {"sv": "SEK", "nb": "NOK", "da": "DKK"}
_CODES = frozenset(read_lexicon("currencies")["codes"])
_NAMES = {"EURO": "EUR", "EUROS": "EUR", "RM": "MYR", "RS": "INR", "RS.": "INR", "RP": "IDR"}
_NAMES |= {"KR": "kr", "KR.": "kr", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "LEI": "RON"}
_NAMES |= {"FR.": "CHF", "SFR.": "CHF", "DOLLARS": "$", "US$": "USD", "A$": "AUD", "AU$": "AUD"}
_NAMES |= {"C$": "CAD", "CA$": "CAD", "S$": "SGD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL"}
_AMOUNT = re.compile(r"^[^\d]{0,4}\d[\d.,' ]*$")
_AFFIXED = re.compile(r"^(?P<a>[A-Z]{2,3}\$?|[A-Za-z]{1,2}\$)?-?\d[\d.,']*(?P<b>[A-Z]{3}|kr|zł)?$")
_US_STATE = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),?\s+\d{5}(?:-\d{4})?\b"
)
_CANADIAN = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b")
_BRITISH = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_MALAYSIAN = re.compile(r"\b(?:SDN\.?\s*BHD|JALAN|SELANGOR|JOHOR|KUALA LUMPUR|TAMAN)\b", re.I)
_TLDS = re.compile(
    r"\.(?P<tld>de|fr|at|ch|it|es|nl|be|pl|se|dk|no|fi|uk|ie|pt|cz|au|ca|in|my|sg)\b"
)
_CALLING = {"49": "DE", "33": "FR", "43": "AT", "41": "CH", "39": "IT", "34": "ES", "31": "NL"}
_CALLING |= {"32": "BE", "48": "PL", "46": "SE", "45": "DK", "47": "NO", "358": "FI", "44": "GB"}
_CALLING |= {"353": "IE", "351": "PT", "61": "AU", "64": "NZ", "91": "IN", "60": "MY", "65": "SG"}
_PLUS = re.compile(r"(?<![\d\w])(?:\+|00)(?P<n>[1-9]\d{1,2})")
_LANGUAGE_COUNTRY = {"de": "DE", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pt": "PT"}
_LANGUAGE_COUNTRY |= {"pl": "PL", "sv": "SE", "da": "DK", "nb": "NO", "fi": "FI", "cs": "CZ"}
_LANGUAGE_COUNTRY |= {"ro": "RO", "hu": "HU", "ms": "MY"}


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


def decide_country(
    layout: DocumentLayout, identifiers: Sequence[Identifier], language: str
) -> str | None:
    """The country the seller most likely is in, None when nothing tells."""
    votes: Counter[str] = Counter()
    for identifier in identifiers:
        if identifier.country:
            votes[identifier.country] += 3 if identifier.kind == "vat" else 2
    names = country_names()
    for line in layout.lines:
        text = line.text
        votes["US"] += 2 * len(_US_STATE.findall(text))
        votes["CA"] += 2 * len(_CANADIAN.findall(text))
        votes["GB"] += 2 * len(_BRITISH.findall(text))
        votes["MY"] += 2 * len(_MALAYSIAN.findall(text))
        for match in _PLUS.finditer(text):
            country = _CALLING.get(match["n"]) or _CALLING.get(match["n"][:2])
            if country:
                votes[country] += 1
        for match in _TLDS.finditer(text):
            votes["GB" if match["tld"] == "uk" else match["tld"].upper()] += 1
        for segment in line.segments:
            last = fold(segment.text.rsplit(",", 1)[-1].strip(" .•-·"))
            if last in names:
                votes[names[last]] += 2
    home = _LANGUAGE_COUNTRY.get(language)
    if home:
        votes[home] += 1
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] > 0 else None


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
    layout: DocumentLayout, labelled: Sequence[Token], language: str, country: str | None
) -> CurrencyDecision | None:
    """The currency of the amounts; `labelled` are the tokens beside a currency label."""
    votes: Counter[str] = Counter()
    places: dict[str, Token] = {}
    for token in labelled:
        for sign in _signs(token.text, alone=True):
            votes[sign] += 20
            places.setdefault(sign, token)
    for line in layout.lines:
        tokens = line.tokens
        for position, token in enumerate(tokens):
            for sign in _signs(token.text, alone=_beside_amount(tokens, position)):
                votes[sign] += 2 if _beside_amount(tokens, position) else 1
                places.setdefault(sign, token)
    for sign, count in votes.most_common():
        code, sure = _resolve(sign, language, country, votes)
        share = count / sum(votes.values())
        return CurrencyDecision(code, min(0.99, sure * (0.8 + 0.2 * share)), (places[sign],))
    return _of_country(country)


def _of_country(country: str | None) -> CurrencyDecision | None:
    current = get_territory_currencies(country) if country else []
    return CurrencyDecision(current[0], 0.6, ()) if current else None


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
        elif affix in _NAMES:
            found.append(_NAMES[affix])
        elif "$" in text:
            found.append("$")
    if not found and "$" in text:
        found.append("$")
    return found


def _beside_amount(tokens: Sequence[Token], position: int) -> bool:
    near = tokens[max(0, position - 1) : position + 2]
    return any(_AMOUNT.match(token.text) for token in near)


def _resolve(
    sign: str, language: str, country: str | None, votes: Mapping[str, int]
) -> tuple[str, float]:
    if sign == "$":
        for code in _DOLLARS.values():
            if votes.get(code):
                return code, 0.95
        if country in _DOLLARS:
            return _DOLLARS[country], 0.95
        return "USD", 0.85
    if sign == "kr":
        for code in _KRONER.values():
            if votes.get(code):
                return code, 0.95
        if country in _KRONER:
            return _KRONER[country], 0.95
        return _LANGUAGE_KRONER.get(language, "SEK"), 0.7
    return sign, 0.99
