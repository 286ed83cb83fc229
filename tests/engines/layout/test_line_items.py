"""Line items: columns by their headings and figures, rows that sprawl, lists without headings."""

from __future__ import annotations

import pytest

from src.domain.page import Box, Page, TextSource, Word
from src.domain.readings import ReadEvidence
from src.engines.layout.amounts import read_amounts
from src.engines.layout.model import DateOrder, Locale
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of
from tests.engines.layout.reading import amounts_of, descriptions, figures, sums, value


def test_a_plain_table() -> None:
    reading = amounts_of("""
        Pos  Code   Description          Qty   Unit   Unit price    Amount
        1    A-1    Steel bracket          3   pcs        10.00      30.00
        2    A-2    Blue paint             2   l           7.50      15.00
                                               Total                 45.00
    """)
    assert figures(reading) == [("3", "10.00", "30.00"), ("2", "7.50", "15.00")]
    first = reading.line_items[0]
    assert first.description is not None
    assert first.description.value == "Steel bracket"
    assert first.product_code is not None
    assert first.product_code.value == "A-1"
    assert first.position is not None
    assert first.position.value == "1"
    assert first.unit is not None
    assert first.unit.value == "pcs"
    assert first.amount is not None
    assert isinstance(first.amount.evidence, ReadEvidence)
    ((page, area),) = reading.table_areas
    assert page == 1
    assert area.height > 0


def test_a_heading_of_several_rows_with_a_broken_word() -> None:
    reading = amounts_of(
        """
                                                           Positions-
                                                           betrag
        Pos   Beschreibung    Nettopreis   Menge   USt.    ohne
                                                           USt.
        1     Anfahrt             4,2000   1 Stk   7 %        4,20
        2     Rückfahrt           3,0000 2,5 Stk   7 %        7,50
        Bruttosumme                                          12,52
    """,
        language="de",
    )
    assert figures(reading) == [("1", "4.2000", "4.20"), ("2.5", "3.0000", "7.50")]
    assert [value(item.tax_rate) for item in reading.line_items] == ["7", "7"]
    units = [item.unit.value if item.unit else None for item in reading.line_items]
    assert units == ["Stk", "Stk"]


def test_descriptions_of_several_rows_and_sub_lines() -> None:
    reading = amounts_of("""
        Description                    Qty      Price      Total
        Design of a web site             1      55.00      55.00
        with all its pages
        Hosting                          2      10.00      20.00
        Subtotal                                          75.00
    """)
    assert descriptions(reading) == ["Design of a web site with all its pages", "Hosting"]


def test_descriptions_above_their_figures() -> None:
    reading = amounts_of("""
        Item                 Qty      Price      Total
        First thing
                               1      55.00      55.00
        Second thing
                               2      10.00      20.00
        Total                                   75.00
    """)
    assert descriptions(reading) == ["First thing", "Second thing"]


def test_amounts_some_points_below_their_row() -> None:
    reading = amounts_of(
        """
        Beschreibung          Nettopreis    Menge      Nettobetrag
        Abrechnung             2.500,00        1
                                                         2.500,00
        Wartung                   100,00        2
                                                            200,00
        Zahlbetrag                                       2.700,00
    """,
        language="de",
    )
    assert figures(reading) == [("1", "2500.00", "2500.00"), ("2", "100.00", "200.00")]


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_that_runs_over_pages(*, repeated: bool) -> None:
    heading = "Description          Qty    Unit price       Amount\n"
    first = "Sheet 1\n\n" + heading + "Glue                   1          5.00         5.00\n"
    first += "Tape                   2          3.00         6.00\n"
    first += "Carried forward                               11.00\n"
    second = "Sheet 2\n\n" + (heading if repeated else "")
    second += "Brought forward                               11.00\n"
    second += "Nails                100          0.10        10.00\n"
    second += "Total                                         21.00\n"
    reading = amounts_of(first, second)
    assert figures(reading) == [
        ("1", "5.00", "5.00"),
        ("2", "3.00", "6.00"),
        ("100", "0.10", "10.00"),
    ]
    assert value(reading.totals.total) == "21.00"
    assert [page for page, _ in reading.table_areas] == [1, 2]


def test_discounts_and_freight_between_the_goods_are_no_goods() -> None:
    reading = amounts_of("""
        Description            Qty    Unit price      Amount
        Chairs                   4         50.00      200.00
        Discount                                      -20.00
        Tables                   1        100.00      100.00
        Freight                                        15.00
        Total                                         295.00
    """)
    assert figures(reading) == [("4", "50.00", "200.00"), ("1", "100.00", "100.00")]


