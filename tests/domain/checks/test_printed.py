"""What printed texts can mean."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.checks.printed import amounts_in, compact, says_amount, says_date, says_text


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1.234,56 €", {"1234.56"}),
        ("$1,234.56", {"1234.56"}),
        ("1 234,56", {"1234.56", "1", "234.56"}),
        ("1\u202f234,56\u00a0€", {"1234.56", "1", "234.56"}),
        ("1'234.50", {"1234.50"}),
        ("1’234", {"1234"}),
        ("1.234", {"1234", "1.234"}),
        ("12,50", {"12.50"}),
        ("1.234.567", {"1234567"}),
        ("1,23,456.00", {"123456.00"}),
        ("12,345", {"12345", "12.345"}),
        # A reading that garbled the grouping.
        ("1.234.56", {"1234.56"}),
        (".50", {"0.50"}),
        ("12.-", {"12"}),
        ("5,--", {"5"}),
        ("(30.00)", {"30.00"}),
        ("−30,00", {"30.00"}),
        ("19 %", {"19"}),
        ("١٢٣٫٥", {"123.5"}),
        ("１２．５", {"12.5"}),
        ("free", set()),
        ("12'50", set()),
        ("9" * 40, set()),
    ],
)
def test_amounts(text: str, amounts: set[str]) -> None:
    assert amounts_in(text) == {Decimal(amount) for amount in amounts}


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from([",.", ".,", " ,", "'.", " ."]),
)
def test_an_amount_is_understood_however_it_is_grouped(amount: Decimal, signs: str) -> None:
    printed = f"{amount:,.2f}".replace(",", "g").replace(".", signs[1]).replace("g", signs[0])
    assert says_amount(f"EUR {printed}", amount)
    assert says_amount(printed, -amount)
    assert not says_amount(printed, amount + Decimal("0.01")) or "," not in f"{amount:,}"


@given(st.text(max_size=200))
def test_no_text_breaks_the_parsers(text: str) -> None:
    amounts_in(text)
    says_text(text, text)
    says_date(text, date(2024, 2, 29))
    assert compact(compact(text)) == compact(text)


DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "05.03.2024",
        "3/5/2024",
        "5/3/24",
        "20240305",
        "050324",
        "March 5th, 2024",
        "5 mars 2024",
        "5. März 2024",
        "05-MAR-24",
        "5 de marzo de 2024",
        "martes 05/03/2024",
        "2024年3月5日",
        "5 Μαρτίου 2024",
        "2024-03-05T10:15:00",
        "5MAR2024",
    ],
)
def test_a_date_is_recognised(text: str) -> None:
    assert says_date(text, DAY)


@pytest.mark.parametrize(
    "text",
    ["2024-03-06", "05.04.2024", "5 April 2024", "5 March 2023", "March 2024", "", "05.03", "5.3."],
)
def test_another_date_is_not(text: str) -> None:
    assert not says_date(text, DAY)


@pytest.mark.parametrize(
    ("text", "value", "says"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000", True),
        ("IBAN: DE89 3704", "DE893704", True),
        ("INV-2024/17", "INV-2024/17", True),
        ("inv 2024 17", "INV-2024/17", True),
        ("INV-2024-0012", "12", False),
        ("INV-2024", "INV-2025", False),
        ("", "INV", False),
        ("INV", "-", False),
        ("—", "-", True),
        ("", "", False),
    ],
)
def test_identifiers(text: str, value: str, says: bool) -> None:
    assert says_text(text, value) is says
