"""A text PDF to an unchecked invoice, in one process: reading and extraction timed apart."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.reading.programs.lines import answer_lines
from src.domain.document import MediaType
from src.domain.page import Page
from src.engines.layout.engine import extract_candidate
from src.reading.units import read_batch


def read(path: str) -> dict[str, Any]:
    started = time.process_time()
    pages: list[Page] = []
    total = 1
    needs_ocr = False
    while len(pages) < total:
        batch = read_batch(Path(path), MediaType.PDF, len(pages) + 1)
        total = batch.total
        pages.extend(draft.page for draft in batch.drafts)
        needs_ocr |= any(draft.advice.read_page or draft.advice.regions for draft in batch.drafts)
    was_read = time.process_time()
    extract_candidate(tuple(pages))
    return {
        "reading": was_read - started,
        "extraction": time.process_time() - was_read,
        "pages": len(pages),
        "needs_ocr": needs_ocr,
    }


if __name__ == "__main__":
    answer_lines(read)
