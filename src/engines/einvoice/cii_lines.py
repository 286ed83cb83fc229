"""The lines of a Cross Industry Invoice, with the groups and sub-lines of EXTENDED."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.invoice import LineItem, LineKind
from src.engines.einvoice.cii_values import REFERENCE, TAX_RATE, day
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import XmlReadings, is_true

_AGREEMENT = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
_DELIVERY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"
_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_SUMMATION = (
    "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
# LineStatusReasonCode of Factur-X EXTENDED; a line without one is a detail line.
_KINDS = {"GROUP": LineKind.GROUP, "INFORMATION": LineKind.INFORMATION}


def is_item(line: XmlNode) -> bool:
    """ZUGFeRD 1.0 lets a line be a text between the items, with no product and no amount."""
    return line.first("SpecifiedTradeProduct") is not None or any(
        line.filled(f"{_SETTLEMENT}/{_SUMMATION}/LineTotalAmount")
    )


def line_notes(line: XmlNode) -> Iterator[XmlNode]:
    return line.filled("AssociatedDocumentLineDocument/IncludedNote/Content")


def line_item(read: XmlReadings, line: XmlNode) -> LineItem:
    """One IncludedSupplyChainTradeLineItem."""
    document = line.part("AssociatedDocumentLineDocument")
    product = line.part("SpecifiedTradeProduct")
    agreement = line.part(_AGREEMENT)
    delivery = line.part(_DELIVERY)
    settlement = line.part(_SETTLEMENT)
    tax = settlement.part("ApplicableTradeTax")
    summation = settlement.part(_SUMMATION)
    price = agreement.first("NetPriceProductTradePrice") or agreement.part(
        "GrossPriceProductTradePrice"
    )
    quantity = delivery.value("BilledQuantity")
    return LineItem(
        kind=_KINDS.get(document.part("LineStatusReasonCode").text.upper(), LineKind.DETAIL),
        position=read.text(document.value("LineID")),
        parent_position=read.text(document.value("ParentLineID")),
        description=read.joined((*product.filled("Name"), *product.filled("Description")), product)
        or read.joined(line_notes(line), document),
        product_code=read.text(product.value("SellerAssignedID", "GlobalID", "BuyerAssignedID")),
        quantity=read.amount(quantity),
        unit=read.attribute(quantity, "unitCode"),
        unit_price=read.amount(price.value("ChargeAmount")),
        price_base_quantity=read.amount(price.value("BasisQuantity")),
        discount=read.summed(_allowances_charges(settlement, charges=False), settlement),
        charge=read.summed(_allowances_charges(settlement, charges=True), settlement),
        amount=read.amount(summation.value("LineTotalAmount")),
        gross_amount=read.amount(summation.value("GrandTotalAmount")),
        tax_rate=read.amount(tax.value(TAX_RATE)),
        tax_category=read.text(tax.value("CategoryCode")),
        tax_amount=read.amount(tax.value("CalculatedAmount")),
        date=day(read, settlement, "BillingSpecifiedPeriod/StartDateTime")
        or day(read, delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime"),
        purchase_order=read.text(
            agreement.value(
                "BuyerOrderReferencedDocument/LineID", f"BuyerOrderReferencedDocument/{REFERENCE}"
            )
        ),
    )


def _allowances_charges(settlement: XmlNode, *, charges: bool) -> list[XmlNode]:
    """The amounts of the line's allowances (BT-136) or of its charges (BT-141)."""
    return [
        amount
        for node in settlement.all("SpecifiedTradeAllowanceCharge")
        if is_true(node.value("ChargeIndicator/Indicator")) == charges
        for amount in node.filled("ActualAmount")
    ]
