"""Labels are found in every spelling, and not in names and prose."""

from __future__ import annotations

import pytest

from src.engines.layout.labels import find_labels
from src.engines.layout.lexicon import index
from src.engines.layout.model import LabelHit
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of


def hits_on(text: str) -> list[LabelHit]:
    return list(find_labels(build_layout([page_of(text)])))


def concepts_of(text: str) -> set[str]:
    return {hit.concept for hit in hits_on(text) if hit.confidence >= 0.6}


@pytest.mark.parametrize(
    ("printed", "concept"),
    [
        ("Invoice No.:", "invoice_number"),
        ("INVOICE NUMBER", "invoice_number"),
        ("Invoice #", "invoice_number"),
        ("InvoiceNo", "invoice_number"),
        ("Rechnungs-Nr.", "invoice_number"),
        ("Rechnungsnummer:", "invoice_number"),
        ("N° de facture :", "invoice_number"),
        ("N°BC", "purchase_order"),
        ("N° Facture # -", "invoice_number"),
        ("Receipt # No.:", "invoice_number"),
        ("Date d'échéance", "due_date"),
        ("Datum der Rechnung", "invoice_date"),
        ("USt.-Id.-Nr.:", "vat_id"),
        # OCR took I for l, and lost a letter.
        ("USt.-ld.-Nr.:", "vat_id"),
        ("Invoce Number", "invoice_number"),
        ("Termin płatności:", "due_date"),
        ("Fecha de emisión", "invoice_date"),
    ],
)
def test_spellings(printed: str, concept: str) -> None:
    assert concept in concepts_of(printed)


def test_a_slash_joins_two_labels() -> None:
    hits = hits_on("Kunde/Leistungsempfänger")

    assert {hit.concept for hit in hits} == {"buyer"}


def test_a_label_in_two_languages_is_one() -> None:
    sellers = [
        hit for hit in hits_on("Sold by / Vendu par: Lumen Trade") if hit.concept == "seller"
    ]

    assert [" ".join(token.text for token in hit.rest) for hit in sellers] == ["Lumen Trade"]


def test_a_label_broken_over_two_lines_of_a_cell() -> None:
    assert "invoice_number" in concepts_of("Invoice      Ship\nNumber       Via")


def test_the_value_is_what_follows_the_colon() -> None:
    hit = next(hit for hit in hits_on("Invoice No: 4711 A") if hit.concept == "invoice_number")

    assert [token.text for token in hit.rest] == ["4711", "A"]
    assert hit.colon


def test_a_remark_in_brackets_is_no_value() -> None:
    hit = next(hit for hit in hits_on("Invoice Date (dd/mm/yyyy): 03/04/2024"))

    assert [token.text for token in hit.rest] == ["03/04/2024"]


def test_words_of_names_are_no_labels() -> None:
    assert "seller" not in concepts_of("Lieferant Nord GmbH")
    assert concepts_of("Station Road, 21") == set()
    assert concepts_of("9 Station Approach") == set()


def test_a_label_amid_prose_counts_less_than_one_in_a_cell() -> None:
    cell = max(hit.confidence for hit in hits_on("Due date:"))
    prose = max(hit.confidence for hit in hits_on("interest is owed from the due date onwards"))

    assert prose < 0.6 < cell


def test_the_lexicon_has_no_label_that_names_everything() -> None:
    assert index("labels")["#"] == ("number",)
    assert all(len(concepts) <= 2 for concepts in index("labels").values())
