"""Numbers, amounts and times as different people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dashboard.view_models.formats import NOTHING, Formats, NotANumber

BRITISH = Formats.of("en-GB", "Europe/London")
GERMAN = Formats.of("de-DE", "Europe/Berlin")


@pytest.mark.parametrize(
    ("formats", "value", "currency", "shown"),
    [
        (BRITISH, "1234.5", "EUR", "1,234.50 EUR"),
        (GERMAN, "1234.5", "EUR", "1.234,50 EUR"),
        (BRITISH, "-12000", "JPY", "-12,000 JPY"),
        (BRITISH, "1.5", "KWD", "1.500 KWD"),
        # What is printed is not rounded away.
        (BRITISH, "0.12345678", "EUR", "0.12345678 EUR"),
        (BRITISH, "1E+3", "EUR", "1,000.00 EUR"),
        (BRITISH, "99999999999999.99", "EUR", "99,999,999,999,999.99 EUR"),
        (BRITISH, "5", None, "5.00 (no currency)"),
        # A code nobody knows is shown all the same.
        (BRITISH, "5", "XQZ", "5.00 XQZ"),
    ],
)
def test_amount_always_with_its_currency(
    formats: Formats, value: str, currency: str | None, shown: str
) -> None:
    assert formats.amount(Decimal(value), currency) == shown


def test_no_amount_is_empty() -> None:
    assert BRITISH.amount(None, "EUR") == ""


@pytest.mark.parametrize(
    ("formats", "text", "value"),
    [
        (BRITISH, "1,234.50", "1234.50"),
        (BRITISH, " 1234.5 ", "1234.5"),
        (GERMAN, "1.234,50", "1234.50"),
        (GERMAN, "-0,07", "-0.07"),
    ],
)
def test_number_that_was_typed(formats: Formats, text: str, value: str) -> None:
    assert formats.parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("formats", "text", "example"),
    [
        (BRITISH, "1,23", "1,234.50"),
        (GERMAN, "1,234.50", "1.234,50"),
        (GERMAN, "1234.50", "1.234,50"),
        (BRITISH, "twelve", "1,234.50"),
        (BRITISH, "", "1,234.50"),
        (BRITISH, "NaN", "finite"),
    ],
)
def test_what_is_no_number_here_says_how_one_is_written(
    formats: Formats, text: str, example: str
) -> None:
    with pytest.raises(NotANumber) as problem:
        formats.parse_number(text)
    assert example in str(problem.value)


@pytest.mark.parametrize("name", [None, "", "xx-YY", "../../etc", "de_DE_x_y_z", "en-GB-!!"])
def test_unknown_locale_and_zone_are_british_and_utc(name: str | None) -> None:
    formats = Formats.of(name, name)
    assert formats.amount(Decimal(1234), "EUR") == "1,234.00 EUR"
    assert formats.moment(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "01/07/2026, 12:00"


def test_times_are_local_and_days_are_not_moved() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert BRITISH.moment(noon) == "01/07/2026, 13:00"
    assert GERMAN.moment(noon) == "01.07.26, 14:00"
    assert GERMAN.short_time(noon) == "14:00"
    assert GERMAN.clock(noon) == "14:00:00"
    assert BRITISH.short_day(datetime(2026, 7, 1, tzinfo=UTC)) == "1 Jul"
    assert BRITISH.day(date(2026, 7, 1)) == "1 Jul 2026"
    assert BRITISH.day(None) == BRITISH.moment(None) == ""


@pytest.mark.parametrize(
    ("locale", "order"),
    [
        ("en-GB", "DD/MM/YYYY"),
        ("de-DE", "DD.MM.YYYY"),
        ("en-US", "MM/DD/YYYY"),
        ("sv-SE", "YYYY-MM-DD"),
    ],
)
def test_days_are_picked_as_they_are_written(locale: str, order: str) -> None:
    assert Formats.of(locale, None).day_order() == order


def test_small_things() -> None:
    assert BRITISH.count(1234567) == "1,234,567"
    assert BRITISH.percent(0.945) == "94%"
    assert BRITISH.seconds(2.54) == "2.5 s"
    assert BRITISH.seconds(1234) == "1,234 s"
    assert BRITISH.seconds(None) == NOTHING
    assert GERMAN.size(1536) == "1,5 KB"
    assert BRITISH.size(0) == "0 bytes"
    assert BRITISH.size(5 * 1024**5) == "5,120 TB"
