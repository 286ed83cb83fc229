"""Sums, taxes and goods as invoices of programs nobody listed print them."""

from __future__ import annotations

from tests.engines.layout.reading import amounts_of, descriptions, sums, value


def test_two_taxes_of_the_same_amount_are_added() -> None:
    reading = amounts_of("""
        Total Before Tax       55,740.00
        Add: CGST               2,033.10
        Add: SGST               2,033.10
        Grand Total            59,806.20
    """)
    assert sums(reading)[:3] == ("55740.00", "4066.20", "59806.20")


def test_a_rate_may_hang_on_the_name_of_its_tax() -> None:
    reading = amounts_of("""
        Sub Total              67,500.00
        CGST9 (9%)              6,075.00
        SGST9 (9%)              6,075.00
        Total                  79,650.00
    """)
    assert sums(reading)[:3] == ("67500.00", "12150.00", "79650.00")


def test_a_base_in_brackets_is_no_negative_amount() -> None:
    reading = amounts_of("""
        Subtotal                      703.40
        GST 5 % (65.00)                 3.25
        QST 9.975 % (65.00)             6.48
        Total                         713.13
    """)
    assert sums(reading)[:3] == ("703.40", "9.73", "713.13")
    assert [value(row.taxable_amount) for row in reading.tax_breakdown] == ["65.00", "65.00"]


def test_a_row_of_sums_may_hold_the_rate() -> None:
    reading = amounts_of(
        """
        Netto           Moms %        Moms kr         Totalt      ATT BETALA
        28 305,50        25,00       7 076,38      35 382,00       35 382,00
        """,
        language="sv",
    )
    assert sums(reading)[:3] == ("28305.50", "7076.38", "35382.00")


def test_a_table_of_tax_needs_no_percent_signs() -> None:
    reading = amounts_of(
        """
        Taux TVA        Base HT      Montant TVA
           10,00       3 637,50           363,75
           20,00          60,00            12,00

        Total HT                        3 697,50
        Total TVA                         375,75
        Total TTC                       4 073,25
        """,
        language="fr",
    )
    assert [value(row.rate) for row in reading.tax_breakdown] == ["10.00", "20.00"]
    assert [value(row.tax_amount) for row in reading.tax_breakdown] == ["363.75", "12.00"]


def test_account_numbers_below_a_table_of_tax_are_none() -> None:
    reading = amounts_of("""
        VAT %        Base         VAT
        20 %       100.00       20.00
        BANK 5390    0754        7034
    """)
    assert [value(row.tax_amount) for row in reading.tax_breakdown] == ["20.00"]


def test_tax_in_another_column_of_the_page_is_no_part_of_this_sum() -> None:
    reading = amounts_of("""
        Amount due     86.42       Utility tax 4%          3.20
                                   Total current charges  86.42
    """)
    assert (value(reading.totals.tax_total), value(reading.totals.total)) == ("3.20", "86.42")
    assert [value(row.taxable_amount) for row in reading.tax_breakdown] == [None]


def test_without_tax_the_net_sum_may_be_printed_before_the_total() -> None:
    reading = amounts_of("""
        Items total         23,868.00
        Freight                450.00
        Total net value     24,318.00
        Output tax 0 %           0.00
        Final amount        24,318.00
    """)
    assert sums(reading)[:3] == ("24318.00", "0.00", "24318.00")


def test_a_sum_that_says_it_is_without_tax_is_never_the_total() -> None:
    reading = amounts_of("""
        Total excl. VAT       675.00
        VAT                    47.25
    """)
    assert reading.totals.total is None or value(reading.totals.total) != "675.00"


def test_taxes_in_the_columns_of_goods_are_amounts() -> None:
    reading = amounts_of("""
        Description    Net £    VAT £    Gross £
        Slates       8,450.00  1,690.00  10,140.00
        Flashing     1,280.00    256.00   1,536.00
        TOTALS       9,730.00  1,946.00  11,676.00
    """)
    assert [value(line.tax_amount) for line in reading.line_items] == ["1690.00", "256.00"]
    assert sums(reading)[:3] == ("9730.00", "1946.00", "11676.00")


def test_the_last_of_two_prices_is_the_amount() -> None:
    reading = amounts_of("""
        Item        Quantity     Unit price    Discount     Price
        Potatoes       25            9.50                   237.50
        Avocado        60            6.25         10%       337.50
        Total                                               575.00
    """)
    assert [value(line.unit_price) for line in reading.line_items] == ["9.50", "6.25"]
    assert [value(line.amount) for line in reading.line_items] == ["237.50", "337.50"]


def test_the_mark_of_a_tax_may_touch_its_amount() -> None:
    reading = amounts_of("""
        Description      Qty     Rate      Amount
        Mowing            4     65.00      260.00
        Mulch            3.5    42.00      147.00T
        Subtotal                           407.00
    """)
    assert [value(line.amount) for line in reading.line_items] == ["260.00", "147.00"]


def test_a_row_of_sums_under_words_of_work_is_no_table_of_goods() -> None:
    reading = amounts_of(
        """
        Bezeichnung        Menge    E-Preis    Gesamt
        Bremsscheibe         2        84,60    169,20
        Belagsatz            1        72,35     72,35

        Arbeit      Teile       Netto    MwSt. 19 %     Gesamtbetrag
        227,70     241,55      469,25         89,16           558,41
        """,
        language="de",
    )
    assert sums(reading)[:3] == ("469.25", "89.16", "558.41")
    assert [value(line.amount) for line in reading.line_items] == ["169.20", "72.35"]


def test_goods_are_described_or_counted_in_money() -> None:
    described = amounts_of("""
        Description of Goods      Quantity     Rate     per     Amount
        Box 5 Ply                   500        42.50    Nos    21,250.00
        Tape                        144        38.00    Roll    5,472.00
        Total                                                  26,722.00
    """)
    assert descriptions(described) == ["Box 5 Ply", "Tape"]
    counted = amounts_of("""
        VAT code     Rate       Goods       VAT
        S           23.00%      39.60      9.11
        Z            0.00%     208.00      0.00
        Invoice total                     256.71
    """)
    assert [value(row.taxable_amount) for row in counted.tax_breakdown] == ["39.60", "208.00"]
