"""Cross Industry Invoice: Factur-X, ZUGFeRD 1.0 and 2.x, XRechnung, every profile.

The element names are those of UN/CEFACT D22B; after a "|" stand those of ZUGFeRD 1.0 (D13B).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from src.domain.invoice import (
    AllowanceCharge,
    BankAccount,
    DocumentType,
    Instalment,
    Invoice,
    PaymentDetails,
    TaxBreakdown,
    Totals,
)
from src.domain.readings import FieldReading
from src.engines.einvoice.cii_lines import is_item, line_item, line_notes
from src.engines.einvoice.cii_parties import party
from src.engines.einvoice.cii_values import REFERENCE, TAX_RATE, day
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import XmlReadings, bounded, is_true

_HEADER = "ExchangedDocument|HeaderExchangedDocument"
_TRANSACTION = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_DELIVERY = "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMMATION = (
    "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
_TERMS = "SpecifiedTradePaymentTerms"
_MEANS = "SpecifiedTradeSettlementPaymentMeans"
# UNTDID 7161: freight service.
_FREIGHT = "FC"


def invoice_from_cii(root: XmlNode, readings: XmlReadings) -> Invoice:
    """All that the XML states; what a profile leaves out stays None."""
    return _CiiInvoice(root, readings).invoice()


class _CiiInvoice:
    """The main elements of one document, looked up once."""

    def __init__(self, root: XmlNode, readings: XmlReadings) -> None:
        self.root = root
        self.read = readings
        self.header = root.part(_HEADER)
        self.transaction = root.part(_TRANSACTION)
        self.agreement = self.transaction.part(_AGREEMENT)
        self.delivery = self.transaction.part(_DELIVERY)
        self.settlement = self.transaction.part(_SETTLEMENT)
        self.lines = list(self.transaction.all("IncludedSupplyChainTradeLineItem"))

    def invoice(self) -> Invoice:
        read, agreement, settlement = self.read, self.agreement, self.settlement
        return Invoice(
            # First: the amounts are read in this currency.
            currency=read.invoice_currency(settlement.value("InvoiceCurrencyCode")),
            document_type=read.document_type(
                self.header.value("TypeCode"), self.root, DocumentType.INVOICE
            ),
            invoice_number=read.text(self.header.value("ID")),
            issue_date=day(read, self.header, "IssueDateTime"),
            due_date=self._due_date(),
            tax_point_date=day(read, settlement, "ApplicableTradeTax/TaxPointDate"),
            order_date=day(
                read,
                agreement,
                "BuyerOrderReferencedDocument/FormattedIssueDateTime|IssueDateTime",
            ),
            delivery_date=day(
                read, self.delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime"
            ),
            service_period_start=day(read, settlement, "BillingSpecifiedPeriod/StartDateTime"),
            service_period_end=day(read, settlement, "BillingSpecifiedPeriod/EndDateTime"),
            tax_currency=read.currency(settlement.value("TaxCurrencyCode")),
            exchange_rate=read.amount(
                settlement.value("TaxApplicableTradeCurrencyExchange/ConversionRate")
            ),
            language=read.text(self.header.value("LanguageID")),
            purchase_order=self._reference("BuyerOrderReferencedDocument"),
            sales_order=self._reference("SellerOrderReferencedDocument"),
            contract_reference=self._reference("ContractReferencedDocument"),
            project_reference=read.text(agreement.value("SpecifiedProcuringProject/ID")),
            buyer_reference=read.text(agreement.value("BuyerReference")),
            delivery_note=read.text(
                self.delivery.value(
                    f"DespatchAdviceReferencedDocument/{REFERENCE}",
                    f"DeliveryNoteReferencedDocument/{REFERENCE}",
                )
            ),
            preceding_invoice_number=read.text(
                settlement.value(f"InvoiceReferencedDocument/{REFERENCE}")
            ),
            preceding_invoice_date=day(
                read, settlement, "InvoiceReferencedDocument/FormattedIssueDateTime|IssueDateTime"
            ),
            note=self._note(),
            vendor=party(read, agreement.first("SellerTradeParty")),
            customer=party(read, agreement.first("BuyerTradeParty")),
            payee=party(read, settlement.first("PayeeTradeParty")),
            ship_to=party(read, self.delivery.first("ShipToTradeParty")),
            ship_from=party(read, self.delivery.first("ShipFromTradeParty")),
            payment=self._payment(),
            totals=self._totals(),
            allowances_charges=bounded(self._allowances_charges()),
            tax_breakdown=bounded(map(self._tax, settlement.all("ApplicableTradeTax"))),
            line_items=bounded(line_item(read, line) for line in self.lines if is_item(line)),
        )

    def _note(self) -> FieldReading[str] | None:
        """The notes of the document, and lines that are nothing but text."""
        texts = [note for line in self.lines if not is_item(line) for note in line_notes(line)]
        notes = list(self.header.filled("IncludedNote/Content"))
        return self.read.joined((*notes, *texts), self.root if texts else self.header)

    def _reference(self, document: str) -> FieldReading[str] | None:
        return self.read.text(self.agreement.value(f"{document}/{REFERENCE}"))

    def _payment(self) -> PaymentDetails:
        read, settlement = self.read, self.settlement
        return PaymentDetails(
            terms=read.joined(settlement.filled(f"{_TERMS}/Description"), settlement),
            reference=read.text(settlement.value("PaymentReference")),
            means_code=read.text(settlement.value(f"{_MEANS}/TypeCode")),
            mandate_reference=read.text(settlement.value(f"{_TERMS}/DirectDebitMandateID")),
            accounts=bounded(self._accounts()),
            instalments=bounded(self._instalments()),
        )

    def _accounts(self) -> Iterator[BankAccount]:
        """The payee's accounts (BG-17); the payer's own account (BT-91) is none to pay to."""
        for means in self.settlement.all(_MEANS):
            number = means.part("PayeePartyCreditorFinancialAccount")
            bank = means.part("PayeeSpecifiedCreditorFinancialInstitution")
            account = self.read.account(
                number.value("IBANID", "ProprietaryID"),
                holder=number.value("AccountName"),
                bic=bank.value("BICID"),
                bank_code=bank.value("GermanBankleitzahlID"),
                bank_name=bank.value("Name"),
            )
            if account is not None:
                yield account

    def _due_date(self) -> FieldReading[date] | None:
        """BT-9; in EXTENDED the terms of a cash discount carry its day, which is none of it."""
        days = [
            (term.first("ApplicableTradePaymentDiscountTerms") is not None, due)
            for term in self.settlement.all(_TERMS)
            if (due := day(self.read, term, "DueDateDateTime")) is not None
        ]
        return next((due for _, due in sorted(days, key=lambda pair: pair[0])), None)

    def _instalments(self) -> Iterator[Instalment]:
        """The terms that name a part of the amount (EXTENDED)."""
        for term in self.settlement.all(_TERMS):
            amount = term.value("PartialPaymentAmount")
            if amount is not None:
                due = day(self.read, term, "DueDateDateTime")
                yield Instalment(amount=self.read.amount(amount), due_date=due)

    def _totals(self) -> Totals:
        read, settlement = self.read, self.settlement
        summation = settlement.part(_SUMMATION)
        return Totals(
            line_total=read.amount(summation.value("LineTotalAmount")),
            allowance_total=read.amount(summation.value("AllowanceTotalAmount")),
            charge_total=read.amount(summation.value("ChargeTotalAmount")),
            shipping=self._shipping(),
            subtotal=read.amount(summation.value("TaxBasisTotalAmount")),
            tax_total=read.amount(self._in_currency(summation, "TaxTotalAmount")),
            total=read.amount(self._in_currency(summation, "GrandTotalAmount")),
            amount_paid=read.amount(summation.value("TotalPrepaidAmount")),
            rounding=read.amount(summation.value("RoundingAmount")),
            amount_due=read.amount(summation.value("DuePayableAmount")),
        )

    def _in_currency(self, summation: XmlNode, name: str) -> XmlNode | None:
        """The amount in the invoice's currency; the same total may be given in BT-6 too."""
        currency = self.settlement.value("InvoiceCurrencyCode")
        amounts = list(summation.filled(name))
        stated = [a for a in amounts if currency and a.attribute("currencyID") == currency.text]
        unmarked = [a for a in amounts if not a.attribute("currencyID")]
        return next(iter((*stated, *unmarked, *amounts)), None)

    def _shipping(self) -> FieldReading[Decimal] | None:
        freight = [
            node
            for charge in self.settlement.all("SpecifiedTradeAllowanceCharge")
            if is_true(charge.value("ChargeIndicator/Indicator"))
            and charge.part("ReasonCode").text == _FREIGHT
            for node in charge.filled("ActualAmount")
        ]
        logistics = self.settlement.filled("SpecifiedLogisticsServiceCharge/AppliedAmount")
        return self.read.summed((*logistics, *freight), self.settlement)

    def _allowances_charges(self) -> Iterator[AllowanceCharge]:
        read = self.read
        for node in self.settlement.all("SpecifiedTradeAllowanceCharge"):
            yield AllowanceCharge(
                is_charge=is_true(node.value("ChargeIndicator/Indicator")),
                reason=read.text(node.value("Reason", "ReasonCode")),
                amount=read.amount(node.value("ActualAmount")),
                tax_rate=read.amount(node.value(f"CategoryTradeTax/{TAX_RATE}")),
            )
        for node in self.settlement.all("SpecifiedLogisticsServiceCharge"):
            yield AllowanceCharge(
                is_charge=True,
                reason=read.text(node.value("Description")),
                amount=read.amount(node.value("AppliedAmount")),
                tax_rate=read.amount(node.value(f"AppliedTradeTax/{TAX_RATE}")),
            )

    def _tax(self, node: XmlNode) -> TaxBreakdown:
        read = self.read
        return TaxBreakdown(
            category=read.text(node.value("CategoryCode")),
            rate=read.amount(node.value(TAX_RATE)),
            taxable_amount=read.amount(node.value("BasisAmount")),
            tax_amount=read.amount(node.value("CalculatedAmount")),
            exemption_reason=read.text(node.value("ExemptionReason", "ExemptionReasonCode")),
        )
