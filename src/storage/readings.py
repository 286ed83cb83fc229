"""What was read of a document, as a compressed JSON file."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from src.domain.page import ReadDocument

_JSON = TypeAdapter(ReadDocument)
# Words compress well at any level, and the lowest costs a page a millisecond or two.
_LEVEL = 1


def encode_reading(read: ReadDocument) -> bytes:
    """Without the e-invoice XML, which is in the original."""
    return gzip.compress(_JSON.dump_json(replace(read, embedded_xml=None)), _LEVEL, mtime=0)


def decode_reading(content: bytes) -> ReadDocument | None:
    """None for what is damaged or of another version: the pages can be read again."""
    try:
        return _JSON.validate_json(gzip.decompress(content))
    except (ValidationError, OSError, EOFError, zlib.error):
        return None
