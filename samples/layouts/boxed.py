"""A form with frames and ruled columns, and a table of the taxes, as common in France, Spain and
Italy."""

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
from samples.layouts.sheet import TIMES, Sheet
from samples.layouts.table import Table, TableStyle
from samples.model import SampleInvoice
from samples.wording import Wording

_LEFT, _RIGHT = 42.0, 553.0


def draw_boxed(invoice: SampleInvoice) -> bytes:
    sheet, words = open_sheet(invoice, TIMES)
    _vendor(sheet, invoice, words)
    _customer(sheet, invoice, words)
    _references(sheet, invoice, words)

    def further_page() -> float:
        sheet.text(_LEFT, 44, f"{words.number} {invoice.number}", size=10, bold=True)
        return 60

    table = Table(
        sheet=sheet,
        wording=words,
        invoice=invoice,
        columns=columns(
            words, "code description quantity price tax amount", (72, 211, 48, 66, 44, 70)
        ),
        x=_LEFT,
        style=TableStyle(size=9.5, leading=12.5, gap=4, head_fill="#e4e4e4", grid=True),
        bottom=640,
        further_page=further_page,
    )
    y = table.draw(286) + 16
    _totals(sheet, invoice, words, y)
    _footer(sheet, invoice, words)
    return sheet.finish()


def _vendor(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    vendor = invoice.vendor
    sheet.text(_LEFT, 60, vendor.name, size=16, bold=True)
    sheet.lines(_LEFT, 78, (vendor.street, vendor.town, *contact_lines(invoice, words)), size=9.5)
    sheet.text(_RIGHT, 62, words.title(invoice.kind), size=22, bold=True, align="right")


def _customer(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    sheet.box(310, 96, _RIGHT - 310, 92)
    sheet.text(318, 111, words.bill_to, size=8.5, color="#666666")
    sheet.lines(318, 127, customer_lines(invoice, words), size=10.5, leading=14, bold_first=True)


def _references(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    """A row of cells, each with its label above its value."""
    pairs = list(reference_pairs(invoice, words))
    width = (_RIGHT - _LEFT) / len(pairs)
    for index, (label, value) in enumerate(pairs):
        x = _LEFT + index * width
        sheet.box(x, 222, width, 16, fill="#e4e4e4")
        sheet.box(x, 238, width, 20)
        sheet.text(x + width / 2, 233, label, size=8.5, bold=True, align="center")
        sheet.text(x + width / 2, 252, value, size=9.5, align="center")


def _totals(sheet: Sheet, invoice: SampleInvoice, words: Wording, y: float) -> None:
    pairs = list(total_pairs(invoice, words))
    closing = list(closing_pairs(invoice, words))
    left = 350.0
    sheet.box(left, y, _RIGHT - left, 18 * (len(pairs) + len(closing)) + 4)
    y += 14
    for label, value in (*pairs, *closing):
        bold = (label, value) in closing
        sheet.text(left + 6, y, label, size=10, bold=bold)
        sheet.text(_RIGHT - 6, y, value, size=10, bold=bold, align="right")
        y += 18


def _footer(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    if any(bank_lines(invoice)):
        sheet.text(_LEFT, 700, words.bank_details, size=9.5, bold=True)
        sheet.lines(_LEFT, 714, bank_lines(invoice), size=9.5, leading=12.5)
    sheet.rule(_LEFT, 776, _RIGHT)
    legal = "  -  ".join(line for line in identity_lines(invoice, words) if line)
    sheet.text(sheet.width / 2, 790, f"{invoice.vendor.name}  -  {legal}", size=8, align="center")
    sheet.text(sheet.width / 2, 803, invoice.note or words.thanks, size=8, align="center")
