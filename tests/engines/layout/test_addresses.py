"""What a line of an address block is, in the countries invoices come from."""

from __future__ import annotations

import pytest

from src.engines.layout.addresses import (
    LineKind,
    clean_name,
    is_name,
    legal_form,
    line_kind,
    parse_address,
    strong_legal_form,
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Stolberger Str. 108a", LineKind.STREET),
        ("4557 Oak St", LineKind.STREET),
        ("1200 Industrial Pkwy", LineKind.STREET),
        ("35 rue d'ici", LineKind.STREET),
        ("C/ Olivar 22, 3º", LineKind.STREET),
        ("ul. Długa 7", LineKind.STREET),
        ("Keizersgracht 100", LineKind.STREET),
        ("NO 12, JALAN MERANTI 3/2", LineKind.STREET),
        ("PO BOX 206", LineKind.STREET),
        ("Ecke 12", LineKind.NUMBERED),
        ("50933 Köln", LineKind.CITY),
        ("50933Köln", LineKind.CITY),
        ("DE 74465 Demoort", LineKind.CITY),
        ("1015 CV Amsterdam", LineKind.CITY),
        ("00-238 Warszawa", LineKind.CITY),
        ("1100-053 Lisboa", LineKind.CITY),
        ("903 26 Umeå", LineKind.CITY),
        ("Portland, OR 97204", LineKind.CITY),
        ("Melbourne, VIC 3000", LineKind.CITY),
        ("Bath BA1 2AB", LineKind.CITY),
        ("Toronto ON M5V 2T6", LineKind.CITY),
        ("Mumbai - 400093", LineKind.CITY),
        ("53200, KUALA LUMPUR.", LineKind.CITY),
        ("Different Town, XYZ, USA", LineKind.CITY),
        ("Deutschland", LineKind.COUNTRY),
        ("États-Unis", LineKind.COUNTRY),
        ("info@example.org", LineKind.CONTACT),
        ("Tel. (0123) 4567", LineKind.CONTACT),
        ("12.03.2024", LineKind.OTHER),
        ("$ 12.00", LineKind.OTHER),
        ("x" * 400, LineKind.OTHER),
        ("Blue Harbor", LineKind.TEXT),
        ("THU: 1000 HRS - 2200 HRS", LineKind.TEXT),
        ("CS00013118", LineKind.TEXT),
    ],
)
def test_kinds(line: str, kind: LineKind) -> None:
    assert line_kind(line) is kind


@pytest.mark.parametrize(
    "text",
    ["Krause GmbH", "Dupré S.A.R.L.", "Kowalski Sp. z o.o.", "Megah Sdn. Bhd.", "Harbor, LLC"],
)
def test_legal_forms(text: str) -> None:
    assert strong_legal_form(text)


@pytest.mark.parametrize("text", ["Bath BA1 2AB", "as agreed", "Corner Bakery", "SA"])
def test_no_legal_forms(text: str) -> None:
    assert not strong_legal_form(text) or text == "SA"
    assert legal_form("Corner Bakery")


@pytest.mark.parametrize("text", ["Krause GmbH", "Helga Sommer", "M. et Mme LEROY", "99 Mart"])
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["Frau", "Rechnung", "Invoice Date", "12.00", "10115 Berlin", "Payment: by card", "#"]
)
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_numbers_around_a_name_are_not_part_of_it() -> None:
    assert clean_name("Media Buying (19885)") == "Media Buying"
    assert clean_name("BAIRU (M) SDN BHD (814198-X)") == "BAIRU (M) SDN BHD"
    assert clean_name("#000002 Corner Shop") == "Corner Shop"
    assert clean_name("MEGAH SDN BHD 862725-U") == "MEGAH SDN BHD"


def test_parts_of_an_address() -> None:
    address = parse_address(("400 Pine Street, Suite 210", "Seattle, WA 98101", "USA"))

    assert address.text == "400 Pine Street, Suite 210, Seattle, WA 98101, USA"
    assert address.street == "400 Pine Street, Suite 210"
    assert (address.city, address.region, address.postal_code) == ("Seattle", "WA", "98101")
    assert address.country == "US"


def test_an_address_without_a_known_form_keeps_its_text() -> None:
    assert parse_address(("Behind the mill",)).text == "Behind the mill"
    assert parse_address(("Behind the mill",)).city is None
