"""A text PDF to fields with invoice2data in text mode and all its templates."""

from __future__ import annotations

import logging
from typing import Any

from invoice2data import extract_data  # type: ignore[import-not-found]
from invoice2data.extract.loader import read_templates  # type: ignore[import-not-found]
from invoice2data.input import pdftotext  # type: ignore[import-not-found]
from lines import answer_lines  # type: ignore[import-not-found]  # beside this file

logging.disable(logging.CRITICAL)
# Once, not for every file: a service would do so too.
templates = read_templates()


def read(path: str) -> dict[str, Any]:
    return {"found": bool(extract_data(path, templates=templates, input_module=pdftotext))}


if __name__ == "__main__":
    answer_lines(read)
