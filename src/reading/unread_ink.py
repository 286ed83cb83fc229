"""Text that is drawn on a page but missing from its text layer.

Some programs draw addresses as outlines or little pictures. What is left of the page's ink once
the words of the layer are taken away tells where to look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from src.domain.page import Box, Word

if TYPE_CHECKING:
    from PIL import Image

# The page is looked at with this many pixels along its long side: about 100 dpi for A4, where
# letters of 6 points are still 8 pixels high.
LOOKED_AT = 1200

_DARK = 140
# Sizes of the parts of letters, in pixels of that picture.
_LOWEST, _HIGHEST = 4, 34
_WIDEST = 90
# Ink within this distance belongs to one block.
_GAP_ACROSS, _GAP_ALONG = 15, 9
# A block with fewer letters is a logo, a rule or a stamp; reading it is not worth the time.
_FEWEST_LETTERS = 30
# A letter is about this wide for its height.
_LETTER_SHAPE = 0.6
# With more blocks than this the page is read as a whole.
_MOST_BLOCKS = 3
_WHOLE_PAGE = Box(0.0, 0.0, 1.0, 1.0)
_MARGIN = 0.004


def unread_blocks(picture: Image.Image, words: tuple[Word, ...]) -> tuple[Box, ...]:
    """Boxes of blocks of print without words; the whole page when there are many.

    `picture` shows the upright page, `LOOKED_AT` pixels long.
    """
    ink = np.asarray(picture.convert("L")) < _DARK
    _take_away(ink, words)
    blocks = _blocks(ink)
    return blocks if len(blocks) <= _MOST_BLOCKS else (_WHOLE_PAGE,)


def _take_away(ink: npt.NDArray[np.bool_], words: tuple[Word, ...]) -> None:
    height, width = ink.shape
    for word in words:
        box = word.box
        # Letters reach a little over the box of their font.
        left, right = int(box.x0 * width) - 2, int(box.x1 * width) + 3
        top, bottom = int(box.y0 * height) - 2, int(box.y1 * height) + 3
        ink[max(top, 0) : bottom, max(left, 0) : right] = False


def _blocks(ink: npt.NDArray[np.bool_]) -> tuple[Box, ...]:
    # Only worker processes load this library.
    import cv2  # noqa: PLC0415

    _, _, parts, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    wide, high = parts[:, cv2.CC_STAT_WIDTH], parts[:, cv2.CC_STAT_HEIGHT]
    like_letters = (high >= _LOWEST) & (high <= _HIGHEST) & (wide <= _WIDEST)
    like_letters[0] = False
    letters = parts[like_letters]
    if len(letters) == 0:
        return ()
    mask = np.zeros(ink.shape, np.uint8)
    for left, top, across, along, _ in letters:
        mask[
            max(top - _GAP_ALONG // 2, 0) : top + along + _GAP_ALONG // 2 + 1,
            max(left - _GAP_ACROSS // 2, 0) : left + across + _GAP_ACROSS // 2 + 1,
        ] = 1
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    middle = labels[letters[:, 1] + letters[:, 3] // 2, letters[:, 0] + letters[:, 2] // 2]
    # Letters that touch count by their width.
    weights = np.maximum(1.0, letters[:, 2] / (_LETTER_SHAPE * letters[:, 3]))
    totals = np.bincount(middle, weights=weights, minlength=count)
    return tuple(
        _around(letters[middle == block], ink.shape)
        for block in range(1, count)
        if totals[block] >= _FEWEST_LETTERS
    )


def _around(letters: npt.NDArray[np.int32], shape: tuple[int, ...]) -> Box:
    height, width = shape
    left, top = letters[:, 0].min() / width, letters[:, 1].min() / height
    right = (letters[:, 0] + letters[:, 2]).max() / width
    bottom = (letters[:, 1] + letters[:, 3]).max() / height
    return Box(
        max(float(left) - _MARGIN, 0.0),
        max(float(top) - _MARGIN, 0.0),
        min(float(right) + _MARGIN, 1.0),
        min(float(bottom) + _MARGIN, 1.0),
    )
