"""Language and currency follow from all the words of a document."""

from __future__ import annotations

import pytest

from src.engines.layout.locale import (
    CurrencyDecision,
    decide_currency,
    decide_language,
)
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of


def currency_of(text: str, language: str, country: str | None) -> CurrencyDecision | None:
    countries = (country,) if country else ()
    return decide_currency(build_layout([page_of(text)]), (), language, countries)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please find the invoice for your order, total amount due", "en"),
        ("Rechnung vom Datum, der Betrag ist zahlbar bis zum", "de"),
        ("Facture du client, montant TTC, échéance du règlement", "fr"),
        ("Factura, fecha, importe del cliente, base imponible", "es"),
        ("Faktura VAT, sprzedawca, nabywca, do zapłaty", "pl"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert decide_language(build_layout([page_of(text)]))[0] == language


def test_no_known_word_is_english_without_conviction() -> None:
    language, share = decide_language(build_layout([page_of("xyzzy 4711")]))

    assert (language, share) == ("en", 0.3)


@pytest.mark.parametrize(
    ("text", "language", "country", "code"),
    [
        ("Total 12,00 €", "de", None, "EUR"),
        ("Total $12.00", "en", None, "USD"),
        ("Total $12.00", "en", "CA", "CAD"),
        ("Total CA$16.95", "en", None, "CAD"),
        ("Total $12.00 AUD", "en", None, "AUD"),
        ("Total RM 12.00", "en", "MY", "MYR"),
        ("Amount (RM)   12.00", "en", None, "MYR"),
        ("Att betala 3 000,00 kr", "sv", None, "SEK"),
        ("I alt 625,00 kr.", "da", "DK", "DKK"),
        ("Total ₹ 15,750.00", "en", "IN", "INR"),
        ("Do zapłaty 123,00 zł", "pl", "PL", "PLN"),
        ("Total $12.00", "es", None, "MXN"),
        ("Betaling 100 kr", "da", None, "DKK"),
    ],
)
def test_currency(text: str, language: str, country: str | None, code: str) -> None:
    decision = currency_of(text, language, country)

    assert decision is not None
    assert decision.code == code
    assert decision.tokens


@pytest.mark.parametrize(
    "text", ["7512 RS Enschede", "Desk lamp   RM-7197", "Leeds   KR8 8JB", "4012 FT blue"]
)
def test_letters_of_codes_and_postal_codes_are_no_currency(text: str) -> None:
    assert currency_of(text, "en", None) is None


def test_of_several_countries_the_likeliest_with_such_money_counts() -> None:
    layout = build_layout([page_of("Total $12.00")])
    decision = decide_currency(layout, (), "en", ("IT", "SG", "US"))

    assert decision is not None
    assert decision.code == "SGD"


def test_without_a_sign_the_country_tells_with_less_confidence() -> None:
    printed = currency_of("Total 12,00 CHF", "de", "CH")
    inferred = currency_of("Total 12,00", "de", "CH")

    assert printed is not None
    assert inferred is not None
    assert (printed.code, inferred.code) == ("CHF", "CHF")
    assert inferred.confidence < printed.confidence
    assert inferred.tokens == ()
    assert currency_of("Total 12,00", "de", None) is None
