"""Which parts of a page the detector looks at."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from src.reading.ocr.tiles import STRIDE, tiles_of

ROWS, COLUMNS = 1440, 1024


def page(noise: float = 0.0) -> np.ndarray:
    clean = np.full((ROWS, COLUMNS, 3), 235.0)
    noisy = clean + np.random.default_rng(5).normal(0, noise, clean.shape)
    return noisy.clip(0, 255).astype(np.uint8)


def printed_on(image: np.ndarray, x: int, y: int, text: str = "12,50") -> np.ndarray:
    cv2.putText(image, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (90, 90, 90), 1)
    return image


def counted(image: np.ndarray) -> np.ndarray:
    """How many tiles count each pixel."""
    times = np.zeros(image.shape[:2], dtype=int)
    for tile in tiles_of(image):
        assert 0 <= tile.top <= tile.first < tile.last <= tile.bottom <= image.shape[0]
        assert 0 <= tile.left < tile.right <= image.shape[1]
        assert all(side % STRIDE == 0 for side in (tile.left, tile.top, tile.right, tile.bottom))
        times[tile.first : tile.last, tile.left : tile.right] += 1
    return times


@pytest.mark.parametrize("noise", [0.0, 3.0, 6.0])
def test_blank_paper_is_not_looked_at(noise: float) -> None:
    assert tiles_of(page(noise)) == []


@pytest.mark.parametrize("noise", [0.0, 8.0])
@pytest.mark.parametrize("place", [(2, 14), (500, 700), (COLUMNS - 60, ROWS - 4)])
def test_a_lone_figure_is_looked_at_with_paper_about_it(
    noise: float, place: tuple[int, int]
) -> None:
    x, y = place
    times = counted(printed_on(page(noise), x, y))
    top, bottom = max(0, y - 30), min(ROWS, y + 10)
    left, right = max(0, x - 20), min(COLUMNS, x + 60)
    assert (times[top:bottom, left:right] == 1).all()
    assert times.mean() < 0.05


def test_a_full_page_is_cut_into_parts_that_do_not_count_twice() -> None:
    image = page()
    for y in range(20, ROWS, 25):
        printed_on(image, 0, y, "A line of print from edge to edge of the page " * 4)
    tiles = tiles_of(image)
    assert (counted(image) == 1).all()
    assert len(tiles) > 4
    assert max((t.bottom - t.top) * (t.right - t.left) for t in tiles) < 0.3 * ROWS * COLUMNS
    # What lies on a cut is seen by the tile above with its surroundings, and by the one below.
    assert all(
        upper.bottom > upper.last and lower.top < lower.first for upper, lower in pairwise(tiles)
    )


def test_paper_that_is_nowhere_quiet_is_looked_at_everywhere() -> None:
    cloth = np.random.default_rng(3).integers(0, 255, (ROWS, COLUMNS, 3), dtype=np.uint8)
    assert (counted(cloth) == 1).all()


def test_the_smallest_image() -> None:
    assert tiles_of(np.full((STRIDE, STRIDE, 3), 255, dtype=np.uint8)) == []
    assert counted(printed_on(np.full((STRIDE, STRIDE, 3), 255, dtype=np.uint8), 2, 20)).all()
