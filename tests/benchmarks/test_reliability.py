"""The figures about confidences, on numbers that can be worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest

from benchmarks.reliability import (
    Core,
    Judged,
    bins,
    calibration_error,
    judge,
    straight_through,
)
from src.domain.invoice import Invoice, LineItem, Party, Totals
from src.domain.readings import ComputedEvidence, FieldReading

T = TypeVar("T")


def _judged(confidence: float, right: bool) -> Judged:
    return Judged("a", "total", "amount", confidence, right)


def _reading(value: T, confidence: float) -> FieldReading[T]:
    evidence = ComputedEvidence(fields=("x",))
    return FieldReading[T](value=value, evidence=evidence, confidence=confidence, engine="t")


def test_bins_hold_values_of_like_confidence() -> None:
    found = bins([_judged(0.95, True), _judged(0.97, False), _judged(0.41, True), _judged(1, True)])
    assert [(b.low, b.count) for b in found] == [(0.4, 1), (0.9, 3)]
    assert found[1].share_right == pytest.approx(2 / 3)


def test_calibration_error_weighs_bins_by_count() -> None:
    judged = [_judged(0.75, True)] * 3 + [_judged(0.75, False)] + [_judged(0.5, True)] * 4
    # The first bin keeps its word, the second is half a point off.
    assert calibration_error(judged) == pytest.approx(0.25)
    assert calibration_error([]) == 0


def test_straight_through_takes_the_lowest_threshold_that_holds() -> None:
    good = [Core(0.9, 5, 0)] * 60
    doubtful = [Core(0.8, 5, 0)] * 20 + [Core(0.8, 5, 4)]
    passed = straight_through([*good, *doubtful])
    assert (passed.threshold, passed.accepted) == (0.8, 81)
    stricter = straight_through([*good, *doubtful], most_wrong=0.001)
    assert (stricter.threshold, stricter.accepted, stricter.wrong_share) == (0.9, 60, 0)


def test_documents_of_one_confidence_pass_together() -> None:
    tied = [Core(0.9, 5, 0), Core(0.9, 5, 5)]
    assert straight_through(tied).accepted == 0


def test_a_missing_core_field_never_passes() -> None:
    assert straight_through([Core(0.0, 5, 1)]).accepted == 0


def test_judging_a_document() -> None:
    invoice = Invoice(
        invoice_number=_reading("A-1", 0.9),
        issue_date=_reading(date(2026, 1, 2), 0.7),
        vendor=Party(name=_reading("Ashgrove Ltd", 0.8)),
        totals=Totals(total=_reading(Decimal("12.00"), 0.95)),
        line_items=(
            LineItem(amount=_reading(Decimal("10.00"), 0.9), quantity=_reading(Decimal(2), 0.6)),
            LineItem(amount=_reading(Decimal("99.00"), 0.5)),
            LineItem(quantity=_reading(Decimal(1), 0.5)),
        ),
    )
    truth = {
        "invoice_number": "A-1",
        "invoice_date": "2026-02-01",
        "vendor": {"name": "Ashgrove Ltd"},
        "total": "12.00",
        "currency": "EUR",
        "line_items": [{"quantity": "2", "amount": "10.00"}],
    }
    judged, core = judge("doc", truth, invoice)
    right = {(value.field, value.confidence): value.right for value in judged}
    assert right == {
        ("invoice_number", 0.9): True,
        ("invoice_date", 0.7): False,
        ("vendor.name", 0.8): True,
        ("total", 0.95): True,
        ("line_items.amount", 0.9): True,
        ("line_items.quantity", 0.6): True,
        ("line_items.amount", 0.5): False,
    }
    # The date is wrong and the currency was not found.
    assert core == Core(confidence=0.0, stated=5, wrong=2)
