"""The einvoice engine on CII and UBL documents written for these tests.

Beside each XML lies a JSON with every reading it must give: path -> [value, element path].
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from src.domain.errors import UnusableAnswer
from src.domain.invoice import DocumentType, LineKind
from src.domain.readings import XmlEvidence
from src.engines.einvoice import EInvoiceEngine
from src.engines.einvoice.codes import document_type_of
from src.engines.einvoice.engine import read_einvoice
from src.ports import ExtractionHints
from tests.engines.invoice_readings import readings_of, values_of

DOCUMENTS = Path(__file__).parent / "einvoices"


def _xml(name: str) -> bytes:
    return (DOCUMENTS / f"{name}.xml").read_bytes()


@pytest.mark.parametrize("name", ["cii_extended", "zugferd_1", "ubl_invoice", "ubl_credit_note"])
async def test_every_stated_value_is_read_with_its_element_path(name: str) -> None:
    expected = json.loads((DOCUMENTS / f"{name}.json").read_text("utf-8"))

    candidate = await EInvoiceEngine().extract((), ExtractionHints(embedded_xml=_xml(name)))

    values = values_of(candidate.invoice)
    found = {}
    for path, reading in readings_of(candidate.invoice):
        assert isinstance(reading.evidence, XmlEvidence)
        assert (reading.confidence, reading.engine) == (1.0, "einvoice")
        found[path] = [values[path], reading.evidence.path]
    assert found == expected
    assert candidate.provenance.notes == ()


def test_extended_lines_keep_their_kind_so_that_groups_are_not_counted_twice() -> None:
    invoice = read_einvoice(_xml("cii_extended")).invoice

    assert [line.kind for line in invoice.line_items] == [
        LineKind.GROUP,
        LineKind.DETAIL,
        LineKind.INFORMATION,
    ]


def test_a_ubl_line_with_sub_lines_is_a_group() -> None:
    invoice = read_einvoice(_xml("ubl_invoice")).invoice

    assert [line.kind for line in invoice.line_items] == [LineKind.GROUP, LineKind.DETAIL]


def test_address_parts_are_kept_apart() -> None:
    address = read_einvoice(_xml("cii_extended")).invoice.vendor.address

    assert address is not None
    assert address.value.model_dump() == {
        "text": "Sägeweg 7, Hof 2, Tor B, 10999 Berlin, Berlin, DE",
        "street": "Sägeweg 7",
        "additional": "Hof 2, Tor B",
        "city": "Berlin",
        "postal_code": "10999",
        "region": "Berlin",
        "country": "DE",
    }


def test_charges_and_allowances_are_told_apart() -> None:
    invoice = read_einvoice(_xml("cii_extended")).invoice

    assert [item.is_charge for item in invoice.allowances_charges] == [False, True, True]


def test_text_is_kept_as_the_xml_has_it() -> None:
    invoice = read_einvoice(_xml("cii_extended")).invoice
    iban = invoice.payment.accounts[0].iban

    assert iban is not None
    assert (iban.value, iban.text) == ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", DocumentType.INVOICE),
        ("381", DocumentType.CREDIT_NOTE),
        ("384", DocumentType.INVOICE),
        ("389", DocumentType.INVOICE),
        ("326", DocumentType.INVOICE),
        ("261", DocumentType.CREDIT_NOTE),
        ("220", DocumentType.OTHER),
        ("²80", DocumentType.OTHER),
        ("", DocumentType.OTHER),
    ],
)
def test_type_codes(code: str, kind: DocumentType) -> None:
    assert document_type_of(code) is kind


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = _xml("cii_extended").decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')

    vendor = read_einvoice(text.encode(encoding)).invoice.vendor.name

    assert vendor is not None
    assert vendor.value == "Ahornwerk Möbelbau GmbH"


def test_minimum_profile_has_no_lines_and_that_is_fine() -> None:
    minimum = """<CrossIndustryInvoice><ExchangedDocument><ID>1</ID></ExchangedDocument>
    <SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>
    <SpecifiedTradeSettlementHeaderMonetarySummation><GrandTotalAmount>9.50</GrandTotalAmount>
    </SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement>
    </SupplyChainTradeTransaction></CrossIndustryInvoice>"""

    invoice = read_einvoice(minimum.encode()).invoice

    assert invoice.totals.total is not None
    assert invoice.totals.total.value == Decimal("9.50")
    assert invoice.line_items == ()
    assert invoice.vendor.name is None


def test_an_envelope_is_opened() -> None:
    invoice = _xml("ubl_invoice").partition(b"?>")[2]
    envelope = (
        b"<StandardBusinessDocument><StandardBusinessDocumentHeader/>%s</StandardBusinessDocument>"
    )

    number = read_einvoice(envelope % invoice).invoice.invoice_number

    assert number is not None
    assert number.evidence == XmlEvidence(path="StandardBusinessDocument/Invoice/ID")


def test_values_that_cannot_be_are_left_out_and_told() -> None:
    broken = (
        _xml("cii_extended")
        .replace(b">20260803<", b">20260231<")
        .replace(b">1155.50<", b">1.155,50<")
        .replace(b">EUR</ram:InvoiceCurrencyCode", b">Euro</ram:InvoiceCurrencyCode")
        .replace(b">20260620<", b">CW 25<")
    )

    candidate = read_einvoice(broken)

    assert candidate.invoice.issue_date is None
    assert candidate.invoice.totals.total is None
    assert candidate.invoice.currency is None
    assert candidate.invoice.order_date is None
    notes = "\n".join(candidate.provenance.notes)
    assert "IssueDateTime/DateTimeString holds '20260231', which is not a calendar day" in notes
    assert "GrandTotalAmount holds '1.155,50', which is not a decimal number" in notes
    assert "InvoiceCurrencyCode holds 'Euro', which is not a currency code" in notes
    assert "'CW 25'" in notes


def test_notes_stay_few_however_many_values_are_broken() -> None:
    line = b"<InvoiceLine><LineExtensionAmount>much</LineExtensionAmount></InvoiceLine>"
    many = _xml("ubl_invoice").replace(b"</Invoice>", line * 200 + b"</Invoice>")

    assert len(read_einvoice(many).provenance.notes) == 20


@pytest.mark.parametrize("amount", ["", ".", "-", "1e9", "NaN", "Infinity", "٣", "1" * 40])
def test_only_plain_decimals_are_amounts(amount: str) -> None:
    xml = _xml("ubl_credit_note").replace(
        b'<cbc:PayableAmount currencyID="GBP">12.00', f"<cbc:PayableAmount>{amount}".encode()
    )

    assert read_einvoice(xml).invoice.totals.amount_due is None


async def test_a_document_without_xml_is_not_for_this_engine() -> None:
    with pytest.raises(UnusableAnswer, match="carries no e-invoice XML"):
        await EInvoiceEngine().extract((), ExtractionHints())


@pytest.mark.parametrize("name", ["ubl_invoice", "cii_extended"])
def test_an_amount_in_another_currency_than_the_invoice_is_none_of_its_amounts(name: str) -> None:
    xml = _xml(name).replace(b">EUR</", b">NOK</")
    assert b'currencyID="EUR"' in xml

    candidate = read_einvoice(xml)

    assert candidate.invoice.currency is not None
    assert candidate.invoice.currency.value == "NOK"
    assert candidate.invoice.totals.tax_total is None
    assert "which is not in NOK, but in " in " ".join(candidate.provenance.notes)


@pytest.mark.parametrize(("stated", "beside"), [("true", ["other"]), ("false", [])])
def test_a_message_sent_for_a_test_is_no_invoice(stated: str, beside: list[str]) -> None:
    indicator = f"<ram:TestIndicator><udt:Indicator>{stated}</udt:Indicator></ram:TestIndicator>"
    opening = b"<rsm:ExchangedDocumentContext>"
    xml = _xml("cii_extended")
    assert opening in xml

    candidate = read_einvoice(xml.replace(opening, opening + indicator.encode()))

    assert candidate.invoice == read_einvoice(xml).invoice
    assert [one.reading.value for one in candidate.alternatives] == beside


def test_an_empty_address_element_is_no_address() -> None:
    xml = _xml("cii_extended").replace(b"<ram:CountryID>AT</ram:CountryID>", b"<ram:CountryID/>")

    assert read_einvoice(xml).invoice.customer.address is None
