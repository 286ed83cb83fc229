"""Which printed amount is which: labels, places and sums decide together."""

from __future__ import annotations

import pytest

from src.domain.readings import ComputedEvidence, ReadEvidence
from tests.engines.layout.reading import amounts_of, figures, sums, value


def test_subtotal_tax_and_total_beside_their_labels() -> None:
    reading = amounts_of("""
        Subtotal          100.00
        VAT 20%            20.00
        Total             120.00
    """)
    assert sums(reading) == ("100.00", "20.00", "120.00", "120.00")
    totals = reading.totals
    assert totals.total is not None
    assert isinstance(totals.total.evidence, ReadEvidence)
    assert totals.total.text == "120.00"
    assert totals.amount_due is not None
    assert isinstance(totals.amount_due.evidence, ComputedEvidence)
    assert totals.amount_due.confidence < totals.total.confidence


@pytest.mark.parametrize(
    ("language", "subtotal", "tax", "total"),
    [
        ("de", "Rechnungssumme ohne USt.", "zzgl. 19 % MwSt.", "Rechnungsbetrag"),
        ("fr", "Total HT", "TVA 19 %", "Total TTC"),
        ("es", "Base imponible", "IVA 19 %", "Total factura"),
        ("it", "Totale imponibile", "IVA 19 %", "Totale documento"),
        ("nl", "Totaal excl. btw", "Btw 19 %", "Totaal incl. btw"),
        ("pl", "Razem netto", "VAT 19 %", "Razem brutto"),
        ("sv", "Summa exkl. moms", "Moms 19 %", "Totalt inkl. moms"),
        ("pt", "Total sem IVA", "IVA 19 %", "Total com IVA"),
        ("da", "I alt ekskl. moms", "Moms 19 %", "I alt inkl. moms"),
    ],
)
def test_labels_of_many_languages(language: str, subtotal: str, tax: str, total: str) -> None:
    reading = amounts_of(
        f"{subtotal:<40}1.000,00\n{tax:<40}190,00\n{total:<40}1.190,00", language=language
    )
    assert sums(reading) == ("1000.00", "190.00", "1190.00", "1190.00")


def test_a_row_of_sums_under_its_heading() -> None:
    reading = amounts_of("""
        Net amount      VAT %     VAT amount     Gross total
            250.00       20%           50.00          300.00
    """)
    assert sums(reading)[:3] == ("250.00", "50.00", "300.00")
    (row,) = reading.tax_breakdown
    assert (value(row.rate), value(row.taxable_amount), value(row.tax_amount)) == (
        "20",
        "250.00",
        "50.00",
    )


def test_tax_of_two_rates_is_added_up() -> None:
    reading = amounts_of(
        """
        Nettobetrag                     1.384,18
        7 % USt. auf 134,58                 9,42
        19 % USt. auf 1.249,60            237,42
        Rechnungsbetrag                 1.631,02
    """,
        language="de",
    )
    assert sums(reading)[:3] == ("1384.18", "246.84", "1631.02")
    tax = reading.totals.tax_total
    assert tax is not None
    assert isinstance(tax.evidence, ComputedEvidence)
    assert [(value(r.rate), value(r.taxable_amount)) for r in reading.tax_breakdown] == [
        ("7", "134.58"),
        ("19", "1249.60"),
    ]


def test_tax_table_of_several_rates_with_its_sum() -> None:
    reading = amounts_of(
        """
        Taxe                  Base        Montant
        TVA 20,0%           100,00          20,00
        TVA 5,5%            400,00          22,00
        Total HT                           500,00
        Total taxes                         42,00
        Total TTC                          542,00
    """,
        language="fr",
    )
    assert sums(reading)[:3] == ("500.00", "42.00", "542.00")
    assert len(reading.tax_breakdown) == 2


def test_zero_tax_is_an_answer() -> None:
    reading = amounts_of("""
        Subtotal          60.00
        Tax (0%)            0.00
        Total             60.00
    """)
    assert sums(reading)[:3] == ("60.00", "0.00", "60.00")


def test_total_is_not_the_amount_due_after_an_earlier_balance() -> None:
    reading = amounts_of("""
        SUBTOTAL                    $200.00
        SALES TAX                    $20.00
        TOTAL                       $220.00
        PREVIOUS UNPAID BALANCE     $50.00
        AMOUNT DUE                  $270.00
    """)
    assert sums(reading) == ("200.00", "20.00", "220.00", "270.00")
    assert value(reading.totals.previous_balance) == "50.00"


