"""From pages to an invoice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from src.domain.candidate import InvoiceCandidate, Readiness
from src.domain.page import Page, ReadDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionHints:
    """What an engine may use beyond the words."""

    embedded_xml: bytes | None = None
    # (page number, long side in pixels) -> PNG bytes; None where pictures are not to be had.
    page_image: Callable[[int, int], Awaitable[bytes]] | None = None
    # So that what an engine keeps of a document can be erased with it.
    document_id: str | None = None


class ExtractionEngine(Protocol):
    """One way to get an invoice out of pages."""

    @property
    def name(self) -> str: ...

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        """Raises an `ExtractionFailed` subclass; never answers failure with empty data.

        Finding nothing on a legible page is an answer: an invoice without readings.
        """
        ...

    async def readiness(self) -> Readiness:
        """Cheap: the last known state, never a call that can hang."""
        ...


class EngineSelector(Protocol):
    """Decides which engine takes a document (`EXTRACTION_ENGINE`)."""

    async def candidates(
        self, document: ReadDocument, override: str | None
    ) -> tuple[ExtractionEngine, ...]:
        """The engines that may take the document, best first, never empty.

        The caller asks the next one only when the one before raised `UnusableAnswer` or
        `EngineTimeout`, and notes that it did. An engine named in `override` is the only candidate.
        Raises `InvalidInput` for an unknown name, `EngineUnavailable` when none may be used
        now.
        """
        ...

    def known(self, name: str) -> None:
        """Raises `InvalidInput`, listing the known engines, when there is none of that name."""
        ...

    async def readiness(self) -> Readiness:
        """Of the engine that would take the next ordinary document."""
        ...

    async def all_readiness(self) -> dict[str, Readiness]: ...
