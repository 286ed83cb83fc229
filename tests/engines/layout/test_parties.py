"""Seller and buyer by label, by place and by agreement of several places."""

from __future__ import annotations

import pytest

from src.engines.layout.engine import extract_candidate
from tests.engines.layout.drawing import page_of
from tests.engines.layout.test_engine import said

GOODS = """
Description          Quantity     Price      Amount
Chair                    2        50.00      100.00
                                  Total      100.00
"""


def parties_on(text: str) -> dict[str, str | None]:
    invoice = extract_candidate((page_of(text + GOODS),)).invoice
    paths = ("vendor.name", "vendor.address", "customer.name", "customer.address")
    return {path: said(invoice, path) for path in paths}


HARBOR = {
    "vendor.name": "Blue Harbor Ltd",
    "vendor.address": "4 Quay Street, Bath BA1 2AB",
    "customer.name": "Northwind Foods",
    "customer.address": "88 Market Ave, Leeds LS1 4AP",
}


@pytest.mark.parametrize(
    "text",
    [
        # Labels above, with the parties side by side.
        """
From:                              Bill to:
Blue Harbor Ltd                    Northwind Foods
4 Quay Street                      88 Market Ave
Bath BA1 2AB                       Leeds LS1 4AP
""",
        # Labels beside.
        """
Sold by:  Blue Harbor Ltd          Sold to:  Northwind Foods
          4 Quay Street                      88 Market Ave
          Bath BA1 2AB                       Leeds LS1 4AP
""",
        # A letterhead, and the recipient in the address window.
        """
Blue Harbor Ltd
4 Quay Street
Bath BA1 2AB
Tel: 01225 555 0199



Mr A. Wind
Northwind Foods
88 Market Ave
Leeds LS1 4AP
""".replace("Mr A. Wind\n", ""),
        # A sender line above the window.
        """
Blue Harbor Ltd · 4 Quay Street · Bath BA1 2AB
Northwind Foods
88 Market Ave
Leeds LS1 4AP


INVOICE 12
""",
        # Another address under its own label is neither.
        """
Blue Harbor Ltd                                    INVOICE
4 Quay Street
Bath BA1 2AB

Ship to:                           Bill to:
Harbor Depot                       Northwind Foods
1 Long Lane                        88 Market Ave
York YO1 7HH                       Leeds LS1 4AP
""",
    ],
    ids=["labels above", "labels beside", "letterhead", "sender line", "ship to"],
)
def test_layouts_of_parties(text: str) -> None:
    assert parties_on(text) == HARBOR


def test_a_company_outranks_the_person_it_is_sent_to() -> None:
    text = """
    Bill to:
    Helen Smith
    Northwind Foods Ltd
    88 Market Ave
    Leeds LS1 4AP
    """
    assert parties_on(text)["customer.name"] == "Northwind Foods Ltd"


def test_a_name_that_runs_on_is_joined() -> None:
    text = """
    Bill to:
    Institute for Research and
    Consulting GmbH
    Ringstraße 1
    01067 Dresden
    """
    assert parties_on(text)["customer.name"] == "Institute for Research and Consulting GmbH"


def test_the_domain_of_a_mail_address_speaks_for_a_name() -> None:
    text = """
    Quality since 1920
    Blue Harbor


    Write to us: office@blueharbor.com
    """
    assert parties_on(text)["vendor.name"] == "Blue Harbor"
    assert parties_on(text.replace("blueharbor", "gmail"))["vendor.name"] == "Quality since 1920"


def test_ids_belong_to_the_block_they_stand_in() -> None:
    text = """
    Seller:                            Buyer:
    Blue Harbor Ltd                    Northwind Foods
    4 Quay Street                      88 Market Ave
    Bath BA1 2AB                       Leeds LS1 4AP
    VAT No: GB 980 7806 84             VAT No: GB 123 4567 82
    """
    invoice = extract_candidate((page_of(text),)).invoice

    assert said(invoice, "vendor.tax_id") == "GB980780684"
    assert said(invoice, "customer.tax_id") == "GB123456782"