def test_a_deposit_lowers_the_amount_due() -> None:
    reading = amounts_of("""
        Net                  300.00
        VAT 10%               30.00
        Total                330.00
        Less deposit          30.00
        Balance due          300.00
    """)
    assert sums(reading) == ("300.00", "30.00", "330.00", "300.00")
    assert value(reading.totals.amount_paid) == "30.00"


def test_cash_and_change_are_not_the_total() -> None:
    reading = amounts_of("""
        TOTAL                 31.00
        CASH                  40.00
        CHANGE                 9.00
    """)
    assert value(reading.totals.total) == "31.00"
    assert reading.totals.amount_due is None


def test_the_rounded_total_is_asked() -> None:
    reading = amounts_of("""
        Total Sales (Inclusive GST)     17.98
        Rounding                         0.02
        Total after rounding            18.00
        Cash                            20.00
        Change                           2.00
        GST Summary      Amount        Tax
        S = 6%            16.96       1.02
    """)
    assert value(reading.totals.total) == "18.00"
    assert value(reading.totals.rounding) == "0.02"


def test_paid_with_change_is_cash() -> None:
    reading = amounts_of("""
        Grand Total           9.10
        Total Paid            10.10
        Change                 1.00
    """)
    assert value(reading.totals.total) == "9.10"
    assert reading.totals.amount_paid is None


def test_net_of_agency_commission_is_asked() -> None:
    reading = amounts_of("""
        Gross Total            $400.00
        Commission             ($60.00)
        Sales Tax                  $0.00
        NET TOTAL              $340.00
    """)
    assert value(reading.totals.total) == "340.00"


def test_totals_by_rate_are_parts_of_the_whole() -> None:
    reading = amounts_of("""
        Goods at 6% total (excl. GST):     50.00
        GST:                                3.00
        Goods at 6% total (incl. GST):     53.00
        Goods at 0% total:                 20.00
        Total amount:                      73.00
    """)
    assert value(reading.totals.total) == "73.00"


def test_discount_and_freight_explain_the_difference() -> None:
    reading = amounts_of("""
        Goods                1000.00
        Discount              -50.00
        Shipping               20.00
        Subtotal              970.00
        VAT 20%               194.00
        Total                1164.00
    """)
    assert sums(reading)[:3] == ("970.00", "194.00", "1164.00")
    totals = reading.totals
    assert value(totals.allowance_total) == "50.00"
    assert value(totals.shipping) == "20.00"
    assert [(entry.is_charge, value(entry.amount)) for entry in reading.allowances_charges] == [
        (False, "50.00"),
        (True, "20.00"),
    ]


def test_a_credit_note_keeps_its_signs() -> None:
    reading = amounts_of(
        """
        Total HT            -50,00
        Total taxes          -10,00
        Total TTC           -60,00
    """,
        language="fr",
    )
    assert sums(reading)[:3] == ("-50.00", "-10.00", "-60.00")


def test_a_page_that_contradicts_itself_is_reported_as_printed() -> None:
    right = amounts_of("Subtotal   100.00\nVAT 20%   20.00\nTotal    120.00")
    wrong = amounts_of("Subtotal   100.00\nVAT 20%   20.00\nTotal    130.00")
    assert sums(wrong)[:3] == ("100.00", "20.00", "130.00")
    assert right.totals.total is not None
    assert wrong.totals.total is not None
    assert wrong.totals.total.confidence < right.totals.total.confidence


def test_subtotal_is_computed_where_it_is_not_printed() -> None:
    reading = amounts_of("VAT 20%     20.00\nTotal     120.00")
    subtotal = reading.totals.subtotal
    assert value(subtotal) == "100.00"
    assert subtotal is not None
    assert isinstance(subtotal.evidence, ComputedEvidence)
    assert subtotal.evidence.fields == ("totals.total", "totals.tax_total")


def test_labels_above_and_beside_at_another_height() -> None:
    above = amounts_of("""
        Invoice total
        $640.00
    """)
    assert value(above.totals.total) == "640.00"


def test_a_label_of_two_rows() -> None:
    reading = amounts_of("""
                             SUBTOTAL           300.00
                             DISCOUNT              5.00
                             SUBTOTAL
                        LESS DISCOUNT           295.00
                            TOTAL TAX            20.65
                          BALANCE DUE          315.65
    """)
    assert sums(reading)[1:] == ("20.65", "315.65", "315.65")
    assert value(reading.totals.allowance_total) == "5.00"


