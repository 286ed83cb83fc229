"""`FieldReading`: a value together with the evidence for it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """Base of the types that cross rooms and the wire: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceBox(Frozen):
    """A rectangle as fractions 0..1 of the upright page, origin top left."""

    x0: float = Field(ge=0, le=1)
    y0: float = Field(ge=0, le=1)
    x1: float = Field(ge=0, le=1)
    y1: float = Field(ge=0, le=1)


class ReadEvidence(Frozen):
    """The value was read at a place on a page."""

    kind: Literal["read"] = "read"
    page: int = Field(ge=1, description="Page number, 1-based")
    box: EvidenceBox


class XmlEvidence(Frozen):
    """The value was taken from an element of an e-invoice."""

    kind: Literal["xml"] = "xml"
    path: str = Field(description="Element path from the root, without namespaces")


class ComputedEvidence(Frozen):
    """The value was computed, not read."""

    kind: Literal["computed"] = "computed"
    fields: tuple[str, ...] = Field(description="Paths of the fields it was computed from")


class UngroundedEvidence(Frozen):
    """A model gave the value, and it was not found among the words of the page it came from."""

    kind: Literal["model"] = "model"
    page: int = Field(ge=1, description="Number of the page the model was shown, 1-based")


class CorrectedEvidence(Frozen):
    """A person set the value."""

    kind: Literal["corrected"] = "corrected"
    by: str
    at: datetime


Evidence = Annotated[
    ReadEvidence | XmlEvidence | ComputedEvidence | UngroundedEvidence | CorrectedEvidence,
    Field(discriminator="kind"),
]


T_co = TypeVar("T_co", covariant=True)


class FieldReading(Frozen, Generic[T_co]):
    """One value with the text as printed, its evidence, a confidence and its maker."""

    value: T_co
    text: str | None = Field(default=None, description="The value as printed, before parsing")
    evidence: Evidence
    confidence: float = Field(
        ge=0, le=1, description="Probability that the value is right, as the engine reports it"
    )
    engine: str = Field(description="Name of the engine that made the reading")
