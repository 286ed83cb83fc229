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
