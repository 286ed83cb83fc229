"""Dates in the languages and formats of invoices, and the one order of a document."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from src.engines.layout.dates import decide_order, find_dates, parse_date, scan
from src.engines.layout.model import DateOrder
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of

DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
LOCALES = (
    *("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_PT", "pl_PL"),
    *("sv_SE", "da_DK", "nb_NO", "fi_FI", "cs_CZ", "ro_RO", "id_ID", "ms_MY"),
)


@given(
    DAYS, st.sampled_from(LOCALES), st.sampled_from(["long", "d MMM y", "d. MMMM y", "MMM d, y"])
)
def test_dates_with_month_names_come_back(day: date, locale: str, form: str) -> None:
    printed = format_date(day, form, locale)

    assert parse_date(printed, DateOrder.DMY) == day


@given(DAYS, st.sampled_from("./-"), st.sampled_from(["%Y", "%y"]))
def test_numeric_dates_come_back_in_their_order(day: date, mark: str, year: str) -> None:
    assert parse_date(day.strftime(f"%d{mark}%m{mark}{year}"), DateOrder.DMY) == day
    if mark != ".":
        assert parse_date(day.strftime(f"%m{mark}%d{mark}{year}"), DateOrder.MDY) == day


@given(DAYS, st.sampled_from(list(DateOrder)))
def test_year_first_dates_mean_the_same_in_every_order(day: date, order: DateOrder) -> None:
    assert parse_date(day.isoformat(), order) == day


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("5. März 2024", date(2024, 3, 5)),
        ("05-MAR-2024", date(2024, 3, 5)),
        ("2018 Jan 3", date(2018, 1, 3)),
        ("Sep 28 2012", date(2012, 9, 28)),
        ("1er février 2024", date(2024, 2, 1)),
        ("March 5th, 2024", date(2024, 3, 5)),
        ("5 de enero de 2021", date(2021, 1, 5)),
        # Blanks and marks that OCR lost or changed.
        ("Jan25,2016", date(2016, 1, 25)),
        ("16-04-201814:51", date(2018, 4, 16)),
        ("1O/O3/2018", date(2018, 3, 10)),
        ("05 02-18", date(2018, 2, 5)),
        ("l6/03/2023", date(2023, 3, 16)),
        ("l4 avril 2024", date(2024, 4, 14)),
        ("13/3/18 12:40", date(2018, 3, 13)),
        ("20200115", date(2020, 1, 15)),
    ],
)
def test_spellings(printed: str, day: date) -> None:
    assert parse_date(printed, DateOrder.DMY) == day


@pytest.mark.parametrize(
    "printed",
    ["1,234.56", "Tel 02 28 91 00 20", "99.50.20", "12-3456789", "INV-2018-01-0012", "30.02.2024"],
)
def test_numbers_that_are_no_dates(printed: str) -> None:
    assert parse_date(printed, DateOrder.DMY) is None


def test_several_dates_of_one_text_in_order() -> None:
    found = [printed.read(DateOrder.DMY) for printed in scan("01.12.2019 bis 31.12.2019")]

    assert found == [date(2019, 12, 1), date(2019, 12, 31)]


def order_of(text: str, language: str, country: str | None) -> tuple[DateOrder, float]:
    decision = decide_order(find_dates(build_layout([page_of(text)])), language, country)
    return decision.order, decision.confidence


def test_one_day_above_twelve_decides_for_all_dates() -> None:
    assert order_of("Date 03/04/2024   Due 04/13/2024", "en", "GB")[0] is DateOrder.MDY
    assert order_of("Date 03/04/2024   Due 13/04/2024", "en", "US")[0] is DateOrder.DMY


def test_an_open_order_follows_the_country_with_less_confidence() -> None:
    american, sure = order_of("Date 03/04/2024", "en", "US")
    unknown, unsure = order_of("Date 03/04/2024", "en", None)

    assert american is unknown is DateOrder.MDY
    assert unsure < sure < 1.0
    assert order_of("Datum 03/04/2024", "de", None)[0] is DateOrder.DMY


def test_points_are_day_first_wherever_the_seller_is() -> None:
    assert parse_date("03.04.2024", DateOrder.MDY) == date(2024, 4, 3)


def test_year_day_month_is_read_where_the_document_shows_it() -> None:
    layout = build_layout([page_of("Date 2024-05-03\nDue 2024-28-03")])

    days = [placed.printed.read(DateOrder.DMY) for placed in find_dates(layout)]

    assert days == [date(2024, 3, 5), date(2024, 3, 28)]
