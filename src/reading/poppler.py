"""The second opinion on PDFs that PDFium refuses: poppler's programs, where installed."""

from __future__ import annotations

import shutil
from pathlib import Path

from pdf2image import convert_from_path, pdfinfo_from_path
from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPageCountError, PDFPopplerTimeoutError
from PIL import Image

from src.domain.errors import CorruptDocument, ReadingFailed

# Seconds a poppler program gets for one page.
_TIMEOUT = 60


def is_installed() -> bool:
    return shutil.which("pdftoppm") is not None and shutil.which("pdfinfo") is not None


def count_pages(path: Path) -> int:
    """Raises `CorruptDocument` when poppler cannot open the file either."""
    try:
        return int(pdfinfo_from_path(str(path), timeout=_TIMEOUT)["Pages"])
    except (
        PDFInfoNotInstalledError,
        PDFPageCountError,
        PDFPopplerTimeoutError,
        KeyError,
        ValueError,
        OSError,
    ) as error:
        raise CorruptDocument(
            "The PDF is damaged and cannot be opened. Ask the sender for a new copy."
        ) from error


def render_page(path: Path, number: int, long_side: int) -> Image.Image:
    """RGB picture of the 1-based page. Raises `ReadingFailed`."""
    try:
        pictures = convert_from_path(
            str(path), first_page=number, last_page=number, size=long_side, timeout=_TIMEOUT
        )
    except (PDFPageCountError, PDFPopplerTimeoutError, PDFInfoNotInstalledError, OSError) as error:
        raise ReadingFailed(f"Page {number} of the PDF cannot be drawn.") from error
    if not pictures:
        raise ReadingFailed(f"Page {number} of the PDF cannot be drawn.")
    picture = pictures[0].convert("RGB")
    if max(picture.size) > long_side:
        picture.thumbnail((long_side, long_side))
    return picture
