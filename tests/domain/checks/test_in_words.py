"""Amounts in words against the amounts in figures."""

from __future__ import annotations

import pytest

from src.domain.findings import Severity
from src.domain.page import Box, Page, TextSource, Word
from tests.domain.build import check, invoice


def page(*rows: str, source: TextSource = TextSource.TEXT_LAYER) -> Page:
    words = [
        Word(text=text, box=Box(0.05 * column, 0.05 * row, 0.05 * column + 0.04, 0.05 * row + 0.02))
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split())
    ]
    return Page(1, 595, 842, 0, source, tuple(words))


def told(total: str, *rows: str, source: TextSource = TextSource.TEXT_LAYER) -> list[Severity]:
    found = check(invoice(total=total), page(*rows, source=source))
    return [one.severity for one in found if one.code == "amount-in-words-differs"]


@pytest.mark.parametrize(
    ("total", "row"),
    [
        ("571.80", "Amount in words: five hundred seventy-one pounds and eighty pence"),
        ("571.80", "Amount in words: FIVE HUNDRED AND SEVENTY TWO ONLY"),
        ("120567.50", "Rupees One Lakh Twenty Thousand Five Hundred Sixty Seven and Paise Fifty"),
        ("20345000", "Amount Chargeable (in words) INR Two Crore Three Lakh Forty Five Thousand"),
        ("1234.50", "In Worten: eintausendzweihundertvierunddreißig Euro"),
        (
            "1234.50",
            "Arrêtée la présente facture à la somme de mille deux cent trente-quatre euros",
        ),
        ("1234.50", "Importe en letras: mil doscientos treinta y cuatro euros"),
        ("1234.50", "In lettere: milleduecentotrentaquattro/50"),
    ],
)
def test_words_that_say_the_total(total: str, row: str) -> None:
    assert told(total, row) == []
    # They are understood: of another total they are told.
    assert told("99.00", row) == [Severity.ERROR]


def test_words_may_go_on_in_the_next_row() -> None:
    rows = ("Amount in words:", "nine hundred ninety-nine pounds")
    assert told("999.00", *rows) == []
    assert told("571.80", *rows) == [Severity.ERROR]


@pytest.mark.parametrize(
    "row",
    [
        "Amount in words: 500.00",
        "Amount in words:",
        "Amount in words: see above",
        "In Worten: eins-zwei-drei-vier",
        "Rupees many Lakh only",
        "In other words: nine hundred",
    ],
)
def test_what_is_not_understood_says_nothing(row: str) -> None:
    assert told("571.80", row) == []


def test_a_misread_word_is_a_warning() -> None:
    row = "Amount in words: nine hundred pounds"
    assert told("571.80", row, source=TextSource.OCR) == [Severity.WARNING]


def test_other_sums_may_be_said_too() -> None:
    subject = invoice(total="119.00", tax_total="19.00", subtotal="100.00")
    found = check(subject, page("Tax amount in words: nineteen euros only"))
    assert [one.code for one in found] == []
