"""What the model claims, as readings with evidence where the page bears them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from src.domain.checks.printed import compact
from src.domain.invoice import Address, Amount, Currency, DocumentType
from src.domain.page import Box, Page
from src.domain.paths import Reading
from src.domain.readings import EvidenceBox, FieldReading, ReadEvidence, UngroundedEvidence
from src.engines.layout.addresses import parse_address
from src.engines.vision.grounding import PageWords, Place
from src.engines.vision.merging import Claim, Claims
from src.engines.vision.normalising import SIGNS, Normaliser

ENGINE = "vision"

# How sure a value is by what stands behind it. Nobody has calibrated these on a real model, so
# none alone reaches the usual threshold of acceptance: it takes a second engine that agrees.
GROUNDED = 0.75
READ_WITH_SLIPS = 0.6
UNGROUNDED = 0.3
# Another page of the document says something else.
CONTRADICTED = 0.7


class Kind(StrEnum):
    TEXT = "text"
    IDENTIFIER = "identifier"
    BANK = "bank"
    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"
    CURRENCY = "currency"
    ADDRESS = "address"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Field:
    """Where a field of the answer belongs in the invoice."""

    path: str
    kind: Kind


FIELDS: Mapping[str, Field] = {
    "amount_due": Field("totals.amount_due", Kind.AMOUNT),
    "amount_paid": Field("totals.amount_paid", Kind.AMOUNT),
    "bank_account": Field("payment.accounts.0.account_number", Kind.BANK),
    "bank_bic": Field("payment.accounts.0.bic", Kind.BANK),
    "bank_iban": Field("payment.accounts.0.iban", Kind.BANK),
    "currency": Field("currency", Kind.CURRENCY),
    "customer_address": Field("customer.address", Kind.ADDRESS),
    "customer_name": Field("customer.name", Kind.TEXT),
    "customer_number": Field("customer.customer_id", Kind.IDENTIFIER),
    "customer_tax_id": Field("customer.tax_id", Kind.IDENTIFIER),
    "delivery_date": Field("delivery_date", Kind.DATE),
    "discount": Field("totals.allowance_total", Kind.AMOUNT),
    "document_type": Field("document_type", Kind.TYPE),
    "due_date": Field("due_date", Kind.DATE),
    "invoice_date": Field("issue_date", Kind.DATE),
    "invoice_number": Field("invoice_number", Kind.IDENTIFIER),
    "order_number": Field("purchase_order", Kind.IDENTIFIER),
    "payment_reference": Field("payment.reference", Kind.IDENTIFIER),
    "payment_terms": Field("payment.terms", Kind.TEXT),
    "shipping": Field("totals.shipping", Kind.AMOUNT),
    "subtotal": Field("totals.subtotal", Kind.AMOUNT),
    "tax_total": Field("totals.tax_total", Kind.AMOUNT),
    "total": Field("totals.total", Kind.AMOUNT),
    "vendor_address": Field("vendor.address", Kind.ADDRESS),
    "vendor_name": Field("vendor.name", Kind.TEXT),
    "vendor_tax_id": Field("vendor.tax_id", Kind.IDENTIFIER),
}
LINE_FIELDS: Mapping[str, Field] = {
    "amount": Field("amount", Kind.AMOUNT),
    "description": Field("description", Kind.TEXT),
    "product_code": Field("product_code", Kind.IDENTIFIER),
    "quantity": Field("quantity", Kind.NUMBER),
    "tax_rate": Field("tax_rate", Kind.NUMBER),
    "unit": Field("unit", Kind.TEXT),
    "unit_price": Field("unit_price", Kind.AMOUNT),
}
TAX_FIELDS: Mapping[str, Field] = {
    "base": Field("taxable_amount", Kind.AMOUNT),
    "rate": Field("rate", Kind.NUMBER),
    "tax": Field("tax_amount", Kind.AMOUNT),
}
# Compared and kept without the spaces and dots they are printed with.
_SQUEEZED = frozenset({"bank_iban", "bank_bic", "vendor_tax_id", "customer_tax_id"})
_UNSIGNED = frozenset({"discount"})

Row = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Claimed:
    """The readings of the model, by path of the invoice or by field of a row."""

    fields: Mapping[str, Reading]
    lines: tuple[Row, ...]
    taxes: tuple[Row, ...]


class ClaimReader:
    """Turns texts into values and looks for them on their page."""

    def __init__(self, pages: Sequence[Page], normaliser: Normaliser) -> None:
        self._pages = {page.number: PageWords(page) for page in pages}
        self._normaliser = normaliser

    def read(self, claims: Claims) -> Claimed:
        """Texts that are no value of their kind are left out: the model copied something else."""
        fields: dict[str, Reading] = {}
        for name, claim in claims.fields.items():
            reading = self._field(name, claim)
            if reading is None:
                continue
            if name in claims.contradicted:
                sure = reading.confidence * CONTRADICTED
                reading = reading.model_copy(update={"confidence": sure})
            fields[FIELDS[name].path] = reading
        return Claimed(
            fields=fields,
            lines=tuple(row for line in claims.lines if (row := self._row(line, LINE_FIELDS))),
            taxes=tuple(row for tax in claims.taxes if (row := self._row(tax, TAX_FIELDS))),
        )

    def _field(self, name: str, claim: Claim) -> Reading | None:
        kind = FIELDS[name].kind
        text = claim.text
        if name in _SQUEEZED:
            text = compact(text).upper()
        value = self._value(kind, text)
        if value is None:
            return None
        if name in _UNSIGNED:
            value = abs(value)
        last = kind is Kind.AMOUNT
        return _reading(kind, value, claim, self._place(kind, value, claim, None, last=last))

    def _row(self, claims: Mapping[str, Claim], table: Mapping[str, Field]) -> dict[str, Reading]:
        """The fields of a row stand near each other: first find what is unlikely to repeat."""
        near: Box | None = None
        row: dict[str, Reading] = {}
        for name in ("description", "amount", "tax", "base", "unit_price", *table):
            claim = claims.get(name)
            if claim is None or table[name].path in row:
                continue
            kind = table[name].kind
            value = self._value(kind, claim.text)
            if value is None:
                continue
            place = self._place(kind, value, claim, near, last=False)
            row[table[name].path] = _reading(kind, value, claim, place)
            if near is None and place is not None:
                near = place.box
        if "unit" not in row and "quantity" in claims:
            self._add_unit(claims["quantity"], row, near)
        return row

    def _add_unit(self, claim: Claim, row: dict[str, Reading], near: Box | None) -> None:
        """Models copy "3 pcs" for the quantity."""
        unit = self._normaliser.unit(claim.text)
        if unit:
            told = Claim(unit, claim.page)
            place = self._place(Kind.TEXT, unit, told, near, last=False)
            row["unit"] = _reading(Kind.TEXT, unit, told, place)

    def _value(self, kind: Kind, text: str) -> Any:
        reads: dict[Kind, Callable[[str], Any]] = {
            Kind.AMOUNT: self._normaliser.amount,
            Kind.NUMBER: self._normaliser.number,
            Kind.DATE: self._normaliser.day,
            Kind.CURRENCY: self._normaliser.currency,
            Kind.TYPE: DocumentType,
            Kind.ADDRESS: _address,
        }
        read = reads.get(kind)
        return read(text) if read is not None else text

    def _place(
        self, kind: Kind, value: Any, claim: Claim, near: Box | None, *, last: bool
    ) -> Place | None:
        words = self._pages.get(claim.page)
        if words is None or kind is Kind.TYPE:
            return None
        if kind in {Kind.AMOUNT, Kind.NUMBER}:
            return words.amount(value, near, last=last)
        if kind is Kind.DATE:
            return words.day(value)
        if kind is Kind.BANK:
            return words.digits(claim.text)
        if kind is Kind.CURRENCY:
            signs = [sign for sign, codes in SIGNS.items() if value in codes]
            return words.sign([value, *signs])
        return words.text(claim.text, near, fuzzy=kind in {Kind.TEXT, Kind.ADDRESS})


def _address(text: str) -> Address:
    lines = tuple(part.strip() for part in text.replace("\n", ",").split(",") if part.strip())
    return parse_address(lines or (text,))


_TYPES: Mapping[Kind, Any] = {
    Kind.AMOUNT: FieldReading[Amount],
    Kind.NUMBER: FieldReading[Amount],
    Kind.DATE: FieldReading[date],
    Kind.CURRENCY: FieldReading[Currency],
    Kind.TYPE: FieldReading[DocumentType],
    Kind.ADDRESS: FieldReading[Address],
}


def _reading(kind: Kind, value: Any, claim: Claim, place: Place | None) -> Reading:
    made = _TYPES.get(kind, FieldReading[str])
    if place is None:
        ungrounded: Reading = made(
            value=value,
            text=claim.text,
            evidence=UngroundedEvidence(page=claim.page),
            confidence=UNGROUNDED,
            engine=ENGINE,
        )
        return ungrounded
    sure = GROUNDED if place.exact else READ_WITH_SLIPS
    grounded: Reading = made(
        value=value,
        text=place.text,
        evidence=ReadEvidence(page=place.page, box=_fractions(place.box)),
        confidence=sure * (0.5 + 0.5 * place.legible),
        engine=ENGINE,
    )
    return grounded


def _fractions(box: Box) -> EvidenceBox:
    x0, y0, x1, y1 = (min(1.0, max(0.0, edge)) for edge in (box.x0, box.y0, box.x1, box.y1))
    return EvidenceBox(x0=x0, y0=y0, x1=x1, y1=y1)
