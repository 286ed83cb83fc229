"""Reads page pictures with rapidocr as it is packaged; `--no-cls` turns its line turner off."""

from __future__ import annotations

import sys
from typing import Any

from lines import answer_lines  # type: ignore[import-not-found]  # beside this file
from rapidocr import RapidOCR

engine = RapidOCR(params={"Global.use_cls": "--no-cls" not in sys.argv})


def read(path: str) -> dict[str, Any]:
    # Which kind of answer it is depends on settings; detection and recognition together are these.
    return {"text": " ".join(getattr(engine(path), "txts", None) or ())}


if __name__ == "__main__":
    answer_lines(read)
