"""How each language and country words an invoice and writes numbers and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samples.model import Kind

NO_BREAK = "\N{NO-BREAK SPACE}"
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    invoice: str
    credit_note: str
    receipt: str = ""
    number: str
    issue_date: str
    credit_number: str
    credit_date: str
    due_date: str
    delivery_date: str
    purchase_order: str
    customer_number: str
    preceding_number: str
    bill_to: str
    position: str
    code: str
    description: str
    quantity: str
    unit_price: str
    tax_rate: str
    amount: str
    subtotal: str
    discount: str
    # Takes rate and base.
    tax_line: str
    total: str
    paid: str
    amount_due: str
    tax_id: str
    registration: str
    phone: str
    bank_details: str
    carried_forward: str
    # Takes the number of the page.
    page: str
    thanks: str
    # Between thousands, and before the fraction.
    group: str
    point: str
    # Takes symbol and number.
    money: str
    day: str
    months: tuple[str, ...] = ()

    def title(self, kind: Kind) -> str:
        return {
            Kind.INVOICE: self.invoice,
            Kind.CREDIT_NOTE: self.credit_note,
            Kind.RECEIPT: self.receipt,
        }[kind]

    def decimal(self, value: Decimal, places: int = 2) -> str:
        text = f"{value:,.{places}f}"
        return text.translate(str.maketrans(",.", self.group + self.point))

    def whole(self, value: Decimal) -> str:
        """A quantity or a percentage, without needless zeros."""
        places = max(0, -int(value.normalize().as_tuple().exponent))
        return self.decimal(value, places)

    def amount_of(self, value: Decimal, currency: str) -> str:
        """With the currency, as in a total."""
        symbol = _SYMBOLS.get(currency, currency)
        return self.money.format(symbol=symbol, number=self.decimal(value))

    def date(self, value: date) -> str:
        month = self.months[value.month - 1] if self.months else ""
        return self.day.format(day=value.day, month=value.month, year=value.year, name=month)

    def tax(self, rate: Decimal, base: Decimal) -> str:
        return self.tax_line.format(rate=self.whole(rate), base=self.decimal(base))


_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

WORDINGS = {
    "en-GB": Wording(
        invoice="Invoice",
        credit_note="Credit note",
        receipt="VAT receipt",
        number="Invoice number",
        issue_date="Invoice date",
        credit_number="Credit note number",
        credit_date="Credit note date",
        due_date="Payment due",
        delivery_date="Date of supply",
        purchase_order="Your order no.",
        customer_number="Account no.",
        preceding_number="Credit for invoice",
        bill_to="Invoice to",
        position="#",
        code="Item code",
        description="Description",
        quantity="Qty",
        unit_price="Unit price",
        tax_rate="VAT",
        amount="Amount",
        subtotal="Subtotal",
        discount="Discount",
        tax_line="VAT {rate}% on {base}",
        total="Total",
        paid="Paid",
        amount_due="Amount due",
        tax_id="VAT registration no.",
        registration="Company no.",
        phone="Telephone",
        bank_details="Bank details",
        carried_forward="Carried forward",
        page="Page {page}",
        thanks="Thank you for your business.",
        group=",",
        point=".",
        money="{symbol}{number}",
        day="{day} {name} {year}",
        months=_ENGLISH_MONTHS,
    ),
    "en-US": Wording(
        invoice="INVOICE",
        credit_note="CREDIT MEMO",
        number="Invoice #",
        issue_date="Date",
        credit_number="Credit Memo #",
        credit_date="Date",
        due_date="Due Date",
        delivery_date="Ship Date",
        purchase_order="P.O. Number",
        customer_number="Customer ID",
        preceding_number="Original Invoice #",
        bill_to="Bill To",
        position="Line",
        code="SKU",
        description="Item Description",
        quantity="Quantity",
        unit_price="Rate",
        tax_rate="Tax",
        amount="Amount",
        subtotal="Subtotal",
        discount="Discount",
        tax_line="Sales Tax ({rate}%)",
        total="Total",
        paid="Payments/Credits",
        amount_due="Balance Due",
        tax_id="EIN",
        registration="License",
        phone="Phone",
        bank_details="Remit payment to",
        carried_forward="Carried forward",
        page="Page {page}",
        thanks="Thank you!",
        group=",",
        point=".",
        money="{symbol}{number}",
        day="{name} {day}, {year}",
        months=_ENGLISH_MONTHS,
    ),
    "de-DE": Wording(
        invoice="Rechnung",
        credit_note="Rechnungskorrektur",
        number="Rechnungsnummer",
        issue_date="Rechnungsdatum",
        credit_number="Korrekturnummer",
        credit_date="Datum",
        due_date="Zahlbar bis",
        delivery_date="Leistungsdatum",
        purchase_order="Ihre Bestellung",
        customer_number="Kundennummer",
        preceding_number="Korrektur zu Rechnung",
        bill_to="Rechnungsempfänger",
        position="Pos.",
        code="Artikel-Nr.",
        description="Bezeichnung",
        quantity="Menge",
        unit_price="Einzelpreis",
        tax_rate="USt.",
        amount="Gesamtpreis",
        subtotal="Nettobetrag",
        discount="Rabatt",
        tax_line="{rate} % USt. auf {base}",
        total="Rechnungsbetrag",
        paid="Anzahlung",
        amount_due="Zahlbetrag",
        tax_id="USt-IdNr.",
        registration="Handelsregister",
        phone="Telefon",
        bank_details="Bankverbindung",
        carried_forward="Übertrag",
        page="Seite {page}",
        thanks="Wir danken für Ihren Auftrag.",
        group=".",
        point=",",
        money="{number} {symbol}",
        day="{day:02d}.{month:02d}.{year}",
    ),
    "de-CH": Wording(
        invoice="Rechnung",
        credit_note="Gutschrift",
        number="Rechnung Nr.",
        issue_date="Datum",
        credit_number="Gutschrift Nr.",
        credit_date="Datum",
        due_date="Zahlbar bis",
        delivery_date="Lieferdatum",
        purchase_order="Bestellnummer",
        customer_number="Kunden-Nr.",
        preceding_number="Zu Rechnung Nr.",
        bill_to="Rechnungsadresse",
        position="Pos",
        code="Art.-Nr.",
        description="Beschreibung",
        quantity="Anzahl",
        unit_price="Preis",
        tax_rate="MWST",
        amount="Betrag",
        subtotal="Zwischensumme",
        discount="Rabatt",
        tax_line="MWST {rate}% auf {base}",
        total="Total",
        paid="Bezahlt",
        amount_due="Zu bezahlen",
        tax_id="MWST-Nr.",
        registration="UID",
        phone="Tel.",
        bank_details="Zahlungsverbindung",
        carried_forward="Übertrag",
        page="Seite {page}",
        thanks="Besten Dank für Ihren Auftrag.",
        group="'",
        point=".",
        money="{symbol} {number}",
        day="{day:02d}.{month:02d}.{year}",
    ),
    "fr-FR": Wording(
        invoice="FACTURE",
        credit_note="AVOIR",
        number="Facture n°",
        issue_date="Date de facture",
        credit_number="Avoir n°",
        credit_date="Date",
        due_date="Date d'échéance",
        delivery_date="Date de livraison",
        purchase_order="Votre commande",
        customer_number="N° client",
        preceding_number="Avoir sur facture n°",
        bill_to="Facturé à",
        position="N°",
        code="Référence",
        description="Désignation",
        quantity="Qté",
        unit_price="P.U. HT",
        tax_rate="TVA",
        amount="Montant HT",
        subtotal="Total HT",
        discount="Remise",
        tax_line="TVA {rate} % sur {base}",
        total="Total TTC",
        paid="Acompte versé",
        amount_due="Net à payer",
        tax_id="N° TVA intracommunautaire",
        registration="SIRET",
        phone="Tél.",
        bank_details="Coordonnées bancaires",
        carried_forward="À reporter",
        page="Page {page}",
        thanks="Merci de votre confiance.",
        group=NO_BREAK,
        point=",",
        money="{number}" + NO_BREAK + "{symbol}",
        day="{day:02d}/{month:02d}/{year}",
    ),
    "es-ES": Wording(
        invoice="FACTURA",
        credit_note="FACTURA RECTIFICATIVA",
        number="Factura n.º",
        issue_date="Fecha de factura",
        credit_number="Factura rectificativa n.º",
        credit_date="Fecha",
        due_date="Vencimiento",
        delivery_date="Fecha de entrega",
        purchase_order="Su pedido",
        customer_number="N.º de cliente",
        preceding_number="Rectifica la factura",
        bill_to="Cliente",
        position="N.º",
        code="Código",
        description="Descripción",
        quantity="Cantidad",
        unit_price="Precio",
        tax_rate="IVA",
        amount="Importe",
        subtotal="Base imponible",
        discount="Descuento",
        tax_line="IVA {rate} %",
        total="Total factura",
        paid="Pagado",
        amount_due="Total a pagar",
        tax_id="NIF",
        registration="Registro Mercantil",
        phone="Teléfono",
        bank_details="Datos bancarios",
        carried_forward="Suma y sigue",
        page="Página {page}",
        thanks="Gracias por su confianza.",
        group=".",
        point=",",
        money="{number} {symbol}",
        day="{day:02d}/{month:02d}/{year}",
    ),
    "it-IT": Wording(
        invoice="FATTURA",
        credit_note="NOTA DI CREDITO",
        number="Fattura n.",
        issue_date="Data fattura",
        credit_number="Nota di credito n.",
        credit_date="Data",
        due_date="Scadenza",
        delivery_date="Data di consegna",
        purchase_order="Vs. ordine",
        customer_number="Codice cliente",
        preceding_number="Rif. fattura n.",
        bill_to="Spett.le",
        position="N.",
        code="Codice",
        description="Descrizione",
        quantity="Q.tà",
        unit_price="Prezzo unitario",
        tax_rate="IVA",
        amount="Importo",
        subtotal="Imponibile",
        discount="Sconto",
        tax_line="IVA {rate}%",
        total="Totale fattura",
        paid="Acconto",
        amount_due="Totale da pagare",
        tax_id="P. IVA",
        registration="REA",
        phone="Tel.",
        bank_details="Coordinate bancarie",
        carried_forward="Riporto",
        page="Pagina {page}",
        thanks="Grazie per l'acquisto.",
        group=".",
        point=",",
        money="{symbol} {number}",
        day="{day:02d}/{month:02d}/{year}",
    ),
    "nl-NL": Wording(
        invoice="Factuur",
        credit_note="Creditfactuur",
        number="Factuurnummer",
        issue_date="Factuurdatum",
        credit_number="Creditnummer",
        credit_date="Datum",
        due_date="Vervaldatum",
        delivery_date="Leverdatum",
        purchase_order="Uw ordernummer",
        customer_number="Klantnummer",
        preceding_number="Betreft factuur",
        bill_to="Factuuradres",
        position="Nr.",
        code="Artikel",
        description="Omschrijving",
        quantity="Aantal",
        unit_price="Prijs",
        tax_rate="Btw",
        amount="Bedrag",
        subtotal="Subtotaal",
        discount="Korting",
        tax_line="Btw {rate}% over {base}",
        total="Totaal",
        paid="Voldaan",
        amount_due="Te betalen",
        tax_id="Btw-nummer",
        registration="KvK-nummer",
        phone="Telefoon",
        bank_details="Bankrekening",
        carried_forward="Transport",
        page="Pagina {page}",
        thanks="Bedankt voor uw bestelling.",
        group=".",
        point=",",
        money="{symbol} {number}",
        day="{day:02d}-{month:02d}-{year}",
    ),
}
