"""The model's claims and the embedded engine's candidate as one candidate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pydantic import BaseModel

from src.domain.candidate import Alternative, InvoiceCandidate, Provenance
from src.domain.checks.agreement import DECIDED_AGAINST
from src.domain.invoice import Invoice, LineItem, TaxBreakdown
from src.domain.page import Page
from src.domain.paths import Reading, get_reading, iter_readings
from src.domain.readings import FieldReading
from src.engines.vision.agreement import Dispute, agree, alternative
from src.engines.vision.arbitration import OPTIONAL, decide_amounts, without_strays
from src.engines.vision.claims import ClaimReader, Row
from src.engines.vision.editing import with_readings
from src.engines.vision.merging import Claims
from src.engines.vision.normalising import normaliser_of
from src.engines.vision.rows import MergedRows, merge_rows, sum_of

_LISTS = ("line_items", "tax_breakdown")
# Difference that rounding of line amounts can explain.
_ROUNDING = Decimal("0.05")


def compose(
    pages: Sequence[Page], claims: Claims, embedded: InvoiceCandidate, provenance: Provenance
) -> InvoiceCandidate:
    """Pure. `pages` hold visible words only; `provenance` is that of the model's answer."""
    theirs = embedded.invoice
    claimed = ClaimReader(pages, normaliser_of(pages, theirs)).read(claims)
    head = agree(_with_known_accounts(claimed.fields, theirs), _head(theirs))
    lines = merge_rows(
        claimed.lines,
        _rows(theirs.line_items),
        what="lines",
        adds_up=lambda rows: _adds_up(rows, head.readings),
    )
    taxes = merge_rows(
        claimed.taxes,
        _rows(theirs.tax_breakdown),
        what="tax rates",
        adds_up=lambda rows: _taxes_add_up(rows, head.readings),
    )
    invoice = with_readings(theirs, head.readings).model_copy(
        update={
            "line_items": _items(lines, theirs.line_items, LineItem),
            "tax_breakdown": _items(taxes, theirs.tax_breakdown, TaxBreakdown),
        }
    )
    disputes = [
        *head.disputes,
        *_of_rows("line_items", lines),
        *_of_rows("tax_breakdown", taxes),
    ]
    invoice, verdicts = decide_amounts(invoice, disputes)
    invoice, strays = without_strays(invoice, [p for p in OPTIONAL if p not in claimed.fields])
    alternatives = tuple(
        alternative(
            verdict.dispute.path,
            verdict.dispute.other,
            DECIDED_AGAINST if verdict.decided else verdict.dispute.other.confidence,
        )
        for verdict in verdicts
    )
    return InvoiceCandidate(
        invoice=invoice,
        provenance=provenance,
        alternatives=(*alternatives, *_their_choices(embedded, invoice)),
    ).noting(*lines.notes, *taxes.notes, *_told(strays), *embedded.provenance.notes)


def _told(strays: Sequence[str]) -> Iterator[str]:
    for path in strays:
        yield (
            f"{path}: only the embedded engine reads it, and the sums of the page hold without "
            "it; it was left out."
        )


def _head(invoice: Invoice) -> dict[str, Reading]:
    return {
        path: reading
        for path, reading in iter_readings(invoice)
        if path.partition(".")[0] not in _LISTS
    }


def _with_known_accounts(mine: Mapping[str, Reading], theirs: Invoice) -> dict[str, Reading]:
    """The model names one account; the page may have several, in another order."""
    fields = dict(mine)
    iban = fields.get("payment.accounts.0.iban")
    known = [account.iban.value if account.iban else None for account in theirs.payment.accounts]
    if iban is not None and iban.value in known[1:]:
        position = known.index(str(iban.value))
        for name in ("iban", "bic", "account_number"):
            reading = fields.pop(f"payment.accounts.0.{name}", None)
            if reading is not None:
                fields[f"payment.accounts.{position}.{name}"] = reading
    return fields


def _rows(items: Sequence[BaseModel]) -> list[Row]:
    return [
        {
            name: value
            for name in type(item).model_fields
            if isinstance(value := getattr(item, name), FieldReading)
        }
        for item in items
    ]


def _items(
    merged: MergedRows, theirs: Sequence[BaseModel], kind: type[BaseModel]
) -> tuple[BaseModel, ...]:
    """The embedded engine's item where there is one: it holds what rows of readings do not."""
    return tuple(
        (kind() if row.theirs is None else theirs[row.theirs]).model_copy(
            update=dict(row.agreed.readings)
        )
        for row in merged.rows
    )


def _of_rows(name: str, merged: MergedRows) -> Iterator[Dispute]:
    for position, row in enumerate(merged.rows):
        for dispute in row.agreed.disputes:
            yield Dispute(f"{name}.{position}.{dispute.path}", dispute.chosen, dispute.other)


def _adds_up(rows: Sequence[Row], head: Mapping[str, Reading]) -> bool:
    found = sum_of(rows)
    sums = [head.get(f"totals.{name}") for name in ("line_total", "subtotal", "total")]
    return found is not None and any(
        isinstance(reading.value, Decimal) and abs(reading.value - found) <= _ROUNDING
        for reading in sums
        if reading is not None
    )


def _taxes_add_up(rows: Sequence[Row], head: Mapping[str, Reading]) -> bool:
    found, total = sum_of(rows, "tax_amount"), head.get("totals.tax_total")
    if found is None or total is None or not isinstance(total.value, Decimal):
        return False
    return abs(total.value - found) <= _ROUNDING


def _their_choices(embedded: InvoiceCandidate, invoice: Invoice) -> Iterator[Alternative]:
    """Second choices of the embedded engine, where its first one stands: beside a value that
    both engines read they would look like a disagreement."""
    for one in embedded.alternatives:
        reading = get_reading(invoice, one.field)
        if reading is not None and reading.engine == one.reading.engine:
            yield one
