"""Paper that remembers what is written on it.

The same strokes become pages of words with boxes at once (thousands in a minute, no rendering)
or a PDF that has to be read like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas as PdfCanvas

from src.domain.page import Box, Page, TextSource, Word
from training.fonts import Face

PAGES = "{pages}"
# Of the font size: how far boxes of a text layer reach above and below the base line.
_ASCENT, _DESCENT = 0.85, 0.22


@dataclass(frozen=True, slots=True)
class Run:
    """One run of text; `x` is its left edge and `y` its base line, in points from top left."""

    page: int
    x: float
    y: float
    text: str
    font: str
    size: float
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A rule, or with `filled` a grey rectangle."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    filled: bool = False


class Canvas:
    """Pages of equal size; `on_page` is called for every page after the first."""

    def __init__(self, face: Face, width: float, height: float) -> None:
        self.face = face
        self.width, self.height = width, height
        self.page = 1
        self.on_page: Callable[[], None] = lambda: None
        self._runs: list[Run] = []
        self._strokes: list[Stroke] = []

    def measure(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width in points."""
        return float(pdfmetrics.stringWidth(text, self.face.font(bold), size))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: str = "left",
        grey: bool = False,
    ) -> None:
        """`x` is the left edge, right edge or middle, as `align` says."""
        if not text:
            return
        width = self.measure(text, size, bold=bold)
        left = x - {"left": 0.0, "right": width, "center": width / 2}[align]
        self._runs.append(Run(self.page, left, y, text, self.face.font(bold), size, grey))

    def stack(
        self,
        x: float,
        y: float,
        lines: Iterable[str],
        size: float,
        leading: float,
        *,
        bold_first: bool = False,
        align: str = "left",
    ) -> float:
        """Lines below each other, empty ones left out; answers where the next would stand."""
        for index, line in enumerate(line for line in lines if line):
            self.text(x, y, line, size, bold=bold_first and index == 0, align=align)
            y += leading
        return y

    def rule(self, x0: float, y: float, x1: float) -> None:
        self._strokes.append(Stroke(self.page, x0, y, x1, y))

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        corners = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        self._strokes += [Stroke(self.page, *corner) for corner in corners]

    def fill(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._strokes.append(Stroke(self.page, x0, y0, x1, y1, filled=True))

    def wrapped(self, text: str, width: float, size: float) -> list[str]:
        """The words of `text` on lines no wider than `width`."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.measure(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def new_page(self) -> None:
        self.page += 1
        self.on_page()

    def cut_to(self, height: float) -> None:
        """A till cuts the paper where the receipt ends."""
        self.height = height

    def pages(self) -> tuple[Page, ...]:
        """Words with boxes, as reading gives them for a text layer."""
        words: dict[int, list[Word]] = {number: [] for number in range(1, self.page + 1)}
        for run in self._finished():
            words[run.page] += self._words(run)
        return tuple(
            Page(number, self.width, self.height, 0, TextSource.TEXT_LAYER, tuple(found))
            for number, found in words.items()
        )

    def pdf(self) -> bytes:
        """The same strokes as a PDF with a text layer."""
        buffer = BytesIO()
        sheet = PdfCanvas(buffer, pagesize=(self.width, self.height), invariant=1)
        runs: Sequence[Run] = tuple(self._finished())
        for number in range(1, self.page + 1):
            for stroke in (s for s in self._strokes if s.page == number):
                self._draw(sheet, stroke)
            for run in (r for r in runs if r.page == number):
                sheet.setFont(run.font, run.size)
                sheet.setFillColor(HexColor("#666666" if run.grey else "#000000"))
                sheet.drawString(run.x, self.height - run.y, run.text)
            sheet.showPage()
        sheet.save()
        return buffer.getvalue()

    def _finished(self) -> Iterator[Run]:
        for run in self._runs:
            yield replace(run, text=run.text.replace(PAGES, str(self.page)))

    def _words(self, run: Run) -> Iterator[Word]:
        top, bottom = run.y - _ASCENT * run.size, run.y + _DESCENT * run.size
        start = 0
        for text in run.text.replace("\N{NO-BREAK SPACE}", " ").split(" "):
            if text:
                left = pdfmetrics.stringWidth(run.text[:start], run.font, run.size)
                right = left + pdfmetrics.stringWidth(text, run.font, run.size)
                box = self._box(run.x + left, top, run.x + right, bottom)
                yield Word(text, box)
            start += len(text) + 1

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        def share(value: float, whole: float) -> float:
            return min(1.0, max(0.0, value / whole))

        return Box(
            share(x0, self.width),
            share(y0, self.height),
            share(x1, self.width),
            share(y1, self.height),
        )

    def _draw(self, sheet: PdfCanvas, stroke: Stroke) -> None:
        if stroke.filled:
            sheet.setFillColor(HexColor("#e8e8e8"))
            height = stroke.y1 - stroke.y0
            width = stroke.x1 - stroke.x0
            sheet.rect(stroke.x0, self.height - stroke.y1, width, height, fill=1, stroke=0)
            return
        sheet.setLineWidth(0.5)
        sheet.line(stroke.x0, self.height - stroke.y0, stroke.x1, self.height - stroke.y1)
