"""Whether an invoice may pass without a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from src.domain.findings import Finding, Severity
from src.domain.invoice import CORE_FIELDS, DocumentType, Invoice
from src.domain.paths import Reading, get_reading
from src.domain.readings import (
    ComputedEvidence,
    ReadEvidence,
    UngroundedEvidence,
    XmlEvidence,
)


class ReviewStatus(StrEnum):
    """About the invoice, not about the work on it (see `JobState`)."""

    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """ACCEPTED without reasons, or NEEDS_REVIEW with at least one.

    A reason is the code of a finding, or `missing:<field>`, `no-evidence:<field>` or
    `low-confidence:<field>`.
    """

    status: ReviewStatus
    reasons: tuple[str, ...]


def core_fields(invoice: Invoice) -> tuple[str, ...]:
    """The fields this kind of document must have; a receipt needs no number."""
    kind = invoice.document_type
    if kind is not None and kind.value is DocumentType.RECEIPT:
        return tuple(field for field in CORE_FIELDS if field != "invoice_number")
    return CORE_FIELDS


def decide(invoice: Invoice, findings: Iterable[Finding], *, accept_confidence: float) -> Decision:
    """ACCEPTED if no finding is an error and every core field is there, evident and sure.

    `accept_confidence` is the least confidence (0..1) of a core field. A number on a receipt
    is not required, but if there is one it must be as sure as the rest.
    """
    codes = (finding.code for finding in findings if finding.severity is Severity.ERROR)
    # Codes repeat (one finding a line), reasons do not; the order stays.
    reasons = tuple(dict.fromkeys((*codes, *_doubts(invoice, accept_confidence))))
    status = ReviewStatus.NEEDS_REVIEW if reasons else ReviewStatus.ACCEPTED
    return Decision(status, reasons)


def _doubts(invoice: Invoice, accept_confidence: float) -> Iterator[str]:
    required = core_fields(invoice)
    for field in CORE_FIELDS:
        reading = get_reading(invoice, field)
        if reading is None:
            if field in required:
                yield f"missing:{field}"
        elif not has_evidence(reading):
            yield f"no-evidence:{field}"
        elif reading.confidence < accept_confidence:
            yield f"low-confidence:{field}"


def has_evidence(reading: Reading) -> bool:
    """Whether a person can follow where the value came from."""
    evidence = reading.evidence
    if isinstance(evidence, ReadEvidence):
        return bool(reading.text and reading.text.strip())
    if isinstance(evidence, ComputedEvidence):
        return bool(evidence.fields)
    if isinstance(evidence, XmlEvidence):
        return bool(evidence.path)
    return not isinstance(evidence, UngroundedEvidence)
