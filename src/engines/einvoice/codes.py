"""Code lists of EN 16931 that the schema says in words."""

from __future__ import annotations

from src.domain.invoice import DocumentType

# UNTDID 1001, the codes EN 16931 admits for BT-3.
_CREDIT_NOTES = frozenset({81, 83, 261, 262, 296, 308, 381, 396, 420, 458, 502, 503, 532})
# A self-billed invoice (389) and a debit note (383) ask for payment as any invoice does. A pro
# forma invoice (325) does not, though the list admits it: it is asked for again.
_INVOICES = frozenset(
    {
        *(71, 80, 82, 84, 102, 130, 202, 203, 204, 211, 218, 219, 295, 326, 331),
        *(380, 382, 383, 384, 385, 386, 387, 388, 389, 390, 393, 394, 395),
        *(456, 457, 471, 472, 473, 500, 501, 527, 553, 575, 623, 633),
        *(751, 780, 817, 870, 875, 876, 877, 935),
    }
)


def document_type_of(code: str) -> DocumentType:
    """The kind of document a UNTDID 1001 code means; OTHER for codes that are no invoice's."""
    number = int(code) if code.isascii() and code.isdecimal() and len(code) <= 4 else 0
    if number in _CREDIT_NOTES:
        return DocumentType.CREDIT_NOTE
    return DocumentType.INVOICE if number in _INVOICES else DocumentType.OTHER
