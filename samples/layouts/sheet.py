"""Paper to draw on: points from the top left corner, pages, wrapped text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Fonts:
    regular: str
    bold: str


HELVETICA = Fonts("Helvetica", "Helvetica-Bold")
TIMES = Fonts("Times-Roman", "Times-Bold")
COURIER = Fonts("Courier", "Courier-Bold")
# Bitstream Vera comes with reportlab; embedded, as PDF/A asks of hybrid invoices.
VERA = Fonts("Vera", "VeraBd")


class Sheet:
    """One document being drawn; the same calls give the same bytes."""

    def __init__(
        self, title: str, author: str, fonts: Fonts, size: tuple[float, float] = A4
    ) -> None:
        self.fonts = fonts
        self.width, self.height = size
        self.page = 1
        self._buffer = BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=size, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        if fonts is VERA:
            for name in (fonts.regular, fonts.bold):
                pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        align: str = "left",
        color: str = BLACK,
    ) -> None:
        """One line; `x` is its left edge, right edge or middle, `y` its base line."""
        self._canvas.setFont(self.fonts.bold if bold else self.fonts.regular, size)
        self._canvas.setFillColor(HexColor(color))
        draw = {
            "left": self._canvas.drawString,
            "right": self._canvas.drawRightString,
            "center": self._canvas.drawCentredString,
        }[align]
        draw(x, self.height - y, text)

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = 9,
        leading: float = 12,
        bold_first: bool = False,
        align: str = "left",
        color: str = BLACK,
    ) -> float:
        """Lines below each other, empty ones left out; answers where the next would stand."""
        for index, line in enumerate(line for line in lines if line):
            bold = bold_first and index == 0
            self.text(x, y, line, size=size, bold=bold, align=align, color=color)
            y += leading
        return y

    def rule(
        self, x0: float, y: float, x1: float, *, width: float = 0.5, color: str = BLACK
    ) -> None:
        self._canvas.setStrokeColor(HexColor(color))
        self._canvas.setLineWidth(width)
        self._canvas.line(x0, self.height - y, x1, self.height - y)

    def upright(self, x: float, y0: float, y1: float, *, width: float = 0.5) -> None:
        """A vertical rule."""
        self._canvas.setStrokeColor(HexColor(BLACK))
        self._canvas.setLineWidth(width)
        self._canvas.line(x, self.height - y0, x, self.height - y1)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        stroke: str | None = BLACK,
    ) -> None:
        """A rectangle with its upper left corner at `x`, `y`."""
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        if stroke:
            self._canvas.setStrokeColor(HexColor(stroke))
            self._canvas.setLineWidth(0.6)
        self._canvas.rect(
            x,
            self.height - y - height,
            width,
            height,
            fill=int(bool(fill)),
            stroke=int(bool(stroke)),
        )

    def disc(self, x: float, y: float, radius: float, color: str) -> None:
        self._canvas.setFillColor(HexColor(color))
        self._canvas.circle(x, self.height - y, radius, fill=1, stroke=0)

    def wrapped(self, text: str, width: float, size: float) -> list[str]:
        """The words of `text` on lines no wider than `width`."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and pdfmetrics.stringWidth(longer, self.fonts.regular, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def next_page(self) -> None:
        self._canvas.showPage()
        self.page += 1

    def finish(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()
