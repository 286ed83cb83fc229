"""Writes an invoice as XML: CII for hybrid PDFs (Factur-X EN 16931) and UBL (EN 16931)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from samples.model import Kind, SampleInvoice, SampleLine, SampleParty

_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PREFIXES = {"rsm": _RSM, "ram": _RAM, "udt": _UDT, "cac": _CAC, "cbc": _CBC}
_TYPE_CODES = {Kind.INVOICE: "380", Kind.CREDIT_NOTE: "381"}
# UNTDID 4461: SEPA credit transfer.
_CREDIT_TRANSFER = "58"


def _put(
    parent: etree._Element, path: str, text: object = None, **attributes: str
) -> etree._Element:
    """Append the elements of `path` ("ram:A/ram:B"), the last with `text`; answers the last."""
    for step in path.split("/"):
        prefix, _, name = step.partition(":")
        parent = etree.SubElement(parent, f"{{{_PREFIXES[prefix]}}}{name}")
    if text is not None:
        parent.text = str(text)
    for name, value in attributes.items():
        parent.set(name, value)
    return parent


def _serialised(root: etree._Element) -> bytes:
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def cii_xml(invoice: SampleInvoice) -> bytes:
    """Cross Industry Invoice in the profile EN 16931, elements in the order of its schema."""
    root = etree.Element(
        f"{{{_RSM}}}CrossIndustryInvoice", nsmap={"rsm": _RSM, "ram": _RAM, "udt": _UDT}
    )
    guideline = "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
    _put(root, f"rsm:ExchangedDocumentContext/{guideline}", "urn:cen.eu:en16931:2017")
    header = _put(root, "rsm:ExchangedDocument")
    _put(header, "ram:ID", invoice.number)
    _put(header, "ram:TypeCode", _TYPE_CODES[invoice.kind])
    _cii_day(header, "ram:IssueDateTime", invoice.issue_date)
    if invoice.note:
        _put(header, "ram:IncludedNote/ram:Content", invoice.note)
    transaction = _put(root, "rsm:SupplyChainTradeTransaction")
    for position, line in enumerate(invoice.lines, start=1):
        _cii_line(transaction, position, line)
    agreement = _put(transaction, "ram:ApplicableHeaderTradeAgreement")
    _cii_party(_put(agreement, "ram:SellerTradeParty"), invoice.vendor)
    if invoice.customer is not None:
        buyer = _put(agreement, "ram:BuyerTradeParty")
        _cii_party(buyer, invoice.customer, invoice.customer_number)
    if invoice.purchase_order:
        _put(
            agreement,
            "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
            invoice.purchase_order,
        )
    delivery = _put(transaction, "ram:ApplicableHeaderTradeDelivery")
    if invoice.delivery_date:
        event = _put(delivery, "ram:ActualDeliverySupplyChainEvent")
        _cii_day(event, "ram:OccurrenceDateTime", invoice.delivery_date)
    _cii_settlement(_put(transaction, "ram:ApplicableHeaderTradeSettlement"), invoice)
    return _serialised(root)


def _cii_day(parent: etree._Element, path: str, day: date) -> None:
    _put(parent, f"{path}/udt:DateTimeString", f"{day:%Y%m%d}", format="102")


def _cii_line(parent: etree._Element, position: int, line: SampleLine) -> None:
    item = _put(parent, "ram:IncludedSupplyChainTradeLineItem")
    _put(item, "ram:AssociatedDocumentLineDocument/ram:LineID", position)
    product = _put(item, "ram:SpecifiedTradeProduct")
    if line.code:
        _put(product, "ram:SellerAssignedID", line.code)
    _put(product, "ram:Name", line.description)
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
    _put(item, price, line.unit_price)
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    _put(item, quantity, line.quantity, unitCode=line.unit_code)
    settlement = _put(item, "ram:SpecifiedLineTradeSettlement")
    tax = _put(settlement, "ram:ApplicableTradeTax")
    _put(tax, "ram:TypeCode", "VAT")
    _put(tax, "ram:CategoryCode", "S")
    _put(tax, "ram:RateApplicablePercent", line.tax_rate)
    summation = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    _put(settlement, summation, line.amount)


def _cii_party(node: etree._Element, party: SampleParty, number: str = "") -> None:
    if number:
        _put(node, "ram:ID", number)
    _put(node, "ram:Name", party.name)
    if party.registration:
        _put(node, "ram:SpecifiedLegalOrganization/ram:ID", party.registration)
    address = _put(node, "ram:PostalTradeAddress")
    _put(address, "ram:PostcodeCode", party.postal_code)
    _put(address, "ram:LineOne", party.street)
    _put(address, "ram:CityName", party.city)
    _put(address, "ram:CountryID", party.country)
    if party.tax_id:
        _put(node, "ram:SpecifiedTaxRegistration/ram:ID", party.tax_id, schemeID="VA")


def _cii_settlement(node: etree._Element, invoice: SampleInvoice) -> None:
    _put(node, "ram:InvoiceCurrencyCode", invoice.currency)
    means = _put(node, "ram:SpecifiedTradeSettlementPaymentMeans")
    _put(means, "ram:TypeCode", _CREDIT_TRANSFER)
    _put(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", invoice.vendor.iban)
    _put(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", invoice.vendor.bic)
    for tax in invoice.taxes:
        trade_tax = _put(node, "ram:ApplicableTradeTax")
        _put(trade_tax, "ram:CalculatedAmount", tax.amount)
        _put(trade_tax, "ram:TypeCode", "VAT")
        _put(trade_tax, "ram:BasisAmount", tax.base)
        _put(trade_tax, "ram:CategoryCode", "S")
        _put(trade_tax, "ram:RateApplicablePercent", tax.rate)
    if invoice.due_date:
        terms = _put(node, "ram:SpecifiedTradePaymentTerms")
        _cii_day(terms, "ram:DueDateDateTime", invoice.due_date)
    summation = _put(node, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _put(summation, "ram:LineTotalAmount", invoice.line_total)
    _put(summation, "ram:TaxBasisTotalAmount", invoice.subtotal)
    _put(summation, "ram:TaxTotalAmount", invoice.tax_total, currencyID=invoice.currency)
    _put(summation, "ram:GrandTotalAmount", invoice.total)
    _put(summation, "ram:DuePayableAmount", invoice.amount_due)


def ubl_xml(invoice: SampleInvoice) -> bytes:
    """UBL Invoice, elements in the order of its schema."""
    if invoice.kind is not Kind.INVOICE:
        raise ValueError("only invoices are written as UBL")
    # The invoice's own elements go without a prefix.
    root = etree.XML(f'<Invoice xmlns="{_UBL}" xmlns:cac="{_CAC}" xmlns:cbc="{_CBC}"/>')
    _put(root, "cbc:CustomizationID", "urn:cen.eu:en16931:2017")
    _put(root, "cbc:ID", invoice.number)
    _put(root, "cbc:IssueDate", invoice.issue_date.isoformat())
    if invoice.due_date:
        _put(root, "cbc:DueDate", invoice.due_date.isoformat())
    _put(root, "cbc:InvoiceTypeCode", _TYPE_CODES[invoice.kind])
    if invoice.note:
        _put(root, "cbc:Note", invoice.note)
    _put(root, "cbc:DocumentCurrencyCode", invoice.currency)
    if invoice.purchase_order:
        _put(root, "cac:OrderReference/cbc:ID", invoice.purchase_order)
    _ubl_party(_put(root, "cac:AccountingSupplierParty/cac:Party"), invoice.vendor)
    if invoice.customer is not None:
        _ubl_party(_put(root, "cac:AccountingCustomerParty/cac:Party"), invoice.customer)
    means = _put(root, "cac:PaymentMeans")
    _put(means, "cbc:PaymentMeansCode", _CREDIT_TRANSFER)
    account = _put(means, "cac:PayeeFinancialAccount")
    _put(account, "cbc:ID", invoice.vendor.iban)
    _put(account, "cac:FinancialInstitutionBranch/cbc:ID", invoice.vendor.bic)
    _ubl_taxes(root, invoice)
    totals = _put(root, "cac:LegalMonetaryTotal")
    for name, amount in (
        ("LineExtensionAmount", invoice.line_total),
        ("TaxExclusiveAmount", invoice.subtotal),
        ("TaxInclusiveAmount", invoice.total),
        ("PayableAmount", invoice.amount_due),
    ):
        _put(totals, f"cbc:{name}", amount, currencyID=invoice.currency)
    for position, line in enumerate(invoice.lines, start=1):
        _ubl_line(root, position, line, invoice.currency)
    return _serialised(root)


def _ubl_party(node: etree._Element, party: SampleParty) -> None:
    address = _put(node, "cac:PostalAddress")
    _put(address, "cbc:StreetName", party.street)
    _put(address, "cbc:CityName", party.city)
    _put(address, "cbc:PostalZone", party.postal_code)
    _put(address, "cac:Country/cbc:IdentificationCode", party.country)
    scheme = _put(node, "cac:PartyTaxScheme")
    _put(scheme, "cbc:CompanyID", party.tax_id)
    _put(scheme, "cac:TaxScheme/cbc:ID", "VAT")
    legal = _put(node, "cac:PartyLegalEntity")
    _put(legal, "cbc:RegistrationName", party.name)
    if party.registration:
        _put(legal, "cbc:CompanyID", party.registration)
    if party.email:
        _put(node, "cac:Contact/cbc:ElectronicMail", party.email)


def _ubl_taxes(root: etree._Element, invoice: SampleInvoice) -> None:
    total = _put(root, "cac:TaxTotal")
    _put(total, "cbc:TaxAmount", invoice.tax_total, currencyID=invoice.currency)
    for tax in invoice.taxes:
        subtotal = _put(total, "cac:TaxSubtotal")
        _put(subtotal, "cbc:TaxableAmount", tax.base, currencyID=invoice.currency)
        _put(subtotal, "cbc:TaxAmount", tax.amount, currencyID=invoice.currency)
        _ubl_category(subtotal, "cac:TaxCategory", tax.rate)


def _ubl_category(parent: etree._Element, path: str, rate: Decimal) -> None:
    category = _put(parent, path)
    _put(category, "cbc:ID", "S")
    _put(category, "cbc:Percent", rate)
    _put(category, "cac:TaxScheme/cbc:ID", "VAT")


def _ubl_line(root: etree._Element, position: int, line: SampleLine, currency: str) -> None:
    node = _put(root, "cac:InvoiceLine")
    _put(node, "cbc:ID", position)
    _put(node, "cbc:InvoicedQuantity", line.quantity, unitCode=line.unit_code)
    _put(node, "cbc:LineExtensionAmount", line.amount, currencyID=currency)
    item = _put(node, "cac:Item")
    _put(item, "cbc:Name", line.description)
    if line.code:
        _put(item, "cac:SellersItemIdentification/cbc:ID", line.code)
    _ubl_category(item, "cac:ClassifiedTaxCategory", line.tax_rate)
    _put(node, "cac:Price/cbc:PriceAmount", line.unit_price, currencyID=currency)