def test_goods_that_are_called_like_a_sum() -> None:
    reading = amounts_of("""
        Description                Qty    Unit price      Amount
        Total cleaning service       2         50.00      100.00
        Subtotal cables            1         80.00       80.00
        Total                                             180.00
    """)
    assert descriptions(reading) == ["Total cleaning service", "Subtotal cables"]


def test_columns_are_proven_by_their_products() -> None:
    # "Taux" usually heads a tax rate; here it heads the price, and "Prix" the amount.
    reading = amounts_of(
        """
        Détail                Qté        Taux           Prix
        Chaise               15,00      40,00         600,00
        Armoire              12,00     250,00       3.000,00
        TOTAL HT                                    3.600,00
    """,
        language="fr",
    )
    assert figures(reading) == [
        ("15.00", "40.00", "600.00"),
        ("12.00", "250.00", "3000.00"),
    ]


def test_headings_that_nearly_touch_are_parted() -> None:
    words = [("Description", 40), ("Quantity", 200), ("Unit", 290), ("Price", 308), ("Taxes", 335)]
    words += [("Amount", 460)]
    row = [("Pen", 40), ("25.00", 200), ("200.00", 295), ("TVA", 330), ("20%", 350)]
    row += [("5,000.00", 450)]
    page = Page(
        1,
        595,
        842,
        0,
        TextSource.TEXT_LAYER,
        tuple(_word(text, x, 100) for text, x in words) + tuple(_word(t, x, 116) for t, x in row),
    )
    reading = read_amounts(build_layout([page]), Locale("en", None, None, DateOrder.DMY, 0.5))
    assert figures(reading) == [("25.00", "200.00", "5000.00")]


def _word(text: str, x: float, y: float) -> Word:
    width = len(text) * 4.2
    return Word(text, Box(x / 595, y / 842, (x + width) / 595, (y + 9) / 842))


def test_a_receipt_with_quantity_and_price_below_the_description() -> None:
    reading = amounts_of("""
        ACME MARKET
        Macchiato                 2.20
        Croissant                  4.50
          3 x 1.50
        2 Orange juice             6.00
        TOTAL                     12.70
        CASH                      20.00
        CHANGE                     7.30
    """)
    assert descriptions(reading) == ["Macchiato", "Croissant", "Orange juice"]
    assert figures(reading) == [
        (None, None, "2.20"),
        ("3", "1.50", "4.50"),
        ("2", None, "6.00"),
    ]


def test_a_list_without_headings() -> None:
    reading = amounts_of("""
        1  Steel bracket          2       4.00       8.00
        2  Kit                    5       3.00      15.00
        Subtotal      VAT 20%      Total
           23.00         4.60      27.60
    """)
    assert figures(reading) == [("2", "4.00", "8.00"), ("5", "3.00", "15.00")]
    assert descriptions(reading) == ["Steel bracket", "Kit"]
    assert sums(reading)[:3] == ("23.00", "4.60", "27.60")


def test_prices_with_tax_and_tax_by_line() -> None:
    reading = amounts_of("""
        Date        Description         Qty    Price     Tax    Gross amount
        7/8/2025    Training              2    50.00   20.00          120.00
        7/9/2025    Handouts             20     1.00    4.00           24.00
        Total                                                          144.00
    """)
    first = reading.line_items[0]
    assert value(first.gross_amount) == "120.00"
    assert value(first.quantity) == "2"


def test_footers_are_no_goods() -> None:
    reading = amounts_of(
        """
        Bezeichnung          Menge     Einzelpreis      Gesamtpreis
        Papier                  12           23,90           286,80
        Nettobetrag                                          286,80
        Rechnungsbetrag                                      286,80


        Musterallee 14            IBAN DE98     9990       3456    78
    """,
        language="de",
    )
    assert figures(reading) == [("12", "23.90", "286.80")]


