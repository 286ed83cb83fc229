"""Drawn pages as scanners and telephones deliver them."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageFilter

from samples import paper


def scan(pdf: bytes, rng: Random) -> tuple[bytes, str]:
    """A scan of all pages and the suffix of its file format."""
    dpi = rng.choice((150, 200, 200))
    pages = [_scanned(page, rng) for page in paper.rendered(pdf, dpi)]
    if len(pages) > 1 or rng.random() < 0.2:
        return paper.as_fax(pages, dpi), "tif"
    return paper.as_jpeg(pages[0], dpi, rng.randint(45, 88)), "jpg"


def photo(pdf: bytes, rng: Random) -> tuple[bytes, str]:
    """A photograph of the first page, and the suffix of its file format."""
    page = paper.rendered(pdf, rng.choice((130, 160, 200)))[0]
    return paper.as_jpeg(paper.photographed(page), 72, rng.randint(55, 85)), "jpg"


def _scanned(page: Image.Image, rng: Random) -> Image.Image:
    """Grey, askew, soft and noisy to a degree that differs from sheet to sheet."""
    grey = page.convert("L").rotate(
        rng.uniform(-1.2, 1.2), resample=Image.Resampling.BICUBIC, fillcolor=255
    )
    grey = grey.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.9)))
    pixels = np.asarray(grey, dtype=np.float32)
    ink, white = rng.uniform(0, 60), rng.uniform(225, 255)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(
        0.0, rng.uniform(1.0, 8.0), pixels.shape
    )
    shade = np.linspace(0.0, rng.uniform(0, 25), pixels.shape[1], dtype=np.float32)
    inked = ink + pixels * (white - ink) / 255.0 - shade[np.newaxis, :] + noise
    return Image.fromarray(np.clip(inked, 0, 255).astype(np.uint8), "L")
