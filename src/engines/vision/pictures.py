"""What a model is shown of a page: whole, or in two halves where its print is small.

Pictures are PNG bytes that this service rendered; nothing that a document or a person names is
ever opened for a model.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass

from PIL import Image

from src.domain.page import Page, Word
from src.engines.vision.page_text import best_cut, is_dense
from src.engines.vision.profiles import Profile
from src.ports import ExtractionHints

# Half a page has the proportions of a page on its side: it fits the budget of the model at this
# many times the resolution of the whole.
_CLOSER = 2**0.5
_WHOLE_AND_HALVES = 3


@dataclass(frozen=True, slots=True)
class View:
    """One request's share of a page."""

    words: tuple[Word, ...]
    # PNG; empty for a model that sees nothing.
    images: tuple[bytes, ...] = ()
    # Such as "upper half"; empty for the whole page.
    part: str = ""


async def views_of(page: Page, hints: ExtractionHints, profile: Profile) -> tuple[View, ...]:
    """What the model is asked about the page, from top to bottom; at least one view.

    Without pictures (`hints.page_image` is None) the words are all there is. Raises what
    rendering raises.
    """
    if hints.page_image is None or not profile.vision:
        return (View(page.words),)
    if not is_dense(page, profile.long_side):
        return (View(page.words, (await hints.page_image(page.number, profile.long_side),)),)
    png = await hints.page_image(page.number, round(profile.long_side * _CLOSER))
    return await asyncio.to_thread(_closer, page.words, png, profile)


def _closer(words: tuple[Word, ...], png: bytes, profile: Profile) -> tuple[View, ...]:
    """A dense page in two halves, beside the whole where the model takes several pictures."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        cut = best_cut(words)
        row = round(cut * image.height)
        upper = _png(image.crop((0, 0, image.width, row)))
        lower = _png(image.crop((0, row, image.width, image.height)))
    if profile.images_per_request >= _WHOLE_AND_HALVES:
        return (View(words, (png, upper, lower)),)
    above = tuple(word for word in words if (word.box.y0 + word.box.y1) / 2 < cut)
    below = tuple(word for word in words if (word.box.y0 + word.box.y1) / 2 >= cut)
    return (View(above, (upper,), "upper half"), View(below, (lower,), "lower half"))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # The server decodes it at once; a smaller file is not worth the time.
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
