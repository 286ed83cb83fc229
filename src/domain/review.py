"""Whether an invoice may pass without a person."""

from __future__ import annotations

from enum import StrEnum


class ReviewStatus(StrEnum):
    """About the invoice, not about the work on it (see `JobState`)."""

    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"
