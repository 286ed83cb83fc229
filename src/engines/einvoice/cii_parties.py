"""The trade parties of a Cross Industry Invoice."""

from __future__ import annotations

from src.domain.invoice import Party
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import AddressNames, XmlReadings

_ADDRESS = AddressNames(
    street=("LineOne",),
    additional=("LineTwo", "LineThree"),
    city="CityName",
    postal_code="PostcodeCode",
    region="CountrySubDivisionName",
    country="CountryID",
)
# Schemes of SpecifiedTaxRegistration/ID: VAT identifier and the fiscal authority's number.
_VAT = "VA"
_FISCAL = "FC"


def party(readings: XmlReadings, node: XmlNode | None) -> Party:
    """The party an element describes; an empty one where there is no element."""
    if node is None:
        return Party()
    contact = node.part("DefinedTradeContact")
    return Party(
        name=readings.text(node.value("Name")),
        trading_name=readings.text(node.value("SpecifiedLegalOrganization/TradingBusinessName")),
        address=readings.address(node.first("PostalTradeAddress"), _ADDRESS),
        tax_id=readings.text(_tax_registration(node, _VAT)),
        tax_registration=readings.text(_tax_registration(node, _FISCAL)),
        registration_number=readings.text(node.value("SpecifiedLegalOrganization/ID")),
        customer_id=readings.text(node.value("ID", "GlobalID")),
        contact_name=readings.text(contact.value("PersonName", "DepartmentName")),
        phone=readings.text(contact.value("TelephoneUniversalCommunication/CompleteNumber")),
        email=readings.text(
            contact.value("EmailURIUniversalCommunication/URIID") or _electronic_mail(node)
        ),
    )


def _tax_registration(party_node: XmlNode, scheme: str) -> XmlNode | None:
    return next(
        (
            node
            for node in party_node.filled("SpecifiedTaxRegistration/ID")
            if node.attribute("schemeID").upper() == scheme
        ),
        None,
    )


def _electronic_mail(party_node: XmlNode) -> XmlNode | None:
    """The electronic address (BT-34, BT-49) where its scheme says that it is a mail address."""
    return next(
        (
            node
            for node in party_node.filled("URIUniversalCommunication/URIID")
            if node.attribute("schemeID").upper() == "EM"
        ),
        None,
    )
