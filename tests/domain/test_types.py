"""The frozen types: what they refuse and how they travel."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from src.domain import errors
from src.domain.document import MediaType
from src.domain.errors import InvoiceAgentError
from src.domain.invoice import Invoice, Totals
from src.domain.page import Box, Page, TextSource, Word
from src.domain.readings import (
    ComputedEvidence,
    CorrectedEvidence,
    Evidence,
    EvidenceBox,
    FieldReading,
    ReadEvidence,
    XmlEvidence,
)
from tests.domain.build import exact, invoice, line, page_of, read

ALL_ERRORS = [
    error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, InvoiceAgentError)
]


@pytest.mark.parametrize("kind", ALL_ERRORS)
def test_errors_survive_the_way_home_from_another_process(kind: type[InvoiceAgentError]) -> None:
    back = pickle.loads(pickle.dumps(kind("Disk full. Free some space.")))  # noqa: S301 - own bytes
    assert type(back) is kind
    assert back.message == str(back) == "Disk full. Free some space."
    assert (back.code, back.retryable) == (kind.code, kind.retryable)


def test_error_codes_are_unique() -> None:
    codes = [kind.code for kind in ALL_ERRORS]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("media_type", list(MediaType))
def test_every_media_type_has_an_extension_of_its_own(media_type: MediaType) -> None:
    assert media_type.extension.startswith(".")
    same = [other for other in MediaType if other.extension == media_type.extension]
    assert same == [media_type]


def test_a_union_of_boxes_holds_both() -> None:
    assert Box(0.1, 0.5, 0.2, 0.6).union(Box(0.3, 0.4, 0.35, 0.55)) == Box(0.1, 0.4, 0.35, 0.6)


def test_pages_pickle() -> None:
    page = page_of(("Invoice", Box(0, 0, 1, 1)))
    assert pickle.loads(pickle.dumps(page)) == page  # noqa: S301 - own bytes
    assert page.words == (Word("Invoice", Box(0, 0, 1, 1), 1.0, TextSource.TEXT_LAYER),)
    assert isinstance(page, Page)


EVIDENCE: list[Evidence] = [
    ReadEvidence(page=1, box=EvidenceBox(x0=0, y0=0, x1=1, y1=1)),
    XmlEvidence(path="Invoice/ID"),
    ComputedEvidence(fields=("totals.subtotal", "totals.tax_total")),
    CorrectedEvidence(by="Ann", at=datetime(2026, 1, 2, tzinfo=UTC)),
]


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_every_kind_of_evidence_comes_back_from_json(evidence: Evidence) -> None:
    adapter: TypeAdapter[Evidence] = TypeAdapter(Evidence)
    assert adapter.validate_json(adapter.dump_json(evidence)) == evidence


def test_an_invoice_comes_back_from_json_with_its_amounts_exact() -> None:
    subject = invoice(lines=(line("3.10", "0.1000", "0.31"),), total="0.10")
    back = Invoice.model_validate_json(subject.model_dump_json())
    assert back == subject
    assert back.totals.total is not None
    assert str(back.totals.total.value) == "0.10"


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "-Infinity", "sNaN", "1e15", "1e400000", "1e-400000", "1" * 29]
)
def test_amounts_that_cannot_be_are_refused(amount: str) -> None:
    with pytest.raises(ValidationError):
        Totals.model_validate({"total": exact(Decimal(1)).model_dump() | {"value": amount}})


@pytest.mark.parametrize("amount", ["0", "-0.00", "999999999999999", "0.0000000001", "-12.5"])
def test_amounts_that_can_be_are_taken(amount: str) -> None:
    totals = Totals.model_validate({"total": exact(Decimal(1)).model_dump() | {"value": amount}})
    assert totals.total is not None
    assert str(totals.total.value) == str(Decimal(amount))


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "€", "ÄÖÜ", "E1R"])
def test_a_currency_is_three_capital_letters(code: str) -> None:
    with pytest.raises(ValidationError, match="ISO 4217"):
        Invoice.model_validate({"currency": exact(code).model_dump()})


def test_readings_are_frozen_and_closed() -> None:
    reading = read("R-1", "R-1", Box(0, 0, 1, 1))
    with pytest.raises(ValidationError):
        reading.value = "R-2"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        FieldReading[str].model_validate(reading.model_dump() | {"surprise": 1})


@pytest.mark.parametrize("change", [{"confidence": 1.01}, {"confidence": -0.1}])
def test_confidence_is_a_probability(change: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        FieldReading[str].model_validate(exact("x").model_dump() | change)


def test_evidence_lies_on_a_page() -> None:
    with pytest.raises(ValidationError):
        EvidenceBox(x0=0, y0=0, x1=1.2, y1=1)
    with pytest.raises(ValidationError):
        ReadEvidence(page=0, box=EvidenceBox(x0=0, y0=0, x1=1, y1=1))
