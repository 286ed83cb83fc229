"""Invoices of this project's own, drawn with characters, and what they say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DrawnInvoice:
    name: str
    text: str
    # Field path -> value as text; None: the field must stay empty.
    says: dict[str, str | None]


DRAWN_INVOICES = (
    DrawnInvoice(
        "german letter with an address window",
        """
                                                               Tischlerei Berger
                                                               Meisterbetrieb seit 1920

        Tischlerei Berger - Am Anger 4 - 99084 Erfurt
        Frau
        Helga Sommer                                       Datum: 12.11.2022
        Lindenweg 8                                        Rechnungs-Nr.: 22-1187
        99423 Weimar                                       Kunden-Nr.: 5512

        Rechnung

        Pos  Bezeichnung                 Menge   Einzelpreis   Gesamt
        1    Küchentisch Eiche              1      850,00 €    850,00 €
                                                Netto          850,00 €
                                                MwSt. 19 %     161,50 €
                                                Gesamtbetrag 1.011,50 €

        Zahlbar bis 26.11.2022 ohne Abzug.
        Sparkasse Mittelland IBAN: DE89 3704 0044 0532 0130 00 BIC: COBADEFFXXX
        Steuer-Nr. 151/234/56789   Inhaber: Karl Berger
        """,
        {
            "document_type": "invoice",
            "invoice_number": "22-1187",
            "issue_date": "2022-11-12",
            "due_date": "2022-11-26",
            "currency": "EUR",
            "language": "de",
            "vendor.name": "Tischlerei Berger",
            "vendor.address": "Am Anger 4, 99084 Erfurt",
            "vendor.tax_registration": "151/234/56789",
            "customer.name": "Helga Sommer",
            "customer.address": "Lindenweg 8, 99423 Weimar",
            "customer.customer_id": "5512",
            "payment.accounts.0.iban": "DE89370400440532013000",
            "payment.accounts.0.bic": "COBADEFFXXX",
        },
    ),
    DrawnInvoice(
        "credit note that names the invoice it corrects",
        """
        Muster Handel GmbH
        Industriestraße 9
        70565 Stuttgart

        An
        Kaufhaus Ost KG
        Ringstraße 1
        01067 Dresden

        Gutschrift Nr. GS-2024-17                          Datum: 08.07.2024
        zu Rechnung Nr. RE-2024-355 vom 01.06.2024
        USt-IdNr. DE811907980

        Retoure Lampe   1 Stk   50,00   50,00
        Netto 50,00   MwSt 19% 9,50   Gutschriftsbetrag 59,50 EUR
        """,
        {
            "document_type": "credit_note",
            "invoice_number": "GS-2024-17",
            "issue_date": "2024-07-08",
            "preceding_invoice_number": "RE-2024-355",
            "preceding_invoice_date": "2024-06-01",
            "due_date": None,
            "vendor.name": "Muster Handel GmbH",
            "vendor.tax_id": "DE811907980",
            "customer.name": "Kaufhaus Ost KG",
        },
    ),
    DrawnInvoice(
        "american invoice with a column of labels",
        """
        BLUE HARBOR CONSULTING, LLC
        400 Pine Street, Suite 210
        Seattle, WA 98101
        (206) 555-0199 | billing@blueharbor.com

        INVOICE

        Bill To:                         Invoice #          1047
        Northwind Foods Inc.             Invoice Date       03/04/2024
        Attn: Accounts Payable           Terms              Net 30
        88 Market Ave                    Due Date           04/03/2024
        Portland, OR 97204               P.O. No.           PO-7781

        Description                 Hours     Rate      Amount
        Advisory services            10      150.00    1,500.00
                                             Subtotal  1,500.00
                                             Tax 0%        0.00
                                             Total    $1,500.00
        """,
        {
            "invoice_number": "1047",
            "issue_date": "2024-03-04",
            "due_date": "2024-04-03",
            "purchase_order": "PO-7781",
            "currency": "USD",
            "vendor.name": "BLUE HARBOR CONSULTING, LLC",
            "vendor.address": "400 Pine Street, Suite 210, Seattle, WA 98101",
            "vendor.email": "billing@blueharbor.com",
            "customer.name": "Northwind Foods Inc.",
            "customer.address": "88 Market Ave, Portland, OR 97204",
            "payment.terms": "Net 30",
        },
    ),
    DrawnInvoice(
        "table of headings with their values below",
        """
        ACME TOOLS INC                                              INVOICE
        1200 Industrial Pkwy
        Dayton OH 45402

        Invoice Number     Invoice Date     Customer Number    Page
        0098123            07/15/24         C-4410             1 of 2

        SOLD TO                            SHIP TO
        RIVERSIDE GARAGE                   RIVERSIDE GARAGE #2
        PO BOX 12                          77 RIVER RD
        TOLEDO OH 43604                    TOLEDO OH 43609

        ORDER DATE   CUSTOMER PO   TERMS        DUE DATE
        07/10/24     88-1234       NET 30       08/14/24

        ITEM     DESCRIPTION        QTY    PRICE    EXTENSION
        W-10     WRENCH               5    10.00        50.00
                                           SUBTOTAL     50.00
                                           TOTAL        50.00
        REMIT TO: ACME TOOLS INC, PO BOX 900, DAYTON OH 45401
        """,
        {
            "invoice_number": "0098123",
            "issue_date": "2024-07-15",
            "order_date": "2024-07-10",
            "due_date": "2024-08-14",
            "purchase_order": "88-1234",
            "vendor.name": "ACME TOOLS INC",
            "vendor.address": "1200 Industrial Pkwy, Dayton OH 45402",
            "customer.name": "RIVERSIDE GARAGE",
            "customer.customer_id": "C-4410",
            "ship_to.address": "77 RIVER RD, TOLEDO OH 43609",
            "payee.address": "PO BOX 900, DAYTON OH 45401",
        },
    ),
    DrawnInvoice(
        "sender in the footer only",
        """
                                                                  Rechnung
        Kunde:
        Bio Markt Nord
        Nordstr. 44
        24103 Kiel

        Rechnungsnummer   Rechnungsdatum   Lieferdatum   Kundennr.
        RG-556            01.09.2023       30.08.2023    100-3

        Art.    Menge   Preis   Summe
        Äpfel   10      2,00    20,00
                        Netto   20,00
                        7% MwSt  1,40
                        Brutto  21,40 EUR
        Bitte überweisen Sie den Betrag bis zum 15.09.2023.



        Hof Lindenau GbR | Dorfstraße 1 | 24837 Schleswig | Tel. 04621 12345 | hof@lindenau-hof.de
        USt-ID DE811907980 | IBAN DE02 1203 0000 0000 2020 51 | BIC BYLADEM1001
        """,
        {
            "invoice_number": "RG-556",
            "issue_date": "2023-09-01",
            "delivery_date": "2023-08-30",
            "due_date": "2023-09-15",
            "vendor.name": "Hof Lindenau GbR",
            "vendor.address": "Dorfstraße 1, 24837 Schleswig",
            "vendor.tax_id": "DE811907980",
            "customer.name": "Bio Markt Nord",
            "customer.address": "Nordstr. 44, 24103 Kiel",
        },
    ),
    DrawnInvoice(
        "list of keys and values",
        """
        Verkäufer
        Nummer:           549
        Name:             Lampen Krause GmbH
        Anschrift:        Hauptstraße 20
                          DE 80333 München
        USt.-Id.-Nr.:     DE811907980

        Käufer/Leistungsempfänger
        Nummer:           GE20
        Name:             Käufer AG Nord
        Anschrift:        Kundenstraße 15
                          DE 69876 Frankfurt
        USt.-Id.-Nr.:     DE271828182

        Rechnung (380) Nr. 471102 vom 05.03.2018
        Bestellung vom 01.03.2018
        Zahlbetrag        12,00 EUR
        """,
        {
            "invoice_number": "471102",
            "issue_date": "2018-03-05",
            "order_date": "2018-03-01",
            "vendor.name": "Lampen Krause GmbH",
            "vendor.address": "Hauptstraße 20, DE 80333 München",
            "vendor.tax_id": "DE811907980",
            "customer.name": "Käufer AG Nord",
            "customer.address": "Kundenstraße 15, DE 69876 Frankfurt",
            "customer.tax_id": "DE271828182",
        },
    ),
    DrawnInvoice(
        "french invoice with the recipient on the right",
        """
        MENUISERIE DUPRÉ SARL
        12 rue des Artisans
        35000 RENNES
        Tél. : 02 99 11 22 33                          M. et Mme LEROY
                                                       4 allée des Tilleuls
                                                       35700 RENNES
        Facture n° 2024-089
        Date : 15 mars 2024
        Échéance : 14 avril 2024

        Désignation            Qté   PU HT     Total HT
        Fenêtre chêne           2    450,00     900,00
                                     Total HT   900,00
                                     TVA 10%     90,00
                                     Total TTC  990,00 €
        SARL au capital de 8 000 € - SIRET 732 829 320 00074 - TVA FR83404833048
        """,
        {
            "invoice_number": "2024-089",
            "issue_date": "2024-03-15",
            "due_date": "2024-04-14",
            "language": "fr",
            "vendor.name": "MENUISERIE DUPRÉ SARL",
            "vendor.tax_id": "FR83404833048",
            "customer.name": "M. et Mme LEROY",
            "customer.address": "4 allée des Tilleuls, 35700 RENNES",
        },
    ),
    DrawnInvoice(
        "till receipt",
        """
              CORNER BAKERY
              19 Elm St
              Springfield, IL 62701
              Tel 217-555-0101

         06/15/2023  09:12 AM
         2 Croissant      6.00
         1 Latte          4.50
         Subtotal        10.50
         Tax              0.84
         TOTAL           11.34
         CASH            20.00
         CHANGE           8.66
         THANK YOU
        """,
        {
            "document_type": "receipt",
            "invoice_number": None,
            "issue_date": "2023-06-15",
            "vendor.name": "CORNER BAKERY",
            "vendor.address": "19 Elm St, Springfield, IL 62701",
            "customer.name": None,
            "currency": "USD",
        },
    ),
    DrawnInvoice(
        "polish invoice with two columns of parties",
        """
                                             Faktura VAT nr FV/12/2023
        Data wystawienia: 2023-12-05         Termin płatności: 2023-12-19

        Sprzedawca:                          Nabywca:
        Kowalski Sp. z o.o.                  Firma Nowak
        ul. Długa 7                          ul. Krótka 3/4
        00-238 Warszawa                      31-002 Kraków
        NIP: 5260250274                      NIP: 6762468300

        Razem do zapłaty: 123,00 PLN
        """,
        {
            "invoice_number": "FV/12/2023",
            "issue_date": "2023-12-05",
            "due_date": "2023-12-19",
            "currency": "PLN",
            "vendor.name": "Kowalski Sp. z o.o.",
            "vendor.tax_id": "5260250274",
            "customer.name": "Firma Nowak",
            "customer.tax_id": "6762468300",
        },
    ),
)
