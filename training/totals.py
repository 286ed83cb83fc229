"""The sums below the lines, in the order and words of one printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from samples.model import Kind, SampleTax
from training.draft import Draft


@dataclass(frozen=True, slots=True)
class Sum:
    label: str
    value: str
    strong: bool = False


def sums(draft: Draft, *, taxes: bool = True) -> list[Sum]:
    """From the sum of the lines to what is due; `taxes=False` where a table states them."""
    bill = draft.bill
    rows = _goods(draft)
    if bill.gross_prices:
        rows += _total(draft)
        return rows + (_included(draft) if taxes else []) + _due(draft)
    if taxes:
        rows += _taxes(draft)
    rows += _total(draft)
    return rows + _due(draft)


def _goods(draft: Draft) -> list[Sum]:
    bill = draft.bill
    adjusted = bool(bill.discount or bill.shipping)
    # Many printers call the sum of the lines "subtotal" and take the discount off after it.
    late = adjusted and draft.chance(0.4) and not bill.gross_prices
    rows: list[Sum] = []
    if late:
        rows.append(Sum(draft.labelled("subtotal"), draft.money(bill.line_total, "totals")))
    elif adjusted and draft.chance(0.6):
        rows.append(Sum(draft.labelled("line_total"), draft.money(bill.line_total, "totals")))
    if bill.discount:
        label = draft.labelled("discount").format(percent=draft.quantity(bill.discount_percent))
        sign = 1 if draft.chance(0.2) else -1
        rows.append(Sum(label, draft.money(sign * bill.discount, "totals")))
    if bill.shipping:
        rows.append(Sum(draft.labelled("shipping"), draft.money(bill.shipping, "totals")))
    states = not late and not bill.gross_prices and (bill.is_taxed or draft.chance(0.5))
    if states:
        rows.append(Sum(draft.labelled("subtotal"), draft.money(bill.subtotal, "totals")))
        draft.states("subtotal")
    return rows


def _taxes(draft: Draft) -> list[Sum]:
    bill = draft.bill
    if not bill.is_taxed:
        if draft.chance(0.6):
            return []
        draft.states("tax_total")
        return [Sum(draft.labelled("tax_total"), draft.money(Decimal(0), "totals"))]
    rows = [Sum(tax_label(draft, tax), draft.money(tax.amount, "totals")) for tax in bill.taxes]
    draft.states("tax_total")
    if len(rows) > 1 and draft.chance(0.3):
        rows.append(Sum(draft.labelled("tax_total"), draft.money(bill.tax_total, "totals")))
    elif len(rows) == 1 and draft.chance(0.25):
        rows = [Sum(draft.labelled("tax_total"), draft.money(bill.tax_total, "totals"))]
    return rows


def tax_label(draft: Draft, tax: SampleTax, key: str = "tax") -> str:
    return draft.labelled(key).format(
        name=draft.style.tax_name,
        rate=draft.quantity(tax.rate),
        base=draft.number(tax.base),
    )


def _total(draft: Draft) -> list[Sum]:
    bill = draft.bill
    draft.states("total")
    rows = [Sum(draft.labelled("total"), draft.money(bill.total, "final"), strong=True)]
    if bill.rounding:
        rows.append(Sum(draft.labelled("rounding"), draft.money(bill.rounding, "totals")))
        rounded = bill.total + bill.rounding
        rows.append(Sum(draft.labelled("rounded_total"), draft.money(rounded, "final"), True))
    return rows


def _included(draft: Draft) -> list[Sum]:
    if not draft.bill.is_taxed:
        return []
    draft.states("tax_total")
    rows = []
    for tax in draft.bill.taxes:
        label = tax_label(draft, tax, "tax_included")
        rows.append(Sum(label, draft.money(tax.amount, "totals")))
    return rows


def _due(draft: Draft) -> list[Sum]:
    bill = draft.bill
    if bill.kind is Kind.CREDIT_NOTE:
        return []
    rows: list[Sum] = []
    if bill.paid:
        sign = 1 if draft.chance(0.4) else -1
        rows.append(Sum(draft.labelled("paid"), draft.money(sign * bill.paid, "totals")))
    if bill.paid or (not bill.rounding and not bill.previous and draft.chance(0.15)):
        rows.append(Sum(draft.labelled("amount_due"), draft.money(bill.amount_due, "final"), True))
        draft.states("amount_due")
    return rows


def put_sums(
    draft: Draft, rows: Sequence[Sum], x0: float, x1: float, y: float, *, labels: str = "left"
) -> float:
    """Label and value of each row; values end at `x1`."""
    canvas, style = draft.canvas, draft.style
    leading = style.leading + 3
    for row in rows:
        strong = row.strong and not style.bold_labels
        size = style.size + (1 if strong else 0)
        room = x1 - x0 - canvas.measure(row.value, size, bold=strong) - 8
        while labels == "left" and canvas.measure(row.label, size, bold=strong) > room:
            size -= 0.5
        if row.strong and style.rules:
            canvas.rule(x0, y - size - 1, x1)
        canvas.text(x0, y, row.label, size, bold=strong, align=labels)
        canvas.text(x1, y, row.value, size, bold=strong, align="right")
        y += leading
    return y


def put_tax_table(draft: Draft, x0: float, x1: float, y: float) -> float:
    """Rate, base and tax of each rate beneath their headings."""
    canvas, style = draft.canvas, draft.style
    columns = [(x0 + (x1 - x0) * share) for share in (0.18, 0.45, 0.72, 1.0)]
    heads = (draft.label("rate"), draft.label("base"), draft.label("tax_amount"), "")
    with_gross = draft.chance(0.5)
    if with_gross:
        heads = (*heads[:3], draft.label("gross_amount"))
    for x, head in zip(columns, heads, strict=True):
        canvas.text(x, y, head, style.size, bold=True, align="right")
    y += style.leading + 2
    for tax in draft.bill.taxes:
        values = [f"{draft.quantity(tax.rate)} %", draft.number(tax.base), draft.number(tax.amount)]
        if with_gross:
            values.append(draft.number(tax.base + tax.amount))
        for x, value in zip(columns, values, strict=False):
            canvas.text(x, y, value, style.size, align="right")
        y += style.leading
    draft.states("tax_total")
    return y + style.leading


def put_sums_across(draft: Draft, rows: Sequence[Sum], x0: float, x1: float, y: float) -> float:
    """Labels side by side, each value beneath its label."""
    canvas, style = draft.canvas, draft.style
    step = (x1 - x0) / len(rows)
    align = draft.rng.choice(("left", "right", "center"))
    shift = {"left": 2.0, "right": step - 4, "center": step / 2}[align]
    for index, row in enumerate(rows):
        x = x0 + index * step + shift
        size = style.size
        while canvas.measure(row.label, size, bold=True) > step - 8 and size > 5:
            size -= 0.5
        canvas.text(x, y, row.label.rstrip(":"), size, bold=True, align=align)
        canvas.text(x, y + style.leading + 2, row.value, style.size, align=align, bold=row.strong)
    if style.rules:
        canvas.frame(x0, y - style.size - 2, x1, y + style.leading + 7)
    return y + 3 * style.leading
