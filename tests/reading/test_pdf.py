"""Text layers: words, places, turned pages, doubtful layers."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from src.domain.errors import CorruptDocument, EncryptedDocument, NotFound
from src.domain.page import Box, Word
from src.reading.letter_spacing import join_spaced_letters
from src.reading.pdf import TextLayer, open_page, open_pdf, read_text_layer, render_page
from src.reading.plan import advise, may_hide_print
from src.reading.text_quality import judge_characters
from tests.reading.documents import A4, INVOICE_LINES, scan, text_pdf, write


def layer_of(path: Path, number: int = 1) -> TextLayer:
    with open_pdf(path) as document, open_page(document, number) as page:
        return read_text_layer(page)


def box_of(layer: TextLayer, text: str) -> Box:
    return next(word.box for word in layer.words if word.text == text)


def test_words_in_source_order_with_boxes(tmp_path: Path) -> None:
    layer = layer_of(write(tmp_path, "a.pdf", text_pdf()))
    expected = " ".join(text for _, _, text in INVOICE_LINES).split()
    assert [word.text for word in layer.words] == expected
    assert (round(layer.width), round(layer.height), layer.rotation) == (595, 842, 0)
    box = box_of(layer, "667.70")
    assert box.x0 == pytest.approx(480 / A4[0], abs=0.002)
    assert box.y0 < 300 / A4[1] < box.y1 + 0.001
    assert 0.008 < box.y1 - box.y0 < 0.025
    assert all(word.confidence == 1.0 for word in layer.words)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_boxes_lie_on_the_upright_page(turn: int, angle: int, tmp_path: Path) -> None:
    """Whatever /Rotate says and however the text was drawn, the boxes cover the ink of the
    page rendered with the reported rotation."""
    path = write(tmp_path, "a.pdf", text_pdf(turn=turn, text_angle=angle))
    layer = layer_of(path)
    assert layer.width < layer.height
    top, total = box_of(layer, "Northwind"), box_of(layer, "667.70")
    assert top.y1 < total.y0
    assert top.x1 < total.x0
    with open_pdf(path) as document, open_page(document, 1) as page:
        picture = render_page(page, 842, layer.rotation)
    ink = np.asarray(picture.convert("L")) < 128
    height, width = ink.shape
    assert (width < height) is True
    for word in layer.words:
        box = word.box
        rows = slice(int(box.y0 * height), int(np.ceil(box.y1 * height)) + 1)
        columns = slice(int(box.x0 * width), int(np.ceil(box.x1 * width)) + 1)
        assert ink[rows, columns].any(), word
        ink[rows, columns] = False
    assert not ink.any()


def test_the_crop_box_is_the_page(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.pages[0].cropbox = pikepdf.Rectangle(0, 842 - 280, 595, 842)
        document.save(tmp_path / "cropped.pdf")
    layer = layer_of(tmp_path / "cropped.pdf")
    assert layer.height == pytest.approx(280, abs=1)
    assert "667.70" not in [word.text for word in layer.words]
    assert box_of(layer, "149.70").y0 == pytest.approx(215 / 280, abs=0.03)


def test_wide_gaps_part_words_without_a_space(tmp_path: Path) -> None:
    lines = [(50, 50, "Total"), (80, 50, "EUR"), (300, 50, "12.50")]
    layer = layer_of(write(tmp_path, "a.pdf", text_pdf([lines])))
    assert [word.text for word in layer.words] == ["Total", "EUR", "12.50"]


def test_small_and_large_print_have_boxes_of_their_size(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 60)
    canvas.drawString(50, 700, "INVOICE")
    canvas.setFont("Helvetica", 6)
    canvas.drawString(50, 600, "terms")
    canvas.save()
    layer = layer_of(tmp_path / "a.pdf")
    large, small = box_of(layer, "INVOICE"), box_of(layer, "terms")
    assert 45 < (large.y1 - large.y0) * A4[1] < 90
    assert 4 < (small.y1 - small.y0) * A4[1] < 9


def test_text_outside_the_page_is_left_out(tmp_path: Path) -> None:
    lines = [(50, 50, "visible"), (700, 50, "beside"), (50, 900, "below")]
    layer = layer_of(write(tmp_path, "a.pdf", text_pdf([lines])))
    assert [word.text for word in layer.words] == ["visible"]


def test_pictures_are_found_where_they_are(tmp_path: Path) -> None:
    logo = Image.new("RGB", (60, 30), "navy")
    pdf = text_pdf(picture=logo, picture_box=(400, 742, 120, 60))
    layer = layer_of(write(tmp_path, "a.pdf", pdf))
    (box,) = layer.pictures
    assert box.x0 == pytest.approx(400 / A4[0], abs=0.002)
    assert box.y0 == pytest.approx(40 / A4[1], abs=0.002)
    assert box.x1 == pytest.approx(520 / A4[0], abs=0.002)
    assert box.y1 == pytest.approx(100 / A4[1], abs=0.002)


def test_pictures_inside_forms_are_found(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.beginForm("stamp")
    canvas.drawImage(ImageReader(Image.new("RGB", (10, 10), "red")), 0, 0, 100, 50)
    canvas.endForm()
    canvas.translate(200, 300)
    canvas.scale(2, 2)
    canvas.doForm("stamp")
    canvas.save()
    (box,) = layer_of(tmp_path / "a.pdf").pictures
    assert box.x0 == pytest.approx(200 / A4[0], abs=0.002)
    assert box.x1 == pytest.approx(400 / A4[0], abs=0.002)
    assert box.y1 == pytest.approx(1 - 300 / A4[1], abs=0.002)


def test_an_invisible_layer_is_known_as_such(tmp_path: Path) -> None:
    visible = layer_of(write(tmp_path, "a.pdf", text_pdf()))
    hidden = layer_of(write(tmp_path, "b.pdf", text_pdf(invisible=True, picture=scan(dpi=72))))
    assert not visible.quality.is_invisible
    assert hidden.quality.is_invisible
    assert not hidden.quality.is_garbled


def test_an_empty_page(tmp_path: Path) -> None:
    layer = layer_of(write(tmp_path, "a.pdf", text_pdf([[]])))
    assert layer.words == ()
    assert layer.drawings == 0
    assert layer.quality.is_sparse


@pytest.mark.parametrize("bad", [0xE010, 0xFFFD, 0x03, 0x85])
def test_a_garbled_character_map_is_noticed(bad: int) -> None:
    codes = np.array([ord(c) for c in "Total amount due 1,234.56 EUR"] * 3, dtype=np.uint32)
    assert not judge_characters(codes, unmapped=0, invisible=0).is_garbled
    codes[::9] = bad
    assert judge_characters(codes, unmapped=0, invisible=0).is_garbled
    assert judge_characters(codes[1::9], unmapped=0.9, invisible=0).is_garbled


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(CorruptDocument), open_pdf(write(tmp_path, "a.pdf", b"%PDF-1.4 junk")):
        pass
    locked = text_pdf(password="secret")
    with pytest.raises(EncryptedDocument), open_pdf(write(tmp_path, "b.pdf", locked)):
        pass
    path = write(tmp_path, "c.pdf", text_pdf())
    with open_pdf(path) as document, pytest.raises(NotFound), open_page(document, 2):
        pass


def test_a_page_of_absurd_size_is_drawn_small(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.pages[0].mediabox = pikepdf.Rectangle(0, 0, 14_000, 20)
        document.save(tmp_path / "a.pdf")
    with open_pdf(tmp_path / "a.pdf") as document, open_page(document, 1) as page:
        assert max(render_page(page, 1000).size) <= 1001


def letters(text: str, gap: float = 0.01, y: float = 0.1) -> list[Word]:
    words, x = [], 0.1
    for character in text:
        if character != "_":
            words.append(Word(character, Box(x, y, x + 0.01, y + 0.012)))
        x += 0.01 + gap
    return words


def test_spaced_letters_become_words() -> None:
    joined = join_spaced_letters(
        [*letters("RECHNUNG_Nr"), Word("7", Box(0.9, 0.1, 0.91, 0.112))], *A4
    )
    assert [word.text for word in joined] == ["RECHNUNG", "Nr", "7"]
    assert joined[0].box.x0 == pytest.approx(0.1)
    assert joined[0].box.x1 == pytest.approx(0.25)


@pytest.mark.parametrize(
    "words",
    [
        letters("ABC"),
        letters("1234567"),
        letters("ABCDEF", gap=0.1),
        [*letters("AB", y=0.1), *letters("CD", y=0.2)],
    ],
)
def test_what_only_looks_spaced_stays(words: list[Word]) -> None:
    assert join_spaced_letters(words, *A4) == tuple(words)


@pytest.mark.parametrize(
    ("over", "alpha", "covered"), [(True, 255, 1.0), (True, 60, 0.0), (False, 255, 0.0)]
)
def test_text_that_a_picture_lies_over(
    tmp_path: Path, over: bool, alpha: int, covered: float
) -> None:
    """A scan over a text layer hides it; a letterhead below it or a watermark does not."""
    picture = ImageReader(Image.new("RGBA", (60, 85), (250, 250, 250, alpha)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    if not over:
        canvas.drawImage(picture, 0, 0, *A4, mask="auto")
    for x, y, text in INVOICE_LINES:
        canvas.drawString(x, A4[1] - y, text)
    if over:
        canvas.drawImage(picture, 0, 0, *A4, mask="auto")
    canvas.save()
    layer = layer_of(write(tmp_path, "a.pdf", buffer.getvalue()))
    assert layer.covered == covered
    assert advise(layer).read_page is (covered == 1.0)
    assert may_hide_print(layer) is (covered == 0.0)
