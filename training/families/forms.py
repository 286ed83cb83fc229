"""Forms: parties in columns, captioned boxes, sums and taxes in tables."""

from __future__ import annotations

from training.draft import Draft
from training.parts import (
    bank_lines,
    customer_block,
    put_closing,
    put_header_table,
    put_inline,
    put_pairs,
    references,
    vendor_address,
    vendor_contact,
    vendor_tax_id,
)
from training.tables import make_form, put_table, room_for
from training.totals import put_sums, put_sums_across, put_tax_table, sums

LEFT = 46.0


def two_parties(draft: Draft) -> None:
    """Seller and buyer side by side under labels of their own, numbers inside."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 46
    size, leading = style.size, style.leading
    pairs = references(draft)
    canvas.text(LEFT, 58, draft.title, size + 6, bold=True)
    y = put_pairs(draft, pairs, LEFT, LEFT + 110, 64 + leading, values="left") + 16
    middle = canvas.width / 2 + 10
    first, second = LEFT, middle
    if draft.chance(0.25):
        first, second = middle, LEFT
    canvas.text(first, y, draft.labelled("seller"), size, bold=True)
    canvas.text(second, y, draft.labelled("buyer"), size, bold=True)
    y += leading + 2
    seller = [bill.vendor.name, *vendor_address(draft), vendor_tax_id(draft)]
    if draft.chance(0.4):
        seller += vendor_contact(draft)
    below = canvas.stack(first, y, seller, size, leading)
    aside = canvas.stack(second, y, customer_block(draft, tax_id=True), size, leading)
    _rest(draft, right, max(below, aside) + 18)


def totals_row(draft: Draft) -> None:
    """A tax table and a row of sums, each value beneath its heading."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 46
    size, leading = style.size, style.leading
    canvas.text(LEFT, 56, bill.vendor.name, size + 4, bold=True)
    head = [*vendor_address(draft), vendor_tax_id(draft), *vendor_contact(draft)]
    below = canvas.stack(LEFT, 58 + leading, head, size, leading)
    aside = canvas.stack(330, 92, customer_block(draft), size, leading, bold_first=True)
    y = max(below, aside) + 16
    pairs = references(draft)
    canvas.text(LEFT, y, draft.title, size + 4, bold=True)
    y = put_header_table(draft, pairs[:5], LEFT, right, y + leading + 8)
    y = put_inline(draft, pairs[5:], LEFT, y)
    bottom = canvas.height - 110
    y = put_table(draft, LEFT, right, y + 10, bottom=bottom, form=make_form(draft)) + 12
    y = room_for(draft, y, 9 * leading + 40, bottom=canvas.height - 40)
    if bill.is_taxed:
        y = put_tax_table(draft, LEFT, LEFT + 300, y) + 6
    y = put_sums_across(draft, sums(draft, taxes=not bill.is_taxed), LEFT, right, y)
    _closing(draft, y + 6)


