"""E-invoice XML: inside a PDF, or a file of its own. Recognised here, understood elsewhere."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
from lxml import etree

from src.domain.errors import CorruptDocument, UnsupportedMedia

# The largest e-invoices hold thousands of lines; more than this is an attack.
MOST_XML_BYTES = 32 * 1024 * 1024
# Attachments of one PDF that are looked at.
_MOST_ATTACHMENTS = 50

# Names the Factur-X, ZUGFeRD and XRechnung specifications give to the invoice.
_INVOICE_NAMES = (
    "factur-x.xml",
    "zugferd-invoice.xml",
    "xrechnung.xml",
)

# Root elements of an invoice: CII, its predecessor in ZUGFeRD 1, and UBL.
_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_ZUGFERD_1 = "urn:ferd:CrossIndustryDocument:invoice:1p0"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE_ROOTS = frozenset(
    {
        f"{{{_CII}}}CrossIndustryInvoice",
        f"{{{_ZUGFERD_1}}}CrossIndustryDocument",
        f"{{{_UBL}Invoice-2}}Invoice",
        f"{{{_UBL}CreditNote-2}}CreditNote",
    }
)


def safe_parser() -> etree.XMLParser:
    """A parser that fetches nothing, expands nothing and keeps libxml2's size limits."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def check_invoice_xml(content: bytes) -> None:
    """Refuse what is not a well-formed CII or UBL invoice.

    Raises `CorruptDocument` (broken XML, or a document type, which no e-invoice has) and
    `UnsupportedMedia` (XML of another kind, or too much of it).
    """
    if len(content) > MOST_XML_BYTES:
        raise UnsupportedMedia(
            f"The XML has more than {MOST_XML_BYTES // 1024**2} MB, which no e-invoice has."
        )
    try:
        root = etree.fromstring(content, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CorruptDocument(f"The XML is not well formed: {_first_line(error)}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise CorruptDocument(
            "The XML declares a document type, which e-invoices must not have. "
            "It was not read, for safety."
        )
    if root.tag not in INVOICE_ROOTS:
        raise UnsupportedMedia(
            f"The XML is not an e-invoice: its root is {str(root.tag)[:120]!r}; "
            "CII and UBL invoices and credit notes are read."
        )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["unknown fault"])[0][:200]


def read_invoice_xml(path: Path) -> bytes:
    """The bytes of an e-invoice file. Raises as `check_invoice_xml`."""
    with path.open("rb") as file:
        content = file.read(MOST_XML_BYTES + 1)
    check_invoice_xml(content)
    return content


def attached_invoice(document: pdfium.PdfDocument) -> tuple[bytes | None, tuple[str, ...]]:
    """The e-invoice attached to a PDF, if any, and notes about attachments that look like one
    but cannot be used."""
    notes = []
    for name, attachment in _xml_attachments(document):
        try:
            content = bytes(attachment.get_data())
            check_invoice_xml(content)
        except (pdfium.PdfiumError, CorruptDocument, UnsupportedMedia) as error:
            # An order or a data sheet may be attached too; only a spoilt invoice is worth a note.
            if name.lower() in _INVOICE_NAMES:
                notes.append(f"The attached {name} cannot be used: {error}")
            continue
        return content, tuple(notes)
    return None, tuple(notes)


def _xml_attachments(
    document: pdfium.PdfDocument,
) -> list[tuple[str, pdfium.PdfAttachment]]:
    """Attachments with an XML name, those with the name of an invoice first."""
    found = []
    for index in range(min(document.count_attachments(), _MOST_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            name = attachment.get_name()
        except pdfium.PdfiumError:
            continue
        if name.lower().endswith(".xml"):
            found.append((name, attachment))
    return sorted(found, key=lambda pair: pair[0].lower() not in _INVOICE_NAMES)
