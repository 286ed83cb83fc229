"""Groups of lines: told by their sums alone, so that each amount counts once."""

from __future__ import annotations

from src.domain.invoice import LineKind
from src.engines.layout.model import AmountsReading
from tests.engines.layout.reading import amounts_of, descriptions, value


def groups(reading: AmountsReading) -> list[str | None]:
    kinds = [item.kind for item in reading.line_items]
    named = zip(descriptions(reading), kinds, strict=True)
    return [text for text, kind in named if kind is LineKind.GROUP]


def test_positions_below_each_other_make_groups() -> None:
    reading = amounts_of("""
        Pos      Description          Qty   Unit price    Amount
        1        Printing               1       700.00    700.00
        1.1      Printer                2       300.00    600.00
        1.2      Ink                    4        25.00    100.00
        2        Paper                 10         5.00     50.00
                                              Subtotal    750.00
                                              Total       750.00
    """)
    assert groups(reading) == ["Printing"]
    parents = [i.parent_position.value if i.parent_position else None for i in reading.line_items]
    assert parents == [None, "1", "1", None]


def test_a_group_below_its_lines_without_positions() -> None:
    reading = amounts_of("""
        Description          Qty   Unit price    Amount
        Printer                2       300.00    600.00
        Ink                    4        25.00    100.00
        Printing altogether    1       700.00    700.00
        Paper                 10         5.00     50.00
        Pens                   5         2.00     10.00
        Stationery             1        60.00     60.00
                                 Net amount      760.00
                                 VAT 10%          76.00
                                 Total           836.00
    """)
    assert groups(reading) == ["Printing altogether", "Stationery"]


def test_a_line_that_happens_to_be_a_sum_counts_where_the_page_counts_it() -> None:
    reading = amounts_of("""
        Description          Qty   Unit price    Amount
        Printer                1       300.00    300.00
        Ink                    1       100.00    100.00
        Desk                   1       400.00    400.00
                                 Subtotal        800.00
                                 Total           800.00
    """)
    assert groups(reading) == []


def test_lines_that_lead_nowhere_stay_as_they_are() -> None:
    reading = amounts_of("""
        Description          Qty   Unit price    Amount
        Printer                1       300.00    300.00
        Ink                    1       100.00    100.00
        Desk                   1       400.00    400.00
                                 Total           999.00
    """)
    assert groups(reading) == []
    assert value(reading.totals.total) == "999.00"
