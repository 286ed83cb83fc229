"""Fictional companies. Their web addresses lie in `.example`, their telephone numbers in ranges
kept for fiction where a country has one, their banks do not exist; check digits are right."""

from __future__ import annotations

from samples.model import SampleParty

KRANICH = SampleParty(
    name="Kranich Bürobedarf GmbH",
    street="Musterallee 14",
    postal_code="10115",
    city="Berlin",
    country="DE",
    country_name="Deutschland",
    tax_id="DE271828180",
    registration="HRB 00000 B",
    phone="030 23125 014",
    email="rechnung@kranich.example",
    iban="DE98999000990012345678",
    bic="EXMPDEFFXXX",
    bank="Beispielbank Berlin",
)
EICHENHOF = SampleParty(
    name="Eichenhof Praxisgemeinschaft GbR",
    street="Probeweg 3",
    postal_code="14467",
    city="Potsdam",
    country="DE",
    country_name="Deutschland",
    tax_id="DE161803398",
)
FERNBACH = SampleParty(
    name="Fernbach Metallbau GmbH",
    street="Industriering 77",
    postal_code="70565",
    city="Stuttgart",
    country="DE",
    country_name="Deutschland",
    tax_id="DE141421358",
    registration="HRB 00001",
    phone="0711 5550 133",
    email="buchhaltung@fernbach.example",
    iban="DE40999000990087654321",
    bic="EXMPDEFFXXX",
    bank="Beispielbank Stuttgart",
)
HOLLYOAK = SampleParty(
    name="Hollyoak Print & Paper Ltd",
    street="18 Foundry Lane",
    postal_code="LS1 9ZZ",
    city="Leeds",
    country="GB",
    country_name="United Kingdom",
    tax_id="GB999001002",
    registration="00000001",
    phone="0113 496 0123",
    email="accounts@hollyoak.example",
    iban="GB04EXMP99000012345678",
    bic="EXMPGB2LXXX",
    bank="Example Bank plc",
)
TIDEWELL = SampleParty(
    name="Tidewell Architects LLP",
    street="2 Harbour Steps",
    postal_code="BS1 9ZZ",
    city="Bristol",
    country="GB",
    country_name="United Kingdom",
    tax_id="GB999002433",
)
CORNER_CAFE = SampleParty(
    name="The Corner Pantry",
    street="5 Station Parade",
    postal_code="YO1 9ZZ",
    city="York",
    country="GB",
    country_name="United Kingdom",
    tax_id="GB999003136",
    phone="01904 960 177",
)
LAVANDE = SampleParty(
    name="Maison Lavande SARL",
    street="27 rue des Exemples",
    postal_code="26110",
    city="Nyons",
    country="FR",
    country_name="France",
    tax_id="FR29999001001",
    registration="999 001 001 00018",
    phone="04 65 71 00 12",
    email="compta@lavande.example",
    iban="FR7699999000010001234567809",
    bic="EXMPFRPPXXX",
    bank="Banque Exemple",
)
PETIT_PORT = SampleParty(
    name="Hôtel du Petit Port SAS",
    street="4 quai Modèle",
    postal_code="13600",
    city="La Ciotat",
    country="FR",
    country_name="France",
    tax_id="FR46999002009",
)
OLIVAR = SampleParty(
    name="Olivar del Ejemplo S.L.",
    street="Calle de la Muestra 9",
    postal_code="23400",
    city="Úbeda",
    country="ES",
    country_name="España",
    tax_id="B99900102",
    registration="de Jaén, hoja J-00000",
    phone="953 000 100",
    email="facturas@olivar.example",
    iban="ES4599990001400012345678",
    bic="EXMPESMMXXX",
    bank="Banco Ejemplo",
)
MESON = SampleParty(
    name="Mesón La Prueba S.A.",
    street="Plaza Ficticia 1",
    postal_code="28013",
    city="Madrid",
    country="ES",
    country_name="España",
    tax_id="A99900201",
)
CERAMICHE = SampleParty(
    name="Ceramiche Campione S.r.l.",
    street="Via dell'Esempio 12",
    postal_code="20121",
    city="Milano",
    country="IT",
    country_name="Italia",
    tax_id="IT09990010150",
    registration="MI-0000000",
    phone="02 5550 144",
    email="fatture@ceramiche.example",
    iban="IT27C9999900001000001234567",
    bic="EXMPITMMXXX",
    bank="Banca Esempio",
)
TRATTORIA = SampleParty(
    name="Trattoria del Modello S.n.c.",
    street="Corso Fittizio 40",
    postal_code="20122",
    city="Milano",
    country="IT",
    country_name="Italia",
    tax_id="IT09990020159",
)
WINDROOS = SampleParty(
    name="Windroos Fietsen B.V.",
    street="Voorbeeldkade 21",
    postal_code="3511 ZZ",
    city="Utrecht",
    country="NL",
    country_name="Nederland",
    tax_id="NL999000001B01",
    registration="00000001",
    phone="030 555 0155",
    email="administratie@windroos.example",
    iban="NL54EXMP0999000004",
    bic="EXMPNL2AXXX",
    bank="Voorbeeldbank",
)
ZEEZICHT = SampleParty(
    name="Verhuur Zeezicht V.O.F.",
    street="Duinpad 8",
    postal_code="1976 ZZ",
    city="IJmuiden",
    country="NL",
    country_name="Nederland",
    tax_id="NL999002004B01",
)
ALPENGLUEHN = SampleParty(
    name="Alpenglühn Elektro AG",
    street="Musterstrasse 5",
    postal_code="3011",
    city="Bern",
    country="CH",
    country_name="Schweiz",
    tax_id="CHE-999.001.013 MWST",
    phone="031 555 01 66",
    email="debitoren@alpengluehn.example",
    iban="CH8599999000012345678",
    bic="EXMPCHZZXXX",
    bank="Beispielbank Bern",
)
BERGBLICK = SampleParty(
    name="Genossenschaft Bergblick",
    street="Beispielgasse 11",
    postal_code="3600",
    city="Thun",
    country="CH",
    country_name="Schweiz",
)
CEDAR_RIDGE = SampleParty(
    name="Cedar Ridge Landscaping, Inc.",
    street="4120 Sample Creek Road",
    postal_code="97201",
    city="Portland",
    region="OR",
    country="US",
    country_name="USA",
    tax_id="99-0012345",
    phone="(503) 555-0142",
    email="billing@cedarridge.example",
)
LAKEVIEW = SampleParty(
    name="Lakeview Dental Partners",
    street="88 Specimen Avenue, Suite 200",
    postal_code="98101",
    city="Seattle",
    region="WA",
    country="US",
    country_name="USA",
)
CLOVERFIELD = SampleParty(
    name="Cloverfield Software Ltd",
    street="6 Sampler's Row",
    postal_code="D02 ZZ99",
    city="Dublin 2",
    country="IE",
    country_name="Ireland",
    tax_id="IE9990011J",
    registration="000001",
    phone="020 911 0101",
    email="finance@cloverfield.example",
    iban="IE74EXMP99000012345678",
    bic="EXMPIE2DXXX",
    bank="Example Bank Ireland",
)

GLENMORE = SampleParty(
    name="Glenmore Outfitters DAC",
    street="14 Model Street",
    postal_code="T12 ZZ99",
    city="Cork",
    country="IE",
    country_name="Ireland",
    tax_id="IE9990022O",
)
