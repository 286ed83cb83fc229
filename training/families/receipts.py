"""Till receipts on narrow paper."""

from __future__ import annotations

from decimal import Decimal

from training.canvas import Canvas
from training.draft import Draft
from training.parts import vendor_address, vendor_tax_id
from training.totals import tax_label

_LEFT, _RIGHT = 12.0, 215.0
WIDTH = 227.0


def till(draft: Draft) -> None:
    """Item, then quantity and price in a row of their own; cash and change."""
    canvas, bill = draft.canvas, draft.bill
    y = _head(draft)
    for line in bill.lines:
        y = canvas.stack(_LEFT, y, canvas.wrapped(line.description, 190, 8), 8, 10)
        each = f"{draft.quantity(line.quantity)} x {draft.number(line.unit_price)}"
        canvas.text(_LEFT + 8, y, each, 8)
        canvas.text(_RIGHT, y, draft.number(line.amount), 8, align="right")
        y += 11
    y = _dashes(canvas, y)
    y = _sums(draft, y)
    y = _payment(draft, y)
    if draft.chance(0.6):
        y = _tax_rows(draft, y)
    _end(draft, y)


def till_columns(draft: Draft) -> None:
    """Quantity, item, price in columns; a tax summary under headings."""
    canvas, bill = draft.canvas, draft.bill
    y = _head(draft)
    canvas.text(_LEFT, y, draft.label("quantity"), 8, bold=True)
    canvas.text(_LEFT + 30, y, draft.label("description"), 8, bold=True)
    canvas.text(_RIGHT, y, draft.label("gross_amount"), 8, bold=True, align="right")
    y += 12
    for line in bill.lines:
        canvas.text(_LEFT, y, draft.quantity(line.quantity), 8)
        canvas.text(_RIGHT, y, draft.number(line.amount), 8, align="right")
        y = canvas.stack(_LEFT + 30, y, canvas.wrapped(line.description, 118, 8), 8, 10) + 1
    y = _dashes(canvas, y)
    y = _sums(draft, y)
    y = _payment(draft, y)
    _end(draft, _tax_rows(draft, y))


def _head(draft: Draft) -> float:
    canvas, bill = draft.canvas, draft.bill
    middle = WIDTH / 2
    y = 26.0
    for line in canvas.wrapped(bill.vendor.name.upper(), 190, 10):
        canvas.text(middle, y, line, 10, bold=True, align="center")
        y += 12
    head = [*vendor_address(draft), f"{draft.label('phone')} {bill.vendor.phone}"]
    head.append(vendor_tax_id(draft))
    y = canvas.stack(middle, y, head, 7.5, 10, align="center")
    y += 6
    if title := draft.title:
        canvas.text(middle, y, title, 9, bold=True, align="center")
        y += 14
    clock = f"{draft.rng.randint(8, 21):02}:{draft.rng.randint(0, 59):02}"
    number = f"{draft.labelled(draft.number_key)} {bill.number}"
    day = draft.day(bill.issued)
    draft.states("invoice_date")
    if draft.chance(0.5):
        canvas.text(_LEFT, y, f"{draft.labelled('date')} {day} {clock}", 8)
        y += 10
    else:
        canvas.text(_LEFT, y, day, 8)
        canvas.text(_RIGHT, y, clock, 8, align="right")
        y += 10
    if draft.chance(0.8):
        draft.states("invoice_number")
        canvas.text(_LEFT, y, number, 8)
        y += 10
    if draft.chance(0.3):
        canvas.text(
            _LEFT, y, f"Kasse/Till {draft.rng.randint(1, 9)}  #{draft.rng.randint(1, 99)}", 8
        )
        y += 10
    return _dashes(canvas, y)


def _sums(draft: Draft, y: float) -> float:
    canvas, bill = draft.canvas, draft.bill
    rows: list[tuple[str, Decimal]] = []
    if not bill.gross_prices:
        rows.append((draft.label("subtotal"), bill.subtotal))
        draft.states("subtotal")
        rows += [(tax_label(draft, tax), tax.amount) for tax in bill.taxes if tax.amount]
        if bill.is_taxed:
            draft.states("tax_total")
    rows.append((draft.label("total"), bill.total))
    if bill.rounding:
        rows.append((draft.label("rounding"), bill.rounding))
        rows.append((draft.label("rounded_total"), bill.total + bill.rounding))
    draft.states("total", "line_items")
    for index, (label, value) in enumerate(rows):
        last = index == len(rows) - 1
        size = 10 if last else 8
        canvas.text(_LEFT, y, label, size, bold=last)
        text = draft.money(value, "final") if last else draft.number(value)
        canvas.text(_RIGHT, y, text, size, bold=last, align="right")
        y += 13
    return y


def _payment(draft: Draft, y: float) -> float:
    canvas, bill = draft.canvas, draft.bill
    paid = bill.total + bill.rounding
    if draft.chance(0.5):
        note = Decimal(draft.rng.choice((5, 10, 50, 100)))
        tendered = (paid // note + 1) * note
        rows = ((draft.label("cash"), tendered), (draft.label("change"), tendered - paid))
    elif draft.chance(0.7):
        rows = ((draft.label("card"), paid),)  # type: ignore[assignment]
    else:
        return y
    for label, value in rows:
        canvas.text(_LEFT, y, label, 8)
        canvas.text(_RIGHT, y, draft.number(value), 8, align="right")
        y += 11
    return y


def _tax_rows(draft: Draft, y: float) -> float:
    canvas, bill = draft.canvas, draft.bill
    if not bill.is_taxed or not bill.gross_prices:
        return y
    y = _dashes(canvas, y)
    draft.states("tax_total")
    if draft.chance(0.5):
        for tax in bill.taxes:
            canvas.text(_LEFT, y, tax_label(draft, tax, "tax_included"), 8)
            canvas.text(_RIGHT, y, draft.number(tax.amount), 8, align="right")
            y += 11
        return y
    places = (_LEFT + 40, _LEFT + 115, _RIGHT)
    heads = (draft.label("rate"), draft.label("base"), draft.label("tax_amount"))
    for x, head in zip(places, heads, strict=True):
        canvas.text(x, y, head, 7.5, align="right")
    y += 10
    for tax in bill.taxes:
        values = (f"{draft.quantity(tax.rate)}%", draft.number(tax.base), draft.number(tax.amount))
        for x, value in zip(places, values, strict=True):
            canvas.text(x, y, value, 8, align="right")
        y += 11
    return y


def _dashes(canvas: Canvas, y: float) -> float:
    count = int((_RIGHT - _LEFT) / canvas.measure("-", 8))
    canvas.text(_LEFT, y, "-" * count, 8)
    return y + 12


def _end(draft: Draft, y: float) -> None:
    draft.canvas.text(WIDTH / 2, y + 10, draft.label("thanks")[:38], 8, align="center")
    draft.canvas.cut_to(y + 40)
