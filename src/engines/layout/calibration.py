"""Turns the scores of the stages into probabilities that keep their word.

The confidence a stage gives says which of two readings it believes more; how often readings of
that score are right is another question. Each group of fields has a logistic curve over the log
odds of the score and a few facts that need the whole document (do the lines add up, was the page
read by OCR, does a name stand above an address). The curves rise with the score. They live in
`calibration.json` and are fitted on generated invoices by `python -m training.calibrate`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from pydantic import BaseModel

from src.domain.invoice import Invoice, LineItem, Party
from src.domain.page import Page, TextSource
from src.domain.readings import ComputedEvidence, FieldReading

M = TypeVar("M", bound=BaseModel)

FEATURES = ("odds", "constant", "computed", "lines", "ocr", "shape")
# Name of the group for fields that no other group fits.
OTHER = "other"
_GROUPS = {
    "document_type": "document_type",
    "currency": "currency",
    "invoice_number": "invoice_number",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "purchase_order": "purchase_order",
    "vendor.name": "vendor.name",
    "vendor.address": "vendor.address",
    "vendor.tax_id": "vendor.tax_id",
    "vendor.tax_registration": "vendor.tax_id",
    "customer.name": "customer.name",
    "customer.address": "customer.address",
    "customer.tax_id": "customer.tax_id",
    "customer.tax_registration": "customer.tax_id",
    "payment.accounts.iban": "iban",
    "totals.subtotal": "subtotal",
    "totals.tax_total": "tax_total",
    "totals.total": "total",
    "totals.amount_due": "amount_due",
    "line_items.amount": "line.amount",
    "line_items.gross_amount": "line.amount",
    "line_items.quantity": "line.quantity",
    "line_items.unit_price": "line.unit_price",
}
# Fields without labels of their own in training go with their likes.
_LIKENESS = {
    "date": "due_date",
    "order_date": "due_date",
    "delivery_date": "due_date",
    "payment_date": "due_date",
    "customer_id": "purchase_order",
    "sales_order": "purchase_order",
    "preceding_invoice_number": "purchase_order",
    "delivery_note": "purchase_order",
    "reference": "purchase_order",
}
# Farther out the log odds of a score mean nothing.
_LIMIT = 4.0
_PENNY = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the whole document says about its readings."""

    # The lines add up to the subtotal or the total.
    lines_agree: bool
    # Share 0..1 of words that OCR read.
    ocr: float
    invoice: Invoice


def calibrated(invoice: Invoice, pages: Sequence[Page]) -> Invoice:
    """The same invoice, each confidence a probability."""
    facts = facts_of(invoice, pages)
    return _walked(invoice, "", facts, weights())


def facts_of(invoice: Invoice, pages: Sequence[Page]) -> Facts:
    words = [word for page in pages for word in page.words]
    by_ocr = sum(word.source is TextSource.OCR for word in words)
    return Facts(
        lines_agree=_lines_agree(invoice),
        ocr=by_ocr / max(1, len(words)),
        invoice=invoice,
    )


def group_of(path: str) -> str:
    """The curve for a field; `path` has no indexes."""
    leaf = path.rpartition(".")[2]
    return _GROUPS.get(path) or _LIKENESS.get(leaf, OTHER)


def features_of(reading: FieldReading[Any], group: str, facts: Facts) -> tuple[float, ...]:
    """Numbers in the order of `FEATURES`."""
    score = min(0.995, max(0.005, reading.confidence))
    odds = max(-_LIMIT, min(_LIMIT, math.log(score / (1 - score))))
    return (
        odds,
        1.0,
        float(isinstance(reading.evidence, ComputedEvidence)),
        float(facts.lines_agree),
        facts.ocr,
        _shape(reading, group, facts),
    )


@cache
def weights() -> Mapping[str, tuple[float, ...]]:
    """Of each group, in the order of `FEATURES`."""
    text = resources.files(__package__).joinpath("calibration.json").read_text("utf-8")
    groups = json.loads(text)["weights"]
    return {name: tuple(values[feature] for feature in FEATURES) for name, values in groups.items()}


def probability(features: Sequence[float], curve: Sequence[float]) -> float:
    odds = sum(x * w for x, w in zip(features, curve, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-20.0, min(20.0, odds))))


def _walked(model: M, path: str, facts: Facts, curves: Mapping[str, tuple[float, ...]]) -> M:
    changed = {
        name: _replaced(value, f"{path}.{name}" if path else name, facts, curves)
        for name, value in model
        if isinstance(value, BaseModel | tuple) and value != ()
    }
    return model.model_copy(update=changed)


def _replaced(
    value: object, path: str, facts: Facts, curves: Mapping[str, tuple[float, ...]]
) -> object:
    if isinstance(value, FieldReading):
        group = group_of(path)
        curve = curves.get(group) or curves[OTHER]
        sure = probability(features_of(value, group, facts), curve)
        return value.model_copy(update={"confidence": sure})
    if isinstance(value, BaseModel):
        return _walked(value, path, facts, curves)
    if isinstance(value, tuple):
        return tuple(_replaced(item, path, facts, curves) for item in value)
    return value


def _lines_agree(invoice: Invoice) -> bool:
    totals = invoice.totals
    amounts = [a.value for a in map(_amount_of, invoice.line_items) if a is not None]
    known = (totals.line_total, totals.subtotal, totals.total)
    whole = sum(amounts, Decimal(0))
    return bool(amounts) and any(r is not None and abs(r.value - whole) <= _PENNY for r in known)


def _amount_of(line: LineItem) -> FieldReading[Decimal] | None:
    return line.amount or line.gross_amount


def _shape(reading: FieldReading[Any], group: str, facts: Facts) -> float:
    """How much the value looks like one of its kind, 0..1."""
    invoice = facts.invoice
    text = reading.text or ""
    if group in ("vendor.name", "customer.name"):
        party = invoice.vendor if group == "vendor.name" else invoice.customer
        return _name_shape(str(reading.value), party)
    if group in ("vendor.address", "customer.address"):
        parts = (reading.value.street, reading.value.postal_code, reading.value.city)
        return sum(part is not None for part in parts) / len(parts)
    if group == "invoice_number":
        return float(sum(c.isdigit() for c in str(reading.value)) >= 3)
    if group == "currency":
        return float(text.strip(".:()").isalpha() and len(text.strip(".:()")) == 3)
    if group in ("issue_date", "due_date"):
        issued, due = invoice.issue_date, invoice.due_date
        return float(issued is not None and due is not None and issued.value <= due.value)
    return 0.0


def _name_shape(name: str, party: Party) -> float:
    """Cells of tables hold digits; names of companies seldom do, and stand above an address."""
    if any(c.isdigit() for c in name):
        return 0.0
    shape = 0.4 + (0.2 if len(name.split()) > 1 else 0.0)
    if party.address is not None:
        shape += 0.4 if party.address.value.postal_code else 0.2
    return shape
