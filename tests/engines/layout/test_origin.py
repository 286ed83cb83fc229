"""The seller's country: what one country alone prints, the buyer's block set aside."""

from __future__ import annotations

import pytest

from src.engines.layout.labels import find_labels
from src.engines.layout.locale import CurrencyDecision
from src.engines.layout.origin import rank_countries, settle_country
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of
from tests.engines.layout.test_identifiers import identifiers_on


def ranking(text: str, language: str = "en") -> tuple[str, ...]:
    layout = build_layout([page_of(text)])
    return rank_countries(layout, identifiers_on(text), language, find_labels(layout))


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("USt-IdNr. DE811907980", "DE"),
        ("Seattle, WA 98101", "US"),
        ("Toronto ON M5V 2T6", "CA"),
        ("12 JALAN MERANTI, MEGAH SDN BHD", "MY"),
        ("Tel +46 8 123 456", "SE"),
        ("www.example.co.uk", "GB"),
        ("Österreich", "AT"),
        ("Blue Fox Pty. Ltd.", "AU"),
        ("ABN 12 345 678 901", "AU"),
        ("Geelong VIC 3220", "AU"),
        ("Blue Fox Pte Ltd", "SG"),
        ("Singapore 048623", "SG"),
        ("Zorro Azul S.A. de C.V.", "MX"),
        ("HST 13%", "CA"),
        ("1234 AB Assen", "NL"),
    ],
)
def test_country(text: str, country: str) -> None:
    assert ranking(text)[0] == country


def test_no_evidence_is_no_country() -> None:
    assert ranking("xyzzy") == ()
    assert settle_country((), None) is None


def test_the_letterhead_counts_more_than_a_customer_abroad() -> None:
    page = """
    Blue Fox Inc.
    Seattle, WA 98101

    Bill to
    Volpe Blu S.r.l.
    66654 Milano
    Italia
    IT45807030692
    """
    assert ranking(page)[0] == "US"


def test_bill_to_and_ship_to_side_by_side_are_both_the_customers() -> None:
    page = """
    Blue Fox Inc.
    Seattle, WA 98101

    Bill to                     Ship to
    Volpe Blu Pte Ltd           Volpe Blu Pte Ltd
    Singapore 167930            Singapore 167930
    Singapore                   Singapore
    """
    assert ranking(page)[0] == "US"


def test_the_language_outweighs_the_country_beneath_an_address() -> None:
    assert ranking("Zorro Azul\n\nDanmark", language="es")[0] == "ES"


def test_a_word_said_often_counts_twice_at_most() -> None:
    assert ranking("SST\n\nSST\n\nSST\n\nSST\n\nGeelong VIC 3220")[0] == "AU"


def test_the_currency_picks_among_the_likeliest_countries() -> None:
    dollars = CurrencyDecision("USD", 0.9, tuple(build_layout([page_of("$")]).tokens))

    assert settle_country(("IT", "US"), dollars) == "US"
    assert settle_country(("IT", "GB"), dollars) == "IT"
