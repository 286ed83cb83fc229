"""What people decide about invoices: correct, check, approve, reject, and what comes next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from loguru import logger

from src.domain.arithmetic.offers import ARITHMETIC, offers
from src.domain.candidate import Alternative
from src.domain.corrections import Corrected, Correction, apply
from src.domain.document import JobState
from src.domain.errors import Conflict
from src.domain.history import Action, HistoryEntry, ReviewQueue, Revision
from src.domain.invoice import Invoice
from src.domain.results import ProcessedInvoice, ResultRecord
from src.domain.review import ReviewStatus
from src.ports import Clock, DocumentRepository, FileStore, ReviewListener, UnitOfWork
from src.services.document_reading import DocumentReading
from src.services.judge import Judge, Verdict

log = logger.bind(channel="processing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A result with its row, as one transaction saw them."""

    record: ResultRecord
    result: ProcessedInvoice


@dataclass(frozen=True, slots=True)
class Proposed:
    """A result with its values as they are to be saved."""

    result: ProcessedInvoice
    # None: what the result says of itself stays.
    verdict: Verdict | None = None
    # What follows by arithmetic from what people corrected.
    offered: tuple[Alternative, ...] = ()

    def judged(self) -> ProcessedInvoice:
        """With the findings and the decision of its verdict."""
        if self.verdict is None:
            return self.result
        return self.verdict.applied_to(self.result, self.offered)


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
        proposed, corrected = await self._corrected(before, correction, by)
        if not corrected.changes:
            return before
        revision = Revision(by=by, action=Action.CORRECTED, changes=corrected.changes)
        return await self._save(version, proposed, revision)

    async def check(
        self, result_id: str, version: int, correction: Correction, *, by: str
    ) -> ProcessedInvoice:
        """What `correct` would save. Raises as `correct` does."""
        before = await self._current(result_id, version)
        proposed, _ = await self._corrected(before, correction, by)
        return proposed.judged()

    async def approve(self, result_id: str, version: int, *, by: str) -> Reviewed:
        """ACCEPTED, whatever the findings: a person has decided.

        The findings kept with it are those of now: another copy may have arrived, or another
        account been approved, since the document was judged. Raises `Conflict`.
        """
        before = await self._current(result_id, version)
        alternatives = before.result.alternatives
        offered = tuple(each for each in alternatives if each.reading.engine == ARITHMETIC)
        proposed = await self._judged(before, before.result.invoice, alternatives, offered)
        return await self._save(version, proposed, Revision(by=by, action=Action.APPROVED))

    async def reject(self, result_id: str, version: int, reason: str, *, by: str) -> Reviewed:
        """REJECTED; the reason is in the history. Raises `Conflict`."""
        before = (await self._current(result_id, version)).result
        rejected = before.model_copy(
            update={"review_status": ReviewStatus.REJECTED, "approved_by": None}
        )
        revision = Revision(by=by, action=Action.REJECTED, reason=reason)
        return await self._save(version, Proposed(rejected), revision)

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
    ) -> tuple[Proposed, Corrected]:
        result = before.result
        corrected = await asyncio.to_thread(
            apply, result.invoice, correction, by=by, at=self._clock()
        )
        alternatives = tuple(
            alternative.model_copy(update={"field": path})
            for alternative in result.alternatives
            if (path := corrected.path_now(alternative.field)) is not None
        )
        offered = await asyncio.to_thread(
            offers, result.invoice, corrected, earlier=result.alternatives
        )
        return await self._judged(before, corrected.invoice, alternatives, offered), corrected

    async def _judged(
        self,
        before: Reviewed,
        invoice: Invoice,
        alternatives: tuple[Alternative, ...],
        offered: tuple[Alternative, ...],
    ) -> Proposed:
        """The result with these values, judged as far as can be told before it is saved."""
        result = before.result.model_copy(update={"invoice": invoice})
        read = await self._reading.kept(before.record.document)
        of_engines = [each for each in alternatives if each.reading.engine != ARITHMETIC]
        verdict = await self._judge.judge(result.id, invoice, read, of_engines)
        return Proposed(result, verdict, offered)

    async def _save(self, version: int, proposed: Proposed, revision: Revision) -> Reviewed:
        """The file is written before the commit, as when a document is processed, and after all
        that may still fail; the write lock makes it the file of the version that won."""
        async with self._uow(write=True) as documents:
            record = await documents.get(proposed.result.id)
            _refuse_unless_current(record, version)
            if proposed.verdict is not None:
                # Of two near copies that are corrected at once, the second sees the first.
                verdict = await self._judge.confirm(proposed.verdict, documents)
                proposed = replace(proposed, verdict=verdict)
            result = proposed.judged()
            if revision.action is Action.APPROVED:
                result = _approved(result, revision.by)
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


def _approved(result: ProcessedInvoice, by: str) -> ProcessedInvoice:
    return result.model_copy(
        update={"review_status": ReviewStatus.ACCEPTED, "review_reasons": (), "approved_by": by}
    )


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
