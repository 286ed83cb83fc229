"""The lines of a UBL document, with the sub-lines of the XRechnung extension."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.invoice import LineItem, LineKind
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import XmlReadings, is_true

_LINES = "InvoiceLine|CreditNoteLine"
_SUB_LINES = "SubInvoiceLine|SubCreditNoteLine"


def line_items(read: XmlReadings, root: XmlNode) -> Iterator[LineItem]:
    """Each line followed by its sub-lines, which make up its amount."""
    for line in root.all(_LINES):
        yield from _with_sub_lines(read, line, parent=None)


def _with_sub_lines(read: XmlReadings, line: XmlNode, parent: XmlNode | None) -> Iterator[LineItem]:
    sub_lines = list(line.all(_SUB_LINES))
    yield _line_item(read, line, parent, LineKind.GROUP if sub_lines else LineKind.DETAIL)
    for sub_line in sub_lines:
        yield from _with_sub_lines(read, sub_line, parent=line)


def _line_item(
    read: XmlReadings, line: XmlNode, parent: XmlNode | None, kind: LineKind
) -> LineItem:
    item = line.part("Item")
    price = line.part("Price")
    tax = item.part("ClassifiedTaxCategory")
    quantity = line.value("InvoicedQuantity|CreditedQuantity")
    return LineItem(
        kind=kind,
        position=read.text(line.value("ID")),
        parent_position=read.text(parent.value("ID")) if parent is not None else None,
        description=read.joined((*item.filled("Name"), *item.filled("Description")), item)
        or read.joined(line.filled("Note"), line),
        product_code=read.text(
            item.value(
                "SellersItemIdentification/ID",
                "StandardItemIdentification/ID",
                "BuyersItemIdentification/ID",
            )
        ),
        quantity=read.amount(quantity),
        unit=read.attribute(quantity, "unitCode"),
        unit_price=read.amount(price.value("PriceAmount")),
        price_base_quantity=read.amount(price.value("BaseQuantity")),
        discount=read.summed(_allowances_charges(line, charges=False), line),
        charge=read.summed(_allowances_charges(line, charges=True), line),
        amount=read.amount(line.value("LineExtensionAmount")),
        tax_rate=read.amount(tax.value("Percent")),
        tax_category=read.text(tax.value("ID")),
        tax_amount=read.amount(line.value("TaxTotal/TaxAmount")),
        date=read.day(line.value("InvoicePeriod/StartDate", "Delivery/ActualDeliveryDate")),
        purchase_order=read.text(
            line.value("OrderLineReference/LineID", "OrderLineReference/OrderReference/ID")
        ),
    )


def _allowances_charges(line: XmlNode, *, charges: bool) -> list[XmlNode]:
    """The amounts of the line's allowances (BT-136) or of its charges (BT-141)."""
    return [
        amount
        for node in line.all("AllowanceCharge")
        if is_true(node.value("ChargeIndicator")) == charges
        for amount in node.filled("Amount")
    ]
