"""Small documents, drawn for one test."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas


def text_invoice(path: Path, number: int) -> Path:
    """A one-page text PDF of an invoice that adds up; each `number` gives other bytes."""
    net = 100 + number
    canvas = Canvas(str(path), pagesize=(595, 842))
    rows = [
        (790, 50, "Fjordlys Kontor Ltd"),
        (776, 50, "12 Harbour Road, Bristol BS1 4ND, United Kingdom"),
        (730, 50, "INVOICE"),
        (700, 50, f"Invoice number: FK-{number:05d}"),
        (686, 50, "Invoice date: 2026-03-14"),
        (672, 50, "Due date: 2026-04-13"),
        (640, 50, "Bill to:"),
        (626, 50, "Example Trading Ltd"),
        (612, 50, "5 Mill Lane, Leeds LS1 2AB"),
        (560, 50, "Description"),
        (560, 300, "Quantity"),
        (560, 380, "Unit price"),
        (560, 480, "Amount"),
        (540, 50, "Desk lamp"),
        (540, 300, "1"),
        (540, 380, f"GBP {net}.00"),
        (540, 480, f"GBP {net}.00"),
        (500, 380, "Subtotal"),
        (500, 480, f"GBP {net}.00"),
        (486, 380, "VAT 20%"),
        (486, 480, f"GBP {net * 20 / 100:.2f}"),
        (472, 380, "Total"),
        (472, 480, f"GBP {net * 120 / 100:.2f}"),
    ]
    for y, x, text in rows:
        canvas.drawString(x, y, text)
    canvas.save()
    return path
