"""What is to be read from a sample, in a plain shape."""

from __future__ import annotations

from typing import Any

from samples.model import Kind, SampleInvoice, SampleParty


def expected_of(invoice: SampleInvoice) -> dict[str, Any]:
    """All that the drawing states; amounts as plain decimal text, days in ISO form.

    A wrong total is expected as it is printed, together with the finding that must come of it.
    """
    customer = invoice.customer
    # A receipt is paid: nothing on it asks for payment.
    due = None if invoice.kind is Kind.RECEIPT else str(invoice.amount_due)
    vendor = _party(invoice.vendor)
    if invoice.vendor.iban:
        vendor["iban"] = invoice.vendor.iban
    return _stated(
        {
            "document_type": invoice.kind.value,
            "invoice_number": invoice.number,
            "invoice_date": invoice.issue_date.isoformat(),
            "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
            "currency": invoice.currency,
            "vendor": vendor,
            "customer": _party(customer) if customer is not None else None,
            "purchase_order": invoice.purchase_order,
            "subtotal": str(invoice.subtotal),
            "tax_total": str(invoice.tax_total),
            "total": str(invoice.total),
            "amount_due": due,
            "line_items": [
                {
                    "description": line.description,
                    "quantity": str(line.quantity),
                    "unit_price": str(line.unit_price),
                    "amount": str(line.amount),
                }
                for line in invoice.lines
            ],
            "findings": list(invoice.findings),
        }
    )


def _party(party: SampleParty) -> dict[str, Any]:
    address = "\n".join((party.street, party.town))
    return _stated({"name": party.name, "tax_id": party.tax_id, "address": address})


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what the invoice does not have."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
