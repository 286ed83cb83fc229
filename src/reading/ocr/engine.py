"""Reads the words of a page picture, whichever way up it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from src.domain.page import Box, TextSource, Word
from src.reading.ocr.detector import TextDetector
from src.reading.ocr.geometry import (
    Pixels,
    Quad,
    cut_out,
    in_reading_order,
    quad_size,
    turn_image,
    turn_quad,
)
from src.reading.ocr.line_words import split_words
from src.reading.ocr.recogniser import RecognisedLine, TextRecogniser

# Threads of one worker process; the number of workers is chosen for this.
THREADS = 2
# Lines of lower mean probability are specks, not text.
LEAST_CONFIDENCE = 0.5

# Lines that decide which way up a page is, and the confidence that needs no second look.
_ORIENTATION_LINES = 8
_SURELY_UPRIGHT = 0.9
# A line is this many times longer than high to tell its direction.
_ELONGATED = 2.0


@dataclass(frozen=True, slots=True)
class OcrResult:
    """The words of a page picture after turning it upright."""

    # Degrees clockwise that turn the picture upright.
    rotation: int
    # Size of the upright picture in pixels.
    width: int
    height: int
    words: tuple[Word, ...]

    @property
    def confidence(self) -> float:
        """Mean confidence by letters; 0 without words."""
        letters = sum(len(word.text) for word in self.words)
        if not letters:
            return 0.0
        return sum(word.confidence * len(word.text) for word in self.words) / letters


class OcrEngine:
    """Both models; about 0.6 GB while it works. One per process."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="ocr")
        self._detector = TextDetector(self._threads)
        self._recogniser = TextRecogniser()

    def read(self, picture: Image.Image) -> OcrResult:
        """Words of an RGB picture with boxes as fractions of the upright picture."""
        # The models were trained on BGR.
        image = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        quads = self._detector.find(image)
        rotation = 90 if _runs_upright(quads) else 0
        image, quads = _turned(image, quads, rotation)
        quads = _without_margin_notes(quads)
        known: dict[int, RecognisedLine] = {}
        if self._is_upside_down(image, quads, known):
            image, quads = _turned(image, quads, 180)
            rotation += 180
        lines = self._read_lines(image, quads, known)
        height, width = image.shape[:2]
        found = [
            (quad, _words(line, quad, width, height))
            for quad, line in zip(quads, lines, strict=True)
            if line.confidence >= LEAST_CONFIDENCE
        ]
        words = tuple(word for line_words in in_reading_order(found) for word in line_words)
        return OcrResult(rotation % 360, width, height, words)

    def _is_upside_down(
        self, image: Pixels, quads: list[Quad], known: dict[int, RecognisedLine]
    ) -> bool:
        """Compare how surely some long lines are read as they are and turned by 180 degrees.

        What is read goes to `known` by index while it holds for the page.
        """
        longest = sorted(range(len(quads)), key=lambda i: -quad_size(quads[i])[0])
        chosen = longest[:_ORIENTATION_LINES]
        cuts = [cut_out(image, quads[i]) for i in chosen]
        upright = list(self._threads.map(self._recogniser.read, cuts))
        if not upright or np.mean([line.confidence for line in upright]) >= _SURELY_UPRIGHT:
            known.update(zip(chosen, upright, strict=True))
            return False
        flipped = list(
            self._threads.map(self._recogniser.read, [turn_image(cut, 180) for cut in cuts])
        )
        known.update(zip(chosen, upright, strict=True))
        if _certainty(flipped) <= _certainty(upright):
            return False
        known.clear()
        return True

    def _read_lines(
        self, image: Pixels, quads: list[Quad], known: dict[int, RecognisedLine]
    ) -> list[RecognisedLine]:
        # The widest first, so that no thread ends with a long line alone.
        missing = sorted(
            (i for i in range(len(quads)) if i not in known),
            key=lambda i: -quad_size(quads[i])[0] / max(quad_size(quads[i])[1], 1.0),
        )
        read = self._threads.map(
            lambda index: self._recogniser.read(cut_out(image, quads[index])), missing
        )
        lines = known | dict(zip(missing, read, strict=True))
        return [lines[index] for index in range(len(quads))]


@cache
def ocr_engine() -> OcrEngine:
    """The engine of this process, made at first use."""
    return OcrEngine()


def _certainty(lines: list[RecognisedLine]) -> float:
    """Confidence by letters, so that a lucky short answer does not win."""
    letters = sum(len(line.probabilities) for line in lines)
    return sum(sum(line.probabilities) for line in lines) / max(letters, 1)


def _runs_upright(quads: list[Quad]) -> bool:
    """Whether most text runs along the height of the picture."""
    level = along = 0.0
    for quad in quads:
        width, height = quad_size(quad)
        if width > _ELONGATED * height:
            level += width
        elif height > _ELONGATED * width:
            along += height
    return along > level


def _without_margin_notes(quads: list[Quad]) -> list[Quad]:
    """Without lines that still run along the height: print on the margin, never content.

    A single narrow letter is higher than wide as well, but no higher than its neighbours.
    """
    usual = float(np.median([min(quad_size(quad)) for quad in quads])) if quads else 0.0
    return [
        quad
        for quad in quads
        if quad_size(quad)[1] < max(_ELONGATED * quad_size(quad)[0], 3 * usual)
    ]


def _turned(image: Pixels, quads: list[Quad], degrees: int) -> tuple[Pixels, list[Quad]]:
    if not degrees:
        return image, quads
    height, width = image.shape[:2]
    return turn_image(image, degrees), [turn_quad(q, degrees, width, height) for q in quads]


def _words(line: RecognisedLine, quad: Quad, width: int, height: int) -> list[Word]:
    """Words of a line with their boxes on the page, also where the line is tilted."""
    words = []
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    for word in split_words(line):
        corners = np.stack(
            [
                quad[0] + top * word.start,
                quad[0] + top * word.end,
                quad[3] + bottom * word.start,
                quad[3] + bottom * word.end,
            ]
        ) / np.array([width, height])
        (x0, y0), (x1, y1) = np.clip([corners.min(axis=0), corners.max(axis=0)], 0, 1).tolist()
        words.append(
            Word(word.text, Box(x0, y0, x1, y1), min(word.confidence, 1.0), TextSource.OCR)
        )
    return words
