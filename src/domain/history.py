"""What happened to a document, told once and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from src.domain.readings import Frozen

# Who did it, where no caller did.
BY_SERVICE = "service"
# A person or program of this machine, without a key.
BY_LOCAL = "local"


class Action(StrEnum):
    RECEIVED = "received"
    PROCESSED = "processed"
    FAILED = "failed"
    CORRECTED = "corrected"
    APPROVED = "approved"
    REJECTED = "rejected"
    REPROCESSED = "reprocessed"
    CANCELLED = "cancelled"
    PRIORITISED = "prioritised"
    DELETED = "deleted"


class FieldChange(Frozen):
    """One value before and after; None where the field was or is empty.

    A line of goods that moved is named by its new place, one that was removed by its old one.
    """

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What somebody does, before it is written down."""

    by: str
    action: Action
    changes: tuple[FieldChange, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    # Ascending in the order of writing.
    id: int
    at: datetime
    # A key's name, "key", "local", the door a file came through, or "service".
    by: str
    action: Action
    # The version of the result after the event; 0 while there is none.
    version: int
    changes: tuple[FieldChange, ...] = ()
    # Why, in words: of a rejection or a failure.
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    # The next document to look at; None behind the last one.
    next_id: str | None
    # All that wait for a person, whatever their place.
    remaining: int
