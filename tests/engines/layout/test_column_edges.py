"""Columns of figures between other figures: codes of currencies, footers, headings of two words."""

from __future__ import annotations

from src.engines.layout.amount_labels import is_phrase
from tests.engines.layout.reading import amounts_of, descriptions, figures, sums, value


def test_a_second_currency_code_opens_the_next_amount() -> None:
    reading = amounts_of("""
        Description            Qty         Price           Amount
        Desk lamp                1  CHF 2'631.66     CHF 2'631.66
        Catering               100  CHF 1'437.48 CHF 143'748.00
    """)
    assert figures(reading) == [
        ("1", "2631.66", "2631.66"),
        ("100", "1437.48", "143748.00"),
    ]


def test_numbers_of_a_footer_make_no_columns() -> None:
    reading = amounts_of("""
        Qty    Description          Price       Amount
        10     Bracket               6.27        62.70
        1      Paint                 5.24         5.24
                                  Subtotal       67.94
                                     Total       67.94
        24716  Lucca               9900 0010     8348 254
    """)
    assert figures(reading) == [("10", "6.27", "62.70"), ("1", "5.24", "5.24")]
    assert sums(reading)[2] == "67.94"


def test_percentages_are_no_factors_of_an_amount() -> None:
    reading = amounts_of("""
        No   Description      Qty   Price      VAT     Rebate    Amount
        1    Desk lamp          5   2492.00    10%     10%     11214.00
        2    Gloves             1    796.99    10%     20%       637.59
    """)
    assert [value(item.amount) for item in reading.line_items] == ["11214.00", "637.59"]
    assert [value(item.discount) for item in reading.line_items] == ["1246.00", "159.40"]


def test_a_heading_of_two_words_stays_whole() -> None:
    reading = amounts_of("""
        Product code Details          Qty     Unit price      Total
        1396     Garden hose            6         115.79     694.74
        3678     Cleaning              10         197.03    1970.30
    """)
    assert is_phrase("Product code")
    assert is_phrase("Unit price")
    assert not is_phrase("code Details")
    assert figures(reading) == [("6", "115.79", "694.74"), ("10", "197.03", "1970.30")]
    assert all("Garden" in (text or "") for text in descriptions(reading)[:1])


def test_one_of_several_rates_without_tax_says_nothing_of_the_whole() -> None:
    reading = amounts_of("""
        Total payable            19,718.75
        Includes Tax 8.25%        1,406.87
        Includes Tax 6%              28.79
        Includes Tax 0%               0.00
    """)
    assert sums(reading)[1:3] == ("1435.66", "19718.75")


def test_two_payments_of_the_same_amount_are_both_taken_off() -> None:
    reading = amounts_of("""
        Previous balance            293.16
        Payment received            -39.09
        Net                         199.65
        VAT 20%                      39.93
        Total                       239.58
        Deposit                      39.09
        Amount due                  454.56
    """)
    assert sums(reading) == ("199.65", "39.93", "239.58", "454.56")
    assert value(reading.totals.amount_paid) == "78.18"
