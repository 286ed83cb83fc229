"""Reviews between the wire and the domain."""

from __future__ import annotations

from collections.abc import Sequence

from src.api.review_schemas import CheckedOut, CorrectionIn, HistoryEntryOut, HistoryOut
from src.domain.corrections import Change, Correction
from src.domain.history import HistoryEntry
from src.domain.results import ProcessedInvoice


def correction_of(body: CorrectionIn) -> Correction:
    return Correction(
        changes=tuple(Change(change.field, change.value) for change in body.changes),
        line_items=body.line_items,
    )


def checked_out(result: ProcessedInvoice) -> CheckedOut:
    return CheckedOut(
        invoice=result.invoice,
        alternatives=result.alternatives,
        findings=result.findings,
        review_status=result.review_status,
        review_reasons=result.review_reasons,
    )


def history_out(entries: Sequence[HistoryEntry]) -> HistoryOut:
    return HistoryOut(
        items=tuple(
            HistoryEntryOut(
                id=entry.id,
                at=entry.at,
                by=entry.by,
                action=entry.action,
                version=entry.version,
                changes=entry.changes,
                reason=entry.reason,
            )
            for entry in entries
        )
    )
