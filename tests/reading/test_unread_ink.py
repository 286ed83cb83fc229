from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from src.domain.document import MediaType
from src.domain.page import Box, Word
from src.reading.units import read_batch
from src.reading.unread_ink import LOOKED_AT, unread_blocks

ADDRESS = ("Fjordlys Kontor Limited", "12 Harbour Road", "Bristol BS1 4ND")


def page(*lines: tuple[int, int, str]) -> Image.Image:
    picture = Image.new("RGB", (round(LOOKED_AT / 2**0.5), LOOKED_AT), "white")
    pen = ImageDraw.Draw(picture)
    for x, y, text in lines:
        pen.text((x, y), text, fill="black", font=ImageFont.load_default(16))
    return picture


def address_at(x: int, y: int) -> list[tuple[int, int, str]]:
    return [(x, y + 22 * row, text) for row, text in enumerate(ADDRESS)]


def test_a_block_without_words_is_found_where_it_is() -> None:
    (block,) = unread_blocks(page(*address_at(100, 200)), ())
    assert block.x0 == pytest.approx(100 / 849, abs=0.01)
    assert block.y0 == pytest.approx(200 / 1200, abs=0.01)
    assert block.y1 == pytest.approx(258 / 1200, abs=0.02)
    assert block.x1 < 0.4


def test_what_the_layer_has_is_not_read_again() -> None:
    words = (Word("all of it", Box(0.1, 0.15, 0.4, 0.23)),)
    assert unread_blocks(page(*address_at(100, 200)), words) == ()


def test_logos_rules_and_blank_paper_are_left_alone() -> None:
    picture = page((100, 100, "ACME Trading"))
    pen = ImageDraw.Draw(picture)
    for y in range(300, 900, 40):
        pen.line((50, y, 800, y), fill="black")
    pen.rectangle((600, 50, 800, 200), fill="black")
    assert unread_blocks(picture, ()) == ()


def test_a_page_with_many_blocks_is_read_whole() -> None:
    lines = [line for y in (100, 300, 500, 700) for line in address_at(100, y)]
    assert unread_blocks(page(*lines), ()) == (Box(0.0, 0.0, 1.0, 1.0),)


def test_print_in_a_small_picture_of_a_text_page_is_to_be_read(tmp_path: Path) -> None:
    drawn = page(*address_at(10, 10)).crop((0, 0, 300, 90))
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    for row in range(30):
        canvas.drawString(50, 500 - 14 * row, f"A line of the text layer, number {row}")
    canvas.drawImage(ImageReader(buffer), 50, 740, width=212, height=64)
    canvas.save()

    (draft,) = read_batch(tmp_path / "a.pdf", MediaType.PDF, 1).drafts
    (region,) = draft.advice.regions
    assert region.x0 == pytest.approx(57 / 595, abs=0.02)
    assert 0.04 < region.y0 < region.y1 < 0.13
