"""Text of a PDF page that nobody sees: in the colour of the paper, covered, tiny, outside.

What may be hidden is found by the page's objects, which is cheap; then the page is drawn, and
only words whose place shows no ink are hidden. So text that merely looks suspicious, such as
the invisible words an OCR program put over a picture of them, is left alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from src.domain.page import Box, Concealment, HiddenText, Word
from src.reading.pdf import TextLayer, page_frame, render_page
from src.reading.pdf_artwork import PageObject, page_objects
from src.reading.pdf_words import PageFrame

# The page is looked at with this many pixels along its long side.
_LOOKED_AT = 1200
# Gray levels (of 255) within which a place is blank, and colours within which text melts into
# its background.
_BLANK = 24
_SAME = 14
# Points; smaller letters are dots.
_TINY = 1.6
# Shapes and texts of one page that are compared; a denser page is a drawing.
_MOST = 2_000
_LONGEST = 300
_PAPER = (255, 255, 255)
_MANY_COLOURED = frozenset({pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING})

Floats = npt.NDArray[np.float64]
_Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Painted:
    """An object with its place in user space and its opaque colour, None for several."""

    item: PageObject
    corners: tuple[float, float, float, float]
    colour: _Colour | None


@dataclass(frozen=True, slots=True)
class _Suspect:
    box: Box
    why: Concealment


def find_hidden(
    page: pdfium.PdfPage, number: int, layer: TextLayer
) -> tuple[tuple[Word, ...], tuple[HiddenText, ...]]:
    """The words people see, and what they do not; `number` is the page's, 1-based.

    Layers that OCR programs made are left as they are: there nothing of the text is drawn.
    """
    if layer.quality.is_invisible or layer.quality.is_garbled or not layer.words:
        return layer.words, ()
    frame = page_frame(page, (layer.rotation + page.get_rotation()) % 360)
    texts, shapes = _painted(page)
    outside = [text for text in texts if _is_outside(text, frame)]
    suspects = _suspects(texts, shapes, frame)
    hidden = list(_off_page(page, number, outside))
    if not suspects:
        return layer.words, tuple(hidden)
    picture = np.asarray(render_page(page, _LOOKED_AT, layer.rotation, gray=True))
    found = [(word, _why_hidden(word, suspects, picture)) for word in layer.words]
    for why, group in groupby(found, key=lambda pair: pair[1]):
        if why is not None:
            text = " ".join(word.text for word, _ in group)
            hidden.append(HiddenText(number, text[:_LONGEST], why))
    return tuple(word for word, why in found if why is None), tuple(hidden)


def _why_hidden(
    word: Word, suspects: Sequence[_Suspect], picture: npt.NDArray[np.uint8]
) -> Concealment | None:
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
    for suspect in suspects:
        box = suspect.box
        if not (box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1):
            continue
        if suspect.why is Concealment.TINY or _is_blank(word.box, picture):
            return suspect.why
    return None


def _is_blank(box: Box, picture: npt.NDArray[np.uint8]) -> bool:
    """Whether the inside of the box is of one gray."""
    height, width = picture.shape[:2]
    # Rules and neighbours may touch the edge of a box.
    inset = 0.15 * (box.y1 - box.y0)
    top, bottom = int((box.y0 + inset) * height), int((box.y1 - inset) * height) + 1
    left, right = int(box.x0 * width) + 1, max(int(box.x1 * width), int(box.x0 * width) + 2)
    place = picture[max(top, 0) : bottom, max(left, 0) : right]
    return place.size == 0 or int(place.max()) - int(place.min()) <= _BLANK


def _painted(page: pdfium.PdfPage) -> tuple[list[_Painted], list[_Painted]]:
    """Texts, and filled shapes and images, in the order they are painted."""
    texts: list[_Painted] = []
    shapes: list[_Painted] = []
    for item in sorted(page_objects(page), key=lambda one: one.place):
        if item.kind == pdfium_c.FPDF_PAGEOBJ_TEXT and len(texts) < _MOST:
            texts.append(_Painted(item, _bounds(item), _fill(item.handle)))
        elif item.kind in _MANY_COLOURED and len(shapes) < _MOST:
            shapes.append(_Painted(item, _bounds(item), None))
        elif item.kind == pdfium_c.FPDF_PAGEOBJ_PATH and len(shapes) < _MOST:
            colour = _filled(item.handle)
            if colour is not None:
                shapes.append(_Painted(item, _bounds(item), colour))
    return texts, shapes


def _suspects(
    texts: list[_Painted], shapes: list[_Painted], frame: PageFrame
) -> tuple[_Suspect, ...]:
    """Texts that may not be seen, with their boxes on the upright page."""
    if not texts:
        return ()
    around = _containing(texts, shapes)
    found = []
    for text, over in zip(texts, around, strict=True):
        why = _suspicion(text, [shapes[index] for index in np.flatnonzero(over)])
        if why is not None:
            found.append((text.corners, why))
    if not found:
        return ()
    scale = np.array([frame.width, frame.height, frame.width, frame.height])
    boxes = frame.upright(np.array([corners for corners, _ in found])) / scale
    # Loose boxes of words reach over the tight ones of objects; their middles do not.
    return tuple(
        _Suspect(Box(x0 - 0.002, y0 - 0.004, x1 + 0.002, y1 + 0.004), why)
        for (x0, y0, x1, y1), (_, why) in zip(boxes.tolist(), found, strict=True)
    )


def _containing(texts: list[_Painted], shapes: list[_Painted]) -> npt.NDArray[np.bool_]:
    """(texts, shapes): whether the shape contains the text."""
    if not shapes:
        return np.zeros((len(texts), 0), dtype=bool)
    inner = np.array([text.corners for text in texts])[:, None, :]
    outer = np.array([shape.corners for shape in shapes])[None, :, :]
    contained: npt.NDArray[np.bool_] = (
        (outer[..., 0] <= inner[..., 0] + 1)
        & (outer[..., 1] <= inner[..., 1] + 1)
        & (outer[..., 2] >= inner[..., 2] - 1)
        & (outer[..., 3] >= inner[..., 3] - 1)
    )
    return contained


def _suspicion(text: _Painted, around: list[_Painted]) -> Concealment | None:
    handle, place = text.item.handle, text.item.place
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(handle)
    if mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
        return Concealment.INVISIBLE
    left, bottom, right, top = text.corners
    if 0 < max(top - bottom, 0) < _TINY and right - left > top - bottom and _size(text) < _TINY:
        return Concealment.TINY
    if any(shape.item.place > place for shape in around):
        return Concealment.COVERED
    if mode not in (pdfium_c.FPDF_TEXTRENDERMODE_FILL, pdfium_c.FPDF_TEXTRENDERMODE_FILL_CLIP):
        return None
    before = [shape for shape in around if shape.item.place < place]
    background = before[-1].colour if before else _PAPER
    if text.colour is None or background is None:
        return None
    alike = all(abs(a - b) <= _SAME for a, b in zip(text.colour, background, strict=True))
    return Concealment.SAME_COLOUR if alike else None


def _size(text: _Painted) -> float:
    """Points of the font on the page."""
    size = ctypes.c_float()
    pdfium_c.FPDFTextObj_GetFontSize(text.item.handle, ctypes.byref(size))
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(text.item.handle, ctypes.byref(matrix))
    _, _, c, d, _, _ = text.item.matrix
    grown = float(np.hypot(matrix.c, matrix.d)) * (float(np.hypot(c, d)) or 1.0)
    return abs(size.value) * grown


def _fill(handle: Any) -> _Colour | None:
    """The colour a text or shape is filled with; None where it cannot be told."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value


