"""What the checks say about an invoice."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from src.domain.readings import Frozen


class Severity(StrEnum):
    """ERROR holds the document for a person, WARNING is shown, INFO is told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(Frozen):
    code: str = Field(description="Stable name of the rule that fired, e.g. 'total-mismatch'")
    severity: Severity
    message: str = Field(description="What is wrong, with the values concerned")
    fields: tuple[str, ...] = Field(description="Paths of the fields concerned")
    remedy: str = Field(description="What a person should do")
    related_id: str | None = Field(default=None, description="Another result concerned")
