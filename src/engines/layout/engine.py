"""The `layout` engine: pages of words in, an unchecked invoice out, in a worker process."""

from __future__ import annotations

from collections.abc import Sequence

from src.domain.candidate import EngineState, InvoiceCandidate, Provenance, Readiness
from src.domain.errors import EngineTimeout, WorkerCrashed
from src.domain.page import Page
from src.engines.layout.assembly import assemble
from src.engines.layout.calibration import calibrated
from src.engines.layout.evidence import ENGINE
from src.ports import CpuPool, ExtractionHints

VERSION = "1"


class LayoutEngine:
    """Reads invoices from word boxes alone; needs no model and no server."""

    def __init__(self, pool: CpuPool, seconds: float) -> None:
        """`seconds` bounds the work on one document."""
        self._pool = pool
        self._seconds = seconds

    @property
    def name(self) -> str:
        return ENGINE

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        """Raises `EngineTimeout` when the work overruns its time. Hints are not needed."""
        try:
            return await self._pool.run(self._seconds, extract_candidate, tuple(pages))
        except WorkerCrashed as error:
            raise EngineTimeout(
                f"Reading the fields took longer than {self._seconds:g} s or ended its process: "
                f"{error}"
            ) from error

    async def readiness(self) -> Readiness:
        return Readiness(state=EngineState.READY, detail="Runs in this process, on the CPU")


def extract_candidate(pages: tuple[Page, ...]) -> InvoiceCandidate:
    """Pure: the same pages give the same candidate. Pages without words give an empty one."""
    invoice, alternatives = assemble(pages)
    return InvoiceCandidate(
        invoice=calibrated(invoice, pages),
        provenance=Provenance(engine=ENGINE, engine_version=VERSION),
        alternatives=alternatives,
    )
