"""The invoice schema: the union of what commercial systems return, in EN 16931 terms.

Every leaf is a `FieldReading` or None; None means "not found", never "failed". Amounts are in
the invoice's currency (BT-5) unless said otherwise; a credit note carries the signs its page
shows. "BT-n" and "BG-n" in the descriptions are business terms and groups of EN 16931.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from src.domain.readings import FieldReading, Frozen


class DocumentType(StrEnum):
    """What the page says it is (BT-3 in words)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    OTHER = "other"


def _iso4217(code: str) -> str:
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise ValueError("a currency is three capital letters of ISO 4217, such as EUR")
    return code


def _finite(amount: Decimal) -> Decimal:
    # The bounds keep arithmetic on hostile input cheap, and exact at 28 digits.
    _, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError("an amount must be a finite number")
    if amount.adjusted() >= 15 or exponent < -28 or len(digits) > 28:
        raise ValueError("an amount must be below 10^15, with at most 28 digits")
    return amount


Currency = Annotated[str, AfterValidator(_iso4217)]
Amount = Annotated[Decimal, AfterValidator(_finite)]

# Named at module level, where pydantic registers the parametrised classes: only there can
# they be pickled on their way home from a worker process.
Text = FieldReading[str] | None
Day = FieldReading[date] | None
Money = FieldReading[Amount] | None
Number = FieldReading[Amount] | None
CurrencyCode = FieldReading[Currency] | None
TypeOfDocument = FieldReading[DocumentType] | None


class Address(Frozen):
    """A postal address; `text` is whole, the parts are filled where they were recognised."""

    text: str = Field(description="The address as printed, lines joined with ', '")
    street: str | None = Field(default=None, description="BT-35/BT-50 street and house number")
    additional: str | None = Field(default=None, description="BT-36/BT-51 further address line")
    city: str | None = Field(default=None, description="BT-37/BT-52")
    postal_code: str | None = Field(default=None, description="BT-38/BT-53")
    region: str | None = Field(default=None, description="BT-39/BT-54 state or province")
    country: str | None = Field(default=None, description="BT-40/BT-55, ISO 3166-1 alpha-2")


PostalAddress = FieldReading[Address] | None


class Party(Frozen):
    """A company or person on the invoice (BG-4 seller, BG-7 buyer, BG-10 payee, BG-13 …)."""

    name: Text = Field(default=None, description="BT-27/BT-44 registered name")
    trading_name: Text = Field(default=None, description="BT-28/BT-45 trading name")
    address: PostalAddress = Field(default=None, description="BG-5/BG-8 postal address")
    tax_id: Text = Field(default=None, description="BT-31/BT-48 VAT, GST or sales tax identifier")
    tax_registration: Text = Field(
        default=None, description="BT-32 local tax number, where it differs from the VAT id"
    )
    registration_number: Text = Field(
        default=None, description="BT-30/BT-47 company register number"
    )
    customer_id: Text = Field(
        default=None, description="BT-29/BT-46 number of this party with the other one"
    )
    contact_name: Text = Field(default=None, description="BT-41/BT-56 contact person")
    phone: Text = Field(default=None, description="BT-42/BT-57")
    email: Text = Field(default=None, description="BT-43/BT-58")
    website: Text = Field(default=None, description="Web site as printed")


class BankAccount(Frozen):
    """Where to pay (BG-17). An invoice may name several accounts."""

    iban: Text = Field(default=None, description="BT-84 when it is an IBAN, without spaces")
    bic: Text = Field(default=None, description="BT-86 BIC / SWIFT")
    account_number: Text = Field(default=None, description="BT-84 when it is not an IBAN")
    bank_code: Text = Field(default=None, description="Routing number, sort code, BSB, BLZ")
    bank_name: Text = Field(default=None, description="Name of the bank")
    account_holder: Text = Field(default=None, description="BT-85 payment account name")


class Instalment(Frozen):
    amount: Money = Field(default=None, description="Amount of this instalment")
    due_date: Day = Field(default=None, description="Day this instalment is due")


class PaymentDetails(Frozen):
    """How and when to pay (BG-16)."""

    terms: Text = Field(default=None, description="BT-20 payment terms as printed")
    reference: Text = Field(default=None, description="BT-83 remittance information")
    means_code: Text = Field(default=None, description="BT-81 payment means, UNTDID 4461")
    mandate_reference: Text = Field(default=None, description="BT-89 direct debit mandate")
    biller_code: Text = Field(default=None, description="BPAY biller code (Australia)")
    accounts: tuple[BankAccount, ...] = Field(default=(), description="BG-17 credit transfers")
    instalments: tuple[Instalment, ...] = Field(default=(), description="Split due amounts")


class AllowanceCharge(Frozen):
    """A document-level discount (BG-20) or charge (BG-21)."""

    is_charge: bool = Field(description="True: charge (BG-21); False: allowance (BG-20)")
    reason: Text = Field(default=None, description="BT-97/BT-104")
    amount: Money = Field(default=None, description="BT-92/BT-99, without tax, unsigned")
    tax_rate: Number = Field(default=None, description="BT-96/BT-103 percent")


class TaxBreakdown(Frozen):
    """The tax of one rate (BG-23)."""

    category: Text = Field(default=None, description="BT-118 category code (S, Z, E, AE, K, G, O)")
    rate: Number = Field(default=None, description="BT-119 percent")
    taxable_amount: Money = Field(default=None, description="BT-116 base")
    tax_amount: Money = Field(default=None, description="BT-117")
    exemption_reason: Text = Field(default=None, description="BT-120")


