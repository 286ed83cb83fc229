"""Pictures of every kind become one upright RGB page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from src.domain.document import MediaType
from src.domain.errors import CorruptDocument, NotFound, TooLarge
from src.reading.images import count_frames, load_picture, open_image
from tests.reading.documents import image_bytes, png_of_claimed_size, tiff_bytes, write

# Black left half on white paper.
PATTERN = np.full((60, 100), 255, dtype=np.uint8)
PATTERN[:, :50] = 0


def is_pattern(image: Image.Image) -> bool:
    gray = np.asarray(image.convert("L")).astype(int)
    half = gray.shape[1] // 2
    return bool(gray[:, : half - 3].max() < 60 and gray[:, half + 3 :].min() > 200)


def with_alpha() -> Image.Image:
    alpha = Image.fromarray(255 - PATTERN)
    image = Image.new("RGBA", (100, 60), "black")
    image.putalpha(alpha)
    return image


def palette_with_transparency() -> Image.Image:
    image = Image.fromarray(PATTERN // 255).convert("P")
    image.putpalette([0, 0, 0, 10, 10, 10])
    image.info["transparency"] = 1
    return image


GRAY = Image.fromarray(PATTERN)
KINDS = {
    "gray jpeg": (image_bytes(GRAY, "JPEG", quality=95), MediaType.JPEG),
    "cmyk jpeg": (image_bytes(GRAY.convert("CMYK"), "JPEG", quality=95), MediaType.JPEG),
    "rgb webp": (image_bytes(GRAY.convert("RGB"), "WEBP", lossless=True), MediaType.WEBP),
    "transparent png": (image_bytes(with_alpha(), "PNG"), MediaType.PNG),
    "gray and alpha png": (image_bytes(with_alpha().convert("LA"), "PNG"), MediaType.PNG),
    "palette png": (
        image_bytes(palette_with_transparency(), "PNG", transparency=1),
        MediaType.PNG,
    ),
    "bilevel png": (image_bytes(GRAY.convert("1"), "PNG"), MediaType.PNG),
    "16-bit png": (
        image_bytes(Image.fromarray(PATTERN.astype(np.uint16) * 257), "PNG"),
        MediaType.PNG,
    ),
    "g4 tiff": (tiff_bytes([GRAY.convert("1")], compression="group4"), MediaType.TIFF),
    "16-bit tiff": (tiff_bytes([Image.fromarray(PATTERN.astype(np.uint16) * 257)]), MediaType.TIFF),
    "32-bit tiff": (tiff_bytes([Image.fromarray(PATTERN.astype(np.int32))]), MediaType.TIFF),
    "float tiff": (
        tiff_bytes([Image.fromarray((PATTERN / 255).astype(np.float32))]),
        MediaType.TIFF,
    ),
    "cmyk tiff": (tiff_bytes([GRAY.convert("CMYK")]), MediaType.TIFF),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_mode_becomes_rgb_on_white(kind: str, tmp_path: Path) -> None:
    content, media_type = KINDS[kind]
    picture = load_picture(write(tmp_path, "page", content), media_type, 1)
    assert picture.image.mode == "RGB"
    assert picture.image.size == (100, 60)
    assert is_pattern(picture.image)


@pytest.mark.parametrize(("orientation", "turned"), [(1, 0), (3, 180), (6, 90), (8, 270)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_applied(
    kind: str, orientation: int, turned: int, tmp_path: Path
) -> None:
    stored = GRAY.convert("RGB").rotate(turned, expand=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = write(tmp_path, "page", image_bytes(stored, kind, exif=exif))
    picture = load_picture(path, MediaType(f"image/{kind.lower()}"), 1)
    assert picture.image.size == (100, 60)
    assert is_pattern(picture.image)
    assert picture.width > picture.height


def test_large_pictures_are_reduced_and_small_ones_kept(tmp_path: Path) -> None:
    big = Image.new("L", (5000, 7000), 255)
    path = write(tmp_path, "a.jpg", image_bytes(big, "JPEG"))
    assert load_picture(path, MediaType.JPEG, 1).image.size == (1463, 2048)
    assert max(load_picture(path, MediaType.JPEG, 1, long_side=500).image.size) == 500


def test_a_till_receipt_keeps_its_width(tmp_path: Path) -> None:
    path = write(tmp_path, "a.png", image_bytes(Image.new("L", (1000, 6000), 255), "PNG"))
    assert load_picture(path, MediaType.PNG, 1).image.size == (900, 5400)


def test_page_size_from_resolution_or_a4(tmp_path: Path) -> None:
    image = Image.new("L", (1654, 2339), 255)
    known = write(tmp_path, "a.png", image_bytes(image, "PNG", dpi=(200, 200)))
    unknown = write(tmp_path, "b.png", image_bytes(image, "PNG"))
    screen = write(tmp_path, "c.png", image_bytes(image, "PNG", dpi=(72, 72)))
    picture = load_picture(known, MediaType.PNG, 1)
    assert (round(picture.width), round(picture.height)) == (595, 842)
    for path in (unknown, screen):
        assert load_picture(path, MediaType.PNG, 1).height == pytest.approx(842)


def test_fax_lines_are_spread(tmp_path: Path) -> None:
    """A standard fax has 204 dots but 98 lines per inch."""
    fax = Image.new("1", (1728, 1100), 1)
    path = write(tmp_path, "a.tif", tiff_bytes([fax], dpi=(204, 98), compression="group4"))
    picture = load_picture(path, MediaType.TIFF, 1)
    width, height = picture.image.size
    assert height / width == pytest.approx((1100 / 98) / (1728 / 204), rel=0.01)
    assert picture.width == pytest.approx(610, abs=1)


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    pages = [Image.new("L", (20 + n, 30), 255) for n in range(5)]
    path = write(tmp_path, "a.tif", tiff_bytes(pages))
    with open_image(path, MediaType.TIFF) as image:
        assert count_frames(image, MediaType.TIFF, 100) == 5
        assert count_frames(image, MediaType.TIFF, 3) == 4
    assert load_picture(path, MediaType.TIFF, 4).image.size == (23, 30)
    with pytest.raises(NotFound):
        load_picture(path, MediaType.TIFF, 6)


def test_damage_is_reported_without_the_path(tmp_path: Path) -> None:
    content = image_bytes(GRAY, "PNG")
    path = write(tmp_path, "secret-name.png", content[:90])
    with pytest.raises(CorruptDocument) as caught:
        load_picture(path, MediaType.PNG, 1)
    assert "secret-name" not in caught.value.message
    broken_second = tiff_bytes([GRAY, GRAY])
    path = write(tmp_path, "b.tif", broken_second[:-40])
    with pytest.raises((CorruptDocument, NotFound)):
        load_picture(path, MediaType.TIFF, 2)


def test_bombs_are_refused_by_their_header(tmp_path: Path) -> None:
    path = write(tmp_path, "a.png", png_of_claimed_size(40_000, 40_000))
    with pytest.raises(TooLarge, match="40000 x 40000"):
        load_picture(path, MediaType.PNG, 1)
