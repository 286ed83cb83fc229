"""Whatever the XML holds, the answer is an invoice or a refusal in words."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from src.domain.errors import UnusableAnswer
from src.domain.invoice import Invoice
from src.engines.einvoice.engine import read_einvoice
from tests.engines.invoice_readings import readings_of

_DOCUMENTS = [
    path.read_bytes() for path in sorted((Path(__file__).parent / "einvoices").glob("*.xml"))
]
# Text that XML can hold.
_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=40)
_ODD = st.sampled_from(
    [
        "",
        "0",
        "-0.00",
        "99999999",
        "2026-02-30",
        "0000-00-00",
        "20260000",
        "eur",
        "€",
        "S",
        "\u00a0",
    ]
)


@given(
    document=st.sampled_from(_DOCUMENTS),
    places=st.lists(st.integers(0), min_size=1, max_size=8),
    text=_TEXT | _ODD,
)
@settings(max_examples=150, deadline=None)
def test_any_text_in_any_element(document: bytes, places: list[int], text: str) -> None:
    root = etree.fromstring(document)
    elements = list(root.iter(etree.Element))
    for place in places:
        elements[place % len(elements)].text = text

    _read_or_refuse(etree.tostring(root))


@given(
    document=st.sampled_from(_DOCUMENTS), places=st.lists(st.integers(0), min_size=1, max_size=8)
)
@settings(max_examples=100, deadline=None)
def test_any_elements_missing(document: bytes, places: list[int]) -> None:
    root = etree.fromstring(document)
    for place in places:
        elements = list(root.iter(etree.Element))[1:]
        if elements:
            doomed = elements[place % len(elements)]
            parent = doomed.getparent()
            assert parent is not None
            parent.remove(doomed)

    _read_or_refuse(etree.tostring(root))


@given(
    document=st.sampled_from(_DOCUMENTS), cut=st.integers(0, 20_000), junk=st.binary(max_size=20)
)
@settings(max_examples=100, deadline=None)
def test_damaged_bytes(document: bytes, cut: int, junk: bytes) -> None:
    at = cut % len(document)

    _read_or_refuse(document[:at] + junk + document[at + len(junk) :])


def _read_or_refuse(content: bytes) -> None:
    try:
        candidate = read_einvoice(content)
    except UnusableAnswer:
        return
    invoice = candidate.invoice
    assert any(True for _ in readings_of(invoice))
    assert Invoice.model_validate_json(invoice.model_dump_json()) == invoice
