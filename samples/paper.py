"""Turns drawn pages into what scanners, cameras and fax machines make of them."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

# One seed, so that the same page gets the same specks.
_SEED = 2026


def rendered(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages of a PDF as RGB pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def scanned(page: Image.Image) -> Image.Image:
    """Grey, a little turned and soft, uneven light, a fold, noise."""
    grey = page.convert("L").rotate(
        0.7, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255
    )
    grey = grey.filter(ImageFilter.GaussianBlur(0.6))
    pixels = np.asarray(grey, dtype=np.float32)
    height, width = pixels.shape
    light = np.linspace(0.0, 14.0, width, dtype=np.float32)[np.newaxis, :]
    fold = 16.0 * np.exp(-(((np.arange(height) - height / 3) / 2.5) ** 2))[:, np.newaxis]
    noise = np.random.default_rng(_SEED).normal(0.0, 4.0, pixels.shape)
    # Paper is not white and ink is not black.
    inked = 22.0 + pixels * (246.0 - 22.0) / 255.0
    return Image.fromarray(np.clip(inked - light - fold + noise, 0, 255).astype(np.uint8), "L")


def photographed(receipt: Image.Image) -> Image.Image:
    """A receipt lying askew on a table, seen at an angle, with a shadow."""
    width, height = receipt.size
    margin = width // 5
    canvas = (width + 2 * margin, height + 2 * margin)
    table = _wood(canvas)
    corners = (
        (margin + 34, margin + 18),
        (margin + width - 20, margin - 12),
        (margin + width + 26, margin + height - 8),
        (margin - 10, margin + height + 22),
    )
    shadow = Image.new("L", canvas, 0)
    ImageDraw.Draw(shadow).polygon([(x + 16, y + 20) for x, y in corners], fill=120)
    shadow = shadow.filter(ImageFilter.GaussianBlur(14))
    table.paste(Image.new("RGB", canvas, (20, 14, 8)), mask=shadow)
    seen = receipt.transform(
        canvas,
        Image.Transform.PERSPECTIVE,
        _perspective(corners, ((0, 0), (width, 0), (width, height), (0, height))),
        resample=Image.Resampling.BICUBIC,
    )
    outline = Image.new("L", canvas, 0)
    ImageDraw.Draw(outline).polygon(corners, fill=255)
    table.paste(seen, mask=outline)
    return _lit(table.filter(ImageFilter.GaussianBlur(0.7)))


def _wood(size: tuple[int, int]) -> Image.Image:
    """A brown table with a grain."""
    width, height = size
    rng = np.random.default_rng(_SEED)
    grain = np.cumsum(rng.normal(0, 1.0, height))
    grain = (grain - grain.mean()) / (grain.std() + 1e-6) * 7
    waves = 5 * np.sin(np.arange(width) / 90.0)
    brightness = grain[:, np.newaxis] + waves[np.newaxis, :]
    colour = np.array([128.0, 92.0, 60.0])
    pixels = np.clip(colour + brightness[:, :, np.newaxis], 0, 255).astype(np.uint8)
    return Image.fromarray(pixels, "RGB")


def _lit(picture: Image.Image) -> Image.Image:
    """Lamp light from the upper left, and the noise of a small sensor."""
    pixels = np.asarray(picture, dtype=np.float32)
    height, width, _ = pixels.shape
    down = np.linspace(1.02, 0.80, height, dtype=np.float32)[:, np.newaxis]
    across = np.linspace(1.0, 0.90, width, dtype=np.float32)[np.newaxis, :]
    noise = np.random.default_rng(_SEED).normal(0.0, 3.0, (height, width))[:, :, np.newaxis]
    warm = np.array([1.0, 0.97, 0.90], dtype=np.float32)
    lit = pixels * (down * across)[:, :, np.newaxis] * warm + noise
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8), "RGB")


def _perspective(
    seen: tuple[tuple[int, int], ...], flat: tuple[tuple[int, int], ...]
) -> list[float]:
    """The eight numbers by which Pillow maps a point of the photo to the flat receipt."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float))
    return [float(number) for number in solved]


def as_jpeg(picture: Image.Image, dpi: int, quality: int) -> bytes:
    output = BytesIO()
    picture.save(output, "JPEG", quality=quality, dpi=(dpi, dpi))
    return output.getvalue()


def as_png(picture: Image.Image, dpi: int) -> bytes:
    output = BytesIO()
    palette = picture.quantize(32, dither=Image.Dither.NONE)
    palette.save(output, "PNG", optimize=True, dpi=(dpi, dpi))
    return output.getvalue()


def as_webp(picture: Image.Image) -> bytes:
    output = BytesIO()
    picture.save(output, "WEBP", quality=60, method=6)
    return output.getvalue()


def as_fax(pages: list[Image.Image], dpi: int) -> bytes:
    """Black and white TIFF of several pages, CCITT group 4."""
    bilevel = [page.convert("L").point(lambda grey: 255 * (grey > 150), mode="1") for page in pages]
    output = BytesIO()
    bilevel[0].save(
        output,
        "TIFF",
        compression="group4",
        save_all=True,
        append_images=bilevel[1:],
        dpi=(dpi, dpi),
    )
    return output.getvalue()
