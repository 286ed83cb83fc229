"""The Protocols between use cases and adapters. Nothing here does anything.

Services are written against these; `src/bootstrap.py` decides what stands behind each one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from src.domain.candidate import InvoiceCandidate, Readiness
from src.domain.document import Document, Job, JobState, MediaType, SourceFile, Step
from src.domain.figures import AmountFigures, Bucket, FailureFigures, Width
from src.domain.history import BY_SERVICE, HistoryEntry, ReviewQueue, Revision
from src.domain.invoice import Invoice
from src.domain.knowledge import EarlierInvoice
from src.domain.page import Page, ReadDocument
from src.domain.purchase_orders import OrderBook
from src.domain.results import (
    Failure,
    Inspection,
    IntakeReceipt,
    ProcessedInvoice,
    ResultPage,
    ResultQuery,
    ResultRecord,
    StagedFile,
    Statistics,
)
from src.domain.review import ReviewStatus
from src.domain.suppliers import SupplierFacts

P = ParamSpec("P")
R = TypeVar("R")


class CpuPool(Protocol):
    """Runs pure CPU work in other processes, bounded in number and time."""

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call a picklable module-level function in a worker process.

        Raises what the function raises (it must pickle), and `WorkerCrashed` if the worker
        died or the call took longer than `seconds` (the worker is then killed). A call that
        is cancelled frees its worker.
        """
        ...


class DocumentInspector(Protocol):
    """Tells what a file is from its bytes."""

    async def inspect(self, path: Path, name: str) -> Inspection:
        """Sniff the type, count pages, enforce limits.

        Raises a `SourceRejected` subclass when the file cannot become a document. A file that
        is cut off is a `CorruptDocument`: whoever watches files grow asks whether one looks
        whole before. `name` is for messages only.
        """
        ...


class DocumentReader(Protocol):
    """Turns a document into upright pages of words."""

    async def read(
        self,
        path: Path,
        media_type: MediaType,
        on_page: Callable[[int, int], None] | None = None,
    ) -> ReadDocument:
        """Read all pages; `on_page(done, of)` is called as pages finish.

        Raises `ReadingFailed` (not retryable) or `WorkerCrashed`.
        """
        ...


class PageRenderer(Protocol):
    """Draws one page for people or for a vision model."""

    async def render(
        self, path: Path, media_type: MediaType, page: int, rotation: int, long_side: int
    ) -> bytes:
        """PNG of the upright 1-based `page`, RGB, at most `long_side` pixels.

        Raises `NotFound` when there is no such page, `ReadingFailed` when it cannot be drawn.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionHints:
    """What an engine may use beyond the words."""

    embedded_xml: bytes | None = None
    # (page number, long side in pixels) -> PNG bytes; None where pictures are not to be had.
    page_image: Callable[[int, int], Awaitable[bytes]] | None = None
    # So that what an engine keeps of a document can be erased with it.
    document_id: str | None = None


class ExtractionEngine(Protocol):
    """One way to get an invoice out of pages."""

    @property
    def name(self) -> str: ...

    async def extract(self, pages: Sequence[Page], hints: ExtractionHints) -> InvoiceCandidate:
        """Raises an `ExtractionFailed` subclass; never answers failure with empty data.

        Finding nothing on a legible page is an answer: an invoice without readings.
        """
        ...

    async def readiness(self) -> Readiness:
        """Cheap: the last known state, never a call that can hang."""
        ...


class EngineSelector(Protocol):
    """Decides which engine takes a document (`EXTRACTION_ENGINE`)."""

    async def candidates(
        self, document: ReadDocument, override: str | None
    ) -> tuple[ExtractionEngine, ...]:
        """The engines that may take the document, best first, never empty.

        The caller asks the next one only when the one before raised `UnusableAnswer` or
        `EngineTimeout`, and notes that it did. An engine named in `override` is the only candidate.
        Raises `InvalidInput` for an unknown name, `EngineUnavailable` when none may be used
        now.
        """
        ...

    def known(self, name: str) -> None:
        """Raises `InvalidInput`, listing the known engines, when there is none of that name."""
        ...

    async def readiness(self) -> Readiness:
        """Of the engine that would take the next ordinary document."""
        ...

    async def all_readiness(self) -> dict[str, Readiness]: ...


class FileStore(Protocol):
    """Originals and results on disk. A file is either whole at its name or not there."""

    async def stage(self, source: Path, max_bytes: int) -> StagedFile:
        """Copy into the staging area while hashing, fsync.

        Raises `TooLarge`, `SourceNotReady` when the source cannot be opened yet or changes
        meanwhile, `PathNotAllowed` when it is no regular file (a symbolic link is not
        followed), `NotFound` when it is gone, `StorageFailed` when the disk refuses.
        """
        ...

    async def stage_stream(self, chunks: AsyncIterator[bytes], max_bytes: int) -> StagedFile:
        """The same for bytes that arrive. Raises `TooLarge`, `StorageFailed`."""
        ...

    async def discard(self, staged: StagedFile) -> None: ...

    async def keep_original(
        self, staged: StagedFile, document_id: str, received_at: datetime, extension: str
    ) -> str:
        """Move to `<YYYY-MM>/<id>/original<ext>`; returns that path, relative. Idempotent."""
        ...

    async def keep_refused(
        self, source: Path, document_id: str, received_at: datetime
    ) -> tuple[str, int]:
        """Keep a file that is too large to be staged as `<YYYY-MM>/<id>/original.refused`.

        Returns (that path, relative; its size in bytes). The source stays where it is, so that
        a crash loses nothing; its owner removes it. Idempotent. Raises as `stage` does.
        """
        ...

    async def write_result(self, document: Document, result: ProcessedInvoice) -> None:
        """Write `invoice.json` beside the original (tmp + fsync + rename); removes an
        `error.json` of an earlier attempt."""
        ...

    async def write_error(self, document: Document, failure: Failure) -> None:
        """Write `error.json` beside the original."""
        ...

    async def keep_reading(self, document: Document, read: ReadDocument) -> None:
        """Keep what was read, without the e-invoice XML, for checks after a correction."""
        ...

    async def kept_reading(self, document: Document) -> ReadDocument | None:
        """None where it is gone or was kept by another version."""
        ...

    async def move_to_deleted(self, document: Document) -> str:
        """Move the document's folder under `deleted/`; returns the new `stored_as`."""
        ...

    def path_of(self, document: Document) -> Path:
        """Absolute path of the original."""
        ...

    async def cached_page(self, document: Document, page: int, long_side: int) -> bytes | None: ...

    async def cache_page(
        self, document: Document, page: int, long_side: int, png: bytes
    ) -> None: ...


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

    async def earlier_like(self, document_id: str, invoice: Invoice) -> tuple[EarlierInvoice, ...]:
        """Other results that may be the same invoice, in an order that does not change.

        Neither deleted nor rejected ones, nor those that were found to be duplicates of this
        document.
        """
        ...

    async def invoiced_for(self, document_id: str, order_number: str) -> Decimal:
        """What the other standing invoices for the order come to, without tax."""
        ...

    async def supplier_facts(self, keys: Sequence[str], most: int) -> tuple[SupplierFacts, ...]:
        """The latest facts that have any of the keys (`SupplierKeys`), newest first."""
        ...

    async def count_supplier_facts(self, most: int) -> int:
        """Of all suppliers, counted up to `most`."""
        ...

    async def remember(self, facts: SupplierFacts) -> None:
        """Keep what an approved result says, in place of what it said before. It is forgotten
        when the result is replaced by one that nobody approved."""
        ...


