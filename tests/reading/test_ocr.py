"""OCR of pages the tests draw: text, places, directions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from src.domain.errors import ConfigurationError
from src.domain.page import Box, TextSource
from src.reading.ocr.detector import boxes_of
from src.reading.ocr.engine import OcrEngine, OcrResult, ocr_engine
from src.reading.ocr.geometry import in_reading_order, turn_image, turn_quad
from src.reading.ocr.line_words import split_words
from src.reading.ocr.recogniser import HEIGHT, RecognisedLine
from src.reading.ocr.sessions import model_path
from tests.reading.documents import A4, INVOICE_LINES, scan

EXPECTED = " ".join(text for _, _, text in INVOICE_LINES).split()


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return ocr_engine()


def box_of(result: OcrResult, text: str) -> Box:
    return next(word.box for word in result.words if word.text == text)


def test_reads_a_clean_scan_in_order(engine: OcrEngine) -> None:
    result = engine.read(scan())
    assert [word.text for word in result.words] == EXPECTED
    assert result.rotation == 0
    assert result.confidence > 0.95
    assert all(word.source is TextSource.OCR for word in result.words)
    assert all(0.5 <= word.confidence <= 1 for word in result.words)


def test_words_have_their_own_places(engine: OcrEngine) -> None:
    """Each box holds the ink of its word and no ink is outside the boxes."""
    image = scan()
    result = engine.read(image)
    ink = np.asarray(image.convert("L")) < 128
    height, width = ink.shape
    total = ink.sum()
    for word in result.words:
        rows = slice(round(word.box.y0 * height) - 1, round(word.box.y1 * height) + 1)
        columns = slice(round(word.box.x0 * width) - 1, round(word.box.x1 * width) + 1)
        assert ink[rows, columns].any(), word
        ink[rows, columns] = False
    assert ink.sum() < 0.03 * total
    number = box_of(result, "NW-2041")
    assert number.x0 > box_of(result, "number:").x1
    assert box_of(result, "149.70").x0 == pytest.approx(480 / A4[0], abs=0.006)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_finds_which_way_up(engine: OcrEngine, turned: int) -> None:
    result = engine.read(scan().rotate(turned, expand=True))
    assert result.rotation == turned
    assert [word.text for word in result.words] == EXPECTED
    assert result.height > result.width
    assert box_of(result, "667.70").y0 == pytest.approx(290 / A4[1], abs=0.01)


@pytest.mark.parametrize("degrees", [-3, 2, 4])
def test_a_slightly_tilted_page(engine: OcrEngine, degrees: int) -> None:
    tilted = scan().rotate(degrees, fillcolor="white", resample=Image.Resampling.BICUBIC)
    result = engine.read(tilted)
    assert [word.text for word in result.words] == EXPECTED
    assert result.rotation == 0


def test_light_print_on_dark_and_small_pictures(engine: OcrEngine) -> None:
    line = ((20, 30, "Amount due 48.20"),)
    image = scan(line, dpi=100).crop((0, 0, 320, 80))
    negative = Image.fromarray(255 - np.asarray(image))
    for picture in (image, negative):
        assert " ".join(word.text for word in engine.read(picture).words) == "Amount due 48.20"


def test_accents_and_currency_signs(engine: OcrEngine) -> None:
    text = "Gebühr für Prüfung: 12,50 € à Málaga ñ £5"
    result = engine.read(scan(((40, 100, text),)))
    assert " ".join(word.text for word in result.words) == text


@pytest.mark.parametrize("size", [(1, 1), (40, 40), (1200, 8), (300, 2600)])
def test_nothing_to_read(engine: OcrEngine, size: tuple[int, int]) -> None:
    result = engine.read(Image.new("RGB", size, "white"))
    assert result.words == ()
    assert result.confidence == 0.0


def test_noise_is_not_text(engine: OcrEngine) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    assert engine.read(Image.fromarray(noise)).confidence < 0.9


def test_nothing_is_downloaded(tmp_path: Path) -> None:
    """Reading works with an empty home and every socket refused."""
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('a socket was asked for')\n"
        "socket.socket.__init__ = socket.getaddrinfo = refuse\n"
        "from src.reading.ocr.engine import ocr_engine\n"
        "from tests.reading.documents import scan\n"
        "print(' '.join(word.text for word in ocr_engine().read(scan()).words))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "NW-2041" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_names_the_remedy() -> None:
    with pytest.raises(ConfigurationError, match="Reinstall"):
        model_path("PP-OCRv9_huge.onnx")


def recognised(text: str, middles: list[float], ink: np.ndarray) -> RecognisedLine:
    return RecognisedLine(text, (0.9,) * len(text), tuple(middles), ink)


def test_columns_of_one_line_are_parted_without_a_space() -> None:
    ink = np.zeros(480, dtype=np.bool_)
    ink[10:60] = ink[400:470] = True
    line = recognised("AB12", [0.05, 0.1, 0.86, 0.95], ink)
    first, second = split_words(line)
    assert (first.text, second.text) == ("AB", "12")
    assert first.end == pytest.approx(60 / 480)
    assert second.start == pytest.approx(400 / 480)


def test_words_meet_at_the_widest_blank() -> None:
    ink = np.ones(200, dtype=np.bool_)
    ink[:5] = ink[90:100] = ink[105:106] = False
    words = split_words(recognised("to us", [0.1, 0.3, 0.48, 0.6, 0.9], ink))
    assert [word.text for word in words] == ["to", "us"]
    assert words[0].start == pytest.approx(5 / 200)
    assert words[0].end == pytest.approx(90 / 200)
    assert words[1].start == pytest.approx(100 / 200)


def test_words_without_a_blank_meet_half_way() -> None:
    words = split_words(recognised("a b", [0.2, 0.5, 0.8], np.ones(100, dtype=np.bool_)))
    assert words[0].end == words[1].start == pytest.approx(0.5)
    assert split_words(recognised("  ", [0.2, 0.5], np.zeros(HEIGHT, dtype=np.bool_))) == ()
    (lone,) = split_words(recognised("x", [0.5], np.zeros(100, dtype=np.bool_)))
    assert (lone.start, lone.end) == (0.0, 1.0)


def quad(x: float, y: float, width: float, height: float) -> np.ndarray:
    return np.array(
        [[x, y], [x + width, y], [x + width, y + height], [x, y + height]], dtype=np.float32
    )


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turning_a_box_with_its_image(degrees: int) -> None:
    image = np.zeros((60, 100, 3), dtype=np.uint8)
    image[10:20, 30:70] = 255
    turned = turn_image(image, degrees)
    box = turn_quad(quad(30, 10, 40, 10), degrees, 100, 60)
    (x0, y0), (x1, y1) = box.min(axis=0).astype(int), box.max(axis=0).astype(int)
    assert turned[y0:y1, x0:x1].min() == 255
    assert turned.sum() == turned[y0:y1, x0:x1].sum()
    assert box[0].tolist() == [x0, y0]


def test_rows_of_a_tilted_page_stay_together() -> None:
    items = [
        (quad(x, 20 * row + 0.05 * x, 90, 12), f"{row}{column}")
        for column, x in enumerate((0, 400, 800))
        for row in range(3)
    ]
    items = [
        (np.array([q[0], q[1] + [0, 4.5], q[2] + [0, 4.5], q[3]], dtype=np.float32), t)
        for q, t in items
    ]
    ordered = in_reading_order(items)
    assert ordered == [f"{row}{column}" for row in range(3) for column in range(3)]
    assert in_reading_order([]) == []


def test_boxes_of_a_probability_map() -> None:
    probability = np.zeros((100, 200), dtype=np.float32)
    probability[40:50, 20:120] = 0.9
    probability[80:82, 80:82] = 0.9  # a speck
    probability[10:20, 150:190] = 0.35  # too faint as a whole
    (box,) = boxes_of(probability)
    (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
    # The model marks lines shrunken; the box grows by area x 1.6 / perimeter on each side.
    assert x0 == pytest.approx(20 - 7, abs=2)
    assert y1 == pytest.approx(50 + 7, abs=2)
    assert (x1, y0) == (pytest.approx(127, abs=2), pytest.approx(33, abs=2))
