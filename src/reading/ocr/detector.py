"""Finds text lines: the DB detector of PP-OCRv6 and its post-processing."""

from __future__ import annotations

from concurrent.futures import Executor

import cv2
import numpy as np
import numpy.typing as npt

from src.reading.ocr.geometry import Pixels, Quad, clockwise_from_top_left
from src.reading.ocr.sessions import DETECTION_MODEL, open_session
from src.reading.ocr.tiles import STRIDE, Tile, tiles_of

# Below this long side neighbouring columns melt together; above it only costs time.
LONG_SIDE = 1440
# A till receipt is narrow: its short side keeps this many pixels where it has them.
SHORT_SIDE = 736
# Pixels a page may have for the detector, whatever its shape.
_MOST_PIXELS = 1440 * 1440

# Probability of a text pixel, as the model was published with, and of a whole box: less than
# published, or a lone digit in a column of quantities is lost. The recogniser drops specks.
_PIXEL_THRESHOLD = 0.3
_BOX_THRESHOLD = 0.4
# The network marks shrunken lines; boxes grow back by area x ratio / perimeter.
_GROWTH = 1.6
_MOST_BOXES = 2_000
_SMALLEST_SIDE = 2.0


class TextDetector:
    """One detection model. Calls may come from several threads at once."""

    def __init__(self, threads: Executor) -> None:
        """`threads` look at parts of a page side by side."""
        # The parts are too small to share between threads.
        self._session = open_session(DETECTION_MODEL)
        self._threads = threads

    def find(self, image: Pixels) -> list[Quad]:
        """Corners of each text line, in pixels of `image` (height, width, BGR), unordered."""
        height, width = image.shape[:2]
        scale = _scale(width, height)
        columns = max(STRIDE, round(width * scale / STRIDE) * STRIDE)
        rows = max(STRIDE, round(height * scale / STRIDE) * STRIDE)
        small = cv2.resize(image, (columns, rows), interpolation=_interpolation(scale))
        probability = self._probability(np.asarray(small, dtype=np.uint8))
        back = np.array([width / columns, height / rows], dtype=np.float32)
        limit = np.array([width, height], dtype=np.float32)
        return [np.clip(quad * back, 0, limit) for quad in boxes_of(probability)]

    def _probability(self, image: Pixels) -> npt.NDArray[np.float32]:
        """Map (height, width) of text probability of an image on the grid."""
        whole = np.zeros(image.shape[:2], dtype=np.float32)

        def look(tile: Tile) -> None:
            part = image[tile.top : tile.bottom, tile.left : tile.right]
            blob = cv2.dnn.blobFromImage(part, 1 / 127.5, mean=(127.5, 127.5, 127.5))
            seen = self._session.run(None, {"x": blob})[0][0, 0]
            counted = seen[tile.first - tile.top : tile.last - tile.top]
            whole[tile.first : tile.last, tile.left : tile.right] = counted

        # Taking all answers raises what went wrong in a thread.
        list(self._threads.map(look, tiles_of(image)))
        return whole


def _scale(width: int, height: int) -> float:
    scale = max(LONG_SIDE / max(width, height), SHORT_SIDE / min(width, height))
    # Enlarging helps small letters, but only so far.
    return float(min(scale, 1.5 if scale > 1 else 1.0, (_MOST_PIXELS / (width * height)) ** 0.5))


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR


def boxes_of(probability: npt.NDArray[np.float32]) -> list[Quad]:
    """Line boxes in a map (rows, columns) of text probability."""
    mask = (probability > _PIXEL_THRESHOLD).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((2, 2), dtype=np.uint8)), dtype=np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours[:_MOST_BOXES]:
        (x, y), (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < _SMALLEST_SIDE:
            continue
        corners = np.asarray(cv2.boxPoints(((x, y), (width, height), angle)), dtype=np.float32)
        if _mean_inside(probability, corners) < _BOX_THRESHOLD:
            continue
        growth = 2 * width * height * _GROWTH / (2 * (width + height))
        grown = cv2.boxPoints(((x, y), (width + growth, height + growth), angle))
        quads.append(clockwise_from_top_left(np.asarray(grown, dtype=np.float32)))
    return quads


def _mean_inside(probability: npt.NDArray[np.float32], corners: npt.NDArray[np.float32]) -> float:
    rows, columns = probability.shape
    low = np.clip(np.floor(corners.min(axis=0)), 0, (columns - 1, rows - 1)).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)), 0, (columns - 1, rows - 1)).astype(int)
    inside = np.zeros((high[1] - low[1] + 1, high[0] - low[0] + 1), dtype=np.uint8)
    cv2.fillPoly(inside, [(corners - low).astype(np.int32)], (1,))
    window = probability[low[1] : high[1] + 1, low[0] : high[0] + 1]
    return float(cv2.mean(window, mask=inside)[0])