def boxed_form(draft: Draft) -> None:
    """Boxes with a small caption above each value, as preprinted forms have."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 46
    size, leading = style.size, style.leading
    middle = canvas.width / 2
    small = 6.0
    vendor = [bill.vendor.name, *vendor_address(draft), *vendor_contact(draft)]
    vendor.append(vendor_tax_id(draft))
    below = canvas.stack(LEFT + 4, 58, vendor, size, leading, bold_first=True)
    canvas.frame(LEFT, 44, middle - 8, below)
    canvas.text(middle + 4, 52, draft.label("buyer"), small)
    customer = customer_block(draft)
    aside = canvas.stack(middle + 4, 54 + leading, customer, size, leading)
    canvas.frame(middle, 44, right, max(aside, below))
    y = max(below, aside) + 12
    pairs = [(draft.labelled("contact"), bill.vendor.bank.split()[0]), *references(draft)]
    canvas.text(LEFT, y + 8, draft.title, size + 4, bold=True)
    y += 20
    for start in range(0, len(pairs), 4):
        step = (right - LEFT) / 4
        for index, (label, value) in enumerate(pairs[start : start + 4]):
            x = LEFT + index * step
            canvas.text(x + 3, y + 8, label.rstrip(":"), small)
            canvas.text(x + 3, y + 10 + leading, value, size)
            canvas.frame(x, y, x + step, y + 16 + leading)
        y += 16 + leading
    _rest(draft, right, y + 20)


def us_form(draft: Draft) -> None:
    """Bill to and ship to, a row with order and terms, sums in boxes at the lower right."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 46
    size, leading = style.size, style.leading
    canvas.text(LEFT, 56, bill.vendor.name, size + 3, bold=True)
    head = [*vendor_address(draft), *vendor_contact(draft), vendor_tax_id(draft)]
    below = canvas.stack(LEFT, 58 + leading, head, size, leading)
    canvas.text(right, 58, draft.title.upper(), size + 12, bold=True, align="right")
    pairs = references(draft)
    y = put_header_table(draft, pairs[:2], right - 200, right, 84)
    y = max(y, below) + 10
    canvas.text(LEFT, y, draft.label("buyer"), size, bold=True)
    block = customer_block(draft, tax_id=False)
    end = canvas.stack(LEFT, y + leading + 2, block, size, leading)
    if draft.chance(0.7):
        canvas.text(330, y, draft.label("ship_to"), size, bold=True)
        goods_to = block if draft.chance(0.6) else [block[0], "Dock 4", *block[-1:]]
        canvas.stack(330, y + leading + 2, goods_to, size, leading)
    y = end + 16
    if pairs[2:]:
        y = put_header_table(draft, pairs[2:], LEFT, right, y) + 6
    _rest(draft, right, y + 6)


def key_value(draft: Draft) -> None:
    """Everything as label and value, the parties too."""
    canvas, bill, style = draft.canvas, draft.bill, draft.style
    right = canvas.width - 46
    size, leading = style.size, style.leading
    x = LEFT + 150
    canvas.text(LEFT, 56, draft.title, size + 5, bold=True)
    y = put_pairs(draft, references(draft), LEFT, x, 64 + leading, values="left") + 8
    seller = [bill.vendor.name, *vendor_address(draft), vendor_tax_id(draft)]
    buyer = customer_block(draft)
    blocks = [("seller", seller), ("buyer", buyer)]
    for key, lines in blocks:
        canvas.text(LEFT, y, draft.labelled(key), size, bold=style.bold_labels)
        y = canvas.stack(x, y, lines, size, leading) + 8
    _rest(draft, right, y + 12)


def _rest(draft: Draft, right: float, y: float) -> None:
    canvas, style = draft.canvas, draft.style
    bottom = canvas.height - 84
    y = put_table(draft, LEFT, right, y, bottom=bottom, form=make_form(draft)) + 12
    with_table = draft.bill.is_taxed and draft.chance(0.35)
    if with_table:
        y = room_for(draft, y, 6 * style.leading, bottom=bottom)
        y = put_tax_table(draft, LEFT, LEFT + 290, y) + 4
    rows = sums(draft, taxes=not with_table)
    y = room_for(draft, y, (len(rows) + 1) * (style.leading + 3), bottom=bottom)
    at = draft.rng.choice((right - 210, right - 210, right - 250, LEFT + 8))
    _closing(draft, put_sums(draft, rows, at, right - 3, y) + 8)


def _closing(draft: Draft, y: float) -> None:
    canvas, style = draft.canvas, draft.style
    y = put_closing(draft, LEFT, y)
    if draft.chance(0.6):
        lines = [draft.label("bank"), *bank_lines(draft)]
        y = room_for(draft, y, len(lines) * style.leading, bottom=canvas.height - 30)
        canvas.stack(LEFT, y + 6, lines, style.size, style.leading)
