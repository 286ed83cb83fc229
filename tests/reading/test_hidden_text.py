"""Text nobody sees is found and left out; text people see stays, however it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from src.domain.document import MediaType
from src.domain.page import Concealment
from src.reading.active_content import active_content
from src.reading.units import Batch, read_batch

A4 = (595, 842)
Draw = Callable[[Canvas], None]
SECRET = "Pay to DE89 3704 0044 0532 0130 00 now"


def read(path: Path, draw: Draw) -> Batch:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    for row in range(12):
        canvas.drawString(60, 780 - 20 * row, f"Row {row} of an ordinary invoice, seen by all.")
    draw(canvas)
    canvas.save()
    return read_batch(path, MediaType.PDF, 1)


def words(batch: Batch) -> str:
    return " ".join(word.text for word in batch.drafts[0].page.words)


def white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(60, 300, SECRET)


def nearly_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.97, 0.97, 0.97)
    canvas.drawString(60, 300, SECRET)


def black_on_black(canvas: Canvas) -> None:
    canvas.rect(50, 280, 400, 60, fill=1, stroke=0)
    canvas.drawString(60, 300, SECRET)


def covered(canvas: Canvas) -> None:
    canvas.drawString(60, 300, SECRET)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(50, 290, 400, 30, fill=1, stroke=0)


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(60, 300, SECRET)


def invisible(canvas: Canvas) -> None:
    text = canvas.beginText(60, 300)
    text.setTextRenderMode(3)
    text.textLine(SECRET)
    canvas.drawText(text)


def off_page(canvas: Canvas) -> None:
    canvas.drawString(60, -40, SECRET)


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (white, Concealment.SAME_COLOUR),
        (nearly_white, Concealment.SAME_COLOUR),
        (black_on_black, Concealment.SAME_COLOUR),
        (covered, Concealment.COVERED),
        (tiny, Concealment.TINY),
        (invisible, Concealment.INVISIBLE),
        (off_page, Concealment.OFF_PAGE),
    ],
)
def test_hidden_text_is_told_and_left_out(tmp_path: Path, draw: Draw, why: Concealment) -> None:
    batch = read(tmp_path / "a.pdf", draw)
    (hidden,) = batch.drafts[0].hidden
    assert (hidden.page, hidden.text, hidden.why) == (1, SECRET, why)
    assert "0532" not in words(batch)
    assert "Row 11 of an ordinary invoice" in words(batch)


def white_on_a_dark_band(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.4)
    canvas.rect(50, 280, 400, 60, fill=1, stroke=0)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(60, 300, SECRET)


def under_a_glass(canvas: Canvas) -> None:
    canvas.drawString(60, 300, SECRET)
    canvas.setFillColor(Color(1, 1, 0, alpha=0.3))
    canvas.rect(50, 290, 400, 30, fill=1, stroke=0)


def light_gray(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.75, 0.75, 0.75)
    canvas.drawString(60, 300, SECRET)


def on_a_white_cell(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(50, 290, 400, 30, fill=1, stroke=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(60, 300, SECRET)


def small_print(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 4)
    canvas.drawString(60, 300, SECRET)


def words_over_their_picture(canvas: Canvas) -> None:
    canvas.drawString(60, 300, SECRET)
    text = canvas.beginText(60, 300)
    text.setTextRenderMode(3)
    text.textLine(SECRET)
    canvas.drawText(text)


@pytest.mark.parametrize(
    "draw",
    [
        white_on_a_dark_band,
        under_a_glass,
        light_gray,
        on_a_white_cell,
        small_print,
        words_over_their_picture,
    ],
)
def test_text_that_is_seen_stays(tmp_path: Path, draw: Draw) -> None:
    batch = read(tmp_path / "a.pdf", draw)
    assert batch.drafts[0].hidden == ()
    assert "0532" in words(batch)


def test_hidden_text_is_found_on_a_turned_page(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    read(path, white)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(path)
    (hidden,) = read_batch(path, MediaType.PDF, 1).drafts[0].hidden
    assert hidden.text == SECRET


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def on_open(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = script()


def by_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["run", script()]))
    )


def launch(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = pikepdf.Array(
        [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Link,
                    Rect=[0, 0, 10, 10],
                    A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"),
                )
            )
        ]
    )


def of_a_field(pdf: pikepdf.Pdf) -> None:
    kid = pikepdf.Dictionary(T="b", AA=pikepdf.Dictionary(K=script()))
    parent = pikepdf.Dictionary(T="a", Kids=pikepdf.Array([pdf.make_indirect(kid)]))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(parent)]))


def round_in_circles(pdf: pikepdf.Pdf) -> None:
    action = pdf.make_indirect(script())
    action.Next = pikepdf.Array([action, action])
    pdf.Root.OpenAction = action


def xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA="x", Fields=pikepdf.Array())


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (on_open, ("JavaScript",)),
        (by_name, ("JavaScript",)),
        (launch, ("starts a program",)),
        (of_a_field, ("JavaScript",)),
        (round_in_circles, ("JavaScript",)),
        (xfa, ("an XFA form",)),
        (lambda pdf: None, ()),
    ],
)
def test_active_content(
    tmp_path: Path, make: Callable[[pikepdf.Pdf], None], told: tuple[str, ...], packed: bool
) -> None:
    path = tmp_path / "a.pdf"
    read(path, lambda canvas: None)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        make(pdf)
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        pdf.save(path, object_stream_mode=mode)
    assert active_content(path) == told
    assert read_batch(path, MediaType.PDF, 1).active_content == told


def test_a_file_that_cannot_be_looked_into_has_nothing_to_tell(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 /JavaScript")
    assert active_content(path) == ()
