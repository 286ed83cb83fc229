"""A till receipt on paper of 80 mm, as long as it needs to be."""

from __future__ import annotations

from textwrap import wrap

from samples.languages import WORDINGS
from samples.layouts.sheet import COURIER, Sheet
from samples.model import SampleInvoice

_WIDTH, _LEFT, _RIGHT = 227.0, 14.0, 213.0
# Of the till's type across the paper.
_CHARACTERS = 36


def draw_receipt(invoice: SampleInvoice) -> bytes:
    words = WORDINGS[invoice.language]
    vendor = invoice.vendor
    printed = [(line, wrap(line.description, _CHARACTERS)) for line in invoice.lines]
    note = wrap(invoice.note, _CHARACTERS)
    rows = sum(len(texts) for _, texts in printed) + len(note) + len(invoice.taxes)
    height = 230.0 + 13 * len(printed) + 11 * rows
    sheet = Sheet(f"{words.receipt} {invoice.number}", vendor.name, COURIER, (_WIDTH, height))
    middle = _WIDTH / 2
    sheet.text(middle, 34, vendor.name.upper(), size=13, bold=True, align="center")
    head = (vendor.street, vendor.town, vendor.phone, f"{words.tax_id} {vendor.tax_id}")
    y = sheet.lines(middle, 52, head, size=8.5, leading=11, align="center")
    sheet.text(middle, y + 8, words.receipt.upper(), size=11, bold=True, align="center")
    y += 28
    issued = invoice.issue_date
    sheet.text(_LEFT, y, f"{issued:%d/%m/%Y}", size=9)
    sheet.text(_RIGHT, y, f"No. {invoice.number}", size=9, align="right")
    y = _dashes(sheet, y + 8)
    for line, texts in printed:
        y = sheet.lines(_LEFT, y, texts, size=9, leading=11)
        each = f"  {words.whole(line.quantity)} x {words.decimal(line.unit_price)}"
        sheet.text(_LEFT, y, each, size=9)
        sheet.text(_RIGHT, y, words.decimal(line.amount), size=9, align="right")
        y += 13
    y = _dashes(sheet, y - 6)
    sheet.text(_LEFT, y + 4, words.total.upper(), size=13, bold=True)
    total = words.amount_of(invoice.total, invoice.currency)
    sheet.text(_RIGHT, y + 4, total, size=13, bold=True, align="right")
    y += 24
    pairs = (("VISA DEBIT **** 0000", words.decimal(invoice.total)), ("CHANGE", "0.00"))
    for label, value in pairs:
        sheet.text(_LEFT, y, label, size=9)
        sheet.text(_RIGHT, y, value, size=9, align="right")
        y += 12
    y = _dashes(sheet, y - 4)
    for tax in invoice.taxes:
        included = f"{words.tax(tax.rate, tax.base)} net"
        sheet.text(_LEFT, y, included, size=8.5)
        sheet.text(_RIGHT, y, words.decimal(tax.amount), size=8.5, align="right")
        y += 11
    sheet.lines(middle, y + 22, note, size=9, leading=11, align="center")
    return sheet.finish()


def _dashes(sheet: Sheet, y: float) -> float:
    sheet.text(_LEFT, y, "-" * _CHARACTERS, size=9.2)
    return y + 13
