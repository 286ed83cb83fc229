"""Finding what a model says among the words of the page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from src.domain.page import Box, Page, TextSource, Word
from src.engines.vision.grounding import PageWords
from tests.engines.pages import page_of

PAGE = page_of(
    """
Fernbach Metallbau GmbH
Invoice No: INV-2026-0012
Dated 14. März 2026
IBAN DE40 9990 0009 0087 6543 21
Steel shelf, galvanised 16 42,80 684,80
Mounting 1 684,80 684,80
Total EUR 1 369,60
"""
)


def words() -> PageWords:
    return PageWords(PAGE)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("Fernbach Metallbau GmbH", "Fernbach Metallbau GmbH"),
        ("fernbach-metallbau gmbh", "Fernbach Metallbau GmbH"),
        ("INV-2026-0012", "INV-2026-0012"),
        ("INV 2026 0012", "INV-2026-0012"),
    ],
)
def test_spacing_case_and_punctuation_do_not_matter(wanted: str, printed: str) -> None:
    place = words().text(wanted)
    assert place is not None
    assert (place.text, place.exact, place.page) == (printed, True, 1)


@pytest.mark.parametrize("invented", ["INV-2026-0013", "0012345", "2026-001", "Fernwald GmbH", ""])
def test_what_is_not_there_is_not_found(invented: str) -> None:
    assert words().text(invented) is None


def test_a_piece_of_a_longer_number_is_no_find() -> None:
    assert words().amount(Decimal("84.80")) is None
    assert words().text("026-00") is None


def test_slips_of_the_scanner_are_forgiven_to_texts_and_told() -> None:
    place = words().text("1NV-2O26-OO12")
    assert place is not None
    assert not place.exact
    fuzzy = words().text("Steel shelf galvanized", fuzzy=True)
    assert fuzzy is not None
    assert fuzzy.text.startswith("Steel shelf")
    assert words().text("Steel shelf galvanized") is None


def test_bank_details_must_be_right_in_every_character() -> None:
    place = words().digits("DE40999000090087654321")
    assert place is not None
    assert place.text == "DE40 9990 0009 0087 6543 21"
    assert words().digits("DE4O 9990 0009 0087 6543 21") is None
    assert words().digits("DE40999000090087654322") is None


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("1369.60", "1 369,60"), ("-42.80", "42,80"), ("16", "16")],
)
def test_amounts_are_found_in_any_way_of_printing(amount: str, printed: str) -> None:
    place = words().amount(Decimal(amount))
    assert place is not None
    assert place.text == printed


def test_of_equal_amounts_the_row_or_the_end_of_the_page_decides() -> None:
    found = words()
    row = found.text("Mounting")
    assert row is not None
    near = found.amount(Decimal("684.80"), row.box)
    first = found.amount(Decimal("684.80"))
    last = found.amount(Decimal("684.80"), last=True)
    assert near is not None
    assert first is not None
    assert last is not None
    assert near.box.y0 == row.box.y0
    assert first.box.y0 < row.box.y0
    assert last.box.y0 == row.box.y0
    assert last.box.x0 > near.box.x0 or last.box == near.box


def test_dates_are_found_by_meaning() -> None:
    place = words().day(date(2026, 3, 14))
    assert place is not None
    assert place.text == "14. März 2026"
    assert words().day(date(2026, 4, 14)) is None


@pytest.mark.parametrize(
    ("signs", "printed"), [(["EUR", "€"], "EUR"), (["USD", "$"], None), (["L"], None)]
)
def test_currencies_stand_alone_or_beside_an_amount(signs: list[str], printed: str | None) -> None:
    place = words().sign(signs)
    assert (place.text if place else None) == printed


def test_a_sign_may_be_glued_to_its_amount() -> None:
    place = PageWords(page_of("Total €12.00")).sign(["€"])
    assert place is not None
    assert place.text == "€12.00"


def test_doubtful_words_make_a_doubtful_place() -> None:
    word = Word("119.00", Box(0.1, 0.1, 0.2, 0.12), 0.4, TextSource.OCR)
    place = PageWords(Page(1, 595, 842, 0, TextSource.OCR, (word,))).amount(Decimal(119))
    assert place is not None
    assert place.legible == 0.4


def test_columns_are_searched_in_the_order_of_the_source() -> None:
    """Two columns: in rows the name is cut by the neighbour's words."""
    left = (Word("Kranich", Box(0.1, 0.1, 0.2, 0.12)), Word("Supplies", Box(0.1, 0.13, 0.2, 0.15)))
    right = (Word("Heron", Box(0.6, 0.1, 0.7, 0.12)),)
    page = Page(1, 595, 842, 0, TextSource.TEXT_LAYER, left + right)
    place = PageWords(page).text("Kranich Supplies")
    assert place is not None
    assert place.text == "Kranich Supplies"
