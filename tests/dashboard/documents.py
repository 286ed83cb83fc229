"""Documents of the fake wire, made with the service's own types: what the API would answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from src.domain.invoice import DocumentType, Invoice, LineItem, Party, Totals
from src.domain.readings import (
    ComputedEvidence,
    CorrectedEvidence,
    Evidence,
    EvidenceBox,
    FieldReading,
    ReadEvidence,
)

T = TypeVar("T")
RECEIVED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FILE_ID = "0f8b6f7d9a3c4f0e8a2b1c3d4e5f6071"
NEXT_ID = "1f8b6f7d9a3c4f0e8a2b1c3d4e5f6072"


def read(
    value: T, *, text: str | None = None, page: int = 1, at: float = 0.1, confidence: float = 0.97
) -> FieldReading[T]:
    """A reading at height `at` of the page."""
    box = EvidenceBox(x0=0.6, y0=at, x1=0.8, y1=at + 0.02)
    return _reading(value, text or str(value), ReadEvidence(page=page, box=box), confidence)


def computed(value: T, *fields: str) -> FieldReading[T]:
    return _reading(value, None, ComputedEvidence(fields=fields), 0.9)


def corrected(value: T) -> FieldReading[T]:
    return _reading(value, "as printed", CorrectedEvidence(by="desk-2", at=RECEIVED), 1.0)


def _reading(value: T, text: str | None, evidence: Evidence, confidence: float) -> FieldReading[T]:
    return FieldReading[Any](
        value=value, text=text, evidence=evidence, confidence=confidence, engine="layout"
    )


def invoice(total: str = "120.00", vendor: str = "Example & Sons") -> Invoice:
    """Two lines of 50.00 and 20 % tax."""
    return Invoice(
        document_type=read(DocumentType.INVOICE),
        invoice_number=read("2026-17", at=0.14),
        issue_date=read(date(2026, 3, 1), text="1 March 2026", at=0.18),
        currency=read("EUR", at=0.22, confidence=0.72),
        vendor=Party(name=read(vendor, at=0.05)),
        totals=Totals(
            subtotal=read(Decimal("100.00"), at=0.7),
            tax_total=read(Decimal("20.00"), at=0.74),
            total=read(Decimal(total), text=f"€ {total}", at=0.78, confidence=0.55),
            amount_due=computed(Decimal(total), "totals.total"),
        ),
        line_items=tuple(
            LineItem(
                description=read(f"Part {number}", at=0.4 + number / 20),
                quantity=read(Decimal("2"), at=0.4 + number / 20),
                unit_price=read(Decimal("25.00"), at=0.4 + number / 20),
                amount=read(Decimal("50.00"), at=0.4 + number / 20),
            )
            for number in (1, 2)
        ),
    )


MISMATCH: dict[str, Any] = {
    "code": "total-mismatch",
    "severity": "error",
    "message": "subtotal 100.00 + tax 20.00 = 120.00, but the total says 129.00",
    "fields": ["totals.total", "totals.subtotal"],
    "remedy": "Compare the total with the page.",
}

ITEM: dict[str, Any] = {
    "file_id": FILE_ID,
    "file_name": "march.pdf",
    "state": "succeeded",
    "step": "done",
    "progress": 1.0,
    "attempt": 1,
    "review_status": "needs_review",
    "document_type": "invoice",
    "vendor_name": "Example & Sons",
    "invoice_number": "2026-17",
    "invoice_date": "2026-03-01",
    "currency": "EUR",
    "total": "1234.50",
    "finding_codes": ["total-mismatch"],
    "engine": "layout",
    "received_at": "2026-03-02T10:00:00Z",
    "error": None,
}


def detail(**changed: Any) -> dict[str, Any]:
    """The answer of `GET /results/{id}` for a document whose total is wrong."""
    body = ITEM | {
        "total": "129.00",
        "version": 1,
        "approved_by": None,
        "invoice": invoice("129.00").model_dump(mode="json"),
        "findings": [MISMATCH],
        "review_reasons": ["total-mismatch", "low-confidence:totals.total"],
        "alternatives": [
            {
                "field": "totals.total",
                "reading": read("120.00", at=0.82, confidence=0.4).model_dump(mode="json")
                | {"engine": "vision"},
            }
        ],
        "pages": [
            {"number": 1, "width": 595.0, "height": 842.0, "rotation": 0, "source": "text_layer"},
            {"number": 2, "width": 842.0, "height": 595.0, "rotation": 90, "source": "ocr"},
        ],
        "notes": ["Page 2 was turned upright"],
    }
    return body | changed
