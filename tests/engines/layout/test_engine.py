"""The whole engine on drawn invoices: what it says, and where it says it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.candidate import EngineState
from src.domain.errors import EngineTimeout, WorkerCrashed
from src.domain.invoice import Address, Invoice
from src.domain.page import Box, Page, TextSource, Word
from src.domain.readings import ComputedEvidence, FieldReading, ReadEvidence
from src.engines.layout.engine import LayoutEngine, extract_candidate
from src.ports import ExtractionHints
from tests.engines.layout.drawing import page_of
from tests.engines.layout.drawn_invoices import DRAWN_INVOICES, DrawnInvoice

P = ParamSpec("P")
R = TypeVar("R")


def reading_at(invoice: Invoice, path: str) -> FieldReading[object] | None:
    found: object = invoice
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, tuple) else getattr(found, part)
    assert found is None or isinstance(found, FieldReading)
    return found


def said(invoice: Invoice, path: str) -> str | None:
    reading = reading_at(invoice, path)
    if reading is None:
        return None
    return reading.value.text if isinstance(reading.value, Address) else str(reading.value)


@pytest.mark.parametrize("drawn", DRAWN_INVOICES, ids=lambda drawn: drawn.name)
def test_reads_what_the_page_says(drawn: DrawnInvoice) -> None:
    invoice = extract_candidate((page_of(drawn.text),)).invoice

    assert {path: said(invoice, path) for path in drawn.says} == drawn.says


@pytest.mark.parametrize("drawn", DRAWN_INVOICES, ids=lambda drawn: drawn.name)
def test_order_of_the_words_does_not_matter(drawn: DrawnInvoice) -> None:
    page = page_of(drawn.text)
    words = list(page.words)
    words.sort(key=lambda word: (crc32(word.text.encode()), word.box.x0))
    shuffled = Page(page.number, page.width, page.height, page.rotation, page.source, tuple(words))

    invoice = extract_candidate((shuffled,)).invoice

    assert {path: said(invoice, path) for path in drawn.says} == drawn.says


@pytest.mark.parametrize("slope", [-0.03, 0.02])
def test_a_crooked_scan_reads_like_a_straight_one(slope: float) -> None:
    drawn = DRAWN_INVOICES[2]
    page = page_of(drawn.text, slope=slope, source=TextSource.OCR, confidence=0.97)

    invoice = extract_candidate((page,)).invoice

    assert {path: said(invoice, path) for path in drawn.says} == drawn.says


@pytest.mark.parametrize("drawn", DRAWN_INVOICES, ids=lambda drawn: drawn.name)
def test_evidence_boxes_hold_the_printed_value(drawn: DrawnInvoice) -> None:
    page = page_of(drawn.text)
    invoice = extract_candidate((page,)).invoice

    for path, value in drawn.says.items():
        reading = reading_at(invoice, path)
        if reading is None or isinstance(reading.evidence, ComputedEvidence):
            continue
        assert isinstance(reading.evidence, ReadEvidence)
        box = reading.evidence.box
        inside = " ".join(
            word.text
            for word in page.words
            if box.x0 - 0.001 <= word.box.x0
            and word.box.x1 <= box.x1 + 0.001
            and box.y0 - 0.001 <= word.box.y0
            and word.box.y1 <= box.y1 + 0.001
        )
        first_word = (reading.text or str(value)).split()[0].strip("#:,")
        assert first_word in inside, path


def test_confidence_falls_with_the_legibility_of_the_words() -> None:
    text = DRAWN_INVOICES[2].text
    clear = extract_candidate((page_of(text, source=TextSource.OCR, confidence=1.0),)).invoice
    faint = extract_candidate((page_of(text, source=TextSource.OCR, confidence=0.5),)).invoice

    assert clear.invoice_number is not None
    assert faint.invoice_number is not None
    assert faint.invoice_number.confidence < clear.invoice_number.confidence


def test_a_page_without_words_gives_an_invoice_without_readings() -> None:
    blank = Page(1, 595.0, 842.0, 0, TextSource.NONE, ())

    assert extract_candidate((blank,)).invoice == Invoice()
    assert extract_candidate(()).invoice == Invoice()


_TEXTS = st.text(min_size=1, max_size=12).filter(str.strip)
_PLACES = st.floats(0, 0.98)


@given(st.lists(st.tuples(_TEXTS, _PLACES, _PLACES), max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_words_in_any_place_make_it_fail(words: list[tuple[str, float, float]]) -> None:
    page = Page(
        1,
        595.0,
        842.0,
        0,
        TextSource.OCR,
        tuple(Word(text, Box(x, y, x + 0.02, y + 0.012), 0.9) for text, x, y in words),
    )

    candidate = extract_candidate((page,))

    assert candidate.provenance.engine == "layout"


class HerePool:
    """A pool that works in this process."""

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        assert seconds == 7
        return function(*args, **kwargs)


async def test_the_engine_hands_the_work_to_the_pool() -> None:
    engine = LayoutEngine(HerePool(), seconds=7)

    candidate = await engine.extract([page_of(DRAWN_INVOICES[0].text)], ExtractionHints())

    assert engine.name == "layout"
    assert said(candidate.invoice, "invoice_number") == "22-1187"
    assert (await engine.readiness()).state is EngineState.READY


class OverrunPool:
    """A pool whose workers never finish in time."""

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        raise WorkerCrashed(f"no answer within {seconds:g} s")


async def test_work_that_overruns_its_time_is_a_timeout_of_the_engine() -> None:
    engine = LayoutEngine(OverrunPool(), seconds=7)

    with pytest.raises(EngineTimeout, match="7 s"):
        await engine.extract([page_of("Invoice")], ExtractionHints())
