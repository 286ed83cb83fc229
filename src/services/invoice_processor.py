"""One job: read the document, extract, check, decide, keep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from loguru import logger

from src.domain.candidate import InvoiceCandidate
from src.domain.checks import CheckContext, CheckSettings, run_checks
from src.domain.document import Document, Job, Step
from src.domain.errors import EngineUnavailable, InvoiceAgentError, UnusableAnswer
from src.domain.findings import Finding
from src.domain.page import ReadDocument
from src.domain.results import Failure, PageInfo, ProcessedInvoice, StepTiming
from src.domain.review import Decision, decide
from src.ports import (
    Clock,
    DocumentReader,
    EngineSelector,
    ExtractionHints,
    FileStore,
    PageRenderer,
    UnitOfWork,
)
from src.services.progress import ProgressReporter

log = logger.bind(channel="processing")
performance = logger.bind(channel="performance")

# Seconds before the first retry; doubled for each further one.
FIRST_BACKOFF_SECONDS = 2.0
LONGEST_BACKOFF_SECONDS = 300.0


class StepClock:
    """Wall seconds of each step of one document."""

    def __init__(self) -> None:
        self.timings: list[StepTiming] = []

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings.append(StepTiming(step=step, seconds=time.perf_counter() - started))

    @property
    def total(self) -> float:
        return sum(timing.seconds for timing in self.timings)

    def __str__(self) -> str:
        return " ".join(f"{timing.step.value}={timing.seconds:.3f}" for timing in self.timings)


class InvoiceProcessor:
    """Runs jobs. Every outcome is recorded before the call returns."""

    def __init__(
        self,
        *,
        reader: DocumentReader,
        renderer: PageRenderer,
        selector: EngineSelector,
        files: FileStore,
        uow: UnitOfWork,
        clock: Clock,
        checks: CheckSettings,
        accept_confidence: float,
        max_retries: int,
    ) -> None:
        self._reader = reader
        self._renderer = renderer
        self._selector = selector
        self._files = files
        self._uow = uow
        self._clock = clock
        self._checks = checks
        self._accept_confidence = accept_confidence
        self._max_retries = max_retries

    async def __call__(self, job: Job, document: Document, engine: str | None) -> None:
        """Do one job. Known failures end in the job's row; anything else is a bug and raises."""
        steps = StepClock()
        try:
            result = await self.process(document, engine, steps)
            with steps.step(Step.SAVING):
                await self._keep(document, result, steps.total)
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

    async def process(
        self, document: Document, engine: str | None, steps: StepClock
    ) -> ProcessedInvoice:
        """Read, extract, check and decide; stores nothing. Raises `InvoiceAgentError`s."""
        async with ProgressReporter(self._uow, document.id) as progress:
            with steps.step(Step.READING):
                read = await self._read(document, progress)
            progress.at(Step.EXTRACTING)
            with steps.step(Step.EXTRACTING):
                candidate = await self._extract(document, read, engine)
            progress.at(Step.CHECKING)
            with steps.step(Step.CHECKING):
                findings, decision = await asyncio.to_thread(self._judge, candidate, read)
        return ProcessedInvoice(
            id=document.id,
            document_id=document.id,
            file_name=document.name,
            processed_at=self._clock(),
            review_status=decision.status,
            review_reasons=decision.reasons,
            provenance=candidate.provenance,
            invoice=candidate.invoice,
            findings=findings,
            alternatives=candidate.alternatives,
            pages=tuple(
                PageInfo(
                    number=page.number,
                    width=page.width,
                    height=page.height,
                    rotation=page.rotation,
                    source=page.source,
                )
                for page in read.pages
            ),
            notes=read.notes,
            timings=tuple(steps.timings),
        )

    async def _read(self, document: Document, progress: ProgressReporter) -> ReadDocument:
        if document.media_type is None:
            # A refused document has no job; this guards the type, not a real path.
            raise UnusableAnswer(f"{document.name} has no readable type")
        return await self._reader.read(
            self._files.path_of(document), document.media_type, progress.page_read
        )

    async def _extract(
        self, document: Document, read: ReadDocument, engine: str | None
    ) -> InvoiceCandidate:
        async def page_image(number: int, long_side: int) -> bytes:
            rotation = next(page.rotation for page in read.pages if page.number == number)
            assert document.media_type is not None  # noqa: S101 - checked when it was read
            return await self._renderer.render(
                self._files.path_of(document), document.media_type, number, rotation, long_side
            )

        hints = ExtractionHints(embedded_xml=read.embedded_xml, page_image=page_image)
        passed_over: list[str] = []
        for candidate_engine in await self._selector.candidates(read, engine):
            try:
                candidate = await candidate_engine.extract(read.pages, hints)
            except UnusableAnswer as error:
                log.warning(
                    "processing {}: {} gave no invoice: {}",
                    document.id,
                    candidate_engine.name,
                    error.message,
                )
                passed_over.append(f"{candidate_engine.name}: {error.message}")
            else:
                return _with_notes(candidate, passed_over)
        raise UnusableAnswer(
            "No engine could make an invoice of this document. " + " ".join(passed_over)
        )

    def _judge(
        self, candidate: InvoiceCandidate, read: ReadDocument
    ) -> tuple[tuple[Finding, ...], Decision]:
        context = CheckContext(pages=read.pages, today=self._clock().date(), settings=self._checks)
        findings = run_checks(candidate.invoice, context)
        decision = decide(candidate.invoice, findings, accept_confidence=self._accept_confidence)
        return findings, decision

    async def _keep(self, document: Document, result: ProcessedInvoice, seconds: float) -> None:
        # The file first: a crash before the commit only means that the job runs again and
        # writes the same file again, while the other order could lose `invoice.json`.
        await self._files.write_result(document, result)
        async with self._uow(write=True) as documents:
            await documents.succeed(document.id, result, seconds)

    async def _record_failure(
        self, job: Job, document: Document, error: InvoiceAgentError, seconds: float
    ) -> None:
        failure = Failure(code=error.code, message=error.message, retryable=error.retryable)
        if error.retryable and job.attempt <= self._max_retries:
            wait = min(FIRST_BACKOFF_SECONDS * 2 ** (job.attempt - 1), LONGEST_BACKOFF_SECONDS)
            async with self._uow(write=True) as documents:
                await documents.postpone(
                    document.id,
                    failure,
                    self._clock() + timedelta(seconds=wait),
                    # An engine that is down is no fault of the document.
                    spend_attempt=not isinstance(error, EngineUnavailable),
                )
            log.warning(
                "processing postponed: {} ({}) for {:.0f} s: {}",
                document.name,
                document.id,
                wait,
                error.message,
            )
            return
        await self._files.write_error(document, failure)
        async with self._uow(write=True) as documents:
            await documents.fail(document.id, failure, seconds)
        log.error("processing failed: {} ({}): {}", document.name, document.id, error.message)


def _with_notes(candidate: InvoiceCandidate, passed_over: list[str]) -> InvoiceCandidate:
    if not passed_over:
        return candidate
    provenance = candidate.provenance.model_copy(
        update={"notes": (*candidate.provenance.notes, *passed_over)}
    )
    return candidate.model_copy(update={"provenance": provenance})
