"""Reads page pictures the way the product does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.reading.programs.lines import answer_lines
from src.domain.document import MediaType
from src.reading.drawing import Source
from src.reading.ocr_pages import read_page


def read(path: str) -> dict[str, Any]:
    page = read_page(Source(Path(path), MediaType.PNG, 1)).page
    return {"text": " ".join(word.text for word in page.words)}


if __name__ == "__main__":
    answer_lines(read)
