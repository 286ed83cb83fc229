"""Discounts, charges and payments: those of the bill are told from those that stand beside it."""

from __future__ import annotations

import pytest

from src.domain.readings import ComputedEvidence
from tests.engines.layout.reading import amounts_of, sums, value

GOODS = """
        Description          Qty   Unit price    Amount
        Steel bracket          3        10.00     30.00
        Blue paint             2        35.00     70.00
"""


@pytest.mark.parametrize(
    "offer",
    [
        "Discount of 2% until 05/03/2024:      117.60",
        "A charge of 122.00 applies from 05/03/2024.",
        "Freight free above 150.00",
    ],
)
def test_an_offer_or_a_threat_is_no_part_of_the_bill(offer: str) -> None:
    reading = amounts_of(f"""{GOODS}
        Subtotal                                 100.00
        VAT 20%                                   20.00
        Total                                    120.00
        {offer}
    """)
    assert sums(reading)[:3] == ("100.00", "20.00", "120.00")
    assert reading.allowances_charges == ()
    assert reading.totals.allowance_total is None


def test_a_discount_the_sums_need_is_kept() -> None:
    reading = amounts_of(f"""{GOODS}
        Goods total                              100.00
        Trade discount                            $(5.00)
        Freight                                   15.00
        Net total                                110.00
        VAT 20%                                   22.00
        Total                                    132.00
    """)
    assert sums(reading)[:3] == ("110.00", "22.00", "132.00")
    assert value(reading.totals.allowance_total) == "5.00"
    assert value(reading.totals.shipping) == "15.00"


def test_a_discount_below_the_subtotal_is_kept() -> None:
    reading = amounts_of(f"""{GOODS}
        Subtotal                                 100.00
        Less discount                             10.00
        VAT 20%                                   18.00
        Total                                    108.00
    """)
    assert sums(reading)[:3] == ("100.00", "18.00", "108.00")
    assert value(reading.totals.allowance_total) == "10.00"


def test_a_sum_carried_to_the_next_page_is_no_freight() -> None:
    reading = amounts_of(
        """
        Beskrivning          Antal     Pris     Belopp
        Träpall                  3    10,00      30,00
        Handduk blå              2    35,00      70,00
        Transport                               100,00
        """,
        """
        Beskrivning          Antal     Pris     Belopp
        Transport från sida                     100,00
        Resa                     1    20,00      20,00
        Belopp före moms                        120,00
        Moms 25 %                                30,00
        Totalt                                  150,00
        """,
        language="sv",
    )
    assert sums(reading)[:3] == ("120.00", "30.00", "150.00")
    assert reading.totals.shipping is None


def test_payments_that_lead_to_the_amount_due_are_added_up() -> None:
    reading = amounts_of("""
        Previous balance                         171.88
        Payment received                         -17.19
        Balance due                              260.37
        Subtotal                                 126.30
        VAT 20%                                   25.26
        Total                                    151.56
        Less deposit                              45.88
        If paid by 05/03/2024, deduct 2%         148.53
    """)
    assert sums(reading) == ("126.30", "25.26", "151.56", "260.37")
    paid = reading.totals.amount_paid
    assert value(paid) == "63.07"
    assert paid is not None
    assert isinstance(paid.evidence, ComputedEvidence)
    assert value(reading.totals.previous_balance) == "171.88"


def test_a_price_for_early_payment_is_no_payment() -> None:
    reading = amounts_of("""
        Subtotal                                 100.00
        VAT 20%                                   20.00
        Total                                    120.00
        Please pay                               120.00
        Amount paid before 05/03/2024            117.60
    """)
    assert sums(reading) == ("100.00", "20.00", "120.00", "120.00")
    assert reading.totals.amount_paid is None


def test_the_amount_before_its_rounding_is_not_due() -> None:
    reading = amounts_of("""
        Net                                       99.98
        VAT 10%                                   10.00
        Total payable                            109.98
        Cash rounding                              0.02
        Rounded total                            110.00
    """)
    assert sums(reading) == ("99.98", "10.00", "110.00", "110.00")


def test_goods_priced_with_tax_make_no_subtotal() -> None:
    reading = amounts_of("""
        Description          Qty   Price incl. VAT    Amount
        Steel bracket          3             10.00     30.00
        Blue paint             2             35.00     70.00
        Sum of items                                  100.00
        Freight                                        15.00
        Grand total                                   115.00
        incl. 20% VAT                                  19.17
    """)
    assert sums(reading)[:3] == ("95.83", "19.17", "115.00")
    subtotal = reading.totals.subtotal
    assert subtotal is not None
    assert isinstance(subtotal.evidence, ComputedEvidence)
    assert value(reading.totals.line_total) == "100.00"
    assert value(reading.totals.shipping) == "15.00"


def test_a_payment_no_label_names_is_told_by_the_amount_due() -> None:
    reading = amounts_of("""
        Method       Date            Amount     Total              671.15
        Transfer     05/11/2017      201.00     Balance due        470.15
    """)
    assert sums(reading)[2:] == ("671.15", "470.15")
    assert value(reading.totals.amount_paid) == "201.00"


def test_a_receipt_with_nothing_due_was_paid() -> None:
    reading = amounts_of("""
        Total charges                            710.00
        Payment                                  710.00
        Balance due                                0.00
    """)
    assert sums(reading)[2:] == ("710.00", "0.00")
    assert value(reading.totals.amount_paid) == "710.00"


def test_an_agency_takes_its_commission_off() -> None:
    reading = amounts_of("""
        Gross amount                            2,000.00
        Agency commission                         300.00
        Net amount due                          1,700.00
    """)
    (commission,) = reading.allowances_charges
    assert not commission.is_charge
    assert value(commission.amount) == "300.00"


def test_payable_tax_is_not_what_is_due() -> None:
    reading = amounts_of("""
        Total excluding GST                        8.59
        GST payable (6%)                           0.51
        Total including GST                        9.10
    """)
    assert sums(reading) == ("8.59", "0.51", "9.10", "9.10")


def test_a_tax_that_is_none_of_the_invoice_stays_out_of_its_breakdown() -> None:
    reading = amounts_of("""
        Contains 16 % insurance tax               160.00
        VAT 0 %                                     0.00
        Net amount                              1,160.00
        Total VAT                                   0.00
        Total                                   1,160.00
    """)
    assert sums(reading)[:3] == ("1160.00", "0.00", "1160.00")
    assert [value(row.rate) for row in reading.tax_breakdown] == ["0"]