def _filled(handle: Any) -> _Colour | None:
    """The opaque colour of a filled path; None for an outline and for what shines through."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke))
    if fill.value == pdfium_c.FPDF_FILLMODE_NONE or pdfium_c.FPDFPageObj_HasTransparency(handle):
        return None
    return _fill(handle)


def _bounds(item: PageObject) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in user space; nothing at all where PDFium does not know."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(item.handle, left, bottom, right, top):
        return (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = item.matrix
    across = [
        a * x + c * y + e for x in (left.value, right.value) for y in (bottom.value, top.value)
    ]
    along = [
        b * x + d * y + f for x in (left.value, right.value) for y in (bottom.value, top.value)
    ]
    return min(across), min(along), max(across), max(along)


def _is_outside(text: _Painted, frame: PageFrame) -> bool:
    left, bottom, right, top = text.corners
    if right <= left and top <= bottom:
        return False
    return right < frame.left or left > frame.right or top < frame.bottom or bottom > frame.top


def _off_page(
    page: pdfium.PdfPage, number: int, texts: Sequence[_Painted]
) -> tuple[HiddenText, ...]:
    if not texts:
        return ()
    text_page = page.get_textpage()
    try:
        told = " ".join(_text_of(text.item.handle, text_page) for text in texts[:50]).split()
    finally:
        text_page.close()
    joined = " ".join(told)[:_LONGEST]
    return (HiddenText(number, joined, Concealment.OFF_PAGE),) if joined else ()


def _text_of(handle: Any, text_page: pdfium.PdfTextPage) -> str:
    buffer = (ctypes.c_ushort * _LONGEST)()
    pdfium_c.FPDFTextObj_GetText(handle, text_page.raw, buffer, ctypes.sizeof(buffer))
    text = bytes(buffer).decode("utf-16-le", errors="replace").split("\0", 1)[0]
    return "".join(character if character.isprintable() else " " for character in text)
