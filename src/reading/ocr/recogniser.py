"""Reads the text of one line: the CTC recogniser of PP-OCRv6."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from src.reading.ocr.geometry import Pixels
from src.reading.ocr.sessions import RECOGNITION_MODEL, open_session

HEIGHT = 48
# Widths are padded to few different sizes. With less empty space after a short line the network
# takes commas for points on noisy paper: an amount is about 120 pixels wide.
_SMALLEST_WIDTH = 160
_WIDTH_STEP = 32
# A line of more pixels than this is cut off: no printed line is 60 times as long as high.
_LARGEST_WIDTH = 48 * 60

# Full-width forms of ASCII, which the model sometimes prefers for punctuation.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xFFE5: 0xA5,
    0x3002: 0x2E,
    0x3001: 0x2C,
}


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """The characters of a line with their places."""

    text: str
    # Of each character of `text`: probability, and middle as a fraction of the line's width.
    probabilities: tuple[float, ...]
    middles: tuple[float, ...]
    # Columns of the line that hold ink, at `HEIGHT` pixels of height.
    ink: npt.NDArray[np.bool_]

    @property
    def confidence(self) -> float:
        """Mean probability of the characters; 0 when there are none."""
        if not self.probabilities:
            return 0.0
        return sum(self.probabilities) / len(self.probabilities)


class TextRecogniser:
    """One recognition model. Calls may come from several threads at once."""

    def __init__(self) -> None:
        # Lines are too small to share between threads; several lines run side by side.
        self._session = open_session(RECOGNITION_MODEL)
        listed = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        # Index 0 is the CTC blank; the space comes after the listed characters.
        self._alphabet = ["", *(c.translate(_HALF_WIDTH) for c in listed), " "]

    def read(self, line: Pixels) -> RecognisedLine:
        """Text of a level line (height, width, BGR)."""
        width = min(_LARGEST_WIDTH, max(1, -(-line.shape[1] * HEIGHT // line.shape[0])))
        resized = np.asarray(cv2.resize(line, (width, HEIGHT)), dtype=np.uint8)
        padded = max(_SMALLEST_WIDTH, -(-width // _WIDTH_STEP) * _WIDTH_STEP)
        blob = np.zeros((1, 3, HEIGHT, padded), dtype=np.float32)
        blob[0, :, :, :width] = resized.transpose(2, 0, 1) / np.float32(127.5) - np.float32(1)
        output = self._session.run(None, {"x": blob})[0][0]
        return self._decode(output, width / padded, _ink_columns(resized))

    def _decode(
        self,
        output: npt.NDArray[np.float32],
        used: float,
        ink: npt.NDArray[np.bool_],
    ) -> RecognisedLine:
        """Greedy CTC: the best class of each step, repeats and blanks dropped.

        `used` is the share of the steps that the line fills; the rest is padding.
        """
        steps = len(output)
        best = output.argmax(axis=1)
        kept = best != 0
        kept[1:] &= best[1:] != best[:-1]
        text, probabilities, middles = [], [], []
        for step in np.flatnonzero(kept).tolist():
            end = step + 1
            while end < steps and best[end] == best[step]:
                end += 1
            text.append(self._alphabet[best[step]])
            probabilities.append(float(output[step:end, best[step]].max()))
            middles.append(min((step + end) / 2 / (steps * used), 1.0))
        return RecognisedLine("".join(text), tuple(probabilities), tuple(middles), ink)


def _ink_columns(line: Pixels) -> npt.NDArray[np.bool_]:
    """Which columns differ clearly from the paper, for dark and for light print."""
    gray = np.asarray(cv2.cvtColor(line, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    # The border above and below may hold rules or neighbours of the line.
    core = gray[HEIGHT // 8 : -HEIGHT // 8].astype(np.int16)
    paper = int(np.median(core))
    distance = np.abs(core - paper).max(axis=0)
    # Thin strokes of small print are far from black.
    threshold = max(24, int(np.percentile(distance, 90)) * 3 // 10)
    return np.asarray(distance > threshold)
