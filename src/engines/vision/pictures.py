"""What a model is shown of a page: whole, or in two halves where its print is small.

Pictures are PNG bytes that this service rendered; nothing that a document or a person names is
ever opened for a model.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from src.domain.page import Page, TextSource, Word
from src.engines.vision.page_text import best_cut, is_dense
from src.engines.vision.profiles import Profile
from src.ports import ExtractionHints

# Words with less contrast than this (of 255 levels) inside their box are not to be seen.
_LEAST_CONTRAST = 24
# Ink covers some of the pixels of a visible word; a speck of dust covers fewer.
_INK_PERCENTILE = 3


@dataclass(frozen=True, slots=True)
class View:
    """One request's share of a page."""

    words: tuple[Word, ...]
    # PNG; empty for a model that sees nothing.
    images: tuple[bytes, ...] = ()
    # Such as "upper half"; empty for the whole page.
    part: str = ""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page as it looks: what is printed invisibly is taken out of its words."""

    page: Page
    hidden: tuple[Word, ...]
    views: tuple[View, ...]


async def look_at(page: Page, hints: ExtractionHints, profile: Profile) -> SeenPage:
    """Render the page for the model and tell visible words from hidden ones.

    Without pictures (`hints.page_image` is None) the words are all there is. Raises what
    rendering raises.
    """
    if hints.page_image is None:
        return SeenPage(page, (), (View(page.words),))
    dense = profile.vision and is_dense(page, profile.long_side)
    # Two halves of a page at its full resolution have twice the pixels of the page.
    long_side = round(profile.long_side * 1.4) if dense else profile.long_side
    png = await hints.page_image(page.number, long_side)
    return await asyncio.to_thread(_seen, page, png, profile, dense)


def _seen(page: Page, png: bytes, profile: Profile, dense: bool) -> SeenPage:
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        image.load()
        hidden = _hidden_words(page, image)
        gone = {id(word) for word in hidden}
        words = tuple(word for word in page.words if id(word) not in gone)
        visible = Page(page.number, page.width, page.height, page.rotation, page.source, words)
        if not profile.vision:
            return SeenPage(visible, hidden, (View(words),))
        if not dense:
            return SeenPage(visible, hidden, (View(words, (png,)),))
        return SeenPage(visible, hidden, _halves(words, png, image, profile))


def _halves(
    words: tuple[Word, ...], png: bytes, image: Image.Image, profile: Profile
) -> tuple[View, ...]:
    cut = best_cut(words)
    row = round(cut * image.height)
    upper = image.crop((0, 0, image.width, row))
    lower = image.crop((0, row, image.width, image.height))
    if profile.images_per_request >= 3:
        return (View(words, (png, _png(upper), _png(lower))),)
    above = tuple(word for word in words if (word.box.y0 + word.box.y1) / 2 < cut)
    below = tuple(word for word in words if (word.box.y0 + word.box.y1) / 2 >= cut)
    return (
        View(above, (_png(upper),), "upper half"),
        View(below, (_png(lower),), "lower half"),
    )


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # The server decodes it at once; a smaller file is not worth the time.
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _hidden_words(page: Page, image: Image.Image) -> tuple[Word, ...]:
    """Words of the text layer that nobody sees: white on white, or under a picture.

    OCR reads what is visible, so its words are not looked at.
    """
    suspects = [word for word in page.words if word.source is TextSource.TEXT_LAYER]
    if not suspects:
        return ()
    grey = np.asarray(image.convert("L"), dtype=np.int16)
    return tuple(word for word in suspects if not _has_ink(word, grey))


def _has_ink(word: Word, grey: np.ndarray[tuple[int, int], np.dtype[np.int16]]) -> bool:
    height, width = grey.shape
    box = word.box
    cutting = grey[
        int(box.y0 * height) : max(int(box.y1 * height) + 1, int(box.y0 * height) + 2),
        int(box.x0 * width) : max(int(box.x1 * width) + 1, int(box.x0 * width) + 2),
    ]
    if cutting.size < 4:
        return True
    dark, light = np.percentile(cutting, (_INK_PERCENTILE, 100 - _INK_PERCENTILE))
    return bool(light - dark >= _LEAST_CONTRAST)
