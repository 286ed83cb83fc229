"""The label of a drawing in the neutral schema: what is printed, and nothing else."""

from __future__ import annotations

from typing import Any

from samples.model import Kind, SampleParty
from training.companies import town_lines
from training.draft import Draft
from training.trade import Country

Neutral = dict[str, Any]


def truth_of(draft: Draft) -> Neutral:
    bill, stated = draft.bill, draft.stated
    vendor = _party(bill.vendor, bill.country)
    if bill.vendor.iban:
        vendor["iban"] = bill.vendor.iban
    everything: Neutral = {
        "invoice_number": bill.number,
        "invoice_date": bill.issued.isoformat(),
        "due_date": bill.due.isoformat(),
        "purchase_order": bill.order,
        "subtotal": str(bill.subtotal),
        "tax_total": str(bill.tax_total),
        "total": str(bill.total),
        "amount_due": str(bill.amount_due),
        "line_items": _lines(draft),
    }
    printed: Neutral = {"document_type": bill.kind.value, "currency": bill.currency}
    printed |= {name: value for name, value in everything.items() if name in stated}
    parties = {"vendor": vendor, "customer": _party(bill.customer, bill.customer_country)}
    for role, fields in parties.items():
        shown = {k: v for k, v in fields.items() if f"{role}.{k}" in stated and v}
        if shown:
            printed[role] = shown
    return printed | {"_alt": _also_right(draft)}


def _also_right(draft: Draft) -> dict[str, list[str]]:
    """Other values that are right too, by field."""
    bill = draft.bill
    accepted: dict[str, list[str]] = {
        "vendor.tax_id": [_bare(bill.vendor.tax_id)],
        "customer.tax_id": [_bare(bill.customer.tax_id)],
    }
    if bill.rounding:
        # Some call the rounded amount the total, some the one before.
        accepted["total"] = [str(bill.total + bill.rounding)]
    if bill.kind is Kind.RECEIPT:
        # Many receipts are titled "tax invoice", some have no title at all.
        accepted["document_type"] = [Kind.INVOICE.value]
    return accepted


def _bare(tax_id: str) -> str:
    """Without the words some countries print around the number."""
    return tax_id.removeprefix("ABN ").removesuffix(" MWST")


def _party(party: SampleParty, country: Country) -> Neutral:
    address = "\n".join((party.street, *town_lines(party, country)))
    return {"name": party.name, "tax_id": party.tax_id, "address": address}


def _lines(draft: Draft) -> list[Neutral]:
    return [
        {
            "description": line.description,
            "quantity": str(line.quantity),
            "unit_price": str(line.unit_price),
            "amount": str(line.amount),
        }
        for line in draft.bill.lines
    ]
