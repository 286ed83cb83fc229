"""Vendor and customer are two."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.checks.base import CheckContext
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.naming import compact, name_key

SAME = "vendor-is-customer"


def check_two_parties(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Nobody sells to himself: one of the two was taken for the other."""
    vendor, customer = invoice.vendor, invoice.customer
    same = [
        path
        for path, one, other, equal in (
            ("name", vendor.name, customer.name, _same_name),
            ("tax_id", vendor.tax_id, customer.tax_id, _same_number),
        )
        if one is not None and other is not None and equal(one.value, other.value)
    ]
    if same:
        yield Finding(
            code=SAME,
            severity=Severity.ERROR,
            message=f"Vendor and customer have the same {' and '.join(same).replace('_', ' ')}.",
            fields=tuple(f"{party}.{path}" for path in same for party in ("vendor", "customer")),
            remedy="Enter who sells and who buys; the vendor may be in the foot of the page.",
        )


def _same_name(one: str, other: str) -> bool:
    """Apart from legal form, case and accents; companies of one group are only alike."""
    key = name_key(one).replace(" ", "")
    return key != "" and key == name_key(other).replace(" ", "")


def _same_number(one: str, other: str) -> bool:
    return compact(one) == compact(other)
