"""What a file is, from its first bytes and never from its name."""

from __future__ import annotations

import re
from pathlib import Path

from src.domain.document import MediaType

# A PDF header may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H.3.4.1).
SNIFFED_BYTES = 1024

_TIFF_HEADERS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

# UTF-8 with and without a byte order mark, UTF-16 and UTF-32 in both orders.
_XML_ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)

# A declaration, a comment, a document type or a root element with a lower- or upper-case name.
# HTML is not XML to this product.
_XML_START = re.compile(r"\ufeff?\s*<(\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.\-]*(:[\w.\-]+)?[\s>/])")
_HTML_START = re.compile(r"\ufeff?\s*<(!DOCTYPE\s+html\b|html\b)", re.IGNORECASE)

SUPPORTED_NAMES = {
    "pdf": MediaType.PDF,
    "jpg": MediaType.JPEG,
    "jpeg": MediaType.JPEG,
    "png": MediaType.PNG,
    "tif": MediaType.TIFF,
    "tiff": MediaType.TIFF,
    "webp": MediaType.WEBP,
    "xml": MediaType.XML,
}


def media_types(extensions: tuple[str, ...]) -> frozenset[MediaType]:
    """The types behind a list of extension names; unknown names raise `KeyError`."""
    return frozenset(SUPPORTED_NAMES[name.lower().lstrip(".")] for name in extensions)


def sniff(path: Path) -> MediaType | None:
    """The media type of the file, None when it is none of ours. Raises `OSError`."""
    with path.open("rb") as file:
        return sniff_bytes(file.read(SNIFFED_BYTES))


def sniff_bytes(head: bytes) -> MediaType | None:
    """The media type of a file that starts with `head`, None when it is none of ours."""
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head.startswith(_TIFF_HEADERS):
        return MediaType.TIFF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if _looks_like_xml(head):
        return MediaType.XML
    # Last, because it may follow junk: a program that carries a PDF stays a program.
    if b"%PDF-" in head[:SNIFFED_BYTES] and not head.startswith(_NOT_JUNK):
        return MediaType.PDF
    return None


# Headers of programs and archives, which are not junk before a PDF.
_NOT_JUNK = (b"MZ", b"\x7fELF", b"PK\x03\x04", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def _looks_like_xml(head: bytes) -> bool:
    encoding = next((name for mark, name in _XML_ENCODINGS if head.startswith(mark)), "utf-8")
    text = head.decode(encoding, errors="ignore")
    return bool(_XML_START.match(text)) and not _HTML_START.match(text)
