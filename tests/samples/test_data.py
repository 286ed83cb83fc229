"""The sample invoices add up, their numbers have right check digits, nothing points to anybody."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from schwifty import BIC, IBAN
from stdnum import get_cc_module

from samples import companies
from samples.draw import HERE, SAMPLES, Sample, main
from samples.einvoice_xml import ubl_xml
from samples.model import Kind, SampleInvoice, SampleLine, SampleParty
from src.domain.invoice import Invoice
from src.engines.einvoice import EInvoiceEngine
from src.ports import ExtractionHints

PARTIES = [value for value in vars(companies).values() if isinstance(value, SampleParty)]
BY_STEM = {sample.stem: sample for sample in SAMPLES}


def _line(price: str, rate: str, quantity: str = "1") -> SampleLine:
    return SampleLine(
        description="Thing",
        quantity=Decimal(quantity),
        unit="pc",
        unit_price=Decimal(price),
        tax_rate=Decimal(rate),
    )


def _invoice(*lines: SampleLine, **fields: Any) -> SampleInvoice:
    return SampleInvoice(
        language="en-GB",
        currency="GBP",
        number="1",
        issue_date=date(2026, 1, 1),
        vendor=companies.HOLLYOAK,
        lines=lines,
        **fields,
    )


def test_amounts_are_computed_by_rate() -> None:
    invoice = _invoice(_line("10.00", "20", "3"), _line("5.55", "5"), _line("1.00", "20"))

    assert [(tax.rate, tax.base, tax.amount) for tax in invoice.taxes] == [
        (Decimal(5), Decimal("5.55"), Decimal("0.28")),
        (Decimal(20), Decimal("31.00"), Decimal("6.20")),
    ]
    assert (invoice.subtotal, invoice.total) == (Decimal("36.55"), Decimal("43.03"))


def test_discount_paid_and_included_tax() -> None:
    discounted = _invoice(_line("100", "20"), discount=Decimal(10), paid=Decimal(8))
    gross = _invoice(_line("12.00", "20"), prices_include_tax=True, kind=Kind.RECEIPT)

    assert (discounted.subtotal, discounted.total) == (Decimal(90), Decimal("108.00"))
    assert discounted.amount_due == Decimal("100.00")
    assert (gross.subtotal, gross.tax_total, gross.total) == (
        Decimal("10.00"),
        Decimal("2.00"),
        Decimal("12.00"),
    )


def test_a_discount_over_several_rates_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="single tax rate"):
        _invoice(_line("1", "20"), _line("1", "5"), discount=Decimal(1))


def test_credit_notes_are_not_written_as_ubl_invoices() -> None:
    with pytest.raises(ValueError, match="only invoices"):
        ubl_xml(BY_STEM["credit-note"].invoice)


@pytest.mark.parametrize("party", PARTIES, ids=lambda party: party.name)
def test_numbers_of_the_companies_are_well_formed(party: SampleParty) -> None:
    if party.tax_id:
        scheme = {"US": "ein", "ES": "nif"}.get(party.country, "vat")
        module = get_cc_module(party.country.lower(), scheme)
        assert module is not None
        module.validate(party.tax_id)
    if party.iban:
        IBAN(party.iban, validate_bban=True)
        BIC(party.bic)
    if party.email:
        assert party.email.endswith(".example")


def test_only_the_wrong_total_is_wrong() -> None:
    wrong = {
        sample.stem
        for sample in SAMPLES
        if sample.invoice.subtotal + sample.invoice.tax_total != sample.invoice.total
    }

    assert wrong == {sample.stem for sample in SAMPLES if sample.invoice.findings}
    assert wrong == {"wrong-total"}


def test_expected_values_are_what_the_page_shows() -> None:
    expected = json.loads((HERE / "expected" / "wrong-total.json").read_text("utf-8"))

    assert (expected["subtotal"], expected["tax_total"]) == ("1780.00", "182.45")
    assert expected["total"] == "1692.45"
    assert expected["findings"] == ["total-mismatch"]


def _embedded(sample: Sample) -> bytes:
    path = HERE / "files" / sample.name
    if path.suffix == ".xml":
        return path.read_bytes()
    with pikepdf.open(path) as document:
        return document.attachments["factur-x.xml"].get_file().read_bytes()


def _values(invoice: Invoice) -> dict[str, Any]:
    def text(reading: Any) -> str:
        return str(reading.value)

    totals = invoice.totals
    return {
        "document_type": text(invoice.document_type),
        "invoice_number": text(invoice.invoice_number),
        "invoice_date": text(invoice.issue_date),
        "due_date": text(invoice.due_date),
        "currency": text(invoice.currency),
        "purchase_order": text(invoice.purchase_order),
        "subtotal": text(totals.subtotal),
        "tax_total": text(totals.tax_total),
        "total": text(totals.total),
        "amount_due": text(totals.amount_due),
        "line_items": [
            {
                "description": text(line.description),
                "quantity": text(line.quantity),
                "unit_price": text(line.unit_price),
                "amount": text(line.amount),
            }
            for line in invoice.line_items
        ],
    }


@pytest.mark.parametrize("stem", ["hybrid-factur-x", "structured-ubl"])
def test_structured_samples_are_read_exactly(stem: str) -> None:
    expected = json.loads((HERE / "expected" / f"{stem}.json").read_text("utf-8"))
    hints = ExtractionHints(embedded_xml=_embedded(BY_STEM[stem]))

    invoice = asyncio.run(EInvoiceEngine().extract((), hints)).invoice

    values = _values(invoice)
    assert values == {name: expected[name] for name in values}
    for name, party in (("vendor", invoice.vendor), ("customer", invoice.customer)):
        assert party.name is not None
        assert party.tax_id is not None
        assert (party.name.value, party.tax_id.value) == (
            expected[name]["name"],
            expected[name]["tax_id"],
        )
    iban = invoice.payment.accounts[0].iban
    assert iban is not None
    assert iban.value == expected["vendor"]["iban"]


def test_the_script_says_what_it_wrote(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["draw", "--out", str(tmp_path)])

    main()

    assert len(capsys.readouterr().out.splitlines()) == len(SAMPLES)
    assert len(list((tmp_path / "files").iterdir())) == len(SAMPLES)
