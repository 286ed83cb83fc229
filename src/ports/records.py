"""Rows of documents, jobs and results, within transactions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from src.domain.document import Document, Job, JobState, Step
from src.domain.figures import AmountFigures, Bucket, FailureFigures, Width
from src.domain.history import BY_SERVICE, HistoryEntry, ReviewQueue, Revision
from src.domain.invoice import Invoice
from src.domain.knowledge import Related
from src.domain.purchase_orders import OrderBook, PurchaseOrder
from src.domain.results import (
    Failure,
    ProcessedInvoice,
    ResultPage,
    ResultQuery,
    ResultRecord,
    Statistics,
)
from src.domain.review import ReviewStatus
from src.domain.suppliers import SupplierFacts, SupplierKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartOutcome:
    """What became of the jobs a dead process left behind."""

    # How many are queued again.
    queued: int
    # Documents whose attempts are used up; their jobs failed with `failure`.
    abandoned: tuple[Document, ...]
    failure: Failure


class KnowledgeRepository(Protocol):
    """What earlier documents tell about an invoice, within one transaction."""

    async def related(
        self, document_id: str, invoice: Invoice, keys: SupplierKeys, *, count_up_to: int
    ) -> Related:
        """Other results that may be the same invoice, and what approvals taught of its supplier.

        Left out of the earlier ones: deleted and rejected ones, and those that were found to be
        duplicates of this document. Equal databases give equal answers.
        """
        ...

    async def invoiced_for(self, document_id: str, order_number: str) -> Decimal:
        """What the other standing invoices for the order come to, without tax."""
        ...

    async def remember(self, facts: SupplierFacts) -> None:
        """Keep what an approved result says, in place of what it said before. It is forgotten
        when the result is replaced by one that nobody approved."""
        ...


class OrderSource(Protocol):
    async def current(self) -> OrderBook | None:
        """The orders there are now; None where no orders are kept."""
        ...


class OrderStore(OrderSource, Protocol):
    async def replace(self, orders: tuple[PurchaseOrder, ...]) -> None:
        """Keep these and no others, durably. Raises `StorageFailed`."""
        ...


class DocumentRepository(KnowledgeRepository, Protocol):
    """Rows of documents, jobs and results, within one transaction.

    Every change of a document that people ask about later writes its event itself.
    """

    async def add(self, document: Document, state: JobState, failure: Failure | None) -> None:
        """Insert the document together with its job. Adding a known id changes nothing."""
        ...

    async def first_with_digest(self, digest: str) -> Document | None:
        """The document that owns these bytes: not a duplicate, not refused, not deleted."""
        ...

    async def get(self, document_id: str) -> ResultRecord:
        """Raises `NotFound`, also for deleted results."""
        ...

    async def result(self, document_id: str) -> ProcessedInvoice | None:
        """The whole result, None while there is none. Raises `NotFound`."""
        ...

    async def results(self, document_ids: Sequence[str]) -> dict[str, ProcessedInvoice]:
        """The whole results of these documents by id; those without one are missing."""
        ...

    async def query(self, query: ResultQuery) -> ResultPage:
        """Raises `InvalidInput` for a cursor that is not one of ours."""
        ...

    async def statistics(self) -> Statistics: ...

    async def series(self, since: datetime, width: Width) -> dict[datetime, Bucket]:
        """Work since then, by the start of its bucket; empty buckets are missing.

        `since` is the start of a bucket.
        """
        ...

    async def failures(self, since: datetime) -> FailureFigures:
        """Of documents that are failed now; days without failures are missing."""
        ...

    async def amounts(self, since: datetime) -> AmountFigures:
        """Of invoices processed since then."""
        ...

    async def history(self, document_id: str) -> tuple[HistoryEntry, ...]:
        """What happened to the document, newest last. Raises `NotFound`."""
        ...

    async def next_to_review(self, status: ReviewStatus, after: str | None) -> ReviewQueue:
        """The result with this status that follows `after` (None: the oldest)."""
        ...

    async def revise(self, document_id: str, result: ProcessedInvoice, revision: Revision) -> None:
        """Replace the result by a changed one, under the next version; the job stays as it is.

        The caller has compared the version in this transaction. What was replaced is kept with
        the event when values changed. Raises `NotFound`.
        """
        ...

    async def hide(self, document_id: str, stored_as: str, *, by: str = BY_SERVICE) -> None:
        """Mark deleted. Raises `NotFound`; `Conflict` while the job runs."""
        ...

    async def cancel(self, document_id: str, *, by: str) -> None:
        """A QUEUED job becomes CANCELLED. Raises `NotFound`, `Conflict` in any other state."""
        ...

    async def prioritise(self, document_id: str, priority: int, *, by: str) -> None:
        """Higher ones are claimed first. Raises `NotFound`, `Conflict` unless QUEUED."""
        ...

    async def requeue(self, document_id: str, engine: str | None, *, by: str = BY_SERVICE) -> None:
        """QUEUED again with attempt 0. Raises `NotFound`, `Conflict` while it runs."""
        ...

    async def claim_next(self, now: datetime) -> tuple[Job, Document, str | None] | None:
        """First QUEUED job that is due, by priority and age, becomes RUNNING, attempt + 1.

        The third element is the engine a person asked for, if any.
        """
        ...

    async def requeue_running(self, max_attempts: int) -> RestartOutcome:
        """At start: RUNNING jobs of a dead process become QUEUED, or FAILED.

        The attempt a crash ended is spent, so that a document that kills the process is not
        tried for ever: with `max_attempts` tries used up its job fails. One crash is always
        forgiven, because another document may have caused it.
        """
        ...

    async def release(self, document_id: str) -> None:
        """The RUNNING job becomes QUEUED as if it had not been tried: the process is going
        down. Does nothing to a job that is not running."""
        ...

    async def next_due(self) -> datetime | None:
        """When the earliest postponed job is due; None if there is none."""
        ...

    async def progress(self, document_id: str, step: Step, fraction: float) -> None: ...

    async def succeed(self, document_id: str, result: ProcessedInvoice, seconds: float) -> None:
        """Save the result and end the job."""
        ...

    async def fail(self, document_id: str, failure: Failure, seconds: float) -> None: ...

    async def postpone(
        self, document_id: str, failure: Failure, until: datetime, *, spend_attempt: bool
    ) -> None:
        """QUEUED again, not before `until`; without `spend_attempt` the try does not count."""
        ...


class UnitOfWork(Protocol):
    """Opens transactions: committed when the block ends well, rolled back otherwise.

    `write=True` takes the write lock at once, so that what was read in the block still holds
    when it commits.
    """

    def __call__(
        self, *, write: bool = False
    ) -> AbstractAsyncContextManager[DocumentRepository]: ...


class ReviewListener(Protocol):
    """Learns from what people approved."""

    async def learn(self, documents: DocumentRepository, result: ProcessedInvoice) -> None:
        """Called in the transaction of the approval: what it writes is committed with it."""
        ...
