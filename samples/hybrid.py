"""Puts an invoice's XML into its PDF, the way Factur-X does."""

from __future__ import annotations

from io import BytesIO

import pikepdf

_FILE_NAME = "factur-x.xml"
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
# Files carry a date; a fixed one keeps the bytes the same.
_FILE_DATE = "D:20260101000000Z"


def with_embedded_xml(pdf: bytes, xml: bytes, profile: str) -> bytes:
    """The PDF with `factur-x.xml` attached as an alternative, and the metadata that tells so."""
    document = pikepdf.open(BytesIO(pdf))
    file = pikepdf.AttachedFileSpec(
        document,
        xml,
        description="Invoice as Cross Industry Invoice",
        filename=_FILE_NAME,
        mime_type="text/xml",
        creation_date=_FILE_DATE,
        mod_date=_FILE_DATE,
    )
    file.relationship = pikepdf.Name.Alternative
    document.attachments[_FILE_NAME] = file
    attached = document.Root.Names.EmbeddedFiles.Names[1]
    document.Root.AF = document.make_indirect(pikepdf.Array([attached]))
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.register_xml_namespace(_NAMESPACE, "fx")
        metadata["fx:DocumentType"] = "INVOICE"
        metadata["fx:DocumentFileName"] = _FILE_NAME
        metadata["fx:Version"] = "1.0"
        metadata["fx:ConformanceLevel"] = profile
    output = BytesIO()
    document.save(output, deterministic_id=True)
    return output.getvalue()
