"""What an engine gives: an invoice that nobody has checked yet."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from src.domain.invoice import Invoice
from src.domain.readings import FieldReading, Frozen


class Alternative(Frozen):
    """A second value for a field: another candidate, or another engine's answer."""

    field: str = Field(description="Path of the field, e.g. 'totals.total'")
    reading: FieldReading[str]


class Provenance(Frozen):
    """How a candidate was made, so that it can be told and repeated."""

    engine: str
    engine_version: str
    model: str | None = Field(default=None, description="Model name and digest, where one was used")
    prompt_version: str | None = None
    notes: tuple[str, ...] = Field(default=(), description="Fallbacks taken, in words")


class InvoiceCandidate(Frozen):
    invoice: Invoice
    provenance: Provenance
    alternatives: tuple[Alternative, ...] = ()

    def noting(self, *notes: str) -> InvoiceCandidate:
        """The same candidate with notes added to its provenance."""
        if not notes:
            return self
        provenance = self.provenance.model_copy(update={"notes": self.provenance.notes + notes})
        return self.model_copy(update={"provenance": provenance})


class EngineState(StrEnum):
    READY = "ready"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


class Readiness(Frozen):
    """Whether an engine can work now, and if not, what to do."""

    state: EngineState
    detail: str = Field(description="One sentence a person can act on")
    remedy: str | None = None
