"""IBAN, BIC, tax ids, mail and web addresses; bad check digits are told, not hidden."""

from __future__ import annotations

import pytest

from src.engines.layout.identifiers import Identifier, find_identifiers
from src.engines.layout.labels import find_labels
from src.engines.layout.slots import SlotFinder
from src.engines.layout.structure import build_layout
from tests.engines.layout.drawing import page_of


def identifiers_on(text: str) -> list[Identifier]:
    layout = build_layout([page_of(text)])
    hits = find_labels(layout)
    return list(find_identifiers(layout, hits, SlotFinder(layout, hits)))


def values_of(text: str, kind: str) -> list[tuple[str, bool | None]]:
    return [(i.value, i.valid) for i in identifiers_on(text) if i.kind == kind]


def test_ibans_lose_their_blanks_and_end_where_the_country_says() -> None:
    printed = "IBAN: DE89 3704 0044 0532 0130 00 BIC: COBADEFFXXX"

    assert values_of(printed, "iban") == [("DE89370400440532013000", True)]
    assert values_of(printed, "bic") == [("COBADEFFXXX", None)]


def test_a_wrong_check_digit_is_told_with_the_value() -> None:
    assert values_of("IBAN DE88 3704 0044 0532 0130 00", "iban") == [
        ("DE88370400440532013000", False)
    ]
    assert values_of("USt-IdNr. DE271828182", "vat") == [("DE271828182", False)]


def test_an_iban_over_two_lines_of_a_cell_is_one() -> None:
    text = """
    Bank          IBAN
    Some Bank     DE89 3704 0044 0532
                  0130 00
    """
    assert values_of(text, "iban") == [("DE89370400440532013000", True)]


def test_a_vat_id_is_not_taken_for_a_short_iban() -> None:
    text = "Brasserie du Parc\nBE0428759497"

    assert values_of(text, "iban") == []
    assert values_of(text, "vat") == [("BE0428759497", True)]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("VAT Reg No: GB 980 7806 84", "GB980780684"),
        ("ABN 51 824 753 556", "51824753556"),
        ("GSTIN/UIN: 27AAPFU0939F1ZV", "27AAPFU0939F1ZV"),
        ("N° TVA : FR 40 303 265 045", "FR40303265045"),
        ("P.IVA 01234567897", "01234567897"),
        ("GST ID : 002017394688", "002017394688"),
        ("CHE-116.281.710 MWST", "CHE-116.281.710"),
    ],
)
def test_tax_ids(printed: str, value: str) -> None:
    assert [found for found, _ in values_of(printed, "vat")] == [value]


def test_a_local_tax_number_is_its_own_kind() -> None:
    assert values_of("Steuernummer: 318/257/60413", "tax_number") == [("318/257/60413", None)]


def test_an_amount_beside_a_tax_label_is_no_tax_id() -> None:
    assert values_of("VAT   191.00", "vat") == []


def test_mail_web_and_telephone() -> None:
    text = "E-Mail: a.b@blue-fox.de   www.blue-fox.de   Tel: +49 30 123 456"
    found = {i.kind: i.value for i in identifiers_on(text)}

    assert found["email"] == "a.b@blue-fox.de"
    assert found["website"] == "www.blue-fox.de"
    assert found["phone"] == "+49 30 123 456"


@pytest.mark.parametrize(
    "text",
    ["USt. 19 % auf 31.264", "VAT  EUR 55.114", "BTW 211.674", "TVA 11187", "VAT  USD57.422"],
)
def test_an_amount_behind_a_tax_label_is_no_tax_id(text: str) -> None:
    assert values_of(text, "vat") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Contribuinte n.º: 509850340", "509850340"),
        ("NIF 509850340", "509850340"),
        ("VAT REGISTRATION NUMBER: 201949262D", "201949262D"),
    ],
)
def test_tax_ids_by_their_wording(text: str, value: str) -> None:
    assert [found for found, _ in values_of(text, "vat")] == [value]
