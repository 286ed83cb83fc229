"""The neutral schema that accuracy is measured in, made from an invoice of ours.

Plain strings: ISO dates, decimal amounts. Fields that were not found are left out.
"""

from __future__ import annotations

from typing import Any

from src.domain.invoice import Invoice, LineItem, Party
from src.domain.readings import FieldReading

Neutral = dict[str, Any]


def neutral(invoice: Invoice) -> Neutral:
    totals = invoice.totals
    accounts = invoice.payment.accounts
    fields: Neutral = {
        "document_type": _text(invoice.document_type),
        "invoice_number": _text(invoice.invoice_number),
        "invoice_date": _text(invoice.issue_date),
        "due_date": _text(invoice.due_date),
        "currency": _text(invoice.currency),
        "vendor": _party(invoice.vendor)
        | _filled(iban=_text(next((a.iban for a in accounts if a.iban), None))),
        "customer": _party(invoice.customer),
        "purchase_order": _text(invoice.purchase_order),
        "subtotal": _text(totals.subtotal),
        "tax_total": _text(totals.tax_total),
        "total": _text(totals.total),
        "amount_due": _text(totals.amount_due),
        "line_items": [_line(line) for line in invoice.line_items],
    }
    return _filled(**fields)


def _party(party: Party) -> Neutral:
    return _filled(
        name=_text(party.name),
        tax_id=_text(party.tax_id) or _text(party.tax_registration),
        address=party.address.value.text if party.address else None,
    )


def _line(line: LineItem) -> Neutral:
    return _filled(
        description=_text(line.description),
        quantity=_text(line.quantity),
        unit_price=_text(line.unit_price),
        amount=_text(line.amount or line.gross_amount),
    )


def _text(reading: FieldReading[Any] | None) -> str | None:
    return None if reading is None else f"{reading.value}"


def _filled(**fields: Any) -> Neutral:
    return {name: value for name, value in fields.items() if value}
