"""Readers and engines that do one thing, well or badly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from src.domain.candidate import EngineState, InvoiceCandidate, Provenance, Readiness
from src.domain.document import MediaType
from src.domain.errors import InvalidInput, InvoiceAgentError
from src.domain.invoice import Invoice
from src.domain.page import Box, Page, ReadDocument, TextSource, Word
from src.domain.readings import EvidenceBox, FieldReading, ReadEvidence
from src.domain.results import Inspection
from src.ports import ExtractionEngine, ExtractionHints

PAGE = Page(
    number=1,
    width=595,
    height=842,
    rotation=90,
    source=TextSource.TEXT_LAYER,
    words=(Word("RE-7", Box(0.1, 0.1, 0.2, 0.12)),),
)


class MovableClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class FixedInspector:
    """Everything is a one-page PDF, or is refused with `refusal`."""

    refusal: InvoiceAgentError | None = None

    async def inspect(self, path: Path, name: str) -> Inspection:
        if self.refusal:
            raise self.refusal
        return Inspection(media_type=MediaType.PDF, page_count=1)


@dataclass
class FixedReader:
    """Reads `PAGE`; first raises what is in `errors`, one a call."""

    errors: list[InvoiceAgentError] = field(default_factory=list)
    # Reading ends when this does.
    until: Callable[[], Awaitable[None]] | None = None
    xml: bytes | None = b"<Invoice/>"
    calls: int = 0

    async def read(
        self,
        path: Path,
        media_type: MediaType,
        on_page: Callable[[int, int], None] | None = None,
    ) -> ReadDocument:
        self.calls += 1
        if on_page:
            on_page(1, 2)
        if self.until is not None:
            await self.until()
        if self.errors:
            raise self.errors.pop(0)
        return ReadDocument(pages=(PAGE,), embedded_xml=self.xml)


@dataclass
class FixedRenderer:
    """Draws a page as the text of its arguments and remembers how often."""

    drawn: int = 0

    async def render(
        self, path: Path, media_type: MediaType, page: int, rotation: int, long_side: int
    ) -> bytes:
        self.drawn += 1
        return f"page {page} turned {rotation} at {long_side}".encode()


@dataclass
class FixedSelector:
    engines: Sequence[ExtractionEngine]

    async def candidates(
        self, document: ReadDocument, override: str | None
    ) -> tuple[ExtractionEngine, ...]:
        return tuple(engine for engine in self.engines if override in (None, engine.name))

    def known(self, name: str) -> None:
        if name not in {engine.name for engine in self.engines}:
            raise InvalidInput(f"There is no engine {name!r}.")

    async def readiness(self) -> Readiness:
        return await self.engines[0].readiness()

    async def all_readiness(self) -> dict[str, Readiness]:
        return {engine.name: await engine.readiness() for engine in self.engines}


@dataclass
class NumberEngine:
    """Finds the invoice number of `PAGE` and looks at the page's picture."""

    name: str = "number"
    picture: bytes = b""

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        if hints.page_image:
            self.picture = await hints.page_image(1, 800)
        number = FieldReading[str](
            value="RE-7",
            text="RE-7",
            evidence=ReadEvidence(page=1, box=EvidenceBox(x0=0.1, y0=0.1, x1=0.2, y1=0.12)),
            confidence=0.9,
            engine=self.name,
        )
        return InvoiceCandidate(
            invoice=Invoice(invoice_number=number),
            provenance=Provenance(engine=self.name, engine_version="1"),
        )

    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.READY, detail="ready")


@dataclass
class FaultyEngine:
    """Raises `error` at every document."""

    error: Exception
    name: str = "faulty"

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        raise self.error

    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.READY, detail="ready, so it says")
