"""Words with boxes from the text layer of a PDF page."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from src.domain.page import Box, Word
from src.reading.letter_spacing import join_spaced_letters

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint32]

# Characters of one page that are looked at; a denser page is hostile.
MOST_CHARACTERS = 200_000

# A gap wider than this share of the text height separates words even without a space.
_WORD_GAP = 0.6
# Loose boxes (from the font's ascent and descent) taller than this many glyph heights come
# from a font that lies about itself.
_TALLEST_LOOSE = 2.6
# Points; below this a low glyph such as a dash would be mistaken for a lying font.
_SMALL_TEXT = 20.0

_SPACES = np.array(
    [*b" \t\n\r\v\f", 0xA0, *range(0x2000, 0x200C), 0x202F, 0x2060, 0x3000, 0xFEFF],
    dtype=np.uint32,
)
# PDFium's marks for a hyphen at a line end, and the soft hyphen.
_HYPHEN_MARKS = "\x02\ufffe\xad"


@dataclass(frozen=True, slots=True)
class PageFrame:
    """How user space of a PDF page maps to the upright page."""

    # Visible rectangle in user space: left, bottom, right, top, in points.
    left: float
    bottom: float
    right: float
    top: float
    # Degrees clockwise from user space to the upright page.
    turn: int

    @property
    def width(self) -> float:
        """Of the upright page, in points."""
        return self._sides()[0]

    @property
    def height(self) -> float:
        return self._sides()[1]

    def _sides(self) -> tuple[float, float]:
        across, along = self.right - self.left, self.top - self.bottom
        return (along, across) if self.turn in (90, 270) else (across, along)

    def upright(self, rectangles: Floats) -> Floats:
        """(n, 4) left, bottom, right, top in user space -> (n, 4) x0, y0, x1, y1 in points,
        origin top left of the upright page."""
        left, bottom, right, top = rectangles.T
        if self.turn == 90:
            columns = (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        elif self.turn == 180:
            columns = (
                self.right - right,
                bottom - self.bottom,
                self.right - left,
                top - self.bottom,
            )
        elif self.turn == 270:
            columns = (self.top - top, self.right - right, self.top - bottom, self.right - left)
        else:
            columns = (left - self.left, self.top - top, right - self.left, self.top - bottom)
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Characters:
    """All characters of a page in source order."""

    codes: Codes
    # (n, 4) left, bottom, right, top in user space.
    boxes: Floats


def read_characters(text_page: pdfium.PdfTextPage) -> Characters:
    """Codes and loose boxes of every character, line ends and implied spaces included."""
    handle = text_page.raw
    count = max(0, min(pdfium_c.FPDFText_CountChars(handle), MOST_CHARACTERS))
    codes = np.empty(count, dtype=np.uint32)
    boxes = np.zeros((count, 4), dtype=np.float64)
    unicode_of, box_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    rectangles = (pdfium_c.FS_RECTF * count)()
    for index in range(count):
        codes[index] = unicode_of(handle, index)
        box_of(handle, index, rectangles[index])
    if count:
        flat = np.frombuffer(rectangles, dtype=np.float32).reshape(count, 4)
        # FS_RECTF is left, top, right, bottom.
        boxes[:] = flat[:, [0, 3, 2, 1]]
        boxes[:, [0, 2]].sort(axis=1)
    return Characters(codes, boxes)


def text_direction(text_page: pdfium.PdfTextPage, characters: Characters) -> int:
    """Degrees clockwise (0, 90, 180, 270) that turn most of the text of user space upright."""
    printed = np.flatnonzero(~np.isin(characters.codes, _SPACES))
    if not len(printed):
        return 0
    votes = {0: 0, 90: 0, 180: 0, 270: 0}
    for index in printed[:: max(1, len(printed) // 40)]:
        angle = pdfium_c.FPDFText_GetCharAngle(text_page.raw, int(index))
        # Radians clockwise, -1 for none; text is counted to the nearest quarter turn.
        if angle >= 0:
            votes[round(-math.degrees(angle) / 90) % 4 * 90] += 1
    return max(votes, key=lambda turn: votes[turn])


def build_words(
    text_page: pdfium.PdfTextPage, characters: Characters, frame: PageFrame
) -> tuple[Word, ...]:
    """Words in source order; text outside the visible page is left out."""
    codes = characters.codes
    if not len(codes):
        return ()
    boxes = frame.upright(characters.boxes)
    starts, ends = _word_spans(codes, boxes)
    if not len(starts):
        return ()
    text = _decode(codes)
    # Pairs of (start, end) make every other reduction a word; the added row ends the last one.
    bounds = np.stack([starts, ends], axis=1).ravel()
    padded = np.concatenate([boxes, boxes[-1:]])
    low = np.minimum.reduceat(padded[:, :2], bounds)[::2]
    high = np.maximum.reduceat(padded[:, 2:], bounds)[::2]
    words = []
    for start, end, (x0, y0), (x1, y1) in zip(
        starts.tolist(), ends.tolist(), low.tolist(), high.tolist(), strict=True
    ):
        shown = _shown(text[start:end])
        if not shown:
            continue
        if boxes[start, 3] - boxes[start, 1] > _SMALL_TEXT:
            top, bottom = _plausible_height(text_page, start, boxes[start], frame)
            box = _fraction_box(x0, top, x1, bottom, frame)
        else:
            box = _fraction_box(x0, y0, x1, y1, frame)
        if box is not None:
            words.append(Word(shown, box))
    return join_spaced_letters(words, frame.width, frame.height)


def _word_spans(codes: Codes, boxes: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Start and end (exclusive) indexes of runs without white space or wide gap."""
    printed = ~np.isin(codes, _SPACES)
    height = np.maximum(boxes[:, 3] - boxes[:, 1], 0.1)
    width = boxes[:, 2] - boxes[:, 0]
    # The smaller of both sides is the size for upright and for turned text alike.
    size = np.maximum(
        np.minimum(np.maximum(height[1:], width[1:]), np.maximum(height[:-1], width[:-1])), 1.0
    )
    across = np.maximum(boxes[1:, 0] - boxes[:-1, 2], boxes[:-1, 0] - boxes[1:, 2])
    along = np.maximum(boxes[1:, 1] - boxes[:-1, 3], boxes[:-1, 1] - boxes[1:, 3])
    apart = np.maximum(across, along) > _WORD_GAP * size
    begins = printed.copy()
    begins[1:] &= ~printed[:-1] | apart
    stops = printed.copy()
    stops[:-1] &= ~printed[1:] | apart
    return np.flatnonzero(begins), np.flatnonzero(stops) + 1


