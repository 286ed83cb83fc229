"""A text PDF to fields with invoice2data in text mode and all its templates.

The call is the documented one, which reads the templates each time; `--keep-templates` reads
them only once.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from invoice2data import extract_data  # type: ignore[import-not-found]
from invoice2data.extract.loader import read_templates  # type: ignore[import-not-found]
from invoice2data.input import pdftotext  # type: ignore[import-not-found]
from lines import answer_lines  # type: ignore[import-not-found]  # beside this file

logging.disable(logging.CRITICAL)
templates = read_templates() if "--keep-templates" in sys.argv else None


def read(path: str) -> dict[str, Any]:
    return {"found": bool(extract_data(path, templates=templates, input_module=pdftotext))}


if __name__ == "__main__":
    answer_lines(read)
