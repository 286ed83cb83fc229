"""A modern page with a coloured band, details in a row and a shaded table."""

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

_LEFT, _RIGHT = 48.0, 547.0
_NAVY, _PALE = "#1d3557", "#eef3f8"


def draw_banner(invoice: SampleInvoice) -> bytes:
    sheet, words = open_sheet(invoice, HELVETICA)
    _band(sheet, invoice, words)
    _parties(sheet, invoice, words)

    def further_page() -> float:
        sheet.box(0, 0, sheet.width, 26, fill=_NAVY, stroke=None)
        sheet.text(_LEFT, 17, f"{words.number} {invoice.number}", size=9, color="#ffffff")
        return 50

    table = Table(
        sheet=sheet,
        wording=words,
        invoice=invoice,
        columns=columns(words, "description quantity price tax amount", (229, 52, 88, 50, 80)),
        x=_LEFT,
        style=TableStyle(
            size=9.5, leading=13, gap=7, head_fill=_NAVY, head_color="#ffffff", stripe=_PALE
        ),
        bottom=620,
        further_page=further_page,
    )
    y = table.draw(300) + 22
    y = _totals(sheet, invoice, words, y)
    _payment(sheet, invoice, words, y + 30)
    return sheet.finish()


def _band(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    sheet.box(0, 0, sheet.width, 92, fill=_NAVY, stroke=None)
    sheet.disc(66, 46, 18, "#e63946")
    sheet.text(66, 52, invoice.vendor.name[0], size=18, bold=True, align="center", color="#ffffff")
    sheet.text(94, 53, invoice.vendor.name, size=17, bold=True, color="#ffffff")
    title = words.title(invoice.kind).upper()
    sheet.text(_RIGHT, 55, title, size=24, bold=True, align="right", color="#ffffff")


def _parties(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    vendor = invoice.vendor
    own = (
        vendor.street,
        vendor.town,
        *contact_lines(invoice, words),
        *identity_lines(invoice, words),
    )
    sheet.lines(_LEFT, 116, own, size=8.5, leading=12, color="#333333")
    sheet.text(_LEFT, 206, words.bill_to.upper(), size=8, bold=True, color="#e63946")
    sheet.lines(_LEFT, 221, customer_lines(invoice, words), size=10, leading=13.5, bold_first=True)
    y = 116.0
    for label, value in reference_pairs(invoice, words):
        sheet.text(430, y, f"{label}:", size=9, align="right", color="#555555")
        sheet.text(440, y, value, size=9, bold=True)
        y += 15


def _totals(sheet: Sheet, invoice: SampleInvoice, words: Wording, y: float) -> float:
    for label, value in total_pairs(invoice, words):
        sheet.text(455, y, label, size=9.5, align="right")
        sheet.text(_RIGHT - 4, y, value, size=9.5, align="right")
        y += 16
    pairs = list(closing_pairs(invoice, words))
    sheet.box(330, y - 6, _RIGHT - 330, 20 * len(pairs) + 6, fill=_PALE, stroke=None)
    for label, value in pairs:
        y += 10
        sheet.text(455, y, label, size=11, bold=True, align="right", color=_NAVY)
        sheet.text(_RIGHT - 4, y, value, size=11, bold=True, align="right", color=_NAVY)
        y += 10
    return y


def _payment(sheet: Sheet, invoice: SampleInvoice, words: Wording, y: float) -> None:
    if any(bank_lines(invoice)):
        sheet.text(_LEFT, y, words.bank_details, size=9, bold=True, color=_NAVY)
        y = sheet.lines(_LEFT, y + 14, bank_lines(invoice), size=9, leading=13)
    for line in sheet.wrapped(invoice.note or words.thanks, 470, 9):
        sheet.text(_LEFT, y + 8, line, size=9, color="#555555")
        y += 12
