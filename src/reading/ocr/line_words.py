"""Splits a recognised line into words with their places."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from src.reading.ocr.recogniser import HEIGHT, RecognisedLine

# A gap without ink wider than this many line heights separates columns, space or not.
_COLUMN_GAP = 0.9


@dataclass(frozen=True, slots=True)
class LineWord:
    """A word as a stretch of its line."""

    text: str
    confidence: float
    # Fractions of the line's width.
    start: float
    end: float


def split_words(line: RecognisedLine) -> tuple[LineWord, ...]:
    """Words at spaces and at column gaps; edges are where the ink between two words ends."""
    groups = _groups(line)
    if not groups:
        return ()
    columns = len(line.ink)
    edges = [_edges_of_line(line.ink)[0]]
    for (_, last), (first, _) in pairwise(groups):
        edges.extend(_gap(line.ink, line.middles[last], line.middles[first]))
    edges.append(_edges_of_line(line.ink)[1])
    words = []
    for position, (first, last) in enumerate(groups):
        chances = line.probabilities[first : last + 1]
        start, end = edges[2 * position] / columns, edges[2 * position + 1] / columns
        # A word covers at least the middles of its letters, however the ink was judged.
        start, end = min(start, line.middles[first]), max(end, line.middles[last])
        words.append(LineWord(line.text[first : last + 1], sum(chances) / len(chances), start, end))
    return tuple(words)


def _groups(line: RecognisedLine) -> list[tuple[int, int]]:
    """First and last character index of each word."""
    groups: list[tuple[int, int]] = []
    previous: int | None = None
    for index, character in enumerate(line.text):
        if character.isspace():
            previous = None
            continue
        if previous is not None and not _is_column_gap(line, previous, index):
            groups[-1] = (groups[-1][0], index)
        else:
            groups.append((index, index))
        previous = index
    return groups


def _is_column_gap(line: RecognisedLine, left: int, right: int) -> bool:
    columns = len(line.ink)
    if (line.middles[right] - line.middles[left]) * columns < _COLUMN_GAP * HEIGHT:
        return False
    start, end = _gap(line.ink, line.middles[left], line.middles[right])
    return end - start > _COLUMN_GAP * HEIGHT


def _gap(ink: npt.NDArray[np.bool_], left: float, right: float) -> tuple[float, float]:
    """First and last column of the widest stretch without ink between two letter middles;
    the middle between them when all is ink."""
    columns = len(ink)
    first = min(int(left * columns), columns - 1)
    last = min(max(int(np.ceil(right * columns)), first + 1), columns)
    blank = np.flatnonzero(~ink[first:last])
    if not len(blank):
        middle = (left + right) / 2 * columns
        return middle, middle
    runs = np.split(blank, np.flatnonzero(np.diff(blank) > 1) + 1)
    widest = max(runs, key=len)
    return float(first + widest[0]), float(first + widest[-1] + 1)


def _edges_of_line(ink: npt.NDArray[np.bool_]) -> tuple[float, float]:
    inked = np.flatnonzero(ink)
    if not len(inked):
        return 0.0, float(len(ink))
    return float(inked[0]), float(inked[-1] + 1)
