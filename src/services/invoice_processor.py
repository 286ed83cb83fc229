"""The path of a document: read, extract, check, decide."""

from __future__ import annotations

if __name__ == "__main__":
    # Run as a file, which profilers do: the command line takes the samples down this path.
    import runpy
    import sys
    import tempfile
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    sys.path.insert(0, str(root))
    samples = sorted(str(path) for path in (root / "samples" / "files").glob("*.pdf"))
    sys.argv = ["invoice_processor", "process", *samples, "--out", tempfile.mkdtemp()]
    runpy.run_module("src.cli", run_name="__main__")

from dataclasses import dataclass

from src.domain.candidate import InvoiceCandidate
from src.domain.document import Document, Step
from src.domain.errors import EngineTimeout, EngineUnavailable, NotFound, UnusableAnswer
from src.domain.page import ReadDocument
from src.domain.results import PageInfo, ProcessedInvoice
from src.ports import (
    Clock,
    EngineSelector,
    ExtractionHints,
    FileStore,
    KnowledgeRepository,
    PageRenderer,
    UnitOfWork,
)
from src.services.document_reading import DocumentReading
from src.services.judge import Judge, Verdict
from src.services.progress import ProgressReporter
from src.services.step_clock import StepClock


@dataclass(frozen=True, slots=True)
class Draft:
    """A result that is not saved yet, with how it was judged."""

    result: ProcessedInvoice
    verdict: Verdict


class InvoiceProcessor:
    """Makes a `ProcessedInvoice` of a document and stores nothing but progress."""

    def __init__(
        self,
        *,
        reading: DocumentReading,
        renderer: PageRenderer,
        selector: EngineSelector,
        judge: Judge,
        files: FileStore,
        uow: UnitOfWork,
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._renderer = renderer
        self._selector = selector
        self._files = files
        self._uow = uow
        self._clock = clock
        self._judge = judge

    async def process(self, document: Document, engine: str | None, steps: StepClock) -> Draft:
        """Raises `InvoiceAgentError`s; `engine` is the one a person asked for, if any."""
        async with ProgressReporter(self._uow, document.id) as progress:
            with steps.step(Step.READING):
                read = await self._reading.read(document, progress.page_read)
            progress.at(Step.EXTRACTING)
            with steps.step(Step.EXTRACTING):
                try:
                    candidate = await self._extract(document, read, engine)
                except EngineUnavailable:
                    self._reading.waits(document, read)
                    raise
            progress.at(Step.CHECKING)
            with steps.step(Step.CHECKING):
                verdict = await self._judge.judge(
                    document.id, candidate.invoice, read, candidate.alternatives
                )
        result = ProcessedInvoice(
            id=document.id,
            document_id=document.id,
            file_name=document.name,
            processed_at=self._clock(),
            review_status=verdict.decision.status,
            review_reasons=verdict.decision.reasons,
            provenance=candidate.provenance,
            invoice=candidate.invoice,
            findings=verdict.findings,
            alternatives=verdict.alternatives,
            pages=tuple(PageInfo.of(page) for page in read.pages),
            notes=read.notes,
            timings=steps.timings,
        )
        return Draft(result, verdict)

    async def confirm(self, draft: Draft, documents: KnowledgeRepository) -> ProcessedInvoice:
        """What is to be saved, in the transaction that saves it: `draft.result` itself unless
        other documents were saved meanwhile that change the decision."""
        verdict = await self._judge.confirm(draft.verdict, documents)
        if verdict is draft.verdict:
            return draft.result
        return verdict.applied_to(draft.result)

    async def _extract(
        self, document: Document, read: ReadDocument, engine: str | None
    ) -> InvoiceCandidate:
        """Ask the engines in order until one makes an invoice; note those passed over.

        An engine that ran out of time is passed over as well; when it was the last one, the
        document is tried again later.
        """
        hints = self._hints(document, read)
        passed_over: list[str] = []
        late: EngineTimeout | None = None
        for candidate_engine in await self._selector.candidates(read, engine):
            try:
                candidate = await candidate_engine.extract(read.pages, hints)
            except (UnusableAnswer, EngineTimeout) as error:
                passed_over.append(f"{candidate_engine.name}: {error.message}")
                late = error if isinstance(error, EngineTimeout) else None
            else:
                return candidate.noting(*passed_over)
        if late is not None:
            raise late
        raise UnusableAnswer(" ".join(("No engine could make an invoice of this.", *passed_over)))

    def _hints(self, document: Document, read: ReadDocument) -> ExtractionHints:
        rotations = {page.number: page.rotation for page in read.pages}

        async def page_image(number: int, long_side: int) -> bytes:
            if document.media_type is None or number not in rotations:
                raise NotFound(f"{document.name} has no page {number}.")
            return await self._renderer.render(
                self._files.path_of(document),
                document.media_type,
                number,
                rotations[number],
                long_side,
            )

        return ExtractionHints(
            embedded_xml=read.embedded_xml, page_image=page_image, document_id=document.id
        )
