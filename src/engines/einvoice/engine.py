"""The engine for documents that carry their invoice as XML: exact, no model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence

from src.domain.candidate import Alternative, EngineState, InvoiceCandidate, Provenance, Readiness
from src.domain.errors import ExtractionFailed, UnusableAnswer
from src.domain.invoice import DocumentType, Invoice
from src.domain.page import Page
from src.domain.readings import FieldReading, XmlEvidence
from src.engines.einvoice.cii import invoice_from_cii
from src.engines.einvoice.second_look import contradictions
from src.engines.einvoice.ubl import invoice_from_ubl
from src.engines.einvoice.xml_node import XmlNode, parse_xml
from src.engines.einvoice.xml_readings import ENGINE_NAME, XmlReadings, is_true
from src.ports import ExtractionEngine, ExtractionHints

VERSION = "1"

# CrossIndustryDocument is the root of ZUGFeRD 1.0; Invoice and CreditNote are UBL only in its
# own namespaces, as other vocabularies use these words too.
_UBL_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_CONTEXT = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
_CII_ROOTS = ("CrossIndustryInvoice", "CrossIndustryDocument")
_UBL_ROOTS = ("Invoice", "CreditNote")

_Vocabulary = Callable[[XmlNode, XmlReadings], Invoice]
_VOCABULARIES: Mapping[str, _Vocabulary] = {"CII": invoice_from_cii, "UBL": invoice_from_ubl}


class EInvoiceEngine:
    """Reads `hints.embedded_xml`. What another engine reads from the pages with confidence, and
    the XML contradicts, is kept beside the value of the XML."""

    def __init__(self, embedded: ExtractionEngine | None = None) -> None:
        """`embedded` reads the pages; without it they are not looked at."""
        self._embedded = embedded

    @property
    def name(self) -> str:
        return ENGINE_NAME

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        """Raises `UnusableAnswer` when there is no XML, or none that holds an invoice.

        The caller may then ask an engine that reads the pages.
        """
        if hints.embedded_xml is None:
            raise UnusableAnswer(
                "The document carries no e-invoice XML; choose an engine that reads pages."
            )
        # A large file takes seconds to parse; the event loop goes on meanwhile.
        stated = await asyncio.to_thread(read_einvoice, hints.embedded_xml)
        if self._embedded is None or not any(page.words for page in pages):
            return stated
        try:
            seen = await self._embedded.extract(pages, ExtractionHints())
        except ExtractionFailed as error:
            return stated.noting(f"The pages were not compared with the XML: {error.message}")
        return stated.model_copy(
            update={
                "alternatives": (
                    *stated.alternatives,
                    *contradictions(stated.invoice, seen.invoice),
                )
            }
        )

    async def readiness(self) -> Readiness:
        return Readiness(
            state=EngineState.READY,
            detail="Reads CII (Factur-X, ZUGFeRD, XRechnung) and UBL; needs nothing else.",
        )


def read_einvoice(content: bytes) -> InvoiceCandidate:
    """The invoice of one CII or UBL document; raises `UnusableAnswer`."""
    root, vocabulary = _invoice_root(parse_xml(content))
    readings = XmlReadings()
    invoice = _VOCABULARIES[vocabulary](root, readings)
    if invoice.invoice_number is None and invoice.totals.total is None:
        raise UnusableAnswer(
            f"The {vocabulary} XML holds no invoice: it has neither a number nor a total."
        )
    return InvoiceCandidate(
        invoice=invoice,
        provenance=Provenance(
            engine=ENGINE_NAME, engine_version=VERSION, notes=tuple(readings.problems)
        ),
        alternatives=tuple(_as_test(root)),
    )


def _as_test(root: XmlNode) -> Iterator[Alternative]:
    """A message sent for a test has the type of an invoice, and is none."""
    mark = root.value(f"{_CONTEXT}/TestIndicator/Indicator", f"{_CONTEXT}/TestIndicator")
    if mark is not None and is_true(mark):
        reading = FieldReading[str](
            value=DocumentType.OTHER.value,
            text=f"TestIndicator {mark.text}",
            evidence=XmlEvidence(path=mark.path),
            confidence=1.0,
            engine="test-indicator",
        )
        yield Alternative(field="document_type", reading=reading)


def _invoice_root(root: XmlNode) -> tuple[XmlNode, str]:
    """The invoice element: the root, or what an envelope (Peppol's SBD) holds."""
    for node in (root, *root.all("Invoice|CreditNote|CrossIndustryInvoice")):
        if node.name in _CII_ROOTS:
            return node, "CII"
        if node.name in _UBL_ROOTS and node.namespace.startswith(_UBL_NAMESPACE):
            return node, "UBL"
    raise UnusableAnswer(
        f"The XML is a <{root.name}>, not an invoice in CII (Factur-X, ZUGFeRD, XRechnung) or UBL."
    )
