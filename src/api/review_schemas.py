"""What goes over the wire when people review results."""

from __future__ import annotations

from pydantic import ConfigDict, Field, JsonValue

from src.api.schemas import Line, Time, Wire
from src.domain.candidate import Alternative
from src.domain.corrected_lines import MOST_LINES
from src.domain.corrections import MOST_CHANGES
from src.domain.findings import Finding
from src.domain.history import Action, FieldChange
from src.domain.invoice import Invoice
from src.domain.review import ReviewStatus

_VERSION = "The version the change was made on"
_MOST_PRIORITY = 1000


class ChangeIn(Wire):
    field: Line = Field(max_length=200, description="Path, such as totals.total")
    value: JsonValue = Field(
        description="Amounts and days as text; an address as text or with its parts; null clears"
    )


class CorrectionIn(Wire):
    version: int = Field(ge=0, description=_VERSION)
    changes: tuple[ChangeIn, ...] = Field(default=(), max_length=MOST_CHANGES)
    line_items: tuple[dict[str, JsonValue], ...] | None = Field(
        default=None,
        max_length=MOST_LINES,
        description="All lines as plain values; a name that is missing in a line keeps its value",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 1,
                "changes": [{"field": "totals.total", "value": "119.00"}],
                "line_items": [{"description": "Paint", "quantity": "2", "amount": "100.00"}],
            }
        }
    )


class VersionIn(Wire):
    version: int = Field(ge=0, description=_VERSION)


class RejectionIn(VersionIn):
    reason: str = Field(min_length=1, max_length=2000, pattern=r"\S", description="For people")


class PriorityIn(Wire):
    priority: int = Field(ge=-_MOST_PRIORITY, le=_MOST_PRIORITY, description="Default 0")


class CheckedOut(Wire):
    """What a correction would lead to."""

    invoice: Invoice
    alternatives: tuple[Alternative, ...] = Field(
        description="Second values; those of the engine `arithmetic` follow from the correction"
    )
    findings: tuple[Finding, ...]
    review_status: ReviewStatus
    review_reasons: tuple[str, ...]


class HistoryEntryOut(Wire):
    id: int
    at: Time
    by: str = Field(description="A key's name, key, local, the door of a file, or service")
    action: Action
    version: int = Field(description="Of the result after it")
    changes: tuple[FieldChange, ...]
    reason: str | None


class HistoryOut(Wire):
    items: tuple[HistoryEntryOut, ...] = Field(description="Newest last")


class NextOut(Wire):
    file_id: str | None = Field(description="None behind the last one")
    remaining: int = Field(description="All that wait, whatever their place")
