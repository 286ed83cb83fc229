"""Whether a file that just arrived looks whole. Cheap: reads its ends, decodes nothing.

A scanner that writes over the network may pause longer than any stability delay, so the
folder watch asks this before it hands a file on. It can be wrong both ways: a file that never
becomes whole must be given up at some time and go to intake, which refuses it with a reason.
"""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

from PIL import Image

from src.domain.document import MediaType
from src.domain.errors import CorruptDocument, TooLarge
from src.reading.images import IMAGE_FAULTS, open_image
from src.reading.media import SNIFFED_BYTES, sniff_bytes

# Viewers look for the end mark of a PDF in this many bytes (ISO 32000-1, annex H.3.4.4).
_PDF_TAIL = 1024
# Cameras append their own data to pictures.
_IMAGE_TAIL = 64 * 1024
# Directories of a TIFF that are followed.
_MOST_FRAMES = 200

# The length entry of a linearization dictionary.
_LENGTH = re.compile(rb"/L\s+(\d{1,15})")

# Tags of a TIFF directory that tell where pixels are: strips and tiles.
_TIFF_DATA = ((273, 279), (324, 325))


def looks_complete(path: Path) -> bool:
    """False when the file is empty or its end is missing; True for what is not recognised.

    Blocks for a few reads. Raises `OSError`.
    """
    with path.open("rb") as file:
        head = file.read(SNIFFED_BYTES)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _IMAGE_TAIL))
        tail = file.read()
    if not size:
        return False
    return _is_whole(path, sniff_bytes(head), head, tail, size)


def _is_whole(path: Path, kind: MediaType | None, head: bytes, tail: bytes, size: int) -> bool:
    match kind:
        case MediaType.PDF:
            return pdf_has_end(head, tail, size)
        case MediaType.JPEG:
            return b"\xff\xd9" in tail
        case MediaType.PNG:
            return b"IEND" in tail
        case MediaType.WEBP:
            # The RIFF header tells the length of what follows its first eight bytes.
            return len(head) >= 8 and size >= struct.unpack("<I", head[4:8])[0] + 8
        case MediaType.TIFF:
            return _tiff_has_pixels(path, size)
        case MediaType.XML:
            return tail.rstrip(b" \t\r\n\x00").endswith(b">")
        case _:
            return True


def pdf_has_end(head: bytes, tail: bytes, size: int) -> bool:
    """Whether the end mark is where it belongs; `head` and `tail` are the ends of the file."""
    if b"%%EOF" not in tail.rstrip(b"\x00 \t\r\n")[-_PDF_TAIL:]:
        return False
    # A linearized file carries an end mark near its start as well, but tells its length.
    place = head.find(b"/Linearized")
    if place < 0:
        return True
    length = _LENGTH.search(head, place)
    return length is None or int(length.group(1)) <= size


def _tiff_has_pixels(path: Path, size: int) -> bool:
    """Whether every directory and the data it points to lie within the file."""
    try:
        with open_image(path, MediaType.TIFF) as image:
            for frame in range(_MOST_FRAMES):
                image.seek(frame)
                if _end_of_data(image) > size:
                    return False
    except EOFError:
        return True
    except (*IMAGE_FAULTS, CorruptDocument):
        return False
    except TooLarge:
        # Whole enough to be refused for its size.
        return True
    return True


def _end_of_data(image: Image.Image) -> int:
    tags = getattr(image, "tag_v2", {})
    ends = [0]
    for offsets, counts in _TIFF_DATA:
        pairs = zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False)
        ends.extend(int(offset) + int(count) for offset, count in pairs)
    return max(ends)
