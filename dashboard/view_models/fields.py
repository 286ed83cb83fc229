"""The fields of an invoice in the order a person reads them: their names and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from dashboard.answers.base import Json
from dashboard.answers.results import Reading


class Kind(StrEnum):
    """What a field holds, and so how it is shown and typed."""

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    CURRENCY = "currency"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    path: str
    label: str
    kind: Kind = Kind.TEXT
    # Shown also while it is empty, so that it can be filled.
    always: bool = False


DOCUMENT, VENDOR, CUSTOMER = "Document", "Vendor", "Customer"
AMOUNTS, TAX, PAYMENT, OTHER, LINES = "Amounts", "Tax", "Payment", "More", "Line items"

GROUPS: Mapping[str, tuple[Field, ...]] = {
    DOCUMENT: (
        Field("document_type", "Kind of document", Kind.CHOICE, always=True),
        Field("invoice_number", "Invoice number", always=True),
        Field("issue_date", "Invoice date", Kind.DATE, always=True),
        Field("due_date", "Due date", Kind.DATE, always=True),
        Field("currency", "Currency", Kind.CURRENCY, always=True),
        Field("purchase_order", "Purchase order"),
        Field("delivery_date", "Delivery date", Kind.DATE),
    ),
    VENDOR: (
        Field("vendor.name", "Vendor", always=True),
        Field("vendor.address", "Vendor address", Kind.LONG),
        Field("vendor.tax_id", "Vendor tax id", always=True),
    ),
    CUSTOMER: (
        Field("customer.name", "Customer", always=True),
        Field("customer.address", "Customer address", Kind.LONG),
        Field("customer.tax_id", "Customer tax id"),
        Field("customer.customer_id", "Customer number"),
    ),
    AMOUNTS: (
        Field("totals.line_total", "Sum of lines", Kind.MONEY),
        Field("totals.allowance_total", "Discounts", Kind.MONEY),
        Field("totals.charge_total", "Charges", Kind.MONEY),
        Field("totals.shipping", "Shipping", Kind.MONEY),
        Field("totals.subtotal", "Subtotal", Kind.MONEY, always=True),
        Field("totals.tax_total", "Tax", Kind.MONEY, always=True),
        Field("totals.gratuity", "Gratuity", Kind.MONEY),
        Field("totals.total", "Total", Kind.MONEY, always=True),
        Field("totals.amount_paid", "Paid", Kind.MONEY),
        Field("totals.rounding", "Rounding", Kind.MONEY),
        Field("totals.previous_balance", "Previous balance", Kind.MONEY),
        Field("totals.amount_due", "Amount due", Kind.MONEY, always=True),
    ),
}

# Paths that begin so belong to the group; what fits nowhere is "More".
_GROUP_OF_PREFIX = (
    ("vendor.", VENDOR),
    ("customer.", CUSTOMER),
    ("totals.", AMOUNTS),
    ("tax_breakdown.", TAX),
    ("allowances_charges.", TAX),
    ("payment.", PAYMENT),
    ("payee.", PAYMENT),
    ("line_items.", LINES),
)
GROUP_ORDER = (DOCUMENT, VENDOR, CUSTOMER, AMOUNTS, TAX, PAYMENT, OTHER, LINES)

_MONEY = frozenset(
    ["amount", "unit_price", "discount", "charge", "gross_amount", "tax_amount", "taxable_amount"]
)
_NUMBERS = frozenset(["rate", "tax_rate", "quantity", "price_base_quantity", "exchange_rate"])
_LONG = frozenset(
    ["address", "service_address", "note", "terms", "description", "exemption_reason"]
)
# Leaves whose name alone would not tell what they are.
_LABELS = {
    "iban": "IBAN",
    "bic": "BIC",
    "tax_id": "tax id",
    "rate": "rate (%)",
    "tax_rate": "tax (%)",
    "terms": "Payment terms",
    "reference": "Payment reference",
    "means_code": "Payment means",
}
_KNOWN = {field.path: field for fields in GROUPS.values() for field in fields}
_GROUP_OF = {field.path: group for group, fields in GROUPS.items() for field in fields}
_OWNERS = {
    "line_items": "Line",
    "tax_breakdown": "Tax",
    "accounts": "Account",
    "instalments": "Instalment",
    "allowances_charges": "Discount or charge",
}


def readings(invoice: Mapping[str, Json] | None) -> dict[str, Reading]:
    """Every filled reading of the invoice by its path, such as `line_items.2.amount`."""
    return dict(_walk(dict(invoice), "")) if invoice else {}


def _walk(node: Json, prefix: str) -> Iterator[tuple[str, Reading]]:
    if isinstance(node, dict):
        if "evidence" in node and "value" in node:
            reading = _reading(node)
            if reading is not None:
                yield prefix, reading
            return
        for name, child in node.items():
            yield from _walk(child, f"{prefix}.{name}" if prefix else name)
    elif isinstance(node, list):
        for position, child in enumerate(node):
            yield from _walk(child, f"{prefix}.{position}")


def _reading(node: Mapping[str, Json]) -> Reading | None:
    """None for what a newer API may write there: it cannot be shown, and must not hide the rest."""
    try:
        return Reading.model_validate(node)
    except ValidationError:
        return None


def field_of(path: str) -> Field:
    """A field for any path the schema may have."""
    known = _KNOWN.get(path)
    return known if known else Field(path, label_of(path), _kind(path))


def group_of(path: str) -> str:
    if path in _GROUP_OF:
        return _GROUP_OF[path]
    return next((group for prefix, group in _GROUP_OF_PREFIX if path.startswith(prefix)), OTHER)


def label_of(path: str) -> str:
    """`line_items.2.amount` -> "Line 3, amount"."""
    if path in _KNOWN:
        return _KNOWN[path].label
    parts = path.split(".")
    leaf = _LABELS.get(parts[-1], parts[-1].replace("_", " "))
    for position, part in enumerate(parts[:-1]):
        if parts[position + 1].isdigit():
            owner = _OWNERS.get(part, part.replace("_", " ").capitalize())
            number = int(parts[position + 1]) + 1
            return f"{owner} {number}" + (f", {leaf}" if position + 2 < len(parts) else "")
    if len(parts) > 1 and parts[0] not in ("totals", "payment"):
        return f"{parts[0].replace('_', ' ').capitalize()} {leaf}"
    return leaf[:1].upper() + leaf[1:]


def _kind(path: str) -> Kind:
    leaf = path.rpartition(".")[2]
    if leaf == "document_type":
        return Kind.CHOICE
    if leaf in ("currency", "tax_currency"):
        return Kind.CURRENCY
    if leaf.endswith("date") or leaf.startswith("service_period"):
        return Kind.DATE
    if path.startswith("totals.") or leaf in _MONEY:
        return Kind.MONEY
    if leaf in _NUMBERS:
        return Kind.NUMBER
    return Kind.LONG if leaf in _LONG else Kind.TEXT
