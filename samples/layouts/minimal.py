"""A plain page from an office program: few lines, much white, labels above a ruled table."""

from __future__ import annotations

from samples.layouts.parts import (
    bank_lines,
    closing_pairs,
    columns,
    contact_lines,
    customer_lines,
    identity_lines,
    open_sheet,
    reference_pairs,
    total_pairs,
)
from samples.layouts.sheet import HELVETICA, Sheet
from samples.layouts.table import Table, TableStyle
from samples.model import SampleInvoice
from samples.wording import Wording

_LEFT, _RIGHT = 56.0, 539.0


def draw_minimal(invoice: SampleInvoice) -> bytes:
    sheet, words = open_sheet(invoice, HELVETICA)
    vendor = invoice.vendor
    sheet.text(_LEFT, 76, vendor.name, size=20, bold=True)
    own = (
        vendor.street,
        vendor.town,
        *contact_lines(invoice, words),
        *identity_lines(invoice, words),
    )
    sheet.lines(_LEFT, 96, own, size=9.5, leading=13)
    sheet.text(_RIGHT, 76, words.title(invoice.kind), size=20, align="right", color="#777777")
    y = 100.0
    for label, value in reference_pairs(invoice, words):
        sheet.text(420, y, label, size=9.5, align="right", bold=True)
        sheet.text(_RIGHT, y, value, size=9.5, align="right")
        y += 15
    sheet.text(_LEFT, 216, words.bill_to, size=9.5, bold=True)
    sheet.lines(_LEFT, 232, customer_lines(invoice, words), size=10, leading=14)

    def further_page() -> float:
        sheet.text(_LEFT, 56, f"{vendor.name}, {words.number} {invoice.number}", size=9.5)
        sheet.text(_RIGHT, 56, words.page.format(page=sheet.page), size=9.5, align="right")
        return 76

    table = Table(
        sheet=sheet,
        wording=words,
        invoice=invoice,
        columns=columns(words, "description quantity price amount", (263, 60, 80, 80)),
        x=_LEFT,
        style=TableStyle(size=10, leading=13, gap=8, rule_rows=True),
        bottom=650,
        further_page=further_page,
    )
    y = _totals(sheet, invoice, words, table.draw(316) + 22)
    if any(bank_lines(invoice)):
        sheet.text(_LEFT, y + 26, words.bank_details, size=9.5, bold=True)
        y = sheet.lines(_LEFT, y + 41, bank_lines(invoice), size=9.5, leading=13)
    sheet.text(_LEFT, y + 26, invoice.note or words.thanks, size=9.5)
    return sheet.finish()


def _totals(sheet: Sheet, invoice: SampleInvoice, words: Wording, y: float) -> float:
    for label, value in total_pairs(invoice, words):
        sheet.text(440, y, label, size=10, align="right")
        sheet.text(_RIGHT - 4, y, value, size=10, align="right")
        y += 17
    for label, value in closing_pairs(invoice, words):
        sheet.text(440, y + 3, label, size=12, bold=True, align="right")
        sheet.text(_RIGHT - 4, y + 3, value, size=12, bold=True, align="right")
        y += 20
    return y
