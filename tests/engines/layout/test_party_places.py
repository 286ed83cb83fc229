"""Customers without a label, and what must never become part of a party."""

from __future__ import annotations

import pytest

from tests.engines.layout.test_parties import GOODS, parties_on

HEAD = """
Blue Harbor Ltd
4 Quay Street
Bath BA1 2AB
Tel: 01225 555 0199
mail@blueharbor.example
"""


def customer_on(text: str) -> tuple[str | None, str | None]:
    found = parties_on(text)
    return found["customer.name"], found["customer.address"]


def test_beside_the_letterhead_stands_the_customer() -> None:
    text = """
Blue Harbor Ltd
4 Quay Street                      Northwind Foods
Bath BA1 2AB                       88 Market Ave
Tel: 01225 555 0199                Leeds LS1 4AP
mail@blueharbor.example

INVOICE
"""
    assert parties_on(text) == {
        "vendor.name": "Blue Harbor Ltd",
        "vendor.address": "4 Quay Street, Bath BA1 2AB",
        "customer.name": "Northwind Foods",
        "customer.address": "88 Market Ave, Leeds LS1 4AP",
    }


def test_a_customer_close_below_the_letterhead_keeps_to_itself() -> None:
    text = HEAD + "Northwind Foods\n88 Market Ave\nLeeds LS1 4AP\n\nINVOICE\n"

    assert customer_on(text) == ("Northwind Foods", "88 Market Ave, Leeds LS1 4AP")


def test_goods_are_no_party() -> None:
    goods = """
Item                     Quantity     Price      Amount
Coffee beans, 1 kg bag        2       50.00      100.00
Garden hose 25 m              1       20.00       20.00
Monthly support plan         12       10.00      120.00
                                      Total      240.00
"""
    assert customer_on(HEAD + "\n\nINVOICE\n" + goods) == (None, None)


def test_a_customer_of_one_line_is_found_by_its_legal_form() -> None:
    assert customer_on(HEAD + "\n\nNorthwind Foods GmbH\n\nINVOICE\n") == (
        "Northwind Foods GmbH",
        None,
    )


def test_a_labelled_block_ends_at_the_column_headings() -> None:
    text = HEAD + "\nBill to\nNorthwind Foods\n88 Market Ave\nLeeds LS1 4AP" + GOODS

    assert customer_on(text) == ("Northwind Foods", "88 Market Ave, Leeds LS1 4AP")


def test_in_a_list_of_labels_the_next_label_ends_the_block() -> None:
    text = """
Seller          Blue Harbor Ltd
                4 Quay Street
                Bath BA1 2AB
To              Northwind Foods
                88 Market Ave
                Leeds LS1 4AP
"""
    found = parties_on(text)

    assert found["vendor.address"] == "4 Quay Street, Bath BA1 2AB"
    assert found["customer.name"] == "Northwind Foods"


def test_a_listed_buyer_has_the_address_of_the_window_that_repeats_its_name() -> None:
    text = (
        HEAD
        + """
Agency:  Northwind Foods (17775)         Terms:  30 days


NORTHWIND FOODS
88 MARKET AVE
LEEDS LS1 4AP
"""
    )
    assert customer_on(text)[1] == "88 MARKET AVE, LEEDS LS1 4AP"


@pytest.mark.parametrize(
    "attention",
    ["Attention Peter Hendry", "À l'attention de Luc Marchandier", "A la atención de Diego Prado"],
)
def test_who_a_letter_is_for_does_not_name_the_customer(attention: str) -> None:
    text = HEAD + f"\n\nNorthwind Foods\n{attention}\n88 Market Ave\nLeeds LS1 4AP\n\n"

    assert customer_on(text)[0] == "Northwind Foods"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Spett.le:", "Volpe Blu S.r.l."),
        ("Exmo.(s) Sr.(s):", "Raposa Azul Lda"),
        ("Faktureras till:", "Blå Räv AB"),
        ("Destinataire de la facture", "Renard Bleu SARL"),
    ],
)
def test_buyers_by_their_wording(label: str, name: str) -> None:
    text = HEAD + f"\n\n{label}\n{name}\n88 Market Ave\nLeeds LS1 4AP\n\n"

    assert customer_on(text)[0] == name


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("Elektro Dachs UG", "(haftungsbeschränkt)", "Elektro Dachs UG (haftungsbeschränkt)"),
        ("Zorro Azul Transportes", "S.A. de C.V.", "Zorro Azul Transportes S.A. de C.V."),
    ],
)
def test_a_name_keeps_the_legal_form_of_its_next_line(first: str, second: str, name: str) -> None:
    text = f"{first}\n{second}\n4 Quay Street\nBath BA1 2AB\nTel: 01225 555 0199\n\n\n"

    assert parties_on(text)["vendor.name"] == name


def test_a_logo_with_the_beginning_of_a_name_is_not_the_name() -> None:
    text = "Blue Harbor\nBlue Harbor Seafood\n4 Quay Street\nBath BA1 2AB\nTel: 01225 555 0199\n\n"

    assert parties_on(text)["vendor.name"] == "Blue Harbor Seafood"


def test_a_sender_line_is_not_a_name_as_a_whole() -> None:
    text = """
Dachs Elektro e.K. - Hauptstr. 50 - 17263 Musterstadt
Sabine Fuchs
Mühlenweg 12
17265 Neustadt
"""
    found = parties_on(text)

    assert (found["vendor.name"], found["customer.name"]) == ("Dachs Elektro e.K.", "Sabine Fuchs")


def test_the_value_of_another_label_ends_a_block() -> None:
    text = (
        HEAD
        + """
Buyer:      Northwind Foods
Comments:   SPRING OFFER 2031 Weekly
"""
    )
    assert customer_on(text) == ("Northwind Foods", None)


def test_a_state_is_no_legal_form() -> None:
    text = "Blue Harbor Inc.\n148 Market Place\nBoulder, CO 80301\nTel: 303 555 0199\n\n"

    assert parties_on(text)["vendor.address"] == "148 Market Place, Boulder, CO 80301"
