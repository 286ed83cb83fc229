"""`DocumentInspector`: what a file is, and whether it can become a document."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from src.domain.document import MediaType
from src.domain.errors import (
    CorruptDocument,
    ReadingFailed,
    SourceRejected,
    TooManyPages,
    UnsupportedMedia,
    WorkerCrashed,
)
from src.domain.results import Inspection
from src.ports import CpuPool
from src.reading import poppler
from src.reading.completeness import pdf_has_end
from src.reading.images import IMAGE_FAULTS, count_frames, open_image
from src.reading.media import SNIFFED_BYTES, media_types, sniff
from src.reading.pdf import open_page, open_pdf
from src.reading.xml_documents import read_invoice_xml

# Seconds to look at one file; a whole file is decoded at most once.
_SECONDS = 60.0
_PDF_TAIL = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is taken."""

    media_types: frozenset[MediaType]
    max_pages: int
    # Of one image.
    max_pixels: int


class Inspector:
    """Looks into arriving files in the worker processes of a pool.

    A file that is cut off raises `CorruptDocument` like any damaged one. Whether it may still
    be growing is asked beforehand, of `completeness.looks_complete`.
    """

    def __init__(
        self,
        pool: CpuPool,
        *,
        supported_formats: tuple[str, ...],
        max_pages: int,
        max_megapixels: int,
        seconds: float = _SECONDS,
    ) -> None:
        """`supported_formats` are extension names such as `pdf` and `jpg`."""
        self._pool = pool
        self._seconds = seconds
        self._limits = Limits(
            media_types=media_types(supported_formats),
            max_pages=max_pages,
            max_pixels=max_megapixels * 1_000_000,
        )

    async def inspect(self, path: Path, name: str) -> Inspection:
        """Type and page count of the file; `name` is for messages only.

        Raises `UnsupportedMedia`, `EncryptedDocument`, `CorruptDocument`, `TooManyPages` or
        `TooLarge`.
        """
        try:
            return await self._pool.run(self._seconds, inspect_file, path, self._limits)
        except SourceRejected as error:
            raise type(error)(f"{_shown(name)}: {error.message}") from error
        except WorkerCrashed as error:
            raise CorruptDocument(
                f"{_shown(name)}: The file could not be opened safely: it took too long or "
                "brought down the program that opens it. Ask the sender for a new copy."
            ) from error


def _shown(name: str) -> str:
    """A hostile name on one line of bounded length."""
    printable = "".join(c if c.isprintable() else "?" for c in name)
    return printable if len(printable) <= 120 else printable[:119] + "…"


def inspect_file(path: Path, limits: Limits) -> Inspection:
    """The work itself, done in a worker process. Raises as `Inspector.inspect`."""
    try:
        media_type = _media_type(path, limits)
        if media_type is MediaType.XML:
            read_invoice_xml(path)
            return Inspection(media_type=media_type, page_count=0)
        pages = (
            _pdf_pages(path, limits)
            if media_type is MediaType.PDF
            else _image_pages(path, media_type, limits)
        )
    except OSError as error:
        raise CorruptDocument(f"The file cannot be read: {error.strerror or error}.") from error
    except MemoryError as error:
        raise CorruptDocument("The file needs more memory than any invoice does.") from error
    return Inspection(media_type=media_type, page_count=pages)


def _media_type(path: Path, limits: Limits) -> MediaType:
    if not path.stat().st_size:
        raise CorruptDocument("The file is empty. Send it again.")
    media_type = sniff(path)
    if media_type is None:
        raise UnsupportedMedia(
            "The content is not of a type that is read, whatever the name says. Send PDF, JPEG, "
            "PNG, TIFF, WebP or e-invoice XML."
        )
    if media_type not in limits.media_types:
        raise UnsupportedMedia(
            f"The file is {media_type.value}, which SUPPORTED_FORMATS does not list."
        )
    return media_type


def _pdf_pages(path: Path, limits: Limits) -> int:
    try:
        with open_pdf(path) as document:
            pages = len(document)
            _refuse_pages(pages, limits)
            # Opening repairs what it can; a document without its first page is none.
            with open_page(document, 1) as page:
                page.get_size()
    except (CorruptDocument, ReadingFailed) as error:
        if not (poppler.is_installed() and _has_end(path)):
            raise CorruptDocument(error.message) from error
        pages = poppler.count_pages(path)
        _refuse_pages(pages, limits)
    if not _has_end(path):
        raise CorruptDocument(
            "The PDF is cut off: its end is missing, and pages may be as well. Send it again."
        )
    return pages


def _has_end(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(SNIFFED_BYTES)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _PDF_TAIL))
        return pdf_has_end(head, file.read(), size)


def _image_pages(path: Path, media_type: MediaType, limits: Limits) -> int:
    with open_image(path, media_type, limits.max_pixels) as image:
        try:
            # Decoding is the only way to find an image that is cut off; the first page of a
            # TIFF stands for the others, which are decoded when they are read.
            image.draft("L", (256, 256))
            image.load()
        except IMAGE_FAULTS as error:
            raise CorruptDocument(
                f"The image is damaged or cut off: {str(error)[:200]}. Send it again."
            ) from error
        pages = count_frames(image, media_type, limits.max_pages, limits.max_pixels)
    _refuse_pages(pages, limits)
    return pages


def _refuse_pages(pages: int, limits: Limits) -> None:
    if pages > limits.max_pages:
        raise TooManyPages(
            f"The document has more than {limits.max_pages} pages (MAX_PAGES). "
            "Split it, or raise the limit."
        )
