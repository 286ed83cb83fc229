"""Amounts, tax and line items of a document: the door to this part of the engine."""

from __future__ import annotations

from decimal import Decimal

from src.domain.invoice import AllowanceCharge, Totals
from src.domain.readings import FieldReading
from src.engines.layout.amount_candidates import find_candidates
from src.engines.layout.amount_cells import find_numbers
from src.engines.layout.amount_fit import Option
from src.engines.layout.amount_labels import Role
from src.engines.layout.amount_roles import Decision, decide
from src.engines.layout.evidence import computed_value, read_value
from src.engines.layout.line_items import read_line_items
from src.engines.layout.line_kinds import with_kinds
from src.engines.layout.model import AmountsReading, DocumentLayout, Locale
from src.engines.layout.tables import find_bands
from src.engines.layout.tax import borne_out, breakdown_of, distinct_rows

Reading = FieldReading[Decimal]


def read_amounts(layout: DocumentLayout, locale: Locale) -> AmountsReading:
    """All amounts of the document, each with the place it was read at.

    Values are as printed, also where they contradict each other; computed ones say so.
    """
    numbers = find_numbers(layout, locale.language, locale.country)
    bands = find_bands(layout, numbers)
    items = read_line_items(layout, numbers, bands)
    labelled = find_candidates(layout, numbers, bands, items.line_numbers)
    rows = distinct_rows(labelled.tax_rows)
    line_amounts = [item.amount.value for item in items.items if item.amount is not None]
    decision = decide(labelled, line_amounts, rows)
    totals = _totals(decision)
    return AmountsReading(
        totals=totals,
        allowances_charges=_allowances(decision),
        tax_breakdown=breakdown_of(borne_out(rows, totals.tax_total)),
        line_items=with_kinds(items.items, totals),
        table_areas=items.areas,
    )


def _totals(decision: Decision) -> Totals:
    total = _deciding(decision, Role.TOTAL, decision.total)
    subtotal = _deciding(decision, Role.SUBTOTAL, decision.subtotal)
    tax = _deciding(decision, Role.TAX, decision.tax)
    due = _deciding(decision, Role.DUE, decision.due)
    others = {role: _read(option, 0.85) for role, option in decision.others.items()}
    return Totals(
        line_total=others.get(Role.LINE_TOTAL),
        allowance_total=_unsigned(others.get(Role.DISCOUNT)),
        charge_total=others.get(Role.CHARGE),
        shipping=others.get(Role.SHIPPING),
        gratuity=others.get(Role.TIP),
        subtotal=subtotal or _net_of_tax(decision, total, tax),
        tax_total=tax,
        total=total,
        amount_paid=_unsigned(others.get(Role.PREPAID)),
        rounding=others.get(Role.ROUNDING),
        previous_balance=others.get(Role.PREVIOUS),
        amount_due=due or _nothing_paid(decision, total),
    )


def _deciding(decision: Decision, role: Role, option: Option | None) -> Reading | None:
    """The reading of one of the four deciding roles; its confidence comes from the margin."""
    if option is None:
        return None
    margin = decision.margins.get(role, 0.0)
    confidence = 0.45 + 0.25 * min(1.0, max(0.0, margin) / 0.6)
    confidence += 0.15 * min(1.0, option.weight)
    if decision.consistent:
        # A subtotal that equals the total proves less than a tax that explains the difference.
        confidence += 0.15 if decision.tax is not None else 0.07
    return _read(option, min(0.98, confidence))


def _read(option: Option, confidence: float) -> Reading:
    if option.summed:
        fields = [f"tax_breakdown.{index}.tax_amount" for index in range(len(option.summed))]
        return computed_value(option.value, fields, confidence * 0.9)
    if all(abs(candidate.value) != abs(option.value) for candidate in option.candidates):
        # Several payments or discounts; the page does not print their sum.
        return computed_value(option.value, ["totals.total", "totals.amount_due"], confidence * 0.9)
    return read_value(option.value, option.candidates[0].cell.tokens, confidence)


def _net_of_tax(decision: Decision, total: Reading | None, tax: Reading | None) -> Reading | None:
    """Total minus tax, where the page prints no subtotal and nothing else enters the total."""
    if total is None or tax is None or decision.others.keys() & _TOTAL_PARTS:
        return None
    confidence = 0.8 * min(total.confidence, tax.confidence)
    value = total.value - tax.value
    return computed_value(value, ["totals.total", "totals.tax_total"], confidence)


# Parts of a total that are neither goods nor tax.
_TOTAL_PARTS = frozenset({Role.ROUNDING, Role.TIP, Role.COMMISSION, Role.PREVIOUS})


def _nothing_paid(decision: Decision, total: Reading | None) -> Reading | None:
    """The total is due where the page speaks of no payment and no earlier balance."""
    spoken = {Role.PREPAID, Role.PREVIOUS, Role.CASH, Role.CHANGE}
    if total is None or decision.others.keys() & spoken:
        return None
    return computed_value(total.value, ["totals.total"], 0.9 * total.confidence)


def _unsigned(reading: Reading | None) -> Reading | None:
    if reading is None or reading.value >= 0:
        return reading
    return reading.model_copy(update={"value": -reading.value})


def _allowances(decision: Decision) -> tuple[AllowanceCharge, ...]:
    """Discounts, an agency's commission, freight and other charges of the whole document."""
    entries: list[AllowanceCharge] = []
    for role in (Role.DISCOUNT, Role.COMMISSION, Role.SHIPPING, Role.CHARGE):
        option = decision.others.get(role)
        for candidate in option.candidates if option is not None else ():
            if not candidate.value:
                continue
            reason = candidate.label.strip(" :")
            tokens = candidate.cell.tokens
            entries.append(
                AllowanceCharge(
                    is_charge=role not in {Role.DISCOUNT, Role.COMMISSION},
                    reason=read_value(reason, tokens, 0.6) if reason else None,
                    amount=_unsigned(read_value(candidate.value, tokens, 0.85)),
                )
            )
    return tuple(entries)
