"""Business letters: letterhead, address window, references, table, sums."""

from __future__ import annotations

from training.draft import Draft
from training.parts import (
    Pair,
    bank_lines,
    customer_block,
    put_closing,
    put_footer,
    put_header_table,
    put_inline,
    put_page_number,
    put_pairs,
    references,
    vendor_address,
    vendor_contact,
    vendor_lines,
    vendor_register,
    vendor_tax_id,
    wordmark,
)
from training.tables import make_form, put_table, room_for
from training.totals import put_sums, sums

LEFT = 52.0


def letter_left(draft: Draft) -> None:
    """Letterhead top left, title and references top right, customer beneath."""
    canvas, style = draft.canvas, draft.style
    right = canvas.width - 48
    size, leading = style.size, style.leading
    canvas.text(LEFT, 60, wordmark(draft), size + 4, bold=True)
    head = [*vendor_lines(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    below = canvas.stack(LEFT, 62 + leading, head, size, leading)
    canvas.text(right, 62, draft.title, size + 8, bold=True, align="right")
    aside = put_pairs(draft, references(draft), right - 190, right, 84 + leading)
    y = max(below, aside) + 18
    if draft.chance(0.75):
        canvas.text(LEFT, y, draft.labelled("buyer"), size, bold=True)
        y += leading
    y = canvas.stack(LEFT, y, customer_block(draft), size, leading)
    _rest(draft, LEFT, right, y + 22)


def letter_right(draft: Draft) -> None:
    """Letterhead flush right, customer left in the window, references in rows under the title."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 52
    size, leading = style.size, style.leading
    canvas.text(right, 56, wordmark(draft), size + 3, bold=True, align="right")
    head = [*vendor_lines(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    canvas.stack(right, 58 + leading, head, size, leading, align="right")
    below = canvas.stack(LEFT, 150, customer_block(draft), size + 1, leading + 1)
    y = max(below, 215.0) + 24
    pairs = references(draft, number=draft.chance(0.5))
    heading = draft.title
    if "invoice_number" not in draft.stated:
        heading = f"{draft.title} {bill.number}"
        draft.states("invoice_number")
    canvas.text(LEFT, y, heading, size + 5, bold=True)
    y = put_pairs(draft, pairs, LEFT, LEFT + 120, y + leading + 8, values="left")
    if draft.chance(0.4):
        y = canvas.stack(LEFT, y + 6, [draft.label("salutation")], size, leading)
    _rest(draft, LEFT, right, y + 16)


def letter_centre(draft: Draft) -> None:
    """Letterhead in the middle, parties and references in two columns."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 50
    middle, size, leading = canvas.width / 2, style.size, style.leading
    canvas.text(middle, 54, bill.vendor.name, size + 6, bold=True, align="center")
    line = " - ".join(vendor_address(draft))
    canvas.text(middle, 58 + leading, line, size - 0.5, align="center")
    contact = "   ".join(x for x in (*vendor_contact(draft), vendor_tax_id(draft)) if x)
    canvas.text(middle, 58 + 2 * leading, contact, size - 0.5, align="center")
    canvas.rule(LEFT, 62 + 2.6 * leading, right)
    y = 96 + 2.6 * leading
    canvas.text(middle, y, draft.title, size + 4, bold=True, align="center")
    y += leading + 12
    canvas.text(LEFT, y, draft.labelled("buyer"), size, bold=True)
    below = canvas.stack(LEFT, y + leading, customer_block(draft), size, leading)
    aside = put_pairs(draft, references(draft), middle + 30, right, y)
    _rest(draft, LEFT, right, max(below, aside) + 18)


def din_window(draft: Draft) -> None:
    """DIN 5008: sender's line above the window, information block, imprint at the foot."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    left, right = 71.0, canvas.width - 50
    size, leading = style.size, style.leading
    if draft.chance(0.6):
        at = draft.rng.choice((left, right))
        align = "left" if at == left else "right"
        canvas.text(at, 62, wordmark(draft), size + 7, bold=True, align=align)
    address = vendor_address(draft)
    mark = draft.rng.choice((" · ", ", ", " - ", " | "))
    canvas.text(left, 128, mark.join((bill.vendor.name, *address)), 6.5)
    canvas.rule(left, 131, left + 230)
    canvas.stack(left, 148, customer_block(draft, tax_id=False), size + 1, leading + 1)
    with_number = draft.chance(0.6)
    pairs = references(draft, number=with_number)
    pairs.append((draft.labelled("contact"), draft.bill.vendor.bank.replace("Bank", "").strip()))
    put_pairs(draft, pairs, 360, 455, 148, values="left")
    heading = draft.title
    if not with_number:
        nr = draft.rng.choice(("", "Nr. ")) if bill.country.language == "de" else ""
        heading = f"{draft.title} {nr}{bill.number}"
        draft.states("invoice_number")
    canvas.text(left, 284, heading, size + 4, bold=True)
    y = 290 + leading
    if draft.chance(0.6):
        y = canvas.stack(left, y, [draft.label("salutation")], size, leading)
    imprint = (
        (bill.vendor.name, *address),
        (*vendor_contact(draft), vendor_tax_id(draft), vendor_register(draft)),
        bank_lines(draft),
    )
    put_footer(draft, imprint, left, right)
    _rest(draft, left, right, y + 14, bank=False)


def footer_only(draft: Draft) -> None:
    """The vendor's wordmark on top; address, tax number and bank only in the imprint."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 50
    size, leading = style.size, style.leading
    canvas.text(LEFT, 66, wordmark(draft), size + 9, bold=True)
    imprint = (
        (bill.vendor.name, *vendor_address(draft)),
        (*vendor_contact(draft), vendor_tax_id(draft)),
        (vendor_register(draft), *bank_lines(draft)),
    )
    put_footer(draft, imprint, LEFT, right)
    canvas.text(LEFT, 112, draft.title, size + 6, bold=True)
    below = put_inline(draft, references(draft), LEFT, 120 + leading)
    canvas.text(330, 116, draft.labelled("buyer"), size, bold=True)
    aside = canvas.stack(330, 118 + leading, customer_block(draft), size, leading)
    _rest(draft, LEFT, right, max(below, aside) + 20, bank=False)


def header_table(draft: Draft) -> None:
    """A letterhead and a row of references with the values beneath their labels."""
    canvas, style = draft.canvas, draft.style
    right = canvas.width - 44
    size, leading = style.size, style.leading
    canvas.text(LEFT, 58, wordmark(draft), size + 4, bold=True)
    head = [*vendor_lines(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    below = canvas.stack(LEFT, 60 + leading, head, size, leading)
    x = 320.0
    if draft.chance(0.7):
        canvas.text(x, 62, draft.labelled("buyer"), size, bold=True)
    aside = canvas.stack(x, 62 + leading, customer_block(draft), size, leading)
    y = max(below, aside) + 20
    canvas.text(LEFT, y, draft.title, size + 5, bold=True)
    pairs: list[Pair] = references(draft)
    y = put_header_table(draft, pairs[:5], LEFT, right, y + leading + 10)
    if len(pairs) > 5:
        y = put_inline(draft, pairs[5:], LEFT, y)
    _rest(draft, LEFT, right, y + 12)


def _rest(draft: Draft, left: float, right: float, y: float, *, bank: bool = True) -> None:
    """Table, sums at the right, closing lines."""
    canvas, style = draft.canvas, draft.style
    bottom = canvas.height - 96
    if bank:
        _number_pages(draft, right)
    y = put_table(draft, left, right, y, bottom=bottom, form=make_form(draft)) + 10
    rows = sums(draft)
    y = room_for(draft, y, (len(rows) + 2) * (style.leading + 3), bottom=bottom)
    at = draft.rng.choice((right - 200, right - 200, right - 240, left + 10))
    y = put_sums(draft, rows, at, right - 3, y)
    y = put_closing(draft, left, y + 14)
    if bank and draft.chance(0.6):
        lines = [draft.label("bank"), *bank_lines(draft)]
        y = room_for(draft, y, len(lines) * style.leading, bottom=canvas.height - 30)
        canvas.stack(left, y + 6, lines, style.size, style.leading)


def _number_pages(draft: Draft, right: float) -> None:
    if draft.chance(0.4):
        draft.canvas.on_page = lambda: put_page_number(draft, right)
        put_page_number(draft, right)
