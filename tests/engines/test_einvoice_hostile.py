"""What the einvoice engine refuses, and that refusing is cheap and safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.domain.errors import UnusableAnswer
from src.domain.readings import XmlEvidence
from src.engines.einvoice import xml_node, xml_readings
from src.engines.einvoice.engine import read_einvoice
from src.engines.einvoice.xml_node import parse_xml

_BILLION_LAUGHS = (
    '<!DOCTYPE CrossIndustryInvoice [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><CrossIndustryInvoice><ID>&j;</ID></CrossIndustryInvoice>"
)


@pytest.mark.parametrize(
    "xml",
    [
        _BILLION_LAUGHS,
        '<!DOCTYPE Invoice SYSTEM "http://192.0.2.1/evil.dtd"><Invoice/>',
        "<!DOCTYPE Invoice><Invoice/>",
    ],
)
def test_a_doctype_is_refused(xml: str) -> None:
    with pytest.raises(UnusableAnswer, match="DOCTYPE"):
        parse_xml(xml.encode())


def test_no_file_is_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret")
    xml = (
        f'<!DOCTYPE CrossIndustryInvoice [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<CrossIndustryInvoice><ExchangedDocument><ID>&x;</ID></ExchangedDocument>"
        "</CrossIndustryInvoice>"
    )

    with pytest.raises(UnusableAnswer) as refusal:
        read_einvoice(xml.encode())

    assert "top secret" not in str(refusal.value)


def test_entities_in_attributes_of_the_root_are_not_expanded_without_bound() -> None:
    entities = _BILLION_LAUGHS.partition("]>")[0]

    with pytest.raises(UnusableAnswer):
        parse_xml(f'{entities}]><CrossIndustryInvoice a="&j;"/>'.encode())


def test_a_broken_file_says_where() -> None:
    with pytest.raises(UnusableAnswer, match=r"cannot be parsed .*line 1"):
        read_einvoice(b"<CrossIndustryInvoice><ExchangedDocument>")


@pytest.mark.parametrize("content", [b"", b"   ", b"%PDF-1.7", b"\x00\x01\x02", b"\xff\xfe"])
def test_what_is_no_xml_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableAnswer):
        read_einvoice(content)


def test_depth_is_bounded() -> None:
    with pytest.raises(UnusableAnswer, match="deeper"):
        parse_xml(b"<a>" * 100 + b"</a>" * 100)


def test_the_number_of_elements_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_node, "MAX_ELEMENTS", 100)
    parse_xml(b"<a>" + b"<b/>" * 99 + b"</a>")

    with pytest.raises(UnusableAnswer, match="larger"):
        parse_xml(b"<a>" + b"<b/>" * 100 + b"</a>")


def test_the_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_node, "MAX_BYTES", 10)
    parse_xml(b"<a>12</a>")

    with pytest.raises(UnusableAnswer, match="11 bytes"):
        parse_xml(b"<a>1234</a>")


def test_the_number_of_attributes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_node, "MAX_ATTRIBUTES", 2)
    parse_xml(b"<a b='1' c='2'/>")

    with pytest.raises(UnusableAnswer, match="attributes"):
        parse_xml(b"<a b='1' c='2' d='3'/>")


@pytest.mark.parametrize(
    "xml",
    [
        "<html/>",
        "<FatturaElettronica/>",
        # An order in the vocabulary of Factur-X.
        "<SCRDMCCBDACIOMessageStructure/>",
        # An invoice of another vocabulary that uses the same word.
        '<Invoice xmlns="urn:example:other"><ID>1</ID></Invoice>',
        "<Invoice><ID>1</ID></Invoice>",
    ],
)
def test_xml_that_is_no_invoice_is_refused(xml: str) -> None:
    with pytest.raises(UnusableAnswer, match="not an invoice in CII"):
        read_einvoice(xml.encode())


def test_an_invoice_without_content_is_not_passed_off_as_one() -> None:
    with pytest.raises(UnusableAnswer, match="holds no invoice"):
        read_einvoice(b"<CrossIndustryInvoice/>")


def test_comments_and_instructions_do_not_change_values() -> None:
    xml = (
        b"<CrossIndustryInvoice><!-- a --><?go?><ExchangedDocument>"
        b"<ID>A<!-- b -->1<?x?>2</ID></ExchangedDocument></CrossIndustryInvoice>"
    )

    number = read_einvoice(xml).invoice.invoice_number

    assert number is not None
    assert number.value == "A12"


def _with_lines(number: int) -> bytes:
    line = (
        b"<IncludedSupplyChainTradeLineItem><SpecifiedTradeProduct><Name>n</Name>"
        b"</SpecifiedTradeProduct></IncludedSupplyChainTradeLineItem>"
    )
    return (
        b"<CrossIndustryInvoice><ExchangedDocument><ID>1</ID></ExchangedDocument>"
        b"<SupplyChainTradeTransaction>%s</SupplyChainTradeTransaction></CrossIndustryInvoice>"
    ) % (line * number)


def test_the_place_of_a_line_among_thousands_is_told() -> None:
    lines = read_einvoice(_with_lines(5_000)).invoice.line_items

    assert lines[-1].description is not None
    assert lines[-1].description.evidence == XmlEvidence(
        path="CrossIndustryInvoice/SupplyChainTradeTransaction/"
        "IncludedSupplyChainTradeLineItem[5000]/SpecifiedTradeProduct/Name"
    )


def test_the_number_of_lines_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_readings, "MAX_ENTRIES", 10)
    assert len(read_einvoice(_with_lines(10)).invoice.line_items) == 10

    with pytest.raises(UnusableAnswer, match="over 10 times"):
        read_einvoice(_with_lines(11))
