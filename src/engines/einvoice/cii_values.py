"""What the parts of a Cross Industry Invoice have in common."""

from __future__ import annotations

from datetime import date

from src.domain.readings import FieldReading
from src.engines.einvoice.xml_node import XmlNode
from src.engines.einvoice.xml_readings import XmlReadings

# Below a ...ReferencedDocument and below a tax; the second names are those of ZUGFeRD 1.0.
REFERENCE = "IssuerAssignedID|ID"
TAX_RATE = "RateApplicablePercent|ApplicablePercent"


def day(readings: XmlReadings, holder: XmlNode, path: str) -> FieldReading[date] | None:
    """The day at `path`: in an element for its type, or as plain text (ZUGFeRD 1.0)."""
    typed = "DateTimeString|DateString|DateTime|Date"
    return readings.day(holder.value(f"{path}/{typed}", path))
