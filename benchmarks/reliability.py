"""How well confidences keep their word: reliability, calibration error, straight-through share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks.neutral import Neutral, neutral
from benchmarks.scoring import CORE, Score
from src.domain.invoice import Invoice
from src.domain.readings import FieldReading

# Field of the neutral schema -> group of fields whose confidences are made alike.
GROUPS = {
    "document_type": "document type",
    "invoice_number": "number",
    "purchase_order": "number",
    "invoice_date": "date",
    "due_date": "date",
    "currency": "currency",
    "vendor.name": "vendor name",
    "customer.name": "customer name",
    "vendor.address": "address",
    "customer.address": "address",
    "vendor.tax_id": "identifier",
    "customer.tax_id": "identifier",
    "vendor.iban": "identifier",
    "subtotal": "amount",
    "tax_total": "amount",
    "total": "amount",
    "amount_due": "amount",
}
LINES = "line item"
BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One value that the truth can judge."""

    document: str
    # Path of the neutral schema, for lines `line_items.<field>`.
    field: str
    group: str
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Values of like confidence."""

    low: float
    high: float
    count: int
    mean_confidence: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Passed:
    """What goes through untouched at one threshold."""

    threshold: float
    accepted: int
    documents: int
    # Of the core fields of accepted documents.
    wrong_share: float

    @property
    def share(self) -> float:
        return self.accepted / self.documents if self.documents else 0.0


@dataclass(frozen=True, slots=True)
class Core:
    """The core fields of one document."""

    # Least confidence of a core field that the truth states; 0 where one was not found.
    confidence: float
    stated: int
    wrong: int


def judge(document: str, truth: Neutral, invoice: Invoice) -> tuple[list[Judged], Core]:
    """Every value that was read and that the truth states, and the document's core fields."""
    judged = [
        Judged(document, field, GROUPS.get(field, LINES), reading.confidence, right)
        for field, reading, right in judged_readings(truth, invoice)
    ]
    known = {value.field: value for value in judged if value.field in CORE}
    core = [known.get(field) for field in CORE if stated(truth, field)]
    least = min((value.confidence if value else 0.0 for value in core), default=0.0)
    wrong = sum(value is None or not value.right for value in core)
    return judged, Core(least, len(core), wrong)


def judged_readings(
    truth: Neutral, invoice: Invoice
) -> Iterator[tuple[str, FieldReading[Any], bool]]:
    """(field of the neutral schema, its reading, whether it is right) where truth can tell."""
    score = Score()
    score.add("", truth, neutral(invoice))
    wrong = {field for _, field, _, _ in score.wrong}
    for field, reading in readings_of(invoice).items():
        if field in score.fields:
            yield field, reading, field not in wrong
    yield from _judged_lines(truth, invoice)


def stated(truth: Neutral, field: str) -> bool:
    """Whether the truth tells the value of a field such as `vendor.name`."""
    value: object = truth
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return bool(value)


def readings_of(invoice: Invoice) -> dict[str, FieldReading[Any]]:
    """The readings behind the neutral schema, by its paths; what was not found is left out."""
    accounts = invoice.payment.accounts
    readings: dict[str, FieldReading[Any] | None] = {
        "document_type": invoice.document_type,
        "invoice_number": invoice.invoice_number,
        "purchase_order": invoice.purchase_order,
        "invoice_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "currency": invoice.currency,
        "vendor.iban": next((a.iban for a in accounts if a.iban), None),
        "subtotal": invoice.totals.subtotal,
        "tax_total": invoice.totals.tax_total,
        "total": invoice.totals.total,
        "amount_due": invoice.totals.amount_due,
    }
    for role, party in (("vendor", invoice.vendor), ("customer", invoice.customer)):
        readings[f"{role}.name"] = party.name
        readings[f"{role}.address"] = party.address
        readings[f"{role}.tax_id"] = party.tax_id or party.tax_registration
    return {path: reading for path, reading in readings.items() if reading is not None}


def _judged_lines(
    truth: Neutral, invoice: Invoice
) -> Iterator[tuple[str, FieldReading[Any], bool]]:
    """Numbers of lines; one is right if a line of the truth with the same amount holds it."""
    lines = truth.get("line_items") or []
    by_amount = {abs(Decimal(line["amount"])): line for line in lines if "amount" in line}
    for line in invoice.line_items if by_amount else ():
        amount = line.amount or line.gross_amount
        if amount is None:
            continue
        true = by_amount.get(abs(amount.value))
        yield "line_items.amount", amount, true is not None
        for name, reading in (("quantity", line.quantity), ("unit_price", line.unit_price)):
            if true is not None and reading is not None and name in true:
                right = abs(reading.value) == abs(Decimal(true[name]))
                yield f"line_items.{name}", reading, right


def bins(judged: Iterable[Judged]) -> tuple[Bin, ...]:
    """Ten bins of equal width, empty ones left out."""
    places: dict[int, list[Judged]] = {}
    for value in judged:
        places.setdefault(min(BINS - 1, int(value.confidence * BINS)), []).append(value)
    return tuple(
        Bin(
            place / BINS,
            (place + 1) / BINS,
            len(values),
            sum(v.confidence for v in values) / len(values),
            sum(v.right for v in values) / len(values),
        )
        for place, values in sorted(places.items())
    )


def calibration_error(judged: Sequence[Judged]) -> float:
    """Expected calibration error: |confidence - share right| of each bin, weighted by count."""
    found = bins(judged)
    count = sum(b.count for b in found)
    return sum(b.count * abs(b.mean_confidence - b.share_right) for b in found) / max(1, count)


def straight_through(cores: Sequence[Core], most_wrong: float = 0.01) -> Passed:
    """The lowest threshold at which accepted documents have at most this share of wrong core
    fields; one above 1 where there is none."""
    best = Passed(1.01, 0, len(cores), 0.0)
    accepted = stated = wrong = 0
    ordered = sorted(cores, key=lambda c: -c.confidence)
    for index, core in enumerate(ordered):
        accepted, stated, wrong = accepted + 1, stated + core.stated, wrong + core.wrong
        last_of_its_kind = (
            index + 1 == len(ordered) or ordered[index + 1].confidence < core.confidence
        )
        if last_of_its_kind and core.confidence > 0 and wrong <= most_wrong * stated:
            best = Passed(core.confidence, accepted, len(cores), wrong / max(1, stated))
    return best
