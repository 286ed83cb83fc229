"""What invoices of programs nobody listed print: odd labels, broken cells, names in odd places."""

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


def read(text: str, *paths: str) -> list[str | None]:
    invoice = extract_candidate((page_of(text),)).invoice
    return [said(invoice, path) for path in paths]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # A title with the word for "number" is a label, listed or not.
        ("Commercial invoice no.    EX-25-731", "EX-25-731"),
        # A narrow cell breaks behind a hyphen.
        ("Invoice number    DS-INV-\n                  90331", "DS-INV-90331"),
        # The bare sign or word heads the number where nothing else does.
        ("No.        Issued\n2025/88    9 November 2025", "2025/88"),
        ("#          : INV-000447\nDate       : 04/11/2025", "INV-000447"),
        # Eight digits are no date under a label of numbers.
        ("Invoice no.    20250417", "20250417"),
        ("FAKTURA        č. 118447", "118447"),
        # Groups that fill the cell.
        ("Rechnungsnummer:   VR 25 447118", "VR 25 447118"),
        # The invoice before the receipt that paid it.
        ("Receipt number    2447-1180\nInvoice number    C77A-0009", "C77A-0009"),
    ],
)
def test_numbers_of_the_document(text: str, number: str) -> None:
    assert read(f"{text}\n{GOODS}", "invoice_number") == [number]


def test_a_post_box_is_no_order_number() -> None:
    text = f"Invoice no. 17\nRemit to:\nBlue Harbor Ltd\nP.O. BOX 71930\nBath BA1 2AB\n{GOODS}"
    assert read(text, "purchase_order") == [None]


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Bitte überweisen Sie den Betrag bis zum 14.11.2025.", "2025-11-14"),
        ("Please pay the total by 20.11.2025 at the latest.", "2025-11-20"),
        # It may go over two lines.
        ("Der Rechnungsbetrag ist\nbis zum 14.11.2025 fällig.", "2025-11-14"),
        # The cash discount ends earlier, the sentence about late payers names other days.
        ("Bei Zahlung bis 07.11.2025 2 % Skonto.", None),
        ("Total due in 15 days. Overdue accounts pay 1 % per 30 days.", "2025-11-16"),
        ("Ich ersuche um Überweisung binnen 14 Tagen.", "2025-11-15"),
        # A sort code is no day in 2028.
        ("Please pay within 7 days to D Potter, due 09-01-28", "2025-11-08"),
        # No sentence about paying.
        ("Die Ausstellung läuft bis zum 14.11.2025.", None),
    ],
)
def test_due_dates_of_running_text(sentence: str, due: str | None) -> None:
    text = f"Rechnung Nr. 17\nDatum: 01.11.2025\n{GOODS}\n{sentence}"
    assert read(text, "issue_date", "due_date") == ["2025-11-01", due]


def test_terms_may_stand_in_the_cell_beside_their_label() -> None:
    text = f"Invoice no. 17\nDate: 1 November 2025\nTERMS        : 30 DAYS\n{GOODS}"
    assert read(text, "due_date") == ["2025-12-01"]


@pytest.mark.parametrize("place", ["Köln, 10.11.2025", "Salzburg, am 10. November 2025"])
def test_the_date_of_a_letter_is_the_invoices(place: str) -> None:
    text = f"""
Rechnung Nr. 17
                                         {place}
Datum        Leistung                       Betrag
14.10.2025   Beratung                        10,00
21.10.2025   Untersuchung                    20,00
             Rechnungsbetrag                 30,00
"""
    assert read(text, "issue_date") == ["2025-11-10"]


def test_the_payee_tells_the_registered_name_from_a_trade_name() -> None:
    text = f"""
Sunny Trade
Blue Harbor
4 Quay Street
Bath BA1 2AB
Tel. 01225 555 0199

Invoice no. 17
{GOODS}

Pay to:
Blue Harbor
"""
    assert read(text, "vendor.name") == ["Blue Harbor"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        # What the shop sells, and whose it is.
        ("BAKERY\nGOLDEN CRUST\n4 Quay Street\nBath BA1 2AB", "GOLDEN CRUST"),
        # A motto before the address.
        (
            "Pemberton and Oduya LLP\nAttorneys at Law · 900 Tower Street · 44114 Cleveland",
            "Pemberton and Oduya LLP",
        ),
    ],
)
def test_what_stands_beside_a_name_is_none(head: str, name: str) -> None:
    assert read(f"{head}\n\nInvoice no. 17\n{GOODS}", "vendor.name") == [name]


