"""Pages and parts of pages by OCR."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from PIL import Image

from src.domain.page import Box, Page, TextSource, Word
from src.reading.drawing import Source, turned

if TYPE_CHECKING:
    from src.reading.ocr.engine import OcrEngine, OcrResult

# Pages are drawn at this resolution where that is less than the long side allows. The long side
# leaves an A4 page of 200 dpi as it is: reducing it by a tenth blurs commas into points.
_DPI = 200
_LONG_SIDE = 2400

# A closer look pays when the print is this small (pixels, typical word), fills no more than
# this share of the page, and the file holds at least this much finer a picture.
_SMALL_PRINT = 40
_SMALL_PART = 0.25
_FINER = 1.1
_CLOSEST = 1.7
_FEWEST_WORDS = 15
_MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page by OCR."""

    page: Page
    # Mean over letters.
    confidence: float


def ocr_engine() -> OcrEngine:
    """The engine of this process.

    Imported at first use: the parent names these functions without loading the models'
    libraries.
    """
    from src.reading.ocr.engine import ocr_engine as engine_of_process  # noqa: PLC0415

    return engine_of_process()


def read_page(source: Source) -> OcrPage:
    """The upright page with its words. Raises as `Source.draw`."""
    picture = source.draw(_LONG_SIDE, _DPI)
    result = ocr_engine().read(picture.image)
    width, height = picture.width, picture.height
    if result.rotation in (90, 270):
        width, height = height, width
    words = result.words
    part = _worth_a_closer_look(result, picture.reduced)
    if part is not None:
        finer = source.draw(round(_LONG_SIDE * min(picture.reduced, _CLOSEST)))
        closer = read_region(turned(finer.image, result.rotation), part)
        # Reading a part again must not lose what was seen on the whole.
        if _letters(closer) >= _letters(words):
            words = closer
    kind = TextSource.OCR if words else TextSource.NONE
    page = Page(source.number, width, height, result.rotation, kind, words)
    return OcrPage(page, result.confidence)


def _worth_a_closer_look(result: OcrResult, reduced: float) -> Box | None:
    """The part of the page to read again at a finer scale, such as a till receipt that lay on
    the glass of an A4 scanner."""
    if reduced < _FINER or len(result.words) < _FEWEST_WORDS:
        return None
    whole = result.words[0].box
    for word in result.words:
        whole = whole.union(word.box)
    if (whole.x1 - whole.x0) * (whole.y1 - whole.y0) > _SMALL_PART:
        return None
    print_height = median(word.box.y1 - word.box.y0 for word in result.words) * result.height
    if print_height > _SMALL_PRINT:
        return None
    return Box(
        max(whole.x0 - _MARGIN, 0.0),
        max(whole.y0 - _MARGIN, 0.0),
        min(whole.x1 + _MARGIN, 1.0),
        min(whole.y1 + _MARGIN, 1.0),
    )


def read_region(upright: Image.Image, part: Box) -> tuple[Word, ...]:
    """Words inside `part` of an upright page, with boxes as fractions of the page."""
    width, height = upright.size
    left, top = int(part.x0 * width), int(part.y0 * height)
    right, bottom = max(left + 8, round(part.x1 * width)), max(top + 8, round(part.y1 * height))
    result = ocr_engine().read(upright.crop((left, top, right, bottom)))
    if result.rotation:
        # What lies on its side within an upright page belongs to a picture.
        return ()
    across, along = (right - left) / width, (bottom - top) / height
    return tuple(
        replace(word, box=_on_page(word.box, left / width, top / height, across, along))
        for word in result.words
    )


def _on_page(box: Box, x: float, y: float, across: float, along: float) -> Box:
    return Box(
        min(x + box.x0 * across, 1.0),
        min(y + box.y0 * along, 1.0),
        min(x + box.x1 * across, 1.0),
        min(y + box.y1 * along, 1.0),
    )


def _letters(words: tuple[Word, ...]) -> int:
    return sum(len(word.text) for word in words)