def test_a_single_tax_id_is_the_sellers_wherever_it_stands() -> None:
    text = """
    Blue Harbor Ltd                    INVOICE

    Bill to:                           Invoice No: 12
    Northwind Foods                    VAT Reg: GB 980 7806 84
    88 Market Ave                      Date: 12/03/2024
    Leeds LS1 4AP
    """
    invoice = extract_candidate((page_of(text),)).invoice

    assert said(invoice, "vendor.tax_id") == "GB980780684"
    assert said(invoice, "customer.tax_id") is None


def test_of_two_tax_ids_the_one_beside_the_buyer_is_the_buyers() -> None:
    text = """
    Blue Harbor Ltd                    INVOICE
    4 Quay Street
    Bath BA1 2AB
    VAT No: GB 980 7806 84

    Bill to:                           Customer No: C-12
    Northwind Foods                    VAT No: GB 123 4567 82
    88 Market Ave
    Leeds LS1 4AP
    """
    invoice = extract_candidate((page_of(text),)).invoice

    assert said(invoice, "vendor.tax_id") == "GB980780684"
    assert said(invoice, "customer.tax_id") == "GB123456782"


def test_an_address_window_holds_no_bank_and_no_telephone() -> None:
    text = """
    Payment desk
    1 Vault Lane
    York YO1 7HH
    Tel: 01904 555 0100
    www.blueharbor.example.org

    INVOICE 12

                                       Northwind Foods
                                       88 Market Ave
                                       Leeds LS1 4AP
    """
    assert parties_on(text)["customer.name"] == "Northwind Foods"


def test_whom_the_goods_go_to_is_the_buyer_where_nobody_else_is_named() -> None:
    text = """
    Blue Harbor Ltd                    INVOICE

    Ship to: Northwind Foods, 88 Market Ave, Leeds LS1 4AP
    """
    found = parties_on(text)

    assert found["customer.name"] == "Northwind Foods"
    assert found["customer.address"] == "88 Market Ave, Leeds LS1 4AP"


def test_register_numbers_and_plain_bank_accounts() -> None:
    text = """
    Blue Harbor Ltd                    INVOICE
    4 Quay Street
    Bath BA1 2AB
    Company No: 7654321

    Sort code: 20-00-00     Bank account: 12345678     Bank: Harbour Bank
    """
    invoice = extract_candidate((page_of(text),)).invoice
    account = invoice.payment.accounts[0]

    assert account.iban is None
    assert account.account_number is not None
    assert account.account_number.value == "12345678"
    assert account.bank_code is not None
    assert account.bank_code.value == "20-00-00"

    assert said(invoice, "vendor.registration_number") == "7654321"
    assert said(invoice, "customer.registration_number") is None


def test_a_register_number_in_the_buyers_block_is_the_buyers() -> None:
    text = """
    Seller:                            Buyer:
    Blue Harbor Ltd                    Northwind Foods
    4 Quay Street                      88 Market Ave
    Bath BA1 2AB                       Leeds LS1 4AP
                                       Company No: 7654321
    """
    invoice = extract_candidate((page_of(text),)).invoice

    assert said(invoice, "vendor.registration_number") is None
    assert said(invoice, "customer.registration_number") == "7654321"


def test_a_large_name_over_several_lines_of_a_receipt() -> None:
    text = """
        NORTH WIND
    TRADING SDN BHD
      (812345-K)
     NO 12, JALAN MERANTI,
       SETAPAK,
     53200 KUALA LUMPUR
     GST ID : 000123456789
     TOTAL   RM 12.00
    """
    invoice = extract_candidate((page_of(text),)).invoice

    assert said(invoice, "vendor.name") == "NORTH WIND TRADING SDN BHD"
    assert said(invoice, "vendor.address") == ("NO 12, JALAN MERANTI, SETAPAK, 53200 KUALA LUMPUR")
    assert said(invoice, "currency") == "MYR"


def test_second_choices_are_kept() -> None:
    candidate = extract_candidate((page_of("Blue Harbor Ltd\n\nQuality Goods Store" + GOODS),))

    assert [a.field for a in candidate.alternatives] == ["vendor.name"]
    assert candidate.alternatives[0].reading.value == "Quality Goods Store"
