"""Heading bands and columns of figures, below the level of whole readings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from src.domain.page import Box, Page, TextSource, Word
from src.engines.layout.amount_cells import find_numbers
from src.engines.layout.amount_labels import Column
from src.engines.layout.column_check import columns_by_product, multiplies
from src.engines.layout.model import DocumentLayout
from src.engines.layout.structure import build_layout
from src.engines.layout.sum_lines import left_label
from src.engines.layout.table_columns import headed_clusters
from src.engines.layout.tables import Band, find_bands
from tests.engines.layout.drawing import page_of


def _layout(text: str) -> DocumentLayout:
    return build_layout([page_of(text)])


def _bands(text: str) -> list[Band]:
    layout = _layout(text)
    return find_bands(layout, find_numbers(layout, "en", None))


def test_a_sum_beside_a_heading_does_not_hide_it() -> None:
    (band,) = _bands("""
        Tax           Base       Amount        Total net     70.00
        VAT 0%      70.00         0.00
    """)
    assert [heading.text for heading in band.headings] == ["Tax", "Base", "Amount"]
    assert band.is_tax_table
    assert not band.is_item_table


@pytest.mark.parametrize(
    "text",
    [
        "Description: Total cables",
        "Bill to      Ship to      Service address",
        "Invoice number     Invoice date",
        "We thank you for the order and the amount that you paid",
        "Description   12   9.99   7.77",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert _bands(text) == []


def test_columns_keep_their_order_when_headings_stand_left_of_the_figures() -> None:
    layout = _layout("""
        Item               Price             Quantity          Amount
        Bracket                       26.57             1             26.57
        Screen                        29.60            12            355.20
    """)
    numbers = find_numbers(layout, "en", None)
    (band,) = find_bands(layout, numbers)
    found = {
        heading.column: [str(cell.number.value) for cell in cluster.cells]
        for cluster, heading in headed_clusters(band, band.body, numbers)
        if heading is not None
    }
    assert found[Column.UNIT_PRICE] == ["26.57", "29.60"]
    assert sorted(found[Column.QUANTITY]) == ["1", "12"]
    assert sorted(found[Column.AMOUNT]) == ["26.57", "355.20"]


def test_numbers_of_a_line_and_their_labels() -> None:
    layout = _layout("Shipping 1 234,50 kr   Paid by card: 58 - ref   19 % VAT on 100,00   19,00")
    (line,) = layout.lines
    cells = find_numbers(layout, "sv", None).on(line)
    assert [str(cell.number.value) for cell in cells] == ["1234.50", "58", "19", "100.00", "19.00"]
    assert left_label(cells[0], cells) == "Shipping"
    assert left_label(cells[4], cells) == "19 % VAT on 100,00"


@pytest.mark.parametrize(
    ("figures", "agree"),
    [(("3", "10.00", "30.00"), True), (("3", "3.3333", "10.00"), True), (("2", "5", "11"), False)],
)
def test_products(figures: tuple[str, str, str], *, agree: bool) -> None:
    quantity, price, amount = (Decimal(figure) for figure in figures)
    assert multiplies(quantity, price, amount) is agree


def test_one_times_anything_proves_no_column() -> None:
    layout = _layout("""
        a thing     1     7.00     7.00
        a thing     1     8.00     8.00
    """)
    numbers = find_numbers(layout, "en", None)
    columns = [
        {line.number: numbers.on(line)[index] for line in layout.lines} for index in range(3)
    ]
    assert columns_by_product(columns, [None, None, None]) is None
    assert columns_by_product(columns[:2], [None, None]) is None


def test_headings_of_two_rows_are_stacked() -> None:
    (band,) = _bands("""
                      Shipment                    Unit price
        Description   date         Quantity       excl. VAT      Amount
        Chair         02/17/26            3          191.00      573.00
    """)
    assert [(heading.text, heading.column) for heading in band.headings] == [
        ("Description", Column.DESCRIPTION),
        ("Shipment date", Column.DATE),
        ("Quantity", Column.QUANTITY),
        ("Unit price excl. VAT", Column.UNIT_PRICE),
        ("Amount", Column.AMOUNT),
    ]


def test_net_tax_and_the_amount_with_tax() -> None:
    (band,) = _bands("""
        Description     Qty     Price     Amount     VAT %     VAT amount     Total
        Chair             1      5.00       5.00        20           1.00      6.00
    """)
    assert [heading.column for heading in band.headings][-4:] == [
        Column.AMOUNT,
        Column.TAX_RATE,
        Column.TAX_AMOUNT,
        Column.GROSS_AMOUNT,
    ]


def test_a_heading_over_two_columns_of_figures_is_parted() -> None:
    words = [("Item", 40), ("Qty", 200), ("Price", 219), ("Amount", 400)]
    row = [("Pen", 40), ("7", 203), ("2.00", 222), ("14.00", 400)]
    page = Page(
        1,
        595,
        842,
        0,
        TextSource.TEXT_LAYER,
        tuple(_word(text, x, 100) for text, x in words) + tuple(_word(t, x, 116) for t, x in row),
    )
    layout = build_layout([page])
    (band,) = find_bands(layout, find_numbers(layout, "en", None))
    assert [heading.text for heading in band.headings] == ["Item", "Qty", "Price", "Amount"]


def _word(text: str, x: float, y: float) -> Word:
    return Word(text, Box(x / 595, y / 842, (x + len(text) * 4.2) / 595, (y + 9) / 842))
