"""Due dates that follow from payment terms."""

from __future__ import annotations

import pytest

from src.domain.readings import ComputedEvidence
from src.engines.layout.engine import extract_candidate
from src.engines.layout.structure import build_layout
from src.engines.layout.terms import find_payment_term
from tests.engines.layout.drawing import page_of


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Terms: Net 30", 30),
        ("Payment due within 14 days", 14),
        ("Zahlbar innerhalb von 30 Tagen netto auf unser Konto", 30),
        ("10 Tage 2 % Skonto, 30 Tage netto", 30),
        ("Conditions de paiement : 45 jours", 45),
        ("Betalingstermijn 21 dagen", 21),
        ("Late payment is charged after 60 days", None),
        ("Goods may be sent back within 30 days", None),
        ("Netto 1.200,00", None),
        ("Payment by card", None),
    ],
)
def test_terms(text: str, days: int | None) -> None:
    term = find_payment_term(build_layout([page_of(text)]))

    assert (term.days if term else None) == days


def test_a_due_date_from_terms_is_computed_and_says_so() -> None:
    text = "Invoice Date: 31 January 2024\nTerms: Net 30"
    due = extract_candidate((page_of(text),)).invoice.due_date

    assert due is not None
    assert due.value.isoformat() == "2024-03-01"
    assert isinstance(due.evidence, ComputedEvidence)
    assert due.evidence.fields == ("issue_date", "payment.terms")


def test_a_printed_due_date_is_left_alone() -> None:
    text = "Invoice Date: 31 January 2024\nDue Date: 5 February 2024\nTerms: Net 30"
    due = extract_candidate((page_of(text),)).invoice.due_date

    assert due is not None
    assert due.value.isoformat() == "2024-02-05"