def _decode(codes: Codes) -> str:
    """One character per code, whatever the file claims."""
    invalid = (codes > 0x10FFFF) | ((codes >= 0xD800) & (codes <= 0xDFFF))
    valid = np.where(invalid, 0xFFFD, codes).astype("<u4")
    return valid.tobytes().decode("utf-32-le")


def _shown(text: str) -> str:
    """The text without control characters; a hyphen that PDFium marked at the end stays."""
    if text.isprintable():
        return text
    shown = "".join(c for c in text if c.isprintable() or unicodedata.category(c) == "Co")
    return shown + "-" if text[-1] in _HYPHEN_MARKS and shown else shown


def _plausible_height(
    text_page: pdfium.PdfTextPage, index: int, loose: Floats, frame: PageFrame
) -> tuple[float, float]:
    """Top and bottom of a character whose font may claim absurd ascents."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium_c.FPDFText_GetCharBox(text_page.raw, index, left, right, bottom, top)
    tight = frame.upright(np.array([[left.value, bottom.value, right.value, top.value]]))[0]
    # Low glyphs such as a dash are judged by their width.
    glyph = max(tight[3] - tight[1], 0.6 * (tight[2] - tight[0]), 1.0)
    if loose[3] - loose[1] <= _TALLEST_LOOSE * glyph:
        return float(loose[1]), float(loose[3])
    return float(tight[1] - 0.25 * glyph), float(tight[3] + 0.25 * glyph)


def _fraction_box(x0: float, y0: float, x1: float, y1: float, frame: PageFrame) -> Box | None:
    """The box as fractions, clipped to the page; None when it lies outside."""
    width, height = frame.width, frame.height
    if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
        return None
    return Box(
        max(x0 / width, 0.0), max(y0 / height, 0.0), min(x1 / width, 1.0), min(y1 / height, 1.0)
    )
