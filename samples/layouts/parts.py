"""Pieces that several layouts set in their own way."""

from __future__ import annotations

from collections.abc import Iterator

from samples.languages import WORDINGS
from samples.layouts.sheet import Fonts, Sheet
from samples.layouts.table import Column
from samples.model import Kind, SampleInvoice
from samples.wording import Wording

Pair = tuple[str, str]


def open_sheet(invoice: SampleInvoice, fonts: Fonts) -> tuple[Sheet, Wording]:
    wording = WORDINGS[invoice.language]
    title = f"{wording.title(invoice.kind)} {invoice.number}"
    return Sheet(title, invoice.vendor.name, fonts), wording


def reference_pairs(invoice: SampleInvoice, words: Wording) -> Iterator[Pair]:
    """Number, dates and references: label and value of those the invoice has."""
    is_credit = invoice.kind is Kind.CREDIT_NOTE
    yield (words.credit_number if is_credit else words.number), invoice.number
    yield (
        words.credit_date if is_credit else words.issue_date,
        words.date(invoice.issue_date),
    )
    if invoice.delivery_date:
        yield words.delivery_date, words.date(invoice.delivery_date)
    if invoice.customer_number:
        yield words.customer_number, invoice.customer_number
    if invoice.purchase_order:
        yield words.purchase_order, invoice.purchase_order
    if invoice.preceding_number:
        yield words.preceding_number, invoice.preceding_number
    if invoice.due_date:
        yield words.due_date, words.date(invoice.due_date)


def total_pairs(invoice: SampleInvoice, words: Wording) -> Iterator[Pair]:
    """The sums from the lines down to the total, label and amount."""
    if invoice.discount:
        label = invoice.discount_reason or words.discount
        yield label, words.decimal(-invoice.discount)
    yield words.subtotal, words.decimal(invoice.subtotal)
    for tax in invoice.taxes:
        yield words.tax(tax.rate, tax.base), words.decimal(tax.amount)


def closing_pairs(invoice: SampleInvoice, words: Wording) -> Iterator[Pair]:
    """The total, and what is left of it to pay."""
    yield words.total, words.amount_of(invoice.total, invoice.currency)
    if invoice.paid:
        yield words.paid, words.amount_of(-invoice.paid, invoice.currency)
        yield words.amount_due, words.amount_of(invoice.amount_due, invoice.currency)


def bank_lines(invoice: SampleInvoice) -> tuple[str, ...]:
    vendor = invoice.vendor
    return (
        vendor.bank,
        f"IBAN {grouped_iban(vendor.iban)}" if vendor.iban else "",
        f"BIC {vendor.bic}" if vendor.bic else "",
    )


def identity_lines(invoice: SampleInvoice, words: Wording) -> tuple[str, ...]:
    """The vendor's numbers with the authorities."""
    vendor = invoice.vendor
    return (
        f"{words.tax_id} {vendor.tax_id}" if vendor.tax_id else "",
        f"{words.registration} {vendor.registration}" if vendor.registration else "",
    )


def contact_lines(invoice: SampleInvoice, words: Wording) -> tuple[str, ...]:
    vendor = invoice.vendor
    return (f"{words.phone} {vendor.phone}" if vendor.phone else "", vendor.email)


def customer_lines(invoice: SampleInvoice, words: Wording, *, tax_id: bool = True) -> list[str]:
    """Name and address of the customer; the country only on letters abroad."""
    customer = invoice.customer
    if customer is None:
        return []
    abroad = customer.country != invoice.vendor.country
    lines = [customer.name, customer.street, customer.town]
    if abroad:
        lines.append(customer.country_name)
    if tax_id and customer.tax_id:
        lines.append(f"{words.tax_id} {customer.tax_id}")
    return lines


def grouped_iban(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def columns(words: Wording, names: str, widths: tuple[float, ...]) -> tuple[Column, ...]:
    """Columns by name, parted by spaces."""
    known = {
        "position": Column(words.position, 0, "left", lambda n, _: str(n)),
        "code": Column(words.code, 0, "left", lambda _, x: x.code),
        "description": Column(words.description, 0, "left", lambda _, x: x.description, wraps=True),
        "quantity": Column(words.quantity, 0, "right", lambda _, x: words.whole(x.quantity)),
        "units": Column(
            words.quantity, 0, "right", lambda _, x: f"{words.whole(x.quantity)} {x.unit}"
        ),
        "price": Column(words.unit_price, 0, "right", lambda _, x: words.decimal(x.unit_price)),
        "tax": Column(words.tax_rate, 0, "right", lambda _, x: f"{words.whole(x.tax_rate)}%"),
        "amount": Column(words.amount, 0, "right", lambda _, x: words.decimal(x.amount)),
    }
    chosen = [known[name] for name in names.split()]
    return tuple(
        Column(column.title, width, column.align, column.cell, column.wraps)
        for column, width in zip(chosen, widths, strict=True)
    )
