"""What OCR does to words, without an OCR: wrong letters, glued words, shaky boxes.

Rates and confidences follow what the product's own reader gives on clean and on poor scans:
most words at 0.99 and above, wrong ones often but not always lower.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from src.domain.page import Box, Page, TextSource, Word

_CONFUSED = {
    "0": "O",
    "O": "0",
    "1": "lI",
    "l": "1I",
    "I": "l1",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "6": "G",
    "2": "Z",
    "Z": "2",
    ".": ",",
    ",": ".",
    "é": "e",
    "ü": "u",
    "ö": "o",
    "ä": "a",
    "ł": "l",
    "ß": "B",
    "€": "E",
    "£": "E",
    ":": ".",
    "m": "rn",
    "c": "e",
    "h": "b",
    "7": "1",
    "3": "8",
    "9": "g",
}


@dataclass(frozen=True, slots=True)
class Damage:
    """How bad a scan is."""

    # Of letters that are read wrong.
    letters: float
    # Of neighbouring words that lose the space between them.
    glued: float
    # Of words that are not seen at all.
    lost: float
    # Degrees the sheet lies askew, at most.
    askew: float
    # Points a box may be off.
    shaky: float


CLEAN = Damage(letters=0.0004, glued=0.01, lost=0.0002, askew=0.3, shaky=0.3)
WORN = Damage(letters=0.003, glued=0.03, lost=0.002, askew=0.8, shaky=0.6)
POOR = Damage(letters=0.015, glued=0.06, lost=0.008, askew=1.5, shaky=1.0)


def as_ocr(pages: Sequence[Page], damage: Damage, rng: Random) -> tuple[Page, ...]:
    """The pages as OCR of a scan would give them."""
    return tuple(_damaged(page, damage, rng) for page in pages)


def _damaged(page: Page, damage: Damage, rng: Random) -> Page:
    slope = math.tan(math.radians(rng.uniform(-damage.askew, damage.askew)))
    slope *= page.width / page.height
    words = []
    for word in _glued(page.words, damage, rng):
        if rng.random() < damage.lost:
            continue
        text, wrong = _misread(word.text, damage, rng)
        box = _shaken(word.box, slope, page, damage, rng)
        words.append(Word(text, box, _confidence(wrong, damage, rng), TextSource.OCR))
    return replace(page, source=TextSource.OCR, words=tuple(words))


def _glued(words: Sequence[Word], damage: Damage, rng: Random) -> Iterator[Word]:
    waiting: Word | None = None
    for word in words:
        if waiting is None:
            waiting = word
            continue
        near = waiting.box.x1 <= word.box.x0 <= waiting.box.x1 + 0.012
        level = abs(waiting.box.y0 - word.box.y0) < 0.002
        if near and level and rng.random() < damage.glued:
            waiting = replace(
                waiting, text=waiting.text + word.text, box=waiting.box.union(word.box)
            )
            continue
        yield waiting
        waiting = word
    if waiting is not None:
        yield waiting


def _misread(text: str, damage: Damage, rng: Random) -> tuple[str, bool]:
    letters = [
        rng.choice(_CONFUSED[c]) if c in _CONFUSED and rng.random() < damage.letters * 2 else c
        for c in text
    ]
    if len(letters) > 2 and rng.random() < damage.letters:
        del letters[rng.randrange(len(letters))]
    read = "".join(letters)
    return read, read != text


def _shaken(box: Box, slope: float, page: Page, damage: Damage, rng: Random) -> Box:
    lift = slope * ((box.x0 + box.x1) / 2 - 0.5)

    def off(value: float, whole: float, extra: float = 0.0) -> float:
        shaken = value + extra + rng.uniform(-damage.shaky, damage.shaky) / whole
        return min(1.0, max(0.0, shaken))

    x0, x1 = sorted((off(box.x0, page.width), off(box.x1, page.width)))
    y0, y1 = sorted((off(box.y0, page.height, lift), off(box.y1, page.height, lift)))
    return Box(x0, y0, x1, y1)


def _confidence(wrong: bool, damage: Damage, rng: Random) -> float:
    if wrong and rng.random() < 0.7:
        return rng.uniform(0.55, 0.97)
    return max(0.5, 1.0 - rng.expovariate(1.0) * (0.003 + damage.letters * 2))
