"""Pictures and shapes of a PDF page, and what lies under them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from src.domain.page import Box
from src.reading.pdf_words import PageFrame

# A picture over so much of the page hides what was painted before it.
FULL_PAGE = 0.6

# Objects of one page that are looked at; a denser page is a drawing.
_MOST_OBJECTS = 5_000
_DEEPEST_FORM = 4

# Mean alpha, of 255, from which a picture hides what is below.
_OPAQUE = 250
# Points each way, multiplied, of a picture that is looked at for transparency.
_MOST_PIXELS = 10_000_000

_DRAWN = frozenset(
    {pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING}
)

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)
# Index on the page, index in the form there, and so on: objects are painted in this order.
_Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Artwork:
    """What a page shows beside text."""

    # Pictures on the upright page, largest first.
    pictures: tuple[Box, ...]
    # How many images and shapes there are.
    drawings: int
    # Share of the text objects that an opaque picture of the page was painted over.
    covered: float


@dataclass(frozen=True, slots=True)
class PageObject:
    handle: Any
    kind: int
    matrix: _Matrix
    place: _Place


def look_at_artwork(page: pdfium.PdfPage, frame: PageFrame) -> Artwork:
    """Pictures, shapes and covered text of a page."""
    objects = list(page_objects(page))
    images = [item for item in objects if item.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE]
    boxes = _boxes([_corners(item) for item in images], frame)
    large = [item for item, box in zip(images, boxes, strict=True) if _area(box) >= FULL_PAGE]
    return Artwork(
        pictures=tuple(sorted((box for box in boxes if _area(box)), key=_area, reverse=True)),
        drawings=sum(item.kind in _DRAWN for item in objects),
        covered=_covered(page, objects, large),
    )


def _covered(page: pdfium.PdfPage, objects: list[PageObject], large: list[PageObject]) -> float:
    texts = [item.place for item in objects if item.kind == pdfium_c.FPDF_PAGEOBJ_TEXT]
    for image in sorted(large, key=lambda item: item.place, reverse=True):
        below = sum(place < image.place for place in texts)
        if below and _is_opaque(page, image):
            return below / len(texts)
    return 0.0


def _is_opaque(page: pdfium.PdfPage, image: PageObject) -> bool:
    """Whether nothing shines through, as it does through a watermark."""
    left, bottom, right, top = _corners(image)
    # PDFium draws it with a pixel a point.
    if (right - left) * (top - bottom) > _MOST_PIXELS:
        return False
    raw = pdfium_c.FPDFImageObj_GetRenderedBitmap(page.pdf.raw, page.raw, image.handle)
    if not raw:
        return False
    bitmap = pdfium.PdfBitmap.from_raw(raw)
    try:
        pixels = bitmap.to_numpy()
        return bool(pixels.shape[2] < 4 or pixels[:, :, 3].mean() >= _OPAQUE)
    finally:
        bitmap.close()


def page_objects(page: pdfium.PdfPage) -> Iterator[PageObject]:
    """Objects of the page and of the forms on it, in no order."""
    seen = 0
    stack: list[tuple[Any, _Matrix, _Place]] = [(page.raw, _IDENTITY, ())]
    while stack:
        container, matrix, prefix = stack.pop()
        count_of, get_of = (
            (pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject)
            if prefix
            else (pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject)
        )
        for index in range(max(0, count_of(container))):
            seen += 1
            if seen > _MOST_OBJECTS:
                return
            handle = get_of(container, index)
            kind = pdfium_c.FPDFPageObj_GetType(handle)
            place = (*prefix, index)
            if kind == pdfium_c.FPDF_PAGEOBJ_FORM and len(place) <= _DEEPEST_FORM:
                stack.append((handle, times(matrix_of(handle), matrix), place))
            yield PageObject(handle, kind, matrix, place)


def _boxes(corners: list[tuple[float, float, float, float]], frame: PageFrame) -> list[Box]:
    """Rectangles of user space as fractions of the upright page, clipped to it."""
    if not corners:
        return []
    scale = np.array([frame.width, frame.height, frame.width, frame.height])
    fractions = np.clip(frame.upright(np.array(corners)) / scale, 0.0, 1.0)
    return [Box(*row) for row in fractions.tolist()]


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def matrix_of(handle: Any) -> _Matrix:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix))
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _corners(item: PageObject) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in user space of an image object (a unit square before its
    own matrix)."""
    a, b, c, d, e, f = times(matrix_of(item.handle), item.matrix)
    across = (e, a + e, c + e, a + c + e)
    along = (f, b + f, d + f, b + d + f)
    return min(across), min(along), max(across), max(along)
