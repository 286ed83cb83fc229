"""One page of a document as a picture, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from src.domain.document import MediaType
from src.domain.errors import CorruptDocument, NotFound, ReadingFailed
from src.reading import poppler
from src.reading.images import A4_LONG_SIDE, Picture, load_picture
from src.reading.pdf import open_page, open_pdf, render_page


@dataclass(frozen=True, slots=True)
class Source:
    """A page by where it is."""

    path: Path
    media_type: MediaType
    # 1-based.
    number: int

    def draw(self, long_side: int, dpi: int | None = None) -> Picture:
        """The page as viewers show it, at most `long_side` pixels and `dpi` dots per inch.

        Raises `NotFound`, `ReadingFailed` or a `SourceRejected`.
        """
        if self.media_type is MediaType.XML:
            raise NotFound("An XML file has no pages.")
        if self.media_type is not MediaType.PDF:
            return load_picture(self.path, self.media_type, self.number, long_side)
        try:
            return self._by_pdfium(long_side, dpi)
        except (CorruptDocument, ReadingFailed):
            if not poppler.is_installed():
                raise
        image = poppler.render_page(self.path, self.number, long_side)
        scale = A4_LONG_SIDE / max(image.size)
        return Picture(image, image.size[0] * scale, image.size[1] * scale)

    def _by_pdfium(self, long_side: int, dpi: int | None) -> Picture:
        with open_pdf(self.path) as document, open_page(document, self.number) as page:
            width, height = page.get_size()
            side = long_side
            if dpi is not None:
                side = min(long_side, max(1, round(max(width, height) / 72 * dpi)))
            # What the scanner put into a PDF is usually finer than what is drawn of it.
            return Picture(render_page(page, side), width, height, reduced=2.0)


def turned(image: Image.Image, rotation: int) -> Image.Image:
    """The picture turned clockwise by a multiple of 90 degrees."""
    return image.rotate(-rotation, expand=True) if rotation % 360 else image