class OrderSource(Protocol):
    async def current(self) -> OrderBook | None:
        """The orders there are now; None where no orders are kept."""
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


class Export(Protocol):
    """One export file in the making. Blocks: called from threads, one call at a time."""

    def add(self, records: Sequence[ResultRecord]) -> bytes:
        """Add rows; gives the bytes that can be sent already."""
        ...

    def finish(self) -> Iterator[bytes]:
        """The rest of the file, after the last row."""
        ...

    def close(self) -> None:
        """Free what it holds, also when it was broken off."""
        ...


class ExportFormat(Protocol):
    """One way to write results into a file. Text in it is never run by a spreadsheet."""

    # Also the extension of the file.
    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    def open(self) -> Export: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of the service's log files."""

    at: datetime
    level: str
    channel: str
    message: str


class LogReader(Protocol):
    async def recent(self, limit: int, level: str) -> tuple[LogEntry, ...]:
        """The last entries of at least this level, oldest first; looks at the end of the
        current files only."""
        ...


class Intake(Protocol):
    """The one way in, as the doors see it."""

    async def take(self, source: SourceFile) -> IntakeReceipt:
        """Raises `SourceNotReady` (look again later) and `StorageFailed`.

        A refused file, a duplicate under the reject policy too, is kept and answered with
        `failure` set; the caller removes its own file after any receipt. Raises
        `PathNotAllowed` and `NotFound` when `path` is no regular file or gone.
        """
        ...


class JobRunner(Protocol):
    """Does one job. Everything it raises is a bug or a cancellation."""

    async def __call__(self, job: Job, document: Document, engine: str | None) -> None: ...


class WorkQueue(Protocol):
    """Runs queued jobs in the background."""

    @property
    def running(self) -> bool: ...

    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Stop taking jobs, let running ones end within a bound, then cancel them; what was
        cancelled is taken up at the next start."""
        ...

    def wake(self) -> None:
        """New work may be there."""
        ...

    async def idle(self) -> None:
        """Returns when nothing is queued (postponed jobs included) or running."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """How the folder is watched, for people."""

    running: bool
    # "events", "polling" or "off".
    mode: str
    detail: str
    last_scan_at: datetime | None = None


class FolderWatch(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def scan(self, *, force: bool = False) -> tuple[IntakeReceipt, ...]:
        """Take every ready file now, with `force` also those whose bytes are known."""
        ...

    async def take_path(self, path: Path, *, force: bool) -> IntakeReceipt:
        """Take one file of the folder. Raises `PathNotAllowed`, `NotFound`, `SourceNotReady`."""
        ...

    def state(self) -> WatchState: ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, with the UTC time zone."""
        ...
