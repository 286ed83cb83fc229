"""Discounts in percent, prices per hundred, and quantities that stand close to their goods."""

from __future__ import annotations

import pytest

from src.domain.readings import ComputedEvidence
from tests.engines.layout.reading import amounts_of, descriptions, figures, sums, value


@pytest.mark.parametrize("heading", ["Discount", "Disc. %", "Rab. %", "VAT % Rab."])
def test_a_discount_in_percent_becomes_money(heading: str) -> None:
    reading = amounts_of(f"""
        Description          Qty   Unit price   {heading:<12}   Amount
        Steel bracket          3        10.00    5 %            28.50
        Blue paint             2        35.00    10 %           63.00
    """)
    assert figures(reading) == [("3", "10.00", "28.50"), ("2", "35.00", "63.00")]
    assert [value(item.discount) for item in reading.line_items] == ["1.50", "7.00"]
    first = reading.line_items[0].discount
    assert first is not None
    assert isinstance(first.evidence, ComputedEvidence)
    assert first.evidence.fields == (
        "line_items.0.quantity",
        "line_items.0.unit_price",
        "line_items.0.amount",
    )
    assert reading.line_items[0].tax_rate is None


def test_a_percentage_the_amount_does_not_bear_out_stays_out() -> None:
    reading = amounts_of("""
        Description          Qty   Unit price   Discount      Amount
        Steel bracket          3        10.00        5 %       29.00
        Blue paint             2        35.00       2.00       68.00
    """)
    assert [value(item.discount) for item in reading.line_items] == [None, "2.00"]


def test_a_price_of_a_hundred_units() -> None:
    reading = amounts_of("""
        Description          Qty   Unit price    Amount
        Hex bolts           2500         4.20    105.00
        Blue paint             2        35.00     70.00
    """)
    assert [value(i.price_base_quantity) for i in reading.line_items] == ["100", None]


@pytest.mark.parametrize("heading", ["Qty  Description", "Qty Description"])
def test_goods_right_after_their_quantity_are_no_unit(heading: str) -> None:
    reading = amounts_of(f"""
        {heading:<25}  Unit price    Amount
        12 Desk lamp                     4.00     48.00
        3 Steel bracket, long           10.00     30.00
        1 Delivery                      30.00     30.00
    """)
    assert descriptions(reading) == ["Desk lamp", "Steel bracket, long", "Delivery"]
    assert figures(reading)[0] == ("12", "4.00", "48.00")
    assert [item.unit for item in reading.line_items] == [None, None, None]


def test_a_unit_right_after_the_quantity_stays_one() -> None:
    reading = amounts_of("""
        Qty      Description           Unit price    Amount
        12 kg    Desk lamp                   4.00     48.00
        3 pcs    Steel bracket              10.00     30.00
    """)
    assert descriptions(reading) == ["Desk lamp", "Steel bracket"]
    units = [item.unit.value if item.unit else None for item in reading.line_items]
    assert units == ["kg", "pcs"]


def test_amounts_after_a_currency_code_are_cells_of_their_own() -> None:
    reading = amounts_of("""
        Description            Qty         Price       Amount
        Menú por persona         1    639.70 MXN   639.70 MXN
        Tornillos M8            24  1,967.72 MXN 47,225.28 MXN
    """)
    assert figures(reading) == [
        ("1", "639.70", "639.70"),
        ("24", "1967.72", "47225.28"),
    ]


def test_a_total_below_its_label_ends_the_goods() -> None:
    reading = amounts_of(
        """
        Qté    Prestation                     Montant TTC
        1      Licence annuelle                     15,25
        2      Tuyau 25 m                            1,37

        TOTAL TOUTES TAXES COMPRISES
                                                  € 16,62
        """,
        language="fr",
    )
    assert [value(item.amount) for item in reading.line_items] == ["15.25", "1.37"]
    assert sums(reading)[2] == "16.62"