def test_a_label_glued_to_its_amount() -> None:
    reading = amounts_of("Grand Tota1RM9.10")
    assert value(reading.totals.total) == "9.10"


def test_where_nothing_is_called_a_total_a_subtotal_stands_in() -> None:
    reading = amounts_of("SUBTOTAL     RM48.00\nCASH     RM48.00")
    total = reading.totals.total
    assert value(total) == "48.00"
    assert total is not None
    assert total.confidence < 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Payment due: 13 April 2026",
        "Share capital 50 000 EUR",
        "VAT registration no. 123456789",
        "Carried forward    1,250.00",
        "Penalty for late payment   40.00",
        "Total quantity    12",
        "",
    ],
)
def test_what_is_no_sum_of_the_document(text: str) -> None:
    assert sums(amounts_of(text)) == (None, None, None, None)


def test_a_line_total_and_a_tip() -> None:
    reading = amounts_of("""
        Total lines          80.00
        Subtotal             80.00
        Tax                   8.00
        Tip                  10.00
        Total                98.00
    """)
    assert value(reading.totals.line_total) == "80.00"
    assert value(reading.totals.gratuity) == "10.00"
    assert value(reading.totals.total) == "98.00"


def test_several_taxes_without_rates_are_added_up() -> None:
    reading = amounts_of("""
        Subtotal              100.00
        GST                     5.00
        PST                     7.00
        Total                 112.00
    """)
    assert sums(reading)[:3] == ("100.00", "12.00", "112.00")
    assert [value(row.tax_amount) for row in reading.tax_breakdown] == ["5.00", "7.00"]


def test_sums_in_a_language_that_is_not_listed() -> None:
    reading = amounts_of("""
        Blorb                     Qwert         Zorp         Flim
        Steel bracket                 3        10.00        30.00
        Blue paint                    2         7.50        15.00
        Norb                                                45.00
        Tarb                                                 9.00
        Grob                                                54.00
    """)
    assert sums(reading)[:3] == ("45.00", "9.00", "54.00")
    assert figures(reading) == [("3", "10.00", "30.00"), ("2", "7.50", "15.00")]
    total = reading.totals.total
    assert total is not None
    assert total.confidence < 0.9


def test_labels_above_their_amounts_in_columns() -> None:
    reading = amounts_of("""
        Subtotal      VAT (20%)      Total
        100.00        20.00          120.00
    """)
    assert sums(reading)[:3] == ("100.00", "20.00", "120.00")


def test_a_row_of_sums_below_the_columns_of_the_goods() -> None:
    reading = amounts_of(
        """
        Lp.  Nazwa      Ilość   Cena netto   Wartość netto   VAT    Kwota VAT   Wartość brutto
        1    Papier         2        50,00          100,00   23%        23,00           123,00
        2    Farba          1        20,00           20,00    8%         1,60            21,60
             Razem                                  120,00              24,60           144,60
    """,
        language="pl",
    )
    assert sums(reading)[:3] == ("120.00", "24.60", "144.60")
    assert figures(reading) == [("2", "50.00", "100.00"), ("1", "20.00", "20.00")]
    assert [value(item.gross_amount) for item in reading.line_items] == ["123.00", "21.60"]
    assert [value(item.tax_amount) for item in reading.line_items] == ["23.00", "1.60"]


def test_a_rate_that_marks_a_row_is_no_label() -> None:
    reading = amounts_of("""
        Rabatt       100.00    19 % VAT      -5.00
        Subtotal      95.00
        VAT 19 %      18.05
        Total        113.05
    """)
    assert value(reading.totals.tax_total) == "18.05"


def test_a_tax_line_with_its_base_in_a_column() -> None:
    reading = amounts_of("""
        Net amount                     200.00
        VAT 10 %         200.00         20.00
        Invoice amount                 220.00
    """)
    assert sums(reading)[:3] == ("200.00", "20.00", "220.00")
    (row,) = reading.tax_breakdown
    assert value(row.taxable_amount) == "200.00"


def test_a_rounding_too_large_for_one_is_the_rounded_total() -> None:
    reading = amounts_of("Total sales     12.33\nRounding adj     0.02\nRounding     12.35")
    assert value(reading.totals.total) == "12.35"
