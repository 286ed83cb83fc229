"""Which parts of a page the detector has to look at, cut small enough for the processor's cache.

The detector is limited by memory, not by arithmetic: a page in strips takes less than half the
time of the page as a whole, and blank paper need not be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from src.reading.ocr.geometry import Pixels

# The network halves its input five times, so tiles lie on a grid of this many pixels.
STRIDE = 32
# Pixels of one tile; what the network makes of them on its way stays in the cache.
_MOST_PIXELS = 1440 * 192
# Cells beyond the cut between two strips that are looked at for context, then thrown away.
_OVERLAP = 1

# Difference of gray within a cell that may be print, on paper without noise and at most.
_FAINT = 8.0
_CLEAR = 24.0
# So much over the difference in the quietest tenth of the cells is more than noise.
_OVER_NOISE = 1.6

Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle to look at, and the rows of it that count; pixels, on the grid."""

    left: int
    top: int
    right: int
    bottom: int
    # From `first` to before `last`; the rest overlaps with neighbours.
    first: int
    last: int


def tiles_of(image: Pixels) -> list[Tile]:
    """Tiles over all that may be print in an image (height, width, BGR) on the grid.

    No two tiles count the same pixel.
    """
    cells = _near(_printed(image))
    tiles = []
    for start, end in _runs(np.asarray(cells.any(axis=1))):
        columns = np.flatnonzero(cells[start:end].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        rows = max(2, _MOST_PIXELS // (STRIDE * STRIDE * (right - left)))
        strips = -(-(end - start) // rows)
        cuts = [start + (end - start) * i // strips for i in range(strips + 1)]
        for first, last in pairwise(cuts):
            top, bottom = max(start, first - _OVERLAP), min(end, last + _OVERLAP)
            sides = (left, top, right, bottom, first, last)
            tiles.append(Tile(*(side * STRIDE for side in sides)))
    return tiles


def _printed(image: Pixels) -> Cells:
    """Cells of the grid whose gray differs more than the paper's noise does."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    # Half the size quiets noise; thin strokes stay visible.
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    side = STRIDE // 2
    rows, columns = half.shape[0] // side, half.shape[1] // side
    blocks = half.reshape(rows, side, columns, side).astype(np.int16)
    spread = blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))
    noise = float(np.percentile(spread, 10))
    return np.asarray(spread > min(max(_FAINT, _OVER_NOISE * noise), _CLEAR))


def _near(cells: Cells) -> Cells:
    """With the cells around: print at an edge of a tile needs paper about it."""
    grown = cv2.dilate(cells.astype(np.uint8), np.ones((3, 3), dtype=np.uint8))
    return np.asarray(grown).astype(np.bool_)


def _runs(flags: Cells) -> list[tuple[int, int]]:
    """Start and end (exclusive) of the stretches of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
