"""When an invoice may pass without a person."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from src.domain.findings import Finding, Severity
from src.domain.invoice import CORE_FIELDS, DocumentType, Invoice, Totals
from src.domain.page import Box
from src.domain.readings import (
    ComputedEvidence,
    CorrectedEvidence,
    Evidence,
    FieldReading,
    UngroundedEvidence,
    XmlEvidence,
)
from src.domain.review import Decision, ReviewStatus, core_fields, decide
from tests.domain.build import check, invoice, read

BOX = Box(0.1, 0.1, 0.2, 0.2)


def _finding(code: str, severity: Severity) -> Finding:
    return Finding(code=code, severity=severity, message="m", fields=(), remedy="r")


def _decide(subject: Invoice, *findings: Finding) -> Decision:
    return decide(subject, findings, accept_confidence=0.8)


def _total(evidence: Evidence, confidence: float = 1.0) -> Invoice:
    reading = FieldReading[Decimal](
        value=Decimal(1), evidence=evidence, confidence=confidence, engine="test"
    )
    return invoice().model_copy(update={"totals": Totals(total=reading)})


def test_a_sure_invoice_without_errors_is_accepted() -> None:
    warning, info = _finding("w", Severity.WARNING), _finding("i", Severity.INFO)
    assert _decide(invoice(), warning, info) == Decision(ReviewStatus.ACCEPTED, ())


def test_errors_hold_it_and_are_told_once_each_in_order() -> None:
    errors = [_finding(code, Severity.ERROR) for code in ("b", "a", "b")]
    assert _decide(invoice(), *errors) == Decision(ReviewStatus.NEEDS_REVIEW, ("b", "a"))


def test_a_document_that_contradicts_itself_is_never_accepted() -> None:
    subject = invoice(subtotal="100", tax_total="19", total="120")
    decision = decide(subject, check(subject), accept_confidence=0.0)
    assert decision == Decision(ReviewStatus.NEEDS_REVIEW, ("total-mismatch",))


def test_missing_core_fields_are_named_even_if_no_check_ran() -> None:
    assert _decide(Invoice()).reasons == tuple(f"missing:{field}" for field in CORE_FIELDS)


def test_a_receipt_needs_no_number_but_a_number_must_be_sure() -> None:
    receipt = invoice(kind=DocumentType.RECEIPT)
    without = receipt.model_copy(update={"invoice_number": None})
    assert _decide(without).status is ReviewStatus.ACCEPTED
    unsure = read("R-1", "R-1", BOX).model_copy(update={"confidence": 0.3})
    doubtful = receipt.model_copy(update={"invoice_number": unsure})
    assert _decide(doubtful).reasons == ("low-confidence:invoice_number",)
    assert "invoice_number" not in core_fields(receipt)
    assert core_fields(Invoice()) == CORE_FIELDS


@pytest.mark.parametrize(("confidence", "held"), [(0.8, False), (0.79, True), (1.0, False)])
def test_confidence_at_the_threshold_passes(confidence: float, held: bool) -> None:
    decision = _decide(_total(XmlEvidence(path="a/b"), confidence))
    assert decision.reasons == (("low-confidence:totals.total",) if held else ())


@pytest.mark.parametrize(
    ("evidence", "enough"),
    [
        (XmlEvidence(path="Invoice/Total"), True),
        (XmlEvidence(path=""), False),
        (ComputedEvidence(fields=("totals.subtotal",)), True),
        (ComputedEvidence(fields=()), False),
        (CorrectedEvidence(by="Ann", at=datetime(2026, 1, 1, tzinfo=UTC)), True),
        (UngroundedEvidence(page=1), False),
    ],
)
def test_evidence_must_lead_somewhere(evidence: Evidence, enough: bool) -> None:
    assert _decide(_total(evidence)).reasons == (() if enough else ("no-evidence:totals.total",))


@pytest.mark.parametrize(("text", "enough"), [("R-1", True), (" ", False), (None, False)])
def test_a_read_value_needs_its_printed_text(text: str | None, enough: bool) -> None:
    subject = invoice().model_copy(update={"invoice_number": read("R-1", text, BOX)})
    assert _decide(subject).reasons == (() if enough else ("no-evidence:invoice_number",))
