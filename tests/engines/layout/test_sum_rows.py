"""Taxes of several rates, tables of tax, and sums side by side."""

from __future__ import annotations

import pytest

from tests.engines.layout.reading import amounts_of, sums, value


@pytest.mark.parametrize(
    ("first", "second"),
    [("VAT 20%:", "VAT 5%:"), ("VAT (20%):", "VAT (5%):"), ("20 % VAT", "5 % VAT")],
)
def test_each_rate_in_a_row_of_its_own(first: str, second: str) -> None:
    reading = amounts_of(f"""
        Subtotal                 500.00
        {first:<25}20.00
        {second:<25}20.00
        Total                    540.00
    """)
    assert sums(reading)[:3] == ("500.00", "40.00", "540.00")
    assert [value(row.rate) for row in reading.tax_breakdown] == ["20", "5"]


def test_rates_within_a_gross_total_are_added_up() -> None:
    reading = amounts_of(
        """
        Endbetrag                     229,00
        inkl. 19 % MwSt.               19,00
        inkl. 10 % MwSt.               10,00
        """,
        language="de",
    )
    assert sums(reading)[:3] == ("200.00", "29.00", "229.00")


def test_a_table_of_tax_stands_in_for_a_row_of_tax() -> None:
    reading = amounts_of("""
        VAT %        Base      VAT amount Amount incl. VAT
        20 %       100.00           20.00           120.00
        5 %        400.00           20.00           420.00

        Taxable amount                              500.00
        Total                                       540.00
    """)
    assert sums(reading)[:3] == ("500.00", "40.00", "540.00")
    assert [value(row.taxable_amount) for row in reading.tax_breakdown] == ["100.00", "400.00"]
    assert [value(row.tax_amount) for row in reading.tax_breakdown] == ["20.00", "20.00"]


def test_one_row_of_a_table_of_tax_is_read_once() -> None:
    reading = amounts_of(
        """
        Moms        Underlag      Moms Belopp inkl. moms
        25 %        1 000,00    250,00          1 250,00

        Belopp före moms                        1 000,00
        Totalbelopp                             1 250,00
        """,
        language="sv",
    )
    assert sums(reading)[:3] == ("1000.00", "250.00", "1250.00")
    (row,) = reading.tax_breakdown
    assert (value(row.taxable_amount), value(row.tax_amount)) == ("1000.00", "250.00")


def test_sums_side_by_side_are_paired_in_their_order() -> None:
    reading = amounts_of("""
        VAT %        Base       VAT amount
        18 %       358.67            64.56

        Net amount      Total    Cash rounding     Total payable    Less deposit      Total due
        INR 358.67  INR 423.23       -INR 0.23        INR 423.00      -INR 35.87     INR 387.13
    """)
    assert sums(reading) == ("358.67", "64.56", "423.00", "387.13")
    assert value(reading.totals.amount_paid) == "35.87"
    assert value(reading.totals.rounding) == "-0.23"


def test_figures_that_do_not_stand_below_their_labels_are_not_paired() -> None:
    reading = amounts_of("""
        Subtotal          Tax            Total
                           3.50           73.50
    """)
    assert value(reading.totals.total) == "73.50"
    assert value(reading.totals.tax_total) == "3.50"


def test_a_tax_larger_than_its_base_is_none() -> None:
    reading = amounts_of("""
        Net amount              26.10
        Tax value              104.38
        Total tax               26.10
        Amount before tax      104.38
        Total                  130.48
    """)
    assert sums(reading)[:3] == ("104.38", "26.10", "130.48")


def test_dots_lead_to_the_amounts() -> None:
    dots = "." * 120
    reading = amounts_of(f"""
        Suma netto {dots} 100,00
        VAT 23% {dots} 23,00
        Suma brutto {dots} 123,00
    """)
    assert sums(reading)[:3] == ("100.00", "23.00", "123.00")


def test_a_rate_in_the_label_of_a_sum_side_by_side() -> None:
    reading = amounts_of("""
        Taxable amount     Discount 10%     Invoice total
              3,278.01          -327.80          3,628.76
    """)
    assert value(reading.totals.total) == "3628.76"
    assert value(reading.totals.allowance_total) == "327.80"
