"""The faces generated invoices are set in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts"), Path("/Library/Fonts"))
_FILES = {
    "DejaVu": ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
    "DejaVuSerif": ("dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSerif-Bold.ttf"),
    "Liberation": ("liberation/LiberationSans-Regular.ttf", "liberation/LiberationSans-Bold.ttf"),
    "Narrow": (
        "liberation/LiberationSansNarrow-Regular.ttf",
        "liberation/LiberationSansNarrow-Bold.ttf",
    ),
}


@dataclass(frozen=True, slots=True)
class Face:
    regular: str
    bold: str

    def font(self, bold: bool) -> str:
        return self.bold if bold else self.regular


HELVETICA = Face("Helvetica", "Helvetica-Bold")
TIMES = Face("Times-Roman", "Times-Bold")
COURIER = Face("Courier", "Courier-Bold")


def western_faces() -> tuple[Face, ...]:
    """For languages of Latin-1."""
    return (HELVETICA, HELVETICA, TIMES, *unicode_faces())


@cache
def unicode_faces() -> tuple[Face, ...]:
    """TrueType faces of this machine that have more letters than Latin-1, such as Polish ones.

    Without any, Helvetica stands in: pages of words are right then, drawn PDFs lack glyphs.
    """
    found = tuple(face for name in _FILES if (face := _registered(name)) is not None)
    return found or (HELVETICA,)


def _registered(name: str) -> Face | None:
    for folder in _FOLDERS:
        regular, bold = (folder / file for file in _FILES[name])
        if regular.exists() and bold.exists():
            try:
                pdfmetrics.registerFont(TTFont(name, str(regular)))
                pdfmetrics.registerFont(TTFont(f"{name}-Bold", str(bold)))
            except TTFError:
                continue
            return Face(name, f"{name}-Bold")
    return None
