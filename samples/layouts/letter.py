"""A business letter as printed in Germany and the Netherlands: window address, footer of three
columns."""

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
from samples.layouts.sheet import VERA, Sheet
from samples.layouts.table import Table, TableStyle
from samples.model import SampleInvoice
from samples.wording import Wording

_LEFT, _RIGHT = 62.0, 545.0
_GREEN = "#2f6b4f"


def draw_letter(invoice: SampleInvoice) -> bytes:
    sheet, words = open_sheet(invoice, VERA)
    _letterhead(sheet, invoice)
    _address(sheet, invoice, words)
    _references(sheet, invoice, words)
    sheet.text(_LEFT, 288, words.title(invoice.kind), size=15, bold=True)
    _footer(sheet, invoice, words)

    def further_page() -> float:
        _footer(sheet, invoice, words)
        sheet.text(_LEFT, 60, f"{words.number} {invoice.number}", size=8, color="#555555")
        return 78

    table = Table(
        sheet=sheet,
        wording=words,
        invoice=invoice,
        columns=columns(
            words,
            "position code description units price tax amount",
            (28, 66, 156, 64, 62, 38, 69),
        ),
        x=_LEFT,
        style=TableStyle(size=8, leading=11),
        bottom=690,
        further_page=further_page,
    )
    y = table.draw(308) + 18
    _totals(sheet, invoice, words, y)
    return sheet.finish()


def _letterhead(sheet: Sheet, invoice: SampleInvoice) -> None:
    sheet.disc(_RIGHT - 12, 52, 13, _GREEN)
    sheet.disc(_RIGHT - 30, 52, 8, "#8fbf9f")
    sheet.text(
        _RIGHT - 48, 58, invoice.vendor.name, size=14, bold=True, align="right", color=_GREEN
    )


def _address(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    vendor = invoice.vendor
    sender = " · ".join((vendor.name, vendor.street, vendor.town))
    sheet.text(_LEFT, 126, sender, size=6.5, color="#555555")
    sheet.rule(_LEFT, 130, _LEFT + 230, width=0.3)
    sheet.lines(_LEFT, 146, customer_lines(invoice, words, tax_id=False), size=10, leading=14)


def _references(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    y = 146.0
    pairs = list(reference_pairs(invoice, words))
    if invoice.customer is not None and invoice.customer.tax_id:
        pairs.append((words.tax_id, invoice.customer.tax_id))
    for label, value in pairs:
        sheet.text(352, y, label, size=8, color="#555555")
        sheet.text(_RIGHT, y, value, size=8, align="right")
        y += 14


def _totals(sheet: Sheet, invoice: SampleInvoice, words: Wording, y: float) -> None:
    for label, value in total_pairs(invoice, words):
        sheet.text(350, y, label, size=8)
        sheet.text(_RIGHT - 4, y, value, size=8, align="right")
        y += 14
    sheet.rule(350, y - 8, _RIGHT)
    for label, value in closing_pairs(invoice, words):
        sheet.text(350, y + 5, label, size=9.5, bold=True)
        sheet.text(_RIGHT - 4, y + 5, value, size=9.5, bold=True, align="right")
        y += 16
    sheet.rule(350, y - 3, _RIGHT, width=1)
    sheet.text(_LEFT, y + 26, invoice.note or words.thanks, size=8.5)


def _footer(sheet: Sheet, invoice: SampleInvoice, words: Wording) -> None:
    vendor = invoice.vendor
    sheet.rule(_LEFT, 762, _RIGHT, color=_GREEN)
    columns_of_text = (
        (vendor.name, vendor.street, vendor.town),
        (*contact_lines(invoice, words), *identity_lines(invoice, words)),
        bank_lines(invoice),
    )
    page = words.page.format(page=sheet.page)
    sheet.text(_RIGHT, 754, page, size=7, align="right", color="#444444")
    for x, lines in zip((_LEFT, 212.0, 388.0), columns_of_text, strict=True):
        sheet.lines(x, 774, lines, size=6.5, leading=9.5, color="#444444")
