"""Runs one job: processes its document and records the outcome, whatever it is."""

from __future__ import annotations

from datetime import timedelta

from loguru import logger

from src.domain.document import Document, Job, Step
from src.domain.errors import EngineUnavailable, InvoiceAgentError, StorageFailed
from src.domain.results import Failure, ProcessedInvoice
from src.ports import Clock, FileStore, UnitOfWork
from src.services.invoice_processor import Draft, InvoiceProcessor
from src.services.step_clock import StepClock

log = logger.bind(channel="processing")
performance = logger.bind(channel="performance")

# Seconds before the first retry; doubled for each further one.
FIRST_BACKOFF_SECONDS = 2.0
LONGEST_BACKOFF_SECONDS = 300.0
# During an outage a document is looked at again after this share of the time it has been there,
# so that a short one costs little time and a long one little work.
OUTAGE_SHARE = 0.125
LONGEST_OUTAGE_WAIT_SECONDS = 30.0


class DocumentJobRunner:
    """Known failures end in the job's row; anything else is a bug and raises."""

    def __init__(
        self,
        *,
        processor: InvoiceProcessor,
        files: FileStore,
        uow: UnitOfWork,
        clock: Clock,
        max_retries: int,
    ) -> None:
        self._processor = processor
        self._files = files
        self._uow = uow
        self._clock = clock
        self._max_retries = max_retries

    async def __call__(self, job: Job, document: Document, engine: str | None) -> None:
        steps = StepClock()
        try:
            draft = await self._processor.process(document, engine, steps)
            with steps.step(Step.SAVING):
                result = await self._keep(document, draft, steps.total)
        except InvoiceAgentError as error:
            await self._record_failure(job, document, error, steps.total)
        else:
            log.info(
                "processing done: {} ({}) is {} by {}",
                document.name,
                document.id,
                result.review_status.value,
                result.provenance.engine,
            )
        performance.info(
            "{} pages={} attempt={} total={:.3f} {}",
            document.id,
            document.page_count,
            job.attempt,
            steps.total,
            steps,
        )

    async def _keep(self, document: Document, draft: Draft, seconds: float) -> ProcessedInvoice:
        # The file first: a crash before the commit only means that the job runs again and
        # writes the same file again, while the other order could lose `invoice.json`.
        await self._files.write_result(document, draft.result)
        async with self._uow(write=True) as documents:
            result = await self._processor.confirm(draft, documents)
            if result is not draft.result:
                await self._files.write_result(document, result)
            await documents.succeed(document.id, result, seconds)
        return result

    async def _record_failure(
        self, job: Job, document: Document, error: InvoiceAgentError, seconds: float
    ) -> None:
        failure = Failure(code=error.code, message=error.message, retryable=error.retryable)
        outage_wait = _longest_outage_wait(error)
        if outage_wait is not None or (error.retryable and job.attempt <= self._max_retries):
            await self._postpone(job, document, failure, outage_wait)
            return
        await self._files.write_error(document, failure)
        async with self._uow(write=True) as documents:
            await documents.fail(document.id, failure, seconds)
        log.error("processing failed: {} ({}): {}", document.name, document.id, error.message)

    async def _postpone(
        self, job: Job, document: Document, failure: Failure, outage_wait: float | None
    ) -> None:
        """`outage_wait` is the longest wait of an outage, None for a try that counts."""
        wait = min(FIRST_BACKOFF_SECONDS * 2 ** (job.attempt - 1), LONGEST_BACKOFF_SECONDS)
        if outage_wait is not None:
            age = (self._clock() - document.received_at).total_seconds()
            wait = min(max(FIRST_BACKOFF_SECONDS, age * OUTAGE_SHARE), outage_wait)
        async with self._uow(write=True) as documents:
            await documents.postpone(
                document.id,
                failure,
                self._clock() + timedelta(seconds=wait),
                spend_attempt=outage_wait is None,
            )
        log.warning(
            "processing postponed: {} ({}) for {:.0f} s: {}",
            document.name,
            document.id,
            wait,
            failure.message,
        )


def _longest_outage_wait(error: InvoiceAgentError) -> float | None:
    """Seconds between two tries at most, where the document is not at fault and waits however
    long it takes; None for an error of the document."""
    if isinstance(error, EngineUnavailable):
        return LONGEST_OUTAGE_WAIT_SECONDS
    # A full disk keeps no pages either: each try reads them again.
    return LONGEST_BACKOFF_SECONDS if isinstance(error, StorageFailed) else None
