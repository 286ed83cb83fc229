"""Language, country and currency follow from all the words of a document."""

from __future__ import annotations

import pytest

from src.engines.layout.locale import (
    CurrencyDecision,
    decide_country,
    decide_currency,
    decide_language,
)
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of
from tests.engines.layout.test_identifiers import identifiers_on


def currency_of(text: str, language: str, country: str | None) -> CurrencyDecision | None:
    return decide_currency(build_layout([page_of(text)]), (), language, country)


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
    ("text", "country"),
    [
        ("USt-IdNr. DE136695976", "DE"),
        ("Seattle, WA 98101", "US"),
        ("Toronto ON M5V 2T6", "CA"),
        ("12 JALAN MERANTI, MEGAH SDN BHD", "MY"),
        ("Tel +46 8 123 456", "SE"),
        ("www.example.co.uk", "GB"),
        ("Österreich", "AT"),
    ],
)
def test_country(text: str, country: str) -> None:
    layout = build_layout([page_of(text)])

    assert decide_country(layout, identifiers_on(text), "en") == country


def test_no_evidence_is_no_country() -> None:
    assert decide_country(build_layout([page_of("xyzzy")]), (), "en") is None


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
    ],
)
def test_currency(text: str, language: str, country: str | None, code: str) -> None:
    decision = currency_of(text, language, country)

    assert decision is not None
    assert decision.code == code
    assert decision.tokens


def test_without_a_sign_the_country_tells_with_less_confidence() -> None:
    printed = currency_of("Total 12,00 CHF", "de", "CH")
    inferred = currency_of("Total 12,00", "de", "CH")

    assert printed is not None
    assert inferred is not None
    assert (printed.code, inferred.code) == ("CHF", "CHF")
    assert inferred.confidence < printed.confidence
    assert inferred.tokens == ()
    assert currency_of("Total 12,00", "de", None) is None
