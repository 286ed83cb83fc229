"""Pictures through Pillow: one upright RGB page at a time, whatever the file holds."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from src.domain.document import MediaType
from src.domain.errors import CorruptDocument, NotFound, TooLarge

# Long side of a normalised page in pixels.
LONG_SIDE = 2048
# A page longer than this many widths (a till receipt) keeps more pixels along it.
_NARROW = 2.2
_NARROW_SHORT_SIDE = 900
_NARROW_LONG_SIDE = 6000

# Long side of a page in points when the file names no resolution (A4).
A4_LONG_SIDE = 842.0
# Programs write 72 or 96 dots per inch when they don't know.
_LEAST_DPI = 100
_MOST_DPI = 2400

# Pixels of one page beyond which nothing is decoded, even where a setting allows more.
MOST_PIXELS = 1_000_000_000

_FORMATS = {
    MediaType.JPEG: ("JPEG",),
    MediaType.PNG: ("PNG",),
    MediaType.TIFF: ("TIFF",),
    MediaType.WEBP: ("WEBP",),
}
# What Pillow raises for files that lie about themselves.
IMAGE_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_MODES_OF_16_BITS = ("I;16", "I;16B", "I;16L", "I;16N")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page, upright as far as the file itself says."""

    image: Image.Image
    # Points.
    width: float
    height: float
    # How many times longer the picture in the file is; 1 when nothing was reduced.
    reduced: float = 1.0


@contextmanager
def open_image(
    path: Path, media_type: MediaType, most_pixels: int = MOST_PIXELS
) -> Iterator[Image.Image]:
    """The opened file, nothing decoded yet.

    Raises `CorruptDocument`, and `TooLarge` when its first page has more than `most_pixels`.
    """
    # Pillow's own guard stands in the way of larger limits and only warns below them.
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings():
        # Odd metadata is worth a warning to Pillow, not to people who sent an invoice.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=_FORMATS[media_type])
        except IMAGE_FAULTS as error:
            raise CorruptDocument(_damaged(path, error)) from error
        with image:
            refuse_bomb(image, most_pixels)
            yield image


def refuse_bomb(image: Image.Image, most_pixels: int) -> None:
    """Raises `TooLarge` from the header alone, before a pixel is decoded."""
    width, height = image.size
    if width * height > most_pixels:
        raise TooLarge(
            f"The image has {width} x {height} pixels; at most {most_pixels / 1e6:.0f} million "
            "are read (MAX_MEGAPIXELS). Scan it at 200 to 300 dpi."
        )


def count_frames(
    image: Image.Image, media_type: MediaType, most: int, most_pixels: int = MOST_PIXELS
) -> int:
    """Pages of the file, counted up to `most` + 1; only TIFF has more than one.

    Raises `CorruptDocument`, and `TooLarge` when a page has more than `most_pixels`.
    """
    if media_type is not MediaType.TIFF:
        return 1
    for frame in range(1, most + 1):
        try:
            image.seek(frame)
        except EOFError:
            return frame
        except IMAGE_FAULTS as error:
            raise CorruptDocument(f"Page {frame + 1} of the TIFF is damaged.") from error
        refuse_bomb(image, most_pixels)
    return most + 1


def load_picture(
    path: Path, media_type: MediaType, number: int, long_side: int = LONG_SIDE
) -> Picture:
    """The 1-based page, RGB, turned as its EXIF says, at most `long_side` pixels long (narrow
    receipts more). Raises `NotFound`, `CorruptDocument`, `TooLarge`."""
    with open_image(path, media_type) as image:
        if number != 1:
            _seek(image, number)
            refuse_bomb(image, MOST_PIXELS)
        try:
            return _normalised(image, long_side)
        except IMAGE_FAULTS as error:
            raise CorruptDocument(_damaged(path, error)) from error


def _seek(image: Image.Image, number: int) -> None:
    try:
        image.seek(number - 1)
    except EOFError as error:
        raise NotFound(f"The image has no page {number}.") from error
    except IMAGE_FAULTS as error:
        raise CorruptDocument(f"Page {number} of the image is damaged.") from error


def _normalised(image: Image.Image, long_side: int) -> Picture:
    across, along = _resolution(image)
    full_width, full_height = image.size
    target = _target(image.size, long_side)
    # JPEG can be decoded at a half, a quarter or an eighth: seconds less for huge photos.
    image.draft("RGB", target)
    turned = ImageOps.exif_transpose(image)
    if turned.size != image.size and turned.size == image.size[::-1]:
        across, along = along, across
        full_width, full_height = full_height, full_width
        target = (target[1], target[0])
    upright = _rgb(turned)
    if across and along and not 0.8 < across / along < 1.25:
        # Fax lines are farther apart than their dots; letters must not look squashed.
        target = _target((full_width, round(full_height * across / along)), long_side)
        upright = upright.resize(target, Image.Resampling.BOX)
    elif upright.size[0] > target[0] or upright.size[1] > target[1]:
        upright = upright.resize(target, Image.Resampling.BOX, reducing_gap=2.0)
    if across and along:
        width, height = full_width / across * 72, full_height / along * 72
    else:
        scale = A4_LONG_SIDE / max(upright.size)
        width, height = upright.size[0] * scale, upright.size[1] * scale
    reduced = max(full_width, full_height) / max(upright.size)
    return Picture(upright, width, height, max(reduced, 1.0))


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Believable dots per inch across and along, (0, 0) if there are none."""
    try:
        across, along = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    if (
        max(across, along) >= _LEAST_DPI
        and max(across, along) <= _MOST_DPI
        and min(across, along) >= 50
    ):
        return across, along
    return 0.0, 0.0


def _target(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    longest, shortest = max(size), max(min(size), 1)
    scale = long_side / longest
    if longest > _NARROW * shortest and long_side >= LONG_SIDE:
        scale = max(scale, min(_NARROW_SHORT_SIDE / shortest, _NARROW_LONG_SIDE / longest))
    scale = min(scale, 1.0)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _rgb(image: Image.Image) -> Image.Image:
    """Any mode as RGB; what is transparent shows white paper."""
    if image.mode in _MODES_OF_16_BITS or image.mode in ("I", "F"):
        return _from_deep(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        colours = image.convert("RGBA")
        paper = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(paper, colours).convert("RGB")
    return image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Gray of more than eight bits."""
    values = np.asarray(image).astype(np.float32)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    highest = float(values.max(initial=0.0))
    if highest > 255:
        values = values / (257.0 if highest <= 65535 else highest / 255)
    elif image.mode == "F" and 0 < highest <= 1:
        values = values * 255
    return Image.fromarray(values.clip(0, 255).astype(np.uint8)).convert("RGB")


def _damaged(path: Path, error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "The image is damaged or cut off: its header cannot be read. Send it again."
    reason = str(error).replace(str(path), "the file")[:200]
    return f"The image is damaged or cut off: {reason}. Send it again."
