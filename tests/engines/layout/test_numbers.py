"""Printed numbers: every locale's form, scanner slips, and what is no number at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from src.engines.layout.numbers import (
    DecimalMark,
    parse_number,
    parse_quantity,
    vote_decimal_mark,
)

COMMA_LOCALES = ["de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_PT", "pl_PL", "sv_SE", "da_DK"]
POINT_LOCALES = ["en_US", "en_GB", "en_IN", "de_CH", "he_IL", "ja_JP", "es_MX"]

amounts = st.decimals(min_value=0, max_value=99_999_999, places=2)


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.234,56", ".", "1234.56"),
        ("1,234.56", ",", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1\u202f234,56", ",", "1234.56"),
        ("1'234.56", ".", "1234.56"),
        ("1’234.56", ".", "1234.56"),
        ("7,65,432.00", ".", "765432.00"),
        ("7,65,432", ".", "765432"),
        ("3.141,592.00", ".", "3141592.00"),
        ("1.234.567", ".", "1234567"),
        ("1.234.56", ".", "1234.56"),
        ("0.052", ",", "0.052"),
        ("100,0000", ".", "100.0000"),
        (".50", ".", "0.50"),
        ("0", ".", "0"),
        ("+7.00", ".", "7.00"),
        ("12.50-", ".", "-12.50"),
        ("- 5,00", ",", "-5.00"),
        ("−5,00", ",", "-5.00"),
        ("(300.00)", ".", "-300.00"),
        ("($75.25)", ".", "-75.25"),
        ("$-128.00", ".", "-128.00"),
        ("-$128.00", ".", "-128.00"),
        ("50.00 CR", ".", "-50.00"),
        ("50.00 DR", ".", "50.00"),
        ("€ 12,-", ",", "12"),
        ("CHF 12.--", ".", "12"),
        ("1,509.00 €", ".", "1509.00"),
        ("US$ 5.00", ".", "5.00"),
        ("EUR 1.234,5", ",", "1234.5"),
        ("1 234,50 zł", ",", "1234.50"),
        ("RM5:00", ".", "5.00"),
        ("O.00", ".", "0.00"),
        ("l2.50", ".", "12.50"),
        ("12 .50", ".", "12.50"),
        ("12. 50", ".", "12.50"),
    ],
)
def test_reads_printed_numbers(text: str, mark: DecimalMark, value: str) -> None:
    number = parse_number(text, mark)
    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.05.2018",
        "05/06",
        "12:30",
        "007",
        "01.02",
        "1,0l",
        "Total",
        "Io",
        "1-2",
        "12 34",
        "030 12345",
        "1.23.456",
        "12345678901234567890",
        "1.1234567",
        "2 x",
        "9" * 40,
        "-",
    ],
)
def test_refuses_what_is_no_number(text: str) -> None:
    assert parse_number(text, ".") is None


def test_keeps_the_other_meaning_of_a_lone_mark() -> None:
    as_fraction, as_grouped = parse_number("1.234", "."), parse_number("1.234", ",")
    assert as_fraction is not None
    assert as_grouped is not None
    assert (as_fraction.value, as_fraction.alternative) == (Decimal("1.234"), Decimal(1234))
    assert (as_grouped.value, as_grouped.alternative) == (Decimal(1234), Decimal("1.234"))
    negative = parse_number("-1.234", ",")
    assert negative is not None
    assert negative.alternative == Decimal("-1.234")


def test_percent_is_no_money() -> None:
    rate = parse_number("19,00 %", ",")
    assert rate is not None
    assert rate.percent
    assert not rate.is_money_like


def test_brackets_around_a_rate_are_no_sign() -> None:
    rate = parse_number("(20%)", ".")
    assert rate is not None
    assert rate.value == 20


def test_an_identifier_with_a_currency_code_is_no_money() -> None:
    number = parse_number("EUR 999999999999", ".")
    assert number is not None
    assert not number.is_money_like


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3 Stk", "3", "Stk"),
        ("15,00 Units", "15.00", "Units"),
        ("2 x", "2", None),
        ("4", "4", None),
        ("3 m²", "3", "m²"),
        ("6,5 Stk", "6.5", "Stk"),
        ("5 Liter(s)", "5", "Liter(s)"),
    ],
)
def test_reads_quantities_with_units(text: str, value: str, unit: str | None) -> None:
    quantity = parse_quantity(text, ",")
    assert quantity is not None
    assert (quantity.number.value, quantity.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["Stk", "19 %", "€ 5,00", "5 19%", "12 of something else here"])
def test_refuses_what_is_no_quantity(text: str) -> None:
    assert parse_quantity(text, ",") is None


@pytest.mark.parametrize(
    ("texts", "hint", "mark"),
    [
        (["1.234,56", "10.00"], None, ","),
        (["12,50", "3,99", "1.00"], None, ","),
        (["1.234.567"], None, ","),
        (["1,234", "5"], ",", ","),
        (["1,234", "5"], None, "."),
        ([], ",", ","),
        (["...", ","], None, "."),
    ],
)
def test_votes_for_the_decimal_mark(
    texts: list[str], hint: DecimalMark | None, mark: DecimalMark
) -> None:
    assert vote_decimal_mark(texts, hint) == mark


@given(amount=amounts, locale=st.sampled_from(COMMA_LOCALES + POINT_LOCALES))
def test_round_trip_over_locales(amount: Decimal, locale: str) -> None:
    text = format_decimal(amount, format="#,##0.00", locale=locale)
    if locale == "en_IN":
        text = format_decimal(amount, format="#,##,##0.00", locale=locale)
    mark: DecimalMark = "," if locale in COMMA_LOCALES else "."
    for printed in (text, f"{text}-", f"({text})"):
        number = parse_number(printed, mark)
        assert number is not None
        assert abs(number.value) == amount
        assert number.decimals == 2


@given(amount=amounts, locale=st.sampled_from(COMMA_LOCALES[:6] + POINT_LOCALES[:2]))
def test_round_trip_with_currency(amount: Decimal, locale: str) -> None:
    text = format_currency(amount, "EUR", locale=locale)
    number = parse_number(text, "," if locale in COMMA_LOCALES else ".")
    assert number is not None
    assert number.value == amount
    assert number.has_currency


@given(text=st.text(max_size=40), mark=st.sampled_from([".", ","]))
def test_never_fails_on_any_text(text: str, mark: DecimalMark) -> None:
    number = parse_number(text, mark)
    assert number is None or number.value.is_finite()
    parse_quantity(text, mark)
    assert vote_decimal_mark([text]) in {".", ","}
