"""Files with random damage end in a reading or in an error of ours, never in a crash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from src.domain.document import MediaType
from src.domain.errors import InvoiceAgentError
from src.reading import units
from src.reading.completeness import looks_complete
from src.reading.inspection import Limits, inspect_file
from tests.reading.documents import (
    CII_INVOICE,
    image_bytes,
    scan,
    text_pdf,
    tiff_bytes,
    write,
)

_SCAN = scan(dpi=40)
_SEEDS = {
    "text PDF": text_pdf(picture=scan(dpi=30), picture_box=(300, 100, 100, 100)),
    "scanned PDF": image_bytes(_SCAN, "PDF", resolution=40),
    "JPEG": image_bytes(_SCAN, "JPEG"),
    "PNG": image_bytes(_SCAN, "PNG"),
    "WebP": image_bytes(_SCAN, "WEBP"),
    "fax TIFF": tiff_bytes([_SCAN.convert("1")] * 2, compression="group4"),
    "plain TIFF": tiff_bytes([_SCAN] * 2),
    "JPEG TIFF": tiff_bytes([_SCAN], compression="jpeg"),
    "XML": CII_INVOICE,
}
_LIMITS = Limits(media_types=frozenset(MediaType), max_pages=50, max_pixels=20_000_000)
_EXTREMES = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff")
_ROUNDS = 25


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Changes some bytes, half of them near the start where the structure is."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 3, 10, 40))):
        place = dice.randrange(len(changed) if dice.random() < 0.5 else min(len(changed), 400))
        match dice.randrange(4):
            case 0:
                changed[place : place + 4] = dice.choice(_EXTREMES)
            case 1 if len(changed) > 100:
                del changed[place : place + dice.randrange(1, 50)]
            case _:
                changed[place] = dice.randrange(256)
    return bytes(changed)


def take(path: Path) -> None:
    """What happens to an arriving file, without OCR."""
    looks_complete(path)
    media_type = inspect_file(path, _LIMITS).media_type
    if media_type is MediaType.XML:
        units.read_xml(path)
        return
    units.read_batch(path, media_type, 1)
    assert units.render_png(path, media_type, 1, 0, 200).startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", _SEEDS)
def test_random_damage(kind: str, tmp_path: Path) -> None:
    take(write(tmp_path, "whole", _SEEDS[kind]))
    dice = random.Random(kind)  # noqa: S311  (the damage must be the same each time)
    messages = []
    for _ in range(_ROUNDS):
        try:
            take(write(tmp_path, "damaged", damaged(_SEEDS[kind], dice)))
        except InvoiceAgentError as error:
            messages.append(error.message)
    assert all(messages)
