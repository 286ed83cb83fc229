"""UBL 2 Invoice and CreditNote, as XRechnung and Peppol use them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from src.domain.invoice import (
    AllowanceCharge,
    BankAccount,
    DocumentType,
    Instalment,
    Invoice,
    Party,
    PaymentDetails,
    TaxBreakdown,
    Totals,
)
from src.domain.readings import FieldReading
from src.engines.einvoice.ubl_lines import line_items
from src.engines.einvoice.ubl_parties import delivery_party, party
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import XmlReadings, bounded, is_true

# UNTDID 7161: freight service. UNTDID 1001: 50 is a project reference (BT-11 in credit notes).
_FREIGHT = "FC"
_PROJECT = "50"


def invoice_from_ubl(root: XmlNode, readings: XmlReadings) -> Invoice:
    """All that the XML states; what it leaves out stays None."""
    return _UblInvoice(root, readings).invoice()


class _UblInvoice:
    def __init__(self, root: XmlNode, readings: XmlReadings) -> None:
        self.root = root
        self.read = readings
        self.delivery = root.part("Delivery")

    def invoice(self) -> Invoice:
        read, root = self.read, self.root
        preceding = root.part("BillingReference").part(
            "InvoiceDocumentReference|CreditNoteDocumentReference"
        )
        return Invoice(
            # First: the amounts are read in this currency.
            currency=read.invoice_currency(root.value("DocumentCurrencyCode")),
            document_type=read.document_type(
                root.value("InvoiceTypeCode|CreditNoteTypeCode"),
                root,
                DocumentType.CREDIT_NOTE if root.name == "CreditNote" else DocumentType.INVOICE,
            ),
            invoice_number=read.text(root.value("ID")),
            issue_date=read.day(root.value("IssueDate")),
            due_date=read.day(
                root.value("DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate")
            ),
            tax_point_date=read.day(root.value("TaxPointDate")),
            order_date=read.day(root.value("OrderReference/IssueDate")),
            delivery_date=read.day(self.delivery.value("ActualDeliveryDate")),
            service_period_start=read.day(root.value("InvoicePeriod/StartDate")),
            service_period_end=read.day(root.value("InvoicePeriod/EndDate")),
            tax_currency=read.currency(root.value("TaxCurrencyCode")),
            exchange_rate=read.amount(root.value("TaxExchangeRate/CalculationRate")),
            purchase_order=read.text(root.value("OrderReference/ID")),
            sales_order=read.text(root.value("OrderReference/SalesOrderID")),
            contract_reference=read.text(root.value("ContractDocumentReference/ID")),
            project_reference=read.text(root.value("ProjectReference/ID") or self._project()),
            buyer_reference=read.text(root.value("BuyerReference")),
            delivery_note=read.text(root.value("DespatchDocumentReference/ID")),
            preceding_invoice_number=read.text(preceding.value("ID")),
            preceding_invoice_date=read.day(preceding.value("IssueDate")),
            note=read.joined(root.filled("Note"), root),
            vendor=party(read, root.first("AccountingSupplierParty/Party")),
            customer=self._customer(),
            payee=party(read, root.first("PayeeParty")),
            ship_to=delivery_party(read, self.delivery),
            payment=self._payment(),
            totals=self._totals(),
            allowances_charges=bounded(self._allowances_charges()),
            tax_breakdown=bounded(map(self._tax, self._tax_subtotals())),
            line_items=bounded(line_items(read, root)),
        )

    def _project(self) -> XmlNode | None:
        for reference in self.root.all("AdditionalDocumentReference"):
            if reference.part("DocumentTypeCode").text == _PROJECT:
                return reference.value("ID")
        return None

    def _customer(self) -> Party:
        """The buyer; the number the seller knows it by may stand beside the party element."""
        buyer = party(self.read, self.root.first("AccountingCustomerParty/Party"))
        account = self.root.value("AccountingCustomerParty/SupplierAssignedAccountID")
        if account is None:
            return buyer
        return buyer.model_copy(update={"customer_id": self.read.text(account)})

    def _payment(self) -> PaymentDetails:
        read, root = self.read, self.root
        return PaymentDetails(
            terms=read.joined(root.filled("PaymentTerms/Note"), root),
            reference=read.text(root.value("PaymentMeans/PaymentID")),
            means_code=read.text(root.value("PaymentMeans/PaymentMeansCode")),
            mandate_reference=read.text(root.value("PaymentMeans/PaymentMandate/ID")),
            accounts=bounded(self._accounts()),
            instalments=bounded(self._instalments()),
        )

    def _accounts(self) -> Iterator[BankAccount]:
        for node in self.root.all("PaymentMeans/PayeeFinancialAccount"):
            account = self.read.account(
                node.value("ID"),
                holder=node.value("Name"),
                bic=node.value(
                    "FinancialInstitutionBranch/ID",
                    "FinancialInstitutionBranch/FinancialInstitution/ID",
                ),
                bank_name=node.value(
                    "FinancialInstitutionBranch/FinancialInstitution/Name",
                    "FinancialInstitutionBranch/Name",
                ),
            )
            if account is not None:
                yield account

    def _instalments(self) -> Iterator[Instalment]:
        """The terms that name an amount."""
        for term in self.root.all("PaymentTerms"):
            amount = term.value("Amount")
            if amount is not None:
                due = self.read.day(term.value("PaymentDueDate", "InstallmentDueDate"))
                yield Instalment(amount=self.read.amount(amount), due_date=due)

    def _totals(self) -> Totals:
        read = self.read
        total = self.root.part("LegalMonetaryTotal")
        return Totals(
            line_total=read.amount(total.value("LineExtensionAmount")),
            allowance_total=read.amount(total.value("AllowanceTotalAmount")),
            charge_total=read.amount(total.value("ChargeTotalAmount")),
            shipping=self._shipping(),
            subtotal=read.amount(total.value("TaxExclusiveAmount")),
            tax_total=read.amount(self._tax_total().value("TaxAmount")),
            total=read.amount(total.value("TaxInclusiveAmount")),
            amount_paid=read.amount(total.value("PrepaidAmount")),
            rounding=read.amount(total.value("PayableRoundingAmount")),
            amount_due=read.amount(total.value("PayableAmount")),
        )

    def _tax_total(self) -> XmlNode:
        """The TaxTotal in the invoice's currency; a second one may be in BT-6."""
        currency = self.root.part("DocumentCurrencyCode").text
        for node in self.root.all("TaxTotal"):
            if node.part("TaxAmount").attribute("currencyID") in ("", currency):
                return node
        return self.root.part("TaxTotal")

    def _tax_subtotals(self) -> Iterator[XmlNode]:
        return self._tax_total().all("TaxSubtotal")

    def _tax(self, node: XmlNode) -> TaxBreakdown:
        read = self.read
        return TaxBreakdown(
            category=read.text(node.value("TaxCategory/ID")),
            rate=read.amount(node.value("TaxCategory/Percent", "Percent")),
            taxable_amount=read.amount(node.value("TaxableAmount")),
            tax_amount=read.amount(node.value("TaxAmount")),
            exemption_reason=read.text(
                node.value("TaxCategory/TaxExemptionReason", "TaxCategory/TaxExemptionReasonCode")
            ),
        )

    def _shipping(self) -> FieldReading[Decimal] | None:
        freight = (
            amount
            for node in self.root.all("AllowanceCharge")
            if is_true(node.value("ChargeIndicator"))
            and node.part("AllowanceChargeReasonCode").text == _FREIGHT
            for amount in node.filled("Amount")
        )
        return self.read.summed(freight, self.root)

    def _allowances_charges(self) -> Iterator[AllowanceCharge]:
        read = self.read
        for node in self.root.all("AllowanceCharge"):
            yield AllowanceCharge(
                is_charge=is_true(node.value("ChargeIndicator")),
                reason=read.text(node.value("AllowanceChargeReason", "AllowanceChargeReasonCode")),
                amount=read.amount(node.value("Amount")),
                tax_rate=read.amount(node.value("TaxCategory/Percent")),
            )
