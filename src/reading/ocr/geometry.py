"""Boxes of text lines in pixels: order, turning, cutting out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
# (4, 2) corners top left, top right, bottom right, bottom left, as the text is read.
Quad = npt.NDArray[np.float32]

T = TypeVar("T")

# Degrees below which a line is cut out as an upright rectangle.
_LEVEL = 1.0


def quad_size(quad: Quad) -> tuple[float, float]:
    """Width along the text and height across it."""
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def clockwise_from_top_left(corners: Quad) -> Quad:
    """Corners of a rectangle in reading order, for text that runs more or less level or
    upright along the longer side."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    left = left[np.argsort(left[:, 1], kind="stable")]
    right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)


def turn_image(image: Pixels, degrees: int) -> Pixels:
    """The image turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(image, k=-(degrees // 90) % 4))


def turn_quad(quad: Quad, degrees: int, width: int, height: int) -> Quad:
    """A box of a `width` x `height` image after the image is turned clockwise; its first
    corner is again top left."""
    x, y = quad[:, 0], quad[:, 1]
    if degrees == 90:
        turned = np.stack([height - y, x], axis=1)
    elif degrees == 180:
        turned = np.stack([width - x, height - y], axis=1)
    elif degrees == 270:
        turned = np.stack([y, width - x], axis=1)
    else:
        return quad
    return clockwise_from_top_left(turned.astype(np.float32))


def cut_out(image: Pixels, quad: Quad) -> Pixels:
    """The pixels of one line, level."""
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    slope = abs(quad[1, 1] - quad[0, 1]) / max(abs(quad[1, 0] - quad[0, 0]), 1.0)
    if slope < np.tan(np.radians(_LEVEL)):
        top, left = max(int(y0), 0), max(int(x0), 0)
        return image[top : max(int(np.ceil(y1)), top + 1), left : max(int(np.ceil(x1)), left + 1)]
    width, height = (max(1, round(side)) for side in quad_size(quad))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    cut = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cut, dtype=np.uint8)


def in_reading_order(items: Sequence[tuple[Quad, T]]) -> list[T]:
    """Top to bottom, and left to right among lines that share a row; the page may be tilted."""
    if not items:
        return []
    quads = [quad for quad, _ in items]
    tilt = _tilt(quads)
    levels = [float(quad[:, 1].mean() - tilt * quad[:, 0].mean()) for quad in quads]
    lefts = [float(quad[:, 0].min()) for quad in quads]
    heights = [quad_size(quad)[1] for quad in quads]
    rows: list[list[int]] = []
    for index in sorted(range(len(quads)), key=levels.__getitem__):
        # Compared with the row's first line, so that neighbouring rows do not melt.
        first = rows[-1][0] if rows else index
        near = 0.5 * min(heights[index], heights[first])
        if rows and levels[index] - levels[first] < near:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [items[i][1] for row in rows for i in sorted(row, key=lefts.__getitem__)]


def _tilt(quads: Sequence[Quad]) -> float:
    """Rise of the text lines for each pixel across: the median, weighted by length."""
    slopes, weights = [], []
    for quad in quads:
        width, height = quad_size(quad)
        across = float(quad[1, 0] - quad[0, 0])
        if width > 3 * height and across > 0:
            slopes.append(float(quad[1, 1] - quad[0, 1]) / across)
            weights.append(width)
    if not slopes:
        return 0.0
    order = np.argsort(slopes)
    total = np.cumsum(np.array(weights)[order])
    return slopes[int(order[int(np.searchsorted(total, total[-1] / 2))])]
