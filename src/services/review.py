"""What people decide about invoices: correct, check, approve, reject, and what comes next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from loguru import logger

from src.domain.arithmetic.offers import ARITHMETIC, offers
from src.domain.corrections import Corrected, Correction, apply
from src.domain.document import JobState
from src.domain.errors import Conflict
from src.domain.history import Action, HistoryEntry, ReviewQueue, Revision
from src.domain.results import ProcessedInvoice, ResultRecord
from src.domain.review import ReviewStatus
from src.ports import Clock, DocumentRepository, FileStore, ReviewListener, UnitOfWork
from src.services.document_reading import DocumentReading
from src.services.judge import Judge

log = logger.bind(channel="processing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A result with its row, as one transaction saw them."""

    record: ResultRecord
    result: ProcessedInvoice


class NullListener:
    """Learns nothing."""

    async def learn(self, documents: DocumentRepository, result: ProcessedInvoice) -> None:
        return None


class ReviewService:
    """Every change names the version it was made on; the second of two on one is refused.

    All methods about one document raise `NotFound`. `by` names who did it, for the history.
    """

    def __init__(
        self,
        *,
        uow: UnitOfWork,
        files: FileStore,
        reading: DocumentReading,
        judge: Judge,
        listener: ReviewListener,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._files = files
        self._reading = reading
        self._judge = judge
        self._listener = listener
        self._clock = clock

    async def correct(
        self, result_id: str, version: int, correction: Correction, *, by: str
    ) -> Reviewed:
        """Save changed values, with the findings and the decision they lead to, and with what
        follows by arithmetic: computed readings in the invoice, printed ones as alternatives.

        An approval of the values before ends with it. Raises `InvalidInput` with the fields at
        fault, `Conflict` for another version and for a result that is not there (yet).
        """
        before = await self._current(result_id, version)
        changed, corrected = await self._corrected(before, correction, by)
        if not corrected.changes:
            return before
        revision = Revision(by=by, action=Action.CORRECTED, changes=corrected.changes)
        return await self._save(version, changed, revision)

    async def check(
        self, result_id: str, version: int, correction: Correction, *, by: str
    ) -> ProcessedInvoice:
        """What `correct` would save. Raises as `correct` does."""
        before = await self._current(result_id, version)
        changed, _ = await self._corrected(before, correction, by)
        return changed

    async def approve(self, result_id: str, version: int, *, by: str) -> Reviewed:
        """ACCEPTED, whatever the findings: a person has decided. Raises `Conflict`."""
        before = (await self._current(result_id, version)).result
        approved = before.model_copy(
            update={
                "review_status": ReviewStatus.ACCEPTED,
                "review_reasons": (),
                "approved_by": by,
            }
        )
        return await self._save(version, approved, Revision(by=by, action=Action.APPROVED))

    async def reject(self, result_id: str, version: int, reason: str, *, by: str) -> Reviewed:
        """REJECTED; the reason is in the history. Raises `Conflict`."""
        before = (await self._current(result_id, version)).result
        rejected = before.model_copy(
            update={"review_status": ReviewStatus.REJECTED, "approved_by": None}
        )
        revision = Revision(by=by, action=Action.REJECTED, reason=reason)
        return await self._save(version, rejected, revision)

    async def cancel(self, result_id: str, *, by: str) -> ResultRecord:
        """Call a queued job off. Raises `Conflict` when it runs or has ended."""
        async with self._uow(write=True) as documents:
            await documents.cancel(result_id, by=by)
            return await documents.get(result_id)

    async def prioritise(self, result_id: str, priority: int, *, by: str) -> ResultRecord:
        """Let a queued job be taken earlier (above 0) or later. Raises `Conflict`."""
        async with self._uow(write=True) as documents:
            await documents.prioritise(result_id, priority, by=by)
            return await documents.get(result_id)

    async def history(self, result_id: str) -> tuple[HistoryEntry, ...]:
        """Newest last."""
        async with self._uow() as documents:
            return await documents.history(result_id)

    async def next(self, status: ReviewStatus, after: str | None) -> ReviewQueue:
        """The result with this status that follows `after` (None: the oldest)."""
        async with self._uow() as documents:
            return await documents.next_to_review(status, after)

    async def _current(self, result_id: str, version: int) -> Reviewed:
        async with self._uow() as documents:
            record = await documents.get(result_id)
            _refuse_unless_current(record, version)
            result = await documents.result(result_id)
        if result is None:
            raise Conflict("This document has no result to review; process it again.")
        return Reviewed(record=record, result=result)

    async def _corrected(
        self, before: Reviewed, correction: Correction, by: str
    ) -> tuple[ProcessedInvoice, Corrected]:
        result = before.result
        corrected = await asyncio.to_thread(
            apply, result.invoice, correction, by=by, at=self._clock()
        )
        alternatives = tuple(
            alternative.model_copy(update={"field": path})
            for alternative in result.alternatives
            if (path := corrected.path_now(alternative.field)) is not None
        )
        read = await self._reading.kept(before.record.document)
        of_engines = [each for each in alternatives if each.reading.engine != ARITHMETIC]
        verdict = await self._judge.judge(result.id, corrected.invoice, read, of_engines)
        offered = await asyncio.to_thread(
            offers, result.invoice, corrected, earlier=result.alternatives
        )
        changed = result.model_copy(
            update={
                "invoice": corrected.invoice,
                "findings": verdict.findings,
                "alternatives": verdict.alternatives + offered,
                "review_status": verdict.decision.status,
                "review_reasons": verdict.decision.reasons,
                "approved_by": None,
            }
        )
        return changed, corrected

    async def _save(self, version: int, result: ProcessedInvoice, revision: Revision) -> Reviewed:
        """The file is written before the commit, as when a document is processed, and after all
        that may still fail; the write lock makes it the file of the version that won."""
        async with self._uow(write=True) as documents:
            record = await documents.get(result.id)
            _refuse_unless_current(record, version)
            await documents.revise(result.id, result, revision)
            if revision.action is Action.APPROVED:
                await self._listener.learn(documents, result)
            record = await documents.get(result.id)
            await self._files.write_result(record.document, result)
        log.info(
            "processing result {}: {} ({}), now version {}",
            revision.action.value,
            record.document.name,
            result.id,
            record.version,
        )
        return Reviewed(record=record, result=result)


def _refuse_unless_current(record: ResultRecord, version: int) -> None:
    if record.document.duplicate_of:
        raise Conflict(f"This is a copy of {record.document.duplicate_of}; review that one.")
    if record.state in (JobState.QUEUED, JobState.RUNNING):
        raise Conflict("This document is being processed; review it when that has ended.")
    if record.version == 0:
        raise Conflict("This document has no result to review; process it again.")
    if record.version != version:
        raise Conflict(
            f"This result was changed meanwhile: it has version {record.version}, the change was "
            f"made on version {version}. Load it again and repeat the change."
        )
