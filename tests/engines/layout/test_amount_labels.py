"""Labels and headings understood by their words."""

from __future__ import annotations

import pytest

from src.engines.layout.amount_labels import Column, Role, column_of, normalised, roles_of


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Total Excl. VAT", Role.SUBTOTAL),
        ("Zwischensumme", Role.SUBTOTAL),
        ("SUBTOTAL LESS DISCOUNT", Role.SUBTOTAL),
        ("Umsatzsteuerbetrag", Role.TAX),
        ("Enthaltene MwSt.", Role.TAX),
        ("inkl. 19% USt", Role.TAX),
        ("Bruttosumme", Role.TOTAL),
        ("Br uttosumme", Role.TOTAL),
        ("Gross Total", Role.TOTAL),
        ("Total incl. GST", Role.TOTAL),
        ("Total (Rounded)", Role.TOTAL),
        ("T0TAL", Role.TOTAL),
        ("Zahlbetrag", Role.DUE),
        ("NET A PAYER", Role.DUE),
        ("Erhaltene Anzahlungen", Role.PREPAID),
        ("Balance brought forward", Role.PREVIOUS),
        ("Gesamtbetrag der Abschläge", Role.DISCOUNT),
        ("Gesamtbetrag der Zuschläge", Role.CHARGE),
        ("Frais de port", Role.SHIPPING),
        ("Rounding Adjustment", Role.ROUNDING),
        ("Positionssumme", Role.LINE_TOTAL),
        ("Merchandise", Role.LINE_TOTAL),
        ("Agency commission", Role.COMMISSION),
        ("CHANGE", Role.CHANGE),
        ("Payment amount", Role.CASH),
        ("Trinkgeld", Role.TIP),
    ],
)
def test_names_the_role(label: str, role: Role) -> None:
    roles = roles_of(label)
    assert max(roles, key=lambda known: roles[known]) is role


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Übertrag",
        "à reporter",
        "Skonto",
        "You save",
        "Bruttopreis",
        "Due date",
        "Total Qty",
        "VAT ID",
        "Acme Widgets",
        "word " * 40,
    ],
)
def test_names_no_role(label: str) -> None:
    assert not roles_of(label)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Einzelpreis netto", Column.UNIT_PRICE),
        ("Unit Price Excl. VAT", Column.UNIT_PRICE),
        ("Stk. pris", Column.UNIT_PRICE),
        ("Gesamtpreis", Column.AMOUNT),
        ("Positionsbetrag ohne USt.", Column.AMOUNT),
        ("Line Amount Excl. VAT", Column.AMOUNT),
        ("Total TTC", Column.GROSS_AMOUNT),
        ("Montant TVA", Column.TAX_AMOUNT),
        ("MwSt-%", Column.TAX_RATE),
        ("Base imponible", Column.BASE),
        ("Hrs/Qty", Column.QUANTITY),
        ("Rabatt %", Column.DISCOUNT),
        ("Item code", Column.CODE),
        ("Artikelbezeichnung", Column.DESCRIPTION),
        ("Code / Description", Column.DESCRIPTION),
        ("Pos.", Column.POSITION),
        ("Einheit", Column.UNIT),
        ("Datum", Column.DATE),
    ],
)
def test_names_the_column(heading: str, column: Column) -> None:
    assert column_of(heading) is column


@pytest.mark.parametrize("heading", ["", "VAT ID", "Acme Widgets", "Shipping"])
def test_names_no_column(heading: str) -> None:
    assert column_of(heading) is None


def test_a_known_word_is_not_taken_for_a_similar_one() -> None:
    # One letter apart from "acompte" (payment on account), but the French word for account.
    assert Role.PREPAID not in roles_of("Compte")


def test_normalising_keeps_letters_digits_and_percent() -> None:
    assert normalised("Größe: Überträge (5%)") == "grosse ubertrage 5 %"
