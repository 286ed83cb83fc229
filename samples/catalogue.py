"""The invoices of the samples, as data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from samples import companies
from samples.model import Kind, SampleInvoice, SampleLine


def _line(
    description: str,
    quantity: str,
    unit: str,
    price: str,
    rate: str,
    code: str = "",
    unit_code: str = "C62",
) -> SampleLine:
    return SampleLine(
        description=description,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=Decimal(price),
        tax_rate=Decimal(rate),
        code=code,
        unit_code=unit_code,
    )


BRITISH = SampleInvoice(
    language="en-GB",
    currency="GBP",
    number="HP-20418",
    issue_date=date(2026, 3, 14),
    due_date=date(2026, 4, 13),
    delivery_date=date(2026, 3, 11),
    purchase_order="TW/7731",
    vendor=companies.HOLLYOAK,
    customer=companies.TIDEWELL,
    lines=(
        _line("Tracing paper, 90 gsm, A1 roll", "6", "roll", "31.50", "20"),
        _line("Plotter ink, matt black, 700 ml", "2", "pc", "142.00", "20"),
        _line("Binding of bid documents, wire, clear covers", "24", "copy", "3.85", "20"),
        _line("Courier to Bristol, next day", "1", "trip", "18.40", "20"),
    ),
    note="Please quote the invoice number with your payment.",
)

GERMAN = SampleInvoice(
    language="de-DE",
    currency="EUR",
    number="RE-2026-00873",
    issue_date=date(2026, 5, 6),
    due_date=date(2026, 5, 20),
    delivery_date=date(2026, 4, 30),
    purchase_order="B-2026/118",
    customer_number="10442",
    vendor=companies.KRANICH,
    customer=companies.EICHENHOF,
    lines=(
        _line("Kopierpapier A4, 80 g, 2.500 Blatt", "12", "Karton", "23.90", "19", "KP-A4-80"),
        _line("Ergonomischer Drehstuhl „Ruhe“, anthrazit", "2", "Stk.", "389.00", "19", "DS-410"),
        _line("Fachbuch: Datenschutz in der Praxis", "3", "Stk.", "44.86", "7", "FB-0071"),
        _line("Hängeregistermappen, 50 Stück", "4", "Pack", "27.45", "19", "HR-50"),
        _line("Lieferung und Aufbau", "1", "psch.", "75.00", "19", "LA-1"),
    ),
    note="Zahlbar innerhalb von 14 Tagen ohne Abzug.",
)

FRENCH = SampleInvoice(
    language="fr-FR",
    currency="EUR",
    number="FA-2026-0219",
    issue_date=date(2026, 2, 3),
    due_date=date(2026, 3, 5),
    customer_number="C00318",
    vendor=companies.LAVANDE,
    customer=companies.PETIT_PORT,
    lines=(
        _line("Savon à l'huile d'olive, 25 g, étui", "400", "pce", "0.62", "20", "SAV-025"),
        _line("Eau de linge lavande, bidon 5 l", "8", "bidon", "34.90", "20", "EDL-5"),
        _line("Coffret d'accueil chambre", "60", "pce", "12.40", "20", "COF-CH"),
    ),
    discount=Decimal("63.56"),
    discount_reason="Remise 5 %",
    note="Pas d'escompte pour paiement anticipé.",
)

SPANISH = SampleInvoice(
    language="es-ES",
    currency="EUR",
    number="2026/0457",
    issue_date=date(2026, 1, 22),
    due_date=date(2026, 2, 21),
    vendor=companies.OLIVAR,
    customer=companies.MESON,
    lines=(
        _line("Aceite de oliva virgen extra, garrafa 5 l", "40", "ud", "38.75", "4", "AOVE-5"),
        _line("Aceitunas aliñadas, cubo 10 kg", "6", "ud", "52.10", "10", "ACE-10"),
        _line("Portes", "1", "ud", "24.00", "21", "PORTE"),
    ),
)

ITALIAN = SampleInvoice(
    language="it-IT",
    currency="EUR",
    number="112/2026",
    issue_date=date(2026, 6, 18),
    due_date=date(2026, 7, 18),
    vendor=companies.CERAMICHE,
    customer=companies.TRATTORIA,
    lines=(
        _line("Piatto piano 27 cm, bianco", "120", "pz", "4.35", "22"),
        _line("Ciotola insalata 22 cm, decoro blu", "36", "pz", "6.90", "22"),
        _line("Tazza espresso con piattino", "80", "pz", "3.15", "22"),
        _line("Trasporto", "1", "pz", "45.00", "22"),
    ),
)

_BICYCLE_PARTS = (
    ("Binnenband 28 inch", "40", "st", "3.10"),
    ("Buitenband 28 inch, lekbestendig, reflecterend", "24", "st", "18.75"),
    ("Ketting 1/2 x 1/8, verzinkt", "30", "st", "7.20"),
    ("Remblokken, set van vier", "50", "st", "4.45"),
    ("Spaken roestvrij, 100 stuks", "5", "st", "28.60"),
    ("Zadel comfort, gelvulling", "12", "st", "21.95"),
    ("Handvatten ergonomisch, paar", "20", "st", "8.30"),
    ("Koplamp led, USB-oplaadbaar", "25", "st", "14.90"),
    ("Achterlicht led, dynamo", "25", "st", "9.85"),
    ("Naafdynamo 6 V / 3 W", "8", "st", "46.50"),
    ("Kettingkast gesloten, zwart", "15", "st", "16.40"),
    ("Spatborden 28 inch, set", "15", "st", "13.20"),
    ("Bagagedrager achter, 35 kg, met snelbinder en reflector", "18", "st", "24.60"),
    ("Standaard tweepoot", "18", "st", "15.75"),
    ("Bel klassiek, chroom", "60", "st", "2.95"),
    ("Versnellingskabel, 2 m", "60", "st", "1.80"),
    ("Trapas cartridge 68 mm", "14", "st", "11.95"),
    ("Pedalen antislip, paar", "22", "st", "9.40"),
    ("Crankstel 38 tanden, aluminium", "10", "st", "32.80"),
    ("Balhoofdstel 1 inch", "10", "st", "12.70"),
    ("Velg 28 inch, dubbelwandig, 36 gaats", "16", "st", "26.35"),
    ("Slot klasse 2 met insteekketting, 100 cm", "20", "st", "39.90"),
    ("Smeermiddel PTFE, 400 ml", "36", "st", "6.15"),
    ("Montage en afstelling werkplaats", "12.5", "uur", "52.00"),
)

DUTCH = SampleInvoice(
    language="nl-NL",
    currency="EUR",
    number="20260334",
    issue_date=date(2026, 4, 9),
    due_date=date(2026, 5, 9),
    purchase_order="ZZ-0455",
    customer_number="D-2210",
    vendor=companies.WINDROOS,
    customer=companies.ZEEZICHT,
    lines=tuple(
        _line(description, quantity, unit, price, "21", f"WF-{1000 + 17 * index}")
        for index, (description, quantity, unit, price) in enumerate(_BICYCLE_PARTS)
    ),
    note="Gelieve te betalen onder vermelding van het factuurnummer.",
)

_CABLE_WORK = (
    ("Bestandesaufnahme und Planung, pauschal", "1", "1450.00"),
    ("Installationskabel 5 x 2.5 mm², Meter", "380", "2.85"),
    ("Kabelkanal 60 x 40 mm, Meter", "145", "6.40"),
    ("Unterverteilung mit 24 Plätzen", "3", "412.50"),
    ("Leitungsschutzschalter C13", "42", "18.90"),
    ("Fehlerstrom-Schutzschalter 40 A / 30 mA", "6", "96.20"),
    ("Steckdose Typ 13, dreifach", "64", "21.75"),
    ("Bewegungsmelder Korridor", "12", "88.40"),
    ("LED-Leuchte Treppenhaus, 18 W", "22", "74.60"),
    ("Notleuchte mit Akku", "9", "132.00"),
    ("Gegensprechanlage, 16 Wohnungen", "1", "5890.00"),
    ("Netzwerkdose Kat. 6A", "32", "27.30"),
    ("Patchpanel 24-fach", "2", "168.00"),
    ("Brandschottung, Durchführung", "14", "64.50"),
    ("Demontage Altanlage, Stunden", "26", "98.00"),
    ("Monteur, Stunden", "112", "104.00"),
    ("Lernender, Stunden", "96", "52.00"),
    ("Servicefahrzeug, Tage", "14", "45.00"),
    ("Schlussprüfung mit Sicherheitsnachweis", "1", "980.00"),
    ("Entsorgung Altmaterial", "1", "340.00"),
)

SWISS = SampleInvoice(
    language="de-CH",
    currency="CHF",
    number="260117",
    issue_date=date(2026, 7, 31),
    due_date=date(2026, 8, 30),
    vendor=companies.ALPENGLUEHN,
    customer=companies.BERGBLICK,
    lines=tuple(
        _line(description, quantity, "", price, "8.1")
        for description, quantity, price in _CABLE_WORK
    ),
    paid=Decimal("20000.00"),
)

AMERICAN = SampleInvoice(
    language="en-US",
    currency="USD",
    number="CR-3391",
    issue_date=date(2026, 9, 2),
    due_date=date(2026, 10, 2),
    purchase_order="LDP-55",
    vendor=companies.CEDAR_RIDGE,
    customer=companies.LAKEVIEW,
    lines=(
        _line("Spring clean-up of front beds", "1", "job", "640.00", "10.25"),
        _line("Mulch, hemlock, delivered and spread, cubic yards", "14", "yd", "68.50", "10.25"),
        _line("Irrigation valve replacement", "3", "pc", "115.00", "10.25"),
        _line("Weekly mowing, August", "4", "visit", "185.00", "10.25"),
    ),
    note="Net 30. A late charge of 1.5% per month applies.",
)

TILL_RECEIPT = SampleInvoice(
    kind=Kind.RECEIPT,
    language="en-GB",
    currency="GBP",
    number="004417",
    issue_date=date(2026, 8, 21),
    vendor=companies.CORNER_CAFE,
    lines=(
        _line("Flat white", "2", "", "3.40", "20"),
        _line("Cheese scone", "1", "", "3.10", "20"),
        _line("Soup of the day", "2", "", "6.75", "20"),
        _line("Sparkling water", "1", "", "2.20", "20"),
    ),
    prices_include_tax=True,
    note="Thank you, see you soon!",
)

HYBRID = SampleInvoice(
    language="de-DE",
    currency="EUR",
    number="FM-26-1140",
    issue_date=date(2026, 10, 12),
    due_date=date(2026, 11, 11),
    delivery_date=date(2026, 10, 8),
    purchase_order="4500012",
    customer_number="K-207",
    vendor=companies.FERNBACH,
    customer=companies.KRANICH,
    lines=(
        _line("Regalständer, verzinkt, 2.000 mm", "16", "Stk.", "42.80", "19", "RS-2000", "H87"),
        _line("Fachboden 1.000 x 400 mm", "40", "Stk.", "19.95", "19", "FB-1040", "H87"),
        _line("Montage vor Ort", "6.5", "Std.", "64.00", "19", "MO-1", "HUR"),
    ),
)

STRUCTURED = SampleInvoice(
    language="en-GB",
    currency="EUR",
    number="CF-2026-0093",
    issue_date=date(2026, 11, 2),
    due_date=date(2026, 12, 2),
    purchase_order="PO-88120",
    vendor=companies.CLOVERFIELD,
    customer=companies.GLENMORE,
    lines=(
        _line("Route planning software, yearly licence", "25", "user", "96.00", "23", "RP-Y"),
        _line("Onboarding workshop, remote", "2", "day", "780.00", "23", "WS-R", "DAY"),
    ),
)

CREDIT_NOTE = SampleInvoice(
    kind=Kind.CREDIT_NOTE,
    language="en-GB",
    currency="GBP",
    number="HPC-0311",
    issue_date=date(2026, 3, 27),
    preceding_number="HP-20418",
    vendor=companies.HOLLYOAK,
    customer=companies.TIDEWELL,
    lines=(
        _line("Plotter ink, matt black, 700 ml (returned, leaking)", "1", "pc", "142.00", "20"),
    ),
    note="This amount has been credited to your account.",
)

WRONG_TOTAL = SampleInvoice(
    language="en-US",
    currency="USD",
    number="CR-3407",
    issue_date=date(2026, 9, 30),
    due_date=date(2026, 10, 30),
    vendor=companies.CEDAR_RIDGE,
    customer=companies.LAKEVIEW,
    lines=(
        _line("Weekly mowing, September", "5", "visit", "185.00", "10.25"),
        _line("Leaf removal", "2", "visit", "240.00", "10.25"),
        _line("Hedge trimming, north side", "1", "job", "375.00", "10.25"),
    ),
    # 1,780.00 + 182.45 is 1,962.45; two digits changed places.
    misprinted_total=Decimal("1692.45"),
    findings=("total-mismatch",),
)