def test_the_seller_at_a_till_is_not_the_vendor() -> None:
    text = """
Best Lamps Retail
4 Quay Street
Bath BA1 2AB
Sold by: BD1187 MARY BELL
RECEIPT
Lamp            89.00
Total           89.00
"""
    assert read(text, "vendor.name") == ["Best Lamps Retail"]


def test_an_address_is_found_in_a_line_with_telephone_and_mail() -> None:
    text = f"""
              Blue Harbor
1 Quay Street, Bath BA1 2QS · Tel. +44 1225 555 013 · mail@blueharbor.example

Invoice no. 17
{GOODS}
"""
    assert read(text, "vendor.address") == ["1 Quay Street, Bath BA1 2QS"]


def test_the_registered_office_is_the_address_where_no_other_stands() -> None:
    text = f"""
Blue Harbor Energy

Invoice no. 17
{GOODS}


Blue Harbor Energy Limited. Registered office: 1 Quay Way, Reading RG2 0QX.
"""
    assert read(text, "vendor.address") == ["1 Quay Way, Reading RG2 0QX."]


@pytest.mark.parametrize(
    "text",
    [
        # The slip to pay with is the only place that names the customer.
        """
Blue Harbor Water
4 Quay Street
Bath BA1 2AB
Tel. 01225 555 0199

Invoice no. 17
{goods}




Please return this portion with your payment.

Daniel Holloway
88 Market Ave
Leeds LS1 4AP
""",
        # A list of facts, with the address in one cell.
        """
Blue Harbor Rail
4 Quay Street
Bath BA1 2AB

Invoice no. 17
Purchased by    Daniel Holloway, 88 Market Ave, Leeds LS1 4AP

{goods}
""",
        # A heading beside the label is not the customer.
        """
Blue Harbor Rail
4 Quay Street
Bath BA1 2AB

Bill to                       Details
Daniel Holloway               Invoice no. 17
88 Market Ave
Leeds LS1 4AP
{goods}
""",
    ],
)
def test_customers_in_odd_places(text: str) -> None:
    name, address = read(text.format(goods=GOODS), "customer.name", "customer.address")
    assert (name, address) == ("Daniel Holloway", "88 Market Ave, Leeds LS1 4AP")


def test_the_consignee_is_the_customer_only_where_nobody_else_is() -> None:
    both = f"""
Consignee (Ship to)           Buyer (Bill to)
Daniel Holloway               Northwind Foods
88 Market Ave                 7 Mill Lane
Leeds LS1 4AP                 Bath BA1 2AB
{GOODS}
"""
    assert read(both, "customer.name") == ["Northwind Foods"]
    alone = f"Consignee\nDaniel Holloway\n88 Market Ave\nLeeds LS1 4AP\n{GOODS}"
    assert read(alone, "customer.name") == ["Daniel Holloway"]


def test_a_house_number_of_four_digits_is_no_postal_code() -> None:
    text = f"Bill to:\nDaniel Holloway\n2214 Harbor Point\nPortland, OR 97217\n{GOODS}"
    assert read(text, "customer.address") == ["2214 Harbor Point, Portland, OR 97217"]


def test_the_area_code_of_a_telephone_may_stand_in_brackets() -> None:
    text = f"Blue Harbor Ltd\n4 Quay Street\nBath BA1 2AB\nPhone (503) 555-0142\n{GOODS}"
    assert read(text, "vendor.phone") == ["(503) 555-0142"]


def test_an_account_number_goes_on_in_the_next_line() -> None:
    text = f"""
Blue Harbor Ltd
4 Quay Street
Bath BA1 2AB
{GOODS}
Please transfer the total to our account at the bank, IBAN GB29 NWBK 6016
1331 9268 19.
"""
    invoice = extract_candidate((page_of(text),)).invoice
    accounts = [account.iban for account in invoice.payment.accounts]
    assert [iban.value for iban in accounts if iban] == ["GB29NWBK60161331926819"]


def test_the_country_of_a_tax_id_may_end_its_label() -> None:
    text = f"Drukkerij Blauw NV\nBrugstraat 2\n8800 Roeselare\nBTW BE 0428.113.774\n{GOODS}"
    assert read(text, "vendor.tax_id") == ["BE0428.113.774"]


def test_a_tax_id_of_the_customers_country_is_the_customers() -> None:
    text = f"""
Netzwerk UG
Rosenweg 2
88045 Friedrichshafen
Deutschland

Rechnung Nr. 17
Kunde:
Marinas GmbH
Seestraße 40
6900 Bregenz
Österreich
{GOODS}
Reverse Charge. UID ATU63611700


USt-ID: DE301122338
"""
    assert read(text, "vendor.tax_id", "customer.tax_id") == ["DE301122338", "ATU63611700"]
