"""What every engine promises. A new engine joins by one line in `ENGINES`."""

from __future__ import annotations

import asyncio
import copy
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from src.domain.candidate import EngineState, InvoiceCandidate
from src.domain.errors import ExtractionFailed
from src.domain.page import Box, Page, TextSource, Word
from src.domain.readings import (
    ComputedEvidence,
    CorrectedEvidence,
    ReadEvidence,
    UngroundedEvidence,
    XmlEvidence,
)
from src.engines.einvoice import EInvoiceEngine
from src.engines.layout.engine import LayoutEngine
from src.engines.null import NullEngine
from src.engines.vision.engine import VisionEngine
from src.engines.vision.server import ModelServer, Provider
from src.ports import ExtractionEngine, ExtractionHints
from tests.engines.invoice_readings import readings_of
from tests.engines.pages import INVOICE_TEXT, ThreadPool, page_of
from tests.fakes.ollama import FakeOllama

OLLAMA = FakeOllama(capacity=4)


@pytest.fixture(scope="module", autouse=True)
def model_server() -> Iterator[None]:
    with OLLAMA:
        yield


def vision() -> VisionEngine:
    server = ModelServer(provider=Provider.OLLAMA, base_url=OLLAMA.url, model=OLLAMA.model)
    folder = Path(tempfile.gettempdir()) / "unused"
    return VisionEngine(server, LayoutEngine(ThreadPool(), 60), folder)


ENGINES: dict[str, Callable[[], ExtractionEngine]] = {
    "einvoice": EInvoiceEngine,
    "layout": lambda: LayoutEngine(ThreadPool(), 60),
    "null": NullEngine,
    "vision": vision,
}
# Engines that let another one read as well name the maker of each reading.
MAKERS = {"vision": {"vision", "layout"}}
# What a value is computed from when it is from no field, such as the language of a page.
ALL_WORDS = "words"
XML = (Path(__file__).parent / "einvoices" / "cii_extended.xml").read_bytes()


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> ExtractionEngine:
    return ENGINES[request.param]()


@pytest.fixture
def pages() -> tuple[Page, ...]:
    return (page_of(INVOICE_TEXT), page_of("Terms of business\nPage 2 of 2", number=2))


HINTS = ExtractionHints(embedded_xml=XML)


def assert_contract(
    candidate: InvoiceCandidate, engine: ExtractionEngine, pages: Sequence[Page]
) -> None:
    """Every reading says where it is from, by whom, and how sure."""
    assert candidate.provenance.engine == engine.name
    assert candidate.provenance.engine_version
    filled = dict(readings_of(candidate.invoice))
    alternatives = [
        (alternative.field, alternative.reading) for alternative in candidate.alternatives
    ]
    for path, reading in (*filled.items(), *alternatives):
        assert reading.engine in MAKERS.get(engine.name, {engine.name}), path
        assert 0 <= reading.confidence <= 1, path
        match reading.evidence:
            case ReadEvidence(page=number, box=box):
                assert number in {page.number for page in pages}, path
                assert box.x0 <= box.x1, path
                assert box.y0 <= box.y1, path
                assert reading.text, path
            case XmlEvidence(path=element):
                assert element, path
            case ComputedEvidence(fields=fields):
                assert fields, path
                assert set(fields) <= filled.keys() | {ALL_WORDS}, path
            case UngroundedEvidence(page=number):
                assert number in {page.number for page in pages}, path
            case CorrectedEvidence():
                pytest.fail(f"{path}: an engine is not a person")


def test_its_name_is_the_one_it_is_registered_under() -> None:
    assert {name: make().name for name, make in ENGINES.items()} == {name: name for name in ENGINES}


async def test_readiness_is_quick_and_tells_what_to_do(engine: ExtractionEngine) -> None:
    readiness = await asyncio.wait_for(engine.readiness(), timeout=30)

    assert readiness.detail
    assert readiness.state is EngineState.READY or readiness.remedy


async def test_every_reading_has_evidence(
    engine: ExtractionEngine, pages: tuple[Page, ...]
) -> None:
    candidate = await engine.extract(pages, HINTS)

    assert_contract(candidate, engine, pages)


async def test_it_reads_something_or_says_that_it_did_not(
    engine: ExtractionEngine, pages: tuple[Page, ...]
) -> None:
    candidate = await engine.extract(pages, HINTS)

    assert any(True for _ in readings_of(candidate.invoice)) or candidate.provenance.notes


async def test_the_same_document_gives_the_same_answer(
    engine: ExtractionEngine, pages: tuple[Page, ...]
) -> None:
    first = await engine.extract(pages, HINTS)

    assert await engine.extract(pages, HINTS) == first


async def test_documents_at_the_same_time_do_not_disturb_each_other(
    engine: ExtractionEngine, pages: tuple[Page, ...]
) -> None:
    alone = await engine.extract(pages, HINTS)

    assert await asyncio.gather(*(engine.extract(pages, HINTS) for _ in range(4))) == [alone] * 4


async def test_it_leaves_its_input_as_it_was(
    engine: ExtractionEngine, pages: tuple[Page, ...]
) -> None:
    given = list(pages)
    before = copy.deepcopy(given)

    await engine.extract(given, HINTS)

    assert given == before


_ODD_WORDS = ("x" * 10_000, "\u202e", "١٢٣", "-", "9" * 400, "0/0/0", "€", "\x00")
_ODD_PAGE = Page(
    number=1,
    width=0.1,
    height=100_000.0,
    rotation=90,
    source=TextSource.OCR,
    words=tuple(Word(text, Box(0.5, 0.5, 0.5, 0.5), 0.0, TextSource.OCR) for text in _ODD_WORDS),
)


@pytest.mark.parametrize(
    ("bad_pages", "bad_xml"),
    [
        ((), None),
        ((), b"<broken"),
        ((), b"<html/>"),
        ((Page(1, 595.0, 842.0, 0, TextSource.NONE, ()),), None),
        ((_ODD_PAGE,), b"\x00" * 100),
    ],
    ids=["nothing", "broken-xml", "other-xml", "blank-page", "odd-words"],
)
async def test_what_cannot_be_read_is_refused_in_words_or_answered_honestly(
    engine: ExtractionEngine, bad_pages: tuple[Page, ...], bad_xml: bytes | None
) -> None:
    try:
        candidate = await engine.extract(bad_pages, ExtractionHints(embedded_xml=bad_xml))
    except ExtractionFailed as failure:
        assert failure.message.endswith(".")  # noqa: PT017 - either way is allowed
    else:
        assert_contract(candidate, engine, bad_pages)
