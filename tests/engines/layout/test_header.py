"""Numbers and dates go to the label that fits them best."""

from __future__ import annotations

import pytest

from src.engines.layout.engine import extract_candidate
from tests.engines.layout.drawing import page_of
from tests.engines.layout.test_engine import said


def fields_on(text: str, *paths: str) -> dict[str, str | None]:
    invoice = extract_candidate((page_of(text),)).invoice
    return {path: said(invoice, path) for path in paths}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Invoice No: 4711", "4711"),
        ("INVOICE\n# 32442", "32442"),
        ("Facture FA-2031-0042", "FA-2031-0042"),
        ("Rechnung (Teilrechnung) (326) Nr. 471102 vom 05.03.2018", "471102"),
        ("Fatura FT 2023/881", "FT 2023/881"),
        ("Rechnung # RE-20310512/7 von 12.05.2031", "RE-20310512/7"),
        ("Invoice\nNumber\n99-A", "99-A"),
        ("Belegnummer          Datum\n778899               01.02.2024", "778899"),
        ("Facture de vente 51-0422", "51-0422"),
        ("Creditfactuur RR-4098/26", "RR-4098/26"),
        ("FACTURA 5/26", "5/26"),
        ("Facture\nNuméro:   6403", "6403"),
        ("Faktura\nNumer   FV/18/2031", "FV/18/2031"),
        ("Gutschrift\nKorrektur-Nr.  K-77\nKorrektur zu Rechnung  R-12", "K-77"),
        ("BAURECHNUNG (204) Nr.     1813    Nummer   16259", "1813"),
        ("Receipt\nTrans  88213", "88213"),
        ("Rechnung\nTel. 030 123456", None),
        ("Invoice Date: 01/02/2024", None),
    ],
)
def test_invoice_number(text: str, number: str | None) -> None:
    assert fields_on(text, "invoice_number") == {"invoice_number": number}


def test_a_number_under_another_label_is_left_to_it() -> None:
    text = """
    Customer No: 100        Purchase Order: PO-5        Invoice No: 77-1
    Delivery note: L-9      Your reference: ABC-1       Contract: K-3
    """
    assert fields_on(
        text,
        "invoice_number",
        "purchase_order",
        "delivery_note",
        "buyer_reference",
        "contract_reference",
        "customer.customer_id",
    ) == {
        "invoice_number": "77-1",
        "purchase_order": "PO-5",
        "delivery_note": "L-9",
        "buyer_reference": "ABC-1",
        "contract_reference": "K-3",
        "customer.customer_id": "100",
    }


def test_a_reference_that_looks_like_an_order_is_the_order() -> None:
    assert fields_on("Votre référence   PO445", "purchase_order") == {"purchase_order": "PO445"}
    assert fields_on("Votre référence   AB445", "purchase_order") == {"purchase_order": None}


def test_the_next_column_is_no_number() -> None:
    text = """
    Document number       37 Mill Lane
    VF26-78891            Boulder, CO 61426
    """
    assert fields_on(text, "invoice_number") == {"invoice_number": "VF26-78891"}


def test_on_a_credit_note_the_invoice_reference_is_the_preceding_one() -> None:
    text = "Avoir\n\nNuméro:  RE-88\nRéf. facture:  INV-64"

    assert fields_on(text, "invoice_number", "preceding_invoice_number") == {
        "invoice_number": "RE-88",
        "preceding_invoice_number": "INV-64",
    }


def test_a_word_amid_prose_is_no_label_of_a_number() -> None:
    assert fields_on("Free delivery (order > 300)", "purchase_order") == {"purchase_order": None}


