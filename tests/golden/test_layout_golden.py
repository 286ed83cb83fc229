"""What the layout engine reads of drawn invoices, kept as files and reviewed as a diff.

After a change that is meant: `UPDATE_GOLDEN=1 python -m pytest tests/golden`, then read the diff
of `tests/golden/read/`. The drawings come from `training/`, one of each family of layouts, and
from the samples with a text layer; nothing in them depends on OCR.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.neutral import neutral
from src.domain.document import MediaType
from src.domain.page import Page
from src.engines.layout.engine import extract_candidate
from src.reading.units import read_batch
from tests.e2e.service import ROOT
from training.families import chosen
from training.make import make

KEPT = Path(__file__).parent / "read"
FAMILIES = {family.name: family for family in chosen("all")}
SAMPLES = sorted(path.stem for path in (ROOT / "samples" / "files").glob("*.pdf"))


def compare(name: str, pages: tuple[Page, ...]) -> None:
    read = neutral(extract_candidate(pages).invoice)
    text = json.dumps(read, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    kept = KEPT / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert kept.exists(), f"{kept} is missing; UPDATE_GOLDEN=1 writes it"
    assert json.loads(kept.read_text(encoding="utf-8")) == read


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_family_of_layouts_is_read_as_before(family: str) -> None:
    compare(f"family-{family}", make(FAMILIES[family], "golden").canvas.pages())


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_read_as_before(sample: str) -> None:
    batch = read_batch(ROOT / "samples" / "files" / f"{sample}.pdf", MediaType.PDF, 1)
    compare(f"sample-{sample}", tuple(draft.page for draft in batch.drafts))


def test_nothing_is_kept_that_is_not_read() -> None:
    expected = {f"family-{name}" for name in FAMILIES} | {f"sample-{name}" for name in SAMPLES}
    assert {path.stem for path in KEPT.glob("*.json")} == expected