class LineKind(StrEnum):
    """Whether a line counts in the sum of lines (BT-106).

    DETAIL counts; GROUP repeats the sum of the lines below it and INFORMATION only tells
    something, so neither counts.
    """

    DETAIL = "detail"
    GROUP = "group"
    INFORMATION = "information"


class LineItem(Frozen):
    """One line (BG-25)."""

    kind: LineKind = LineKind.DETAIL
    position: Text = Field(default=None, description="BT-126 line identifier")
    parent_position: Text = Field(
        default=None, description="`position` of the group line this line belongs to"
    )
    description: Text = Field(default=None, description="BT-153/BT-154 name and description")
    product_code: Text = Field(default=None, description="BT-155/BT-157 article number")
    quantity: Number = Field(default=None, description="BT-129 invoiced quantity")
    unit: Text = Field(default=None, description="BT-130 unit as printed or UN/ECE Rec 20 code")
    unit_price: Money = Field(default=None, description="BT-146 price of one unit")
    price_base_quantity: Number = Field(
        default=None, description="BT-149 number of units the price is for"
    )
    discount: Money = Field(default=None, description="BT-136 line allowance, unsigned")
    charge: Money = Field(default=None, description="BT-141 line charge")
    amount: Money = Field(default=None, description="BT-131 line net amount as printed")
    gross_amount: Money = Field(default=None, description="Line amount with tax")
    tax_rate: Number = Field(default=None, description="BT-152 percent")
    tax_category: Text = Field(default=None, description="BT-151")
    tax_amount: Money = Field(default=None, description="Tax of this line")
    date: Day = Field(default=None, description="BT-134 or the day of the service")
    purchase_order: Text = Field(default=None, description="BT-132 order line reference")


class Totals(Frozen):
    """Document totals (BG-22)."""

    line_total: Money = Field(default=None, description="BT-106 sum of line net amounts")
    allowance_total: Money = Field(default=None, description="BT-107, unsigned")
    charge_total: Money = Field(default=None, description="BT-108")
    shipping: Money = Field(default=None, description="Freight, part of BT-108")
    gratuity: Money = Field(default=None, description="Tip or service charge")
    subtotal: Money = Field(default=None, description="BT-109 total without tax")
    tax_total: Money = Field(default=None, description="BT-110 total tax")
    total: Money = Field(default=None, description="BT-112 total with tax")
    amount_paid: Money = Field(default=None, description="BT-113 paid in advance")
    rounding: Money = Field(default=None, description="BT-114 cash or currency rounding")
    previous_balance: Money = Field(default=None, description="Unpaid balance brought forward")
    amount_due: Money = Field(default=None, description="BT-115 amount due for payment")


class Invoice(Frozen):
    """One invoice, credit note or receipt with the evidence for every value."""

    document_type: TypeOfDocument = Field(default=None, description="BT-3")
    invoice_number: Text = Field(default=None, description="BT-1")
    issue_date: Day = Field(default=None, description="BT-2 invoice date")
    due_date: Day = Field(default=None, description="BT-9")
    payment_date: Day = Field(default=None, description="Day the invoice was paid")
    tax_point_date: Day = Field(default=None, description="BT-7")
    order_date: Day = Field(default=None, description="Day of the order")
    delivery_date: Day = Field(default=None, description="BT-72")
    service_period_start: Day = Field(default=None, description="BT-73")
    service_period_end: Day = Field(default=None, description="BT-74")
    currency: CurrencyCode = Field(default=None, description="BT-5, ISO 4217")
    tax_currency: CurrencyCode = Field(default=None, description="BT-6")
    exchange_rate: Number = Field(default=None, description="Units of BT-6 for one of BT-5")
    language: Text = Field(default=None, description="Language of the page, ISO 639-1")
    purchase_order: Text = Field(default=None, description="BT-13 buyer's order number")
    sales_order: Text = Field(default=None, description="BT-14 seller's order number")
    contract_reference: Text = Field(default=None, description="BT-12")
    project_reference: Text = Field(default=None, description="BT-11")
    buyer_reference: Text = Field(default=None, description="BT-10")
    delivery_note: Text = Field(default=None, description="BT-16 despatch advice")
    preceding_invoice_number: Text = Field(default=None, description="BT-25")
    preceding_invoice_date: Day = Field(default=None, description="BT-26")
    note: Text = Field(default=None, description="BT-22")
    category: Text = Field(default=None, description="Kind of spending, where the page says it")
    vendor: Party = Field(default=Party(), description="BG-4 seller")
    customer: Party = Field(default=Party(), description="BG-7 buyer")
    payee: Party = Field(default=Party(), description="BG-10 payee or remit-to party")
    ship_to: Party = Field(default=Party(), description="BG-13 deliver-to party")
    ship_from: Party = Field(default=Party(), description="Place the goods left from")
    service_address: PostalAddress = Field(default=None, description="Place of the service")
    carrier: Text = Field(default=None, description="Carrier of the goods")
    payment: PaymentDetails = PaymentDetails()
    totals: Totals = Totals()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    tax_breakdown: tuple[TaxBreakdown, ...] = ()
    line_items: tuple[LineItem, ...] = ()


# A document is straight-through only if each of these that is filled has evidence and
# confidence; number, date, vendor, currency and total must be filled.
CORE_FIELDS: tuple[str, ...] = (
    "invoice_number",
    "issue_date",
    "currency",
    "vendor.name",
    "totals.total",
)