@pytest.mark.parametrize(
    "label",
    [
        *("Bitte zahlen bis", "Zahlungsziel", "Data limite de pagamento", "Forfalden"),
        *("Zapłacić do", "Betala senast", "Oss tillhanda senast", "Vence el", "Pagar antes del:"),
        *("Da pagare entro il", "Te betalen vóór", "À régler au plus tard le", "Please pay by"),
    ],
)
def test_due_dates_by_their_wording(label: str) -> None:
    text = f"Date: 2031-05-12\n\n{label}   2031-06-11"

    assert fields_on(text, "due_date") == {"due_date": "2031-06-11"}


@pytest.mark.parametrize(
    ("label", "order"),
    [
        ("Your ref. (PO)", "AC/5491"),
        ("Er beställning", "B-9254/26"),
        ("ERT ORDERNUMMER", "45006"),
        ("V/ encomenda", "4500673338"),
        ("Pedido nº", "AC/5491"),
        ("Votre cde", "C-12"),
    ],
)
def test_orders_by_their_wording(label: str, order: str) -> None:
    assert fields_on(f"{label}   {order}", "purchase_order") == {"purchase_order": order}


def test_values_glued_into_one_cell_are_parted_by_their_headings() -> None:
    text = """
    Date         Échéance     N° BC
    2015-08-12   2015-08-27   BC31746
    """.replace("-12   2", "-12 2").replace("-27   B", "-27 B")

    assert fields_on(text, "issue_date", "due_date", "purchase_order") == {
        "issue_date": "2015-08-12",
        "due_date": "2015-08-27",
        "purchase_order": "BC31746",
    }


def test_dates_go_to_their_labels() -> None:
    text = """
    Rechnungsdatum: 05.03.2024     Lieferdatum: 01.03.2024
    Bestellung vom 20.02.2024      Zahlbar bis 19.03.2024
    Leistungszeitraum: 01.02.2024 bis 29.02.2024
    """
    assert fields_on(
        text,
        "issue_date",
        "delivery_date",
        "order_date",
        "due_date",
        "service_period_start",
        "service_period_end",
    ) == {
        "issue_date": "2024-03-05",
        "delivery_date": "2024-03-01",
        "order_date": "2024-02-20",
        "due_date": "2024-03-19",
        "service_period_start": "2024-02-01",
        "service_period_end": "2024-02-29",
    }


def test_a_date_without_a_label_is_the_invoice_date_if_nothing_else_claims_it() -> None:
    text = "Zürich, 17. Mai 2023\nRechnung 2023-311\nZahlbar bis 16.06.2023"

    assert fields_on(text, "issue_date", "due_date") == {
        "issue_date": "2023-05-17",
        "due_date": "2023-06-16",
    }


def test_an_unlabelled_date_is_less_sure_than_a_labelled_one() -> None:
    labelled = extract_candidate((page_of("Invoice Date: 17 May 2023"),)).invoice.issue_date
    lone = extract_candidate((page_of("17 May 2023"),)).invoice.issue_date

    assert labelled is not None
    assert lone is not None
    assert lone.confidence < labelled.confidence


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("TAX INVOICE", "invoice"),
        ("G U T S C H R I F T", "credit_note"),
        ("Credit Memo-Sales Adj Confirmation", "credit_note"),
        ("Avoir AV-2031-0714\nDate de facture   16/11/2017", "credit_note"),
        ("OFFICIAL RECEIPT" + " " * 60 + "Copy", "receipt"),
        ("BAURECHNUNG(204) Nr. 18 vom 25.04.2018", "invoice"),
        ("Rechnungskorrektur\nKorrektur zu Rechnung   4711", "credit_note"),
        ("Verkoopfactuur", "invoice"),
        ("Receipt\nPlease quote the invoice number with your payment", "receipt"),
        ("Statement of Account" + " " * 50 + "Page 1", "statement"),
        ("Rechnungsnummer: 12" + " " * 60 + "x", "invoice"),
        ("hello" + " " * 120 + "world", None),
    ],
)
def test_document_type(text: str, kind: str | None) -> None:
    assert fields_on(text, "document_type") == {"document_type": kind}
