"""Confidences of the layout engine as probabilities."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from src.domain.invoice import Address, Invoice, LineItem, Party, Totals
from src.domain.page import Box, Page, TextSource, Word
from src.domain.paths import get_reading
from src.domain.readings import ComputedEvidence, FieldReading
from src.engines.layout import calibration
from src.engines.layout.calibration import FEATURES, calibrated, facts_of, features_of, group_of
from src.engines.layout.evidence import read_value
from src.engines.layout.model import Rect, Token

_BOX = Box(0.1, 0.1, 0.2, 0.12)
_TOKEN = Token("x", Rect(10, 10, 20, 12), 1, 1.0, 0, _BOX)


def _page(source: TextSource = TextSource.TEXT_LAYER) -> Page:
    return Page(1, 595, 842, 0, source, (Word("x", _BOX, 1.0, source),))


def _amount(value: str, confidence: float = 0.8) -> FieldReading[Decimal]:
    return read_value(Decimal(value), [_TOKEN], confidence)


def _invoice(confidence: float = 0.8) -> Invoice:
    address = Address(text="Mill Lane 1, 12345 Town", street="Mill Lane 1", postal_code="12345")
    return Invoice(
        invoice_number=read_value("RE-2026-1", [_TOKEN], confidence),
        issue_date=read_value(date(2026, 1, 2), [_TOKEN], confidence),
        currency=read_value("EUR", [_TOKEN], confidence, "EUR"),
        vendor=Party(
            name=read_value("Ashgrove Trading", [_TOKEN], confidence),
            address=read_value(address, [_TOKEN], confidence),
        ),
        totals=Totals(subtotal=_amount("30.00"), total=_amount("36.00", confidence)),
        line_items=(LineItem(amount=_amount("10.00")), LineItem(amount=_amount("20.00"))),
    )


def _features(invoice: Invoice, path: str, page: Page | None = None) -> dict[str, float]:
    reading = get_reading(invoice, path)
    assert reading is not None
    facts = facts_of(invoice, [page or _page()])
    return dict(zip(FEATURES, features_of(reading, group_of(path), facts), strict=True))


def test_only_confidences_change() -> None:
    before = _invoice()
    after = calibrated(before, [_page()])
    assert after != before
    assert _without_confidence(after) == _without_confidence(before)


def _without_confidence(value: object) -> object:
    if isinstance(value, Invoice):
        return _without_confidence(value.model_dump(mode="json"))
    if isinstance(value, dict):
        return {k: _without_confidence(v) for k, v in value.items() if k != "confidence"}
    return [_without_confidence(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "path",
    ["invoice_number", "issue_date", "currency", "vendor.name", "vendor.address", "totals.total"],
)
def test_a_surer_reading_stays_surer(path: str) -> None:
    levels = []
    for confidence in (0.0, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0):
        reading = get_reading(calibrated(_invoice(confidence), [_page()]), path)
        assert reading is not None
        levels.append(reading.confidence)
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]
    assert all(0 <= level <= 1 for level in levels)


def test_no_curve_falls_with_the_score() -> None:
    odds = FEATURES.index("odds")
    for group, curve in calibration.weights().items():
        assert curve[odds] >= 0, group


def test_every_group_has_its_curve() -> None:
    known = calibration.weights()
    paths = ("document_type", "due_date", "payment.accounts.iban", "totals.amount_due")
    for path in (*paths, "line_items.quantity", "customer.name", "vendor.phone"):
        assert group_of(path) in known, path
    assert group_of("vendor.phone") == calibration.OTHER
    assert group_of("delivery_date") == "due_date"
    file = Path(calibration.__file__).with_name("calibration.json")
    assert set(json.loads(file.read_text("utf-8"))["weights"]) == set(known)


def test_lines_that_add_up_are_a_fact() -> None:
    assert _features(_invoice(), "totals.total")["lines"] == 1
    broken = _invoice().model_copy(update={"line_items": (LineItem(amount=_amount("10.00")),)})
    assert _features(broken, "totals.total")["lines"] == 0
    assert _features(Invoice(currency=_invoice().currency), "currency")["lines"] == 0


def test_pages_read_by_ocr_are_a_fact() -> None:
    assert _features(_invoice(), "totals.total")["ocr"] == 0
    assert _features(_invoice(), "totals.total", _page(TextSource.OCR))["ocr"] == 1


def test_computed_values_are_told_apart() -> None:
    computed = FieldReading[Decimal](
        value=Decimal("36.00"),
        evidence=ComputedEvidence(fields=("totals.subtotal",)),
        confidence=0.8,
        engine="layout",
    )
    invoice = _invoice().model_copy(update={"totals": Totals(total=computed)})
    assert _features(invoice, "totals.total")["computed"] == 1
    assert _features(_invoice(), "totals.total")["computed"] == 0


@pytest.mark.parametrize(
    ("name", "shape"),
    [("Ashgrove Trading", 1.0), ("Ashgrove", 0.8), ("12 pcs", 0.0)],
)
def test_a_name_stands_above_an_address(name: str, shape: float) -> None:
    before = _invoice()
    vendor = before.vendor.model_copy(update={"name": read_value(name, [_TOKEN], 0.8)})
    invoice = before.model_copy(update={"vendor": vendor})
    assert _features(invoice, "vendor.name")["shape"] == pytest.approx(shape)


@pytest.mark.parametrize(("text", "shape"), [("EUR", 1.0), ("€", 0.0), ("$", 0.0)])
def test_a_code_is_a_clearer_currency_than_a_sign(text: str, shape: float) -> None:
    currency = read_value("EUR", [_TOKEN], 0.8, text)
    invoice = _invoice().model_copy(update={"currency": currency})
    assert _features(invoice, "currency")["shape"] == shape


def test_a_due_date_before_the_invoice_is_doubtful() -> None:
    for day, shape in ((date(2026, 2, 1), 1.0), (date(2025, 12, 1), 0.0)):
        due = read_value(day, [_TOKEN], 0.8)
        invoice = _invoice().model_copy(update={"due_date": due})
        assert _features(invoice, "due_date")["shape"] == shape


def test_an_empty_invoice_stays_empty() -> None:
    assert calibrated(Invoice(), []) == Invoice()