def test_allowance_and_tax_tables_are_no_goods() -> None:
    reading = amounts_of(
        """
        Pos   Beschreibung        Nettopreis     Menge     Entgelt
        1     Wasser                    4,00    30 Stk      120,00
        Zu- und Abschläge:
        Art           Basisbetrag     Steuer            Betrag
        Abschlag           120,00     19 % VAT          -20,00
        Umsatzsteueraufschlüsselung:
        Art         Steuerbasisbetrag    USt. %    USt.-Betrag
        VAT                     100,00       19          19,00
        Rechnungssumme ohne USt.       100,00
        Steuerbetrag                   19,00
        Bruttosumme                   119,00
    """,
        language="de",
    )
    assert figures(reading) == [("30", "4.00", "120.00")]
    assert sums(reading)[:3] == ("100.00", "19.00", "119.00")
    assert [value(row.tax_amount) for row in reading.tax_breakdown] == ["19.00"]


def test_nothing_on_an_empty_page() -> None:
    reading = amounts_of("")
    assert reading.line_items == ()
    assert reading.table_areas == ()


def test_a_table_repeated_on_each_page() -> None:
    rows = "\n".join(
        f"{n:<5}Some thing number {n:<6}{2:>6}{f'{n}.00':>12}{f'{2 * n}.00':>12}"
        for n in range(1, 40)
    )
    heading = f"{'No':<5}{'Description':<24}{'Qty':>6}{'Price':>12}{'Amount':>12}"
    pages = [page_of(f"{heading}\n{rows}", number=n) for n in (1, 2, 3)]
    layout = build_layout(pages)
    reading = read_amounts(layout, Locale("en", None, None, DateOrder.DMY, 0.5))
    assert len(reading.line_items) == 3 * 39


def test_goods_go_on_below_a_sum_when_their_figures_prove_it() -> None:
    reading = amounts_of("""
        Description            Qty    Unit price      Amount
        Chairs                   4         50.00      200.00
        Subtotal furniture                            200.00
        Reference              123         10.00        7.00
        Paint                    3         10.00       30.00
        Total                                         230.00
    """)
    assert figures(reading) == [("4", "50.00", "200.00"), ("3", "10.00", "30.00")]


def test_numbers_that_are_no_money_make_no_row_among_amounts() -> None:
    reading = amounts_of("""
        Description            Qty    Unit price      Amount
        Chairs                   4         50.00      200.00
        Order of week                                     12
        Tables                   1        100.00      100.00
    """)
    assert [value(item.amount) for item in reading.line_items] == ["200.00", "100.00"]


def test_goods_of_a_credit_note_are_taken_off() -> None:
    reading = amounts_of(
        """
        Description            Quantité    Prix unitaire      Prix HT
        Nougat                        5             4,00       -20,00
        Avoir commercial                                       -10,00
        Total HT                                               -30,00
    """,
        language="fr",
    )
    assert [value(item.amount) for item in reading.line_items] == ["-20.00", "-10.00"]


def test_a_sum_with_an_unreadable_label_is_no_goods() -> None:
    beside = amounts_of("""
        Description            Qty    Unit price      Amount
        Chairs                   4         50.00      200.00
        Tables                   1        100.00      100.00
        Xyzzy                                         300.00
    """)
    assert len(beside.line_items) == 2
    right = amounts_of("""
        Description            Qty    Unit price      Amount
        Chairs                   4         50.00      200.00
        Tables                   1        100.00      100.00
                                      Xyzzy           280.00
    """)
    assert len(right.line_items) == 2


def test_prices_without_amounts() -> None:
    reading = amounts_of("""
        Description                        Unit price
        Sticker                                  1.20
        Poster                                   3.40
    """)
    assert [value(item.unit_price) for item in reading.line_items] == ["1.20", "3.40"]


def test_taxes_and_words_in_one_row_stay_goods() -> None:
    reading = amounts_of("""
        Service                VAT         Amount
        Cleaning      19 %   VAT            50.00
        Guarding      19 %   VAT            70.00
        Total                              120.00
    """)
    assert [value(item.amount) for item in reading.line_items] == ["50.00", "70.00"]


def test_prices_with_their_unit() -> None:
    reading = amounts_of("""
        Description          Rate      Hours      Amount
        Drafting           $50/hr          4     $200.00
        Review             $60/hr          2     $120.00
        Total                                    $320.00
    """)
    assert figures(reading) == [("4", "50", "200.00"), ("2", "60", "120.00")]


def test_a_heading_that_was_misread_is_known_by_its_product() -> None:
    reading = amounts_of("""
        Description          Qty      Xrjcq      Amount
        Steel                  3      20.00       60.00
        Subtotal                                  60.00
        VAT 10 %                                   6.00
        Total                                     66.00
    """)
    assert figures(reading) == [("3", "20.00", "60.00")]
