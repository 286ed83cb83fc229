"""Signs that several currencies share need a second sign: "$" alone is no US dollar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.domain.checks.base import CheckContext
from src.domain.checks.places import address_country, party_countries
from src.domain.checks.printed import normalise
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.page import Page

AMBIGUOUS = "currency-ambiguous"

# Sign -> currency -> countries in which the sign alone means it.
_SHARED: dict[str, dict[str, str]] = {
    "$": {
        "USD": "US PR GU VI EC SV PA ZW",
        "CAD": "CA",
        "AUD": "AU NR TV KI",
        "NZD": "NZ CK",
        "SGD": "SG",
        "HKD": "HK",
        "TWD": "TW",
        "MXN": "MX",
        "ARS": "AR",
        "CLP": "CL",
        "COP": "CO",
        "UYU": "UY",
        "MYR": "MY",
        "BRL": "BR",
    },
    "kr": {"SEK": "SE", "NOK": "NO", "DKK": "DK FO GL", "ISK": "IS", "CZK": "CZ"},
    "¥": {"JPY": "JP", "CNY": "CN"},
    "rs": {"INR": "IN", "PKR": "PK", "LKR": "LK", "NPR": "NP", "MUR": "MU"},
    "fr": {"CHF": "CH LI"},
    "£": {"GBP": "GB IM JE GG", "EGP": "EG", "LBP": "LB"},
}
_SIGNS = {"＄": "$", "￥": "¥", "kr.": "kr", "rs.": "rs", "₨": "rs", "fr.": "fr", "sfr.": "fr"}
# Countries by what their addresses and numbers look like, where no country is named: state and
# ZIP code, Canadian and British postal codes, tax numbers that carry their name.
_TRACES = {
    "US": r"\b[A-Z]{2}\.?,?\s+[0-9]{5}(?:-[0-9]{4})?\b|\bEIN\b|\bU\.?S\.?A\b|\bUnited States\b",
    "CA": r"\b[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9]\b|\bCanada\b|\b(?:HST|QST|TVQ)\b",
    "AU": r"\bABN\b|\bAustralia\b",
    "NZ": r"\bNew Zealand\b|\bNZBN\b",
    "SG": r"\bSingapore\b|\bUEN\b",
    "HK": r"\bHong ?Kong\b",
    "MX": r"\bRFC\b|\bM[ée]xico\b",
    "GB": r"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b|\bUnited Kingdom\b|\bEngland\b",
    "JP": r"\bJapan\b|[ぁ-んァ-ン]",
    "CN": r"\bChina\b|人民币",
    "IN": r"\bGSTIN\b|\bIndia\b|\bPAN\b",
    "PK": r"\bPakistan\b|\bNTN\b",
    "SE": r"\bSverige\b|\bSweden\b|\bbankgiro\b|\bplusgiro\b|\bmoms\b(?=.*\bfaktura)",
    "NO": r"\bNorge\b|\bNorway\b|\bMVA\b",
    "DK": r"\bDanmark\b|\bDenmark\b|\bCVR\b",
    "CH": r"\bCHE-?[0-9]|\bSchweiz\b|\bSuisse\b|\bSvizzera\b|\bSwitzerland\b",
}
_FOUND = {country: re.compile(pattern) for country, pattern in _TRACES.items()}
_MOST_TEXT = 100_000


def check_currency_sign(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """A shared sign is taken for a currency only if the page also says so by its code, or a
    party, an account or an address is of a country where the sign means that currency.

    An error: the amount may be several times another.
    """
    reading = invoice.currency
    if reading is None:
        return
    sign = _sign_of(reading.text)
    meanings = _SHARED.get(sign or "")
    if meanings is None or len(meanings) < 2 or reading.value not in meanings:
        return
    code, home = reading.value, frozenset(meanings[reading.value].split())
    if known_currency(context) == code or _has_code(context.pages, code):
        return
    if home & (_countries(invoice) | _traces(context.pages, home)):
        return
    others = ", ".join(other for other in list(meanings)[:5] if other != code)
    yield Finding(
        code=AMBIGUOUS,
        severity=Severity.ERROR,
        message=f"The page only writes '{sign}', which was taken for {code}; it may be {others}, "
        "and neither an address nor an account tells.",
        fields=("currency",),
        remedy="Set the currency after looking at who the vendor is.",
    )


def known_currency(context: CheckContext) -> str | None:
    """The currency of the supplier's approved invoices, if it was always the same."""
    currencies = context.known.supplier.currencies if context.known is not None else ()
    return currencies[0] if len(currencies) == 1 else None


def _sign_of(text: str | None) -> str | None:
    """The sign in a printed text such as "$ 1,200.00"; None for a code, or without a text."""
    plain = re.sub(r"[0-9.,'\s+-]+", " ", normalise(text or "")).strip()
    sign = _SIGNS.get(plain, plain)
    return sign if sign in _SHARED else None


def _has_code(pages: tuple[Page, ...], code: str) -> bool:
    """Whether the code, or the sign with its country ("US$", "CA$"), is printed anywhere."""
    pattern = re.compile(rf"(?<![A-Za-z]){code}(?![A-Za-z])|(?<![A-Za-z]){code[:2]} ?\$")
    return any(pattern.search(word.text) for page in pages for word in page.words)


def _countries(invoice: Invoice) -> frozenset[str]:
    accounts = {
        account.iban.value[:2] for account in invoice.payment.accounts if account.iban is not None
    }
    customer = address_country(invoice.customer)
    return party_countries(invoice.vendor) | accounts | ({customer} if customer else set())


def _traces(pages: tuple[Page, ...], countries: frozenset[str]) -> frozenset[str]:
    """Those of the countries that the pages show traces of."""
    text = "\n".join(" ".join(word.text for word in page.words) for page in pages)[:_MOST_TEXT]
    return frozenset(
        country for country in countries if country in _FOUND and _FOUND[country].search(text)
    )
