"""The parties of a UBL document."""

from __future__ import annotations

from src.domain.invoice import Party
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import AddressNames, XmlReadings

_ADDRESS = AddressNames(
    street=("StreetName", "BuildingNumber"),
    additional=("AdditionalStreetName", "AddressLine/Line"),
    city="CityName",
    postal_code="PostalZone",
    region="CountrySubentity",
    country="Country/IdentificationCode",
)
_VAT_SCHEMES = ("VAT", "GST")


def party(readings: XmlReadings, node: XmlNode | None) -> Party:
    """The party an element describes; an empty one where there is no element.

    The registered name (BT-27) is the legal entity's; the party name is the trading name
    (BT-28) only beside it.
    """
    if node is None:
        return Party()
    legal = node.part("PartyLegalEntity")
    contact = node.part("Contact")
    registered = legal.value("RegistrationName")
    trading = node.value("PartyName/Name")
    return Party(
        name=readings.text(registered or trading),
        trading_name=readings.text(trading) if registered is not None else None,
        address=readings.address(node.first("PostalAddress"), _ADDRESS),
        tax_id=readings.text(_tax_scheme(node, vat=True)),
        tax_registration=readings.text(_tax_scheme(node, vat=False)),
        registration_number=readings.text(legal.value("CompanyID")),
        customer_id=readings.text(_identification(node)),
        contact_name=readings.text(contact.value("Name")),
        phone=readings.text(contact.value("Telephone")),
        email=readings.text(contact.value("ElectronicMail") or _electronic_mail(node)),
        website=readings.text(node.value("WebsiteURI")),
    )


def delivery_party(readings: XmlReadings, delivery: XmlNode) -> Party:
    """The deliver-to party (BG-13) of a Delivery element."""
    location = delivery.part("DeliveryLocation")
    return Party(
        name=readings.text(delivery.value("DeliveryParty/PartyName/Name", "DeliveryLocation/Name")),
        address=readings.address(location.first("Address"), _ADDRESS),
        customer_id=readings.text(location.value("ID")),
    )


def _tax_scheme(party_node: XmlNode, *, vat: bool) -> XmlNode | None:
    """The VAT identifier, or the number of another tax scheme (BT-32).

    A scheme that is not named is VAT where the identifier starts with a country's letters.
    """
    for scheme in party_node.all("PartyTaxScheme"):
        company = scheme.value("CompanyID")
        if company is None:
            continue
        named = scheme.part("TaxScheme/ID").text.upper()
        is_vat = named in _VAT_SCHEMES if named else company.text[:2].isalpha()
        if is_vat == vat:
            return company
    return None


def _identification(party_node: XmlNode) -> XmlNode | None:
    """BT-29 or BT-46; the creditor identifier of direct debits (BT-90) is another thing."""
    return next(
        (
            node
            for node in party_node.filled("PartyIdentification/ID")
            if node.attribute("schemeID").upper() != "SEPA"
        ),
        None,
    )


def _electronic_mail(party_node: XmlNode) -> XmlNode | None:
    endpoint = party_node.value("EndpointID")
    is_mail = endpoint is not None and endpoint.attribute("schemeID").upper() == "EM"
    return endpoint if is_mail else None
