"""Bills with much beside the bill: shops, accounts, modern cards, side bars, typewriters."""

from __future__ import annotations

from training.draft import Draft
from training.parts import (
    bank_lines,
    customer_block,
    put_closing,
    put_inline,
    put_pairs,
    references,
    vendor_address,
    vendor_contact,
    vendor_tax_id,
)
from training.tables import make_form, put_table, room_for
from training.totals import put_sums, sums

LEFT = 50.0


def web_shop(draft: Draft) -> None:
    """An online order: prices with tax, order facts, tax stated below the total."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 50
    size, leading = style.size, style.leading
    canvas.text(LEFT, 60, bill.vendor.name, size + 6, bold=True)
    canvas.text(right, 60, draft.title, size + 4, align="right")
    y = put_inline(draft, references(draft), LEFT, 92)
    y += 12
    columns = [("buyer", LEFT), ("ship_to", LEFT + 180), ("seller", LEFT + 350)]
    block = customer_block(draft, tax_id=False)
    seller = [bill.vendor.name, *vendor_address(draft), vendor_tax_id(draft)]
    ends = []
    for (key, x), lines in zip(columns, (block, block, seller), strict=True):
        canvas.text(x, y, draft.label(key), size, bold=True)
        ends.append(canvas.stack(x, y + leading + 1, lines, size - 0.5, leading))
    _rest(draft, right, max(ends) + 18, form="description quantity price amount")


def account(draft: Draft) -> None:
    """A running account: balance brought forward, payments, current charges, what is due."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 50
    size, leading = style.size, style.leading
    canvas.text(LEFT, 58, bill.vendor.name, size + 5, bold=True)
    head = [*vendor_address(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    below = canvas.stack(LEFT, 60 + leading, head, size, leading)
    block = customer_block(draft, tax_id=False)
    below = canvas.stack(LEFT, below + 24, block, size + 1, leading + 1)
    canvas.text(330, 62, draft.title, size + 3, bold=True)
    y = put_pairs(draft, references(draft), 330, right, 66 + leading) + 10
    due = draft.labelled("amount_due")
    rows = [
        (draft.labelled("previous"), draft.money(bill.previous, "totals")),
        (draft.labelled("payments"), draft.money(-bill.payments, "totals")),
        (draft.labelled("charges"), draft.money(bill.total, "totals")),
        (due, draft.money(bill.amount_due, "final")),
    ]
    draft.states("amount_due")
    y = put_pairs(draft, rows, 330, right, y, leading=leading + 2)
    _rest(draft, right, max(y, below) + 20)


def big_amount(draft: Draft) -> None:
    """What is due in large type on top, as online billing prints it."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 50
    size, leading = style.size, style.leading
    canvas.text(LEFT, 58, draft.title, size + 9, bold=True)
    canvas.text(right, 58, bill.vendor.name, size + 3, bold=True, align="right")
    y = put_pairs(draft, references(draft), LEFT, LEFT + 105, 84, values="left") + 14
    seller = [bill.vendor.name, *vendor_address(draft), *vendor_contact(draft)]
    seller.append(vendor_tax_id(draft))
    below = canvas.stack(LEFT, y, seller, size, leading, bold_first=True)
    canvas.text(300, y, draft.label("buyer"), size, bold=True)
    aside = canvas.stack(300, y + leading, customer_block(draft), size, leading)
    y = max(below, aside) + 26
    due = draft.money(bill.amount_due, "final")
    draft.states("amount_due")
    text = f"{due} {draft.label('amount_due').lower()}"
    if "due_date" in draft.stated and draft.chance(0.6):
        text = f"{text} {draft.day(bill.due)}"
    canvas.text(LEFT, y, text, size + 6, bold=True)
    _rest(draft, right, y + 26, form="description quantity price amount")


def sidebar(draft: Draft) -> None:
    """Vendor, references and bank in a narrow column beside the bill."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    left, right = 200.0, canvas.width - 40
    size, leading = style.size, style.leading
    canvas.fill(0, 0, 182, canvas.height)
    y = 60.0
    for line in canvas.wrapped(bill.vendor.name, 145, size + 2):
        canvas.text(24, y, line, size + 2, bold=True)
        y += leading + 2
    contact = [*vendor_address(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    y = canvas.stack(24, y + 2, contact, size - 1, leading) + 14
    for label, value in references(draft):
        canvas.text(24, y, label, size - 1, bold=True)
        canvas.text(24, y + leading, value, size)
        y += 2 * leading + 4
    canvas.stack(24, y + 8, [draft.label("bank"), *bank_lines(draft)], size - 1.5, leading)
    canvas.text(left, 66, draft.title, size + 10, bold=True)
    canvas.text(left, 100, draft.labelled("buyer"), size, bold=True)
    y = canvas.stack(left, 102 + leading, customer_block(draft), size, leading)
    _rest(draft, right, y + 24, left=left, form="description quantity price amount")


def typewriter(draft: Draft) -> None:
    """One face, no rules, dots between label and amount."""
    canvas, bill = draft.canvas, draft.bill
    right = canvas.width - 50
    size, leading = 9.0, 12.0
    head = [bill.vendor.name, *vendor_address(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    y = canvas.stack(LEFT, 60, head, size, leading) + 2 * leading
    canvas.text(LEFT, y, draft.title, size)
    y = put_inline(draft, references(draft), LEFT, y + leading) + leading
    canvas.text(LEFT, y, draft.labelled("buyer"), size)
    y = canvas.stack(LEFT, y + leading, customer_block(draft), size, leading) + leading
    form = make_form(draft, columns="quantity description price amount", rules=False)
    bottom = canvas.height - 80
    y = put_table(draft, LEFT, right, y, bottom=bottom, form=form) + leading
    rows = sums(draft)
    y = room_for(draft, y, (len(rows) + 1) * leading, bottom=bottom)
    for row in rows:
        gap = right - LEFT - canvas.measure(row.label + row.value, size) - 12
        dots = "." * int(gap / canvas.measure(".", size))
        canvas.text(LEFT, y, f"{row.label} {dots} {row.value}", size)
        y += leading
    put_closing(draft, LEFT, y + leading)


def simple(draft: Draft) -> None:
    """As little as a word processor's first template has."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 60
    size, leading = style.size + 1, style.leading + 1
    canvas.text(60, 64, draft.title, size + 12, bold=True)
    seller = [bill.vendor.name, *vendor_address(draft)]
    below = canvas.stack(60, 96, seller, size, leading, bold_first=True)
    aside = put_pairs(draft, references(draft), 340, right, 96)
    y = max(below, aside) + 20
    to = draft.labelled("buyer")
    canvas.text(60, y, to, size)
    y = canvas.stack(60, y + leading, customer_block(draft, tax_id=False), size, leading)
    _rest(draft, right, y + 20, left=60.0)


def _rest(
    draft: Draft, right: float, y: float, *, left: float = LEFT, form: str | None = None
) -> None:
    canvas, style = draft.canvas, draft.style
    bottom = canvas.height - 70
    table = make_form(draft, columns=form)
    y = put_table(draft, left, right, y, bottom=bottom, form=table) + 10
    rows = sums(draft)
    y = room_for(draft, y, (len(rows) + 1) * (style.leading + 3), bottom=bottom)
    y = put_sums(draft, rows, right - draft.rng.choice((190, 230)), right - 3, y)
    put_closing(draft, left, y + 16)
