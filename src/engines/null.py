"""The engine that reads nothing and says so; for dry runs and tests."""

from __future__ import annotations

from collections.abc import Sequence

from src.domain.candidate import EngineState, InvoiceCandidate, Provenance, Readiness
from src.domain.invoice import Invoice
from src.domain.page import Page
from src.ports import ExtractionHints

ENGINE_NAME = "null"
VERSION = "1"


class NullEngine:
    """Answers every document with an invoice without readings."""

    @property
    def name(self) -> str:
        return ENGINE_NAME

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        """Never raises; the provenance tells that nothing was read."""
        return InvoiceCandidate(
            invoice=Invoice(),
            provenance=Provenance(
                engine=ENGINE_NAME,
                engine_version=VERSION,
                notes=("The null engine read nothing; every field is empty on purpose.",),
            ),
        )

    async def readiness(self) -> Readiness:
        return Readiness(
            state=EngineState.DEGRADED,
            detail="The null engine answers every document with an empty invoice.",
            remedy="Set EXTRACTION_ENGINE=auto to have documents read.",
        )
