"""Totals without tax, totals in two currencies, and currencies nobody printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from src.domain.findings import Severity
from src.domain.invoice import Invoice, Party, Totals
from src.domain.page import Box, Page, TextSource, Word
from src.domain.readings import ComputedEvidence, FieldReading
from tests.domain.build import check, exact, invoice, read

CODES = ("total-is-net", "currencies-mixed", "currency-not-printed", "vendor-is-customer")


def page(*rows: str) -> Page:
    words = tuple(
        Word(text=text, box=Box(0.08 * column, 0.1 * row, 0.08 * column + 0.07, 0.1 * row + 0.02))
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split())
    )
    return Page(1, 595, 842, 0, TextSource.TEXT_LAYER, words)


def amount(text: str, row: int) -> FieldReading[Decimal]:
    return read(Decimal(text), text, Box(0.4, 0.1 * row, 0.5, 0.1 * row + 0.02))


def told(subject: Invoice, *rows: str) -> list[str]:
    return [one.code for one in check(subject, page(*rows)) if one.code in CODES]


def total_in(row: int, **more: FieldReading[Decimal]) -> Invoice:
    return invoice().model_copy(update={"totals": Totals(total=amount("119.00", row), **more)})


@pytest.mark.parametrize(
    "row",
    [
        "Total GBP excl. VAT £119.00",
        "Total before tax 119.00",
        "Total HT 119,00",
        "Gesamt zzgl. MwSt 119,00",
        "Totale IVA esclusa 119,00",
    ],
)
def test_a_total_without_tax_is_none(row: str) -> None:
    assert told(total_in(1), "Widgets", row) == ["total-is-net"]


def test_net_of_what_depends_on_the_page() -> None:
    # After a commission, where there is no sales tax.
    assert told(total_in(1), "Agency commission 15 %", "Net total 119.00") == []
    assert told(total_in(1), "plus 20 % VAT", "Net total 119.00") == ["total-is-net"]


def test_a_total_with_its_tax_may_be_called_anything() -> None:
    assert told(total_in(1), "VAT", "Total incl. VAT, net of discount 119.00") == []
    taxed = total_in(1, tax_total=amount("19.00", 0), subtotal=amount("100.00", 0))
    assert told(taxed, "VAT 19.00", "Net total 119.00") == []
    assert told(invoice(), "Total excl. VAT 119.00") == []


def test_sums_in_two_currencies() -> None:
    subject = total_in(1, subtotal=amount("119.00", 0))
    assert told(subject, "Subtotal $119.00", "Total EUR 119.00") == ["currencies-mixed"]
    assert told(subject, "Subtotal $119.00", "Total USD 119.00") == []
    assert told(subject, "Subtotal €119.00", "Total EUR 119.00") == []
    # The same sum in another currency beside it.
    assert told(subject, "Subtotal €119.00", "Total EUR 119.00 (USD 130.00)") == []


def test_a_currency_that_is_not_on_the_page_is_remarked_on() -> None:
    derived = FieldReading[str](
        value="GBP",
        evidence=ComputedEvidence(fields=("vendor.address",)),
        confidence=0.9,
        engine="test",
    )
    subject = invoice().model_copy(update={"currency": derived})
    (finding,) = (one for one in check(subject) if one.code in CODES)
    assert (finding.code, finding.severity) == ("currency-not-printed", Severity.WARNING)


@pytest.mark.parametrize(
    ("customer", "fields"),
    [
        (Party(name=exact("MUSTER HANDEL")), ("vendor.name", "customer.name")),
        (Party(tax_id=exact("DE 136695976")), ("vendor.tax_id", "customer.tax_id")),
        (Party(name=exact("Holz Hansen KG"), tax_id=exact("DE129273398")), None),
        # Of the same group, or of the same town.
        (Party(name=exact("Muster Handel Service GmbH")), None),
        (Party(name=exact("Muster AG")), None),
        (Party(), None),
    ],
)
def test_nobody_sells_to_himself(customer: Party, fields: tuple[str, ...] | None) -> None:
    vendor = Party(name=exact("Muster Handel GmbH"), tax_id=exact("DE136695976"))
    subject = invoice().model_copy(update={"vendor": vendor, "customer": customer})
    found = [one.fields for one in check(subject) if one.code == "vendor-is-customer"]
    assert found == ([] if fields is None else [fields])
