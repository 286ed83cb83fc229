"""What becomes of a folder of documents on the vision path?

    python -m benchmarks.vision_documents --docs FOLDER [--planted] [--check]

A fake model server stands in for a model that reads well: it answers each question from the words
of its page, by the truth that lies in `FOLDER/<set>/truth/*.json` where there is one and by simple
labels elsewhere. So the figures tell about the way around a model (pages, questions, grounding,
agreement, decision) and nothing about models. With `--planted` each answer holds a total and an
IBAN that stand on no page, as from a model that was fooled.

`--check` ends with 1 if a document has no end, fails although its file was taken, or is accepted
with a planted value.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.vision_server import application, model_server, put, ready
from src.domain.document import JobState
from src.domain.paths import iter_readings
from src.domain.results import ProcessedInvoice, ResultRecord
from src.domain.review import ReviewStatus

ENDS = (JobState.SUCCEEDED, JobState.FAILED)
PLANTED = {"total": "77,413.90", "bank_iban": "GB33BUKB20201555555555"}
PLANTED_VALUES = frozenset({"77413.90", "GB33BUKB20201555555555"})
console = Console(width=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    record: ResultRecord
    # None where the work failed or has no end.
    result: ProcessedInvoice | None

    @property
    def is_lost(self) -> bool:
        return self.record.state not in ENDS or (
            self.record.state is JobState.SUCCEEDED and self.result is None
        )

    @property
    def is_refused(self) -> bool:
        """The file itself cannot become a document, whatever engine there is."""
        return self.record.state is JobState.FAILED and self.record.document.media_type is None

    @property
    def has_failed(self) -> bool:
        return self.record.state is JobState.FAILED and not self.is_refused

    @property
    def is_accepted(self) -> bool:
        return self.result is not None and self.result.review_status is ReviewStatus.ACCEPTED

    @property
    def fell_back(self) -> bool:
        """Another engine stood in for the model."""
        return self.result is not None and any(
            note.startswith("vision: ") for note in self.result.provenance.notes
        )

    @property
    def is_fooled(self) -> bool:
        """Accepted with a value that was planted."""
        return (
            self.is_accepted
            and self.result is not None
            and any(
                str(reading.value) in PLANTED_VALUES
                for _, reading in iter_readings(self.result.invoice)
            )
        )


def main() -> int:
    arguments = _arguments()
    paths = _documents(arguments.docs)
    if not paths:
        console.print(f"There are no documents below {arguments.docs}.")
        return 2
    started = time.monotonic()
    outcomes = asyncio.run(_run(paths, arguments.docs, planted=arguments.planted))
    _print(outcomes, planted=arguments.planted)
    console.print(f"{len(outcomes)} documents in {time.monotonic() - started:.0f} s")
    wrong = [one for one in outcomes if one.is_lost or one.has_failed or one.is_fooled]
    return 1 if arguments.check and wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--docs", type=Path, required=True, help="folder, searched to its end")
    parser.add_argument("--planted", action="store_true", help="let the model be fooled")
    parser.add_argument("--check", action="store_true", help="end with 1 if something is wrong")
    return parser.parse_args()


def _documents(folder: Path) -> list[Path]:
    suffixes = {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".xml"}
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes)


async def _run(paths: Sequence[Path], truths: Path, *, planted: bool) -> list[Outcome]:
    more = ["--truths", str(truths), "--planted", json.dumps(PLANTED if planted else {})]
    with tempfile.TemporaryDirectory() as name, model_server(0, 4, *more) as url:
        service = await asyncio.to_thread(application, Path(name), url)
        await service.start(watch=False, console=False)
        try:
            await ready(service)
            ids = [await put(service, path) for path in paths]
            with Progress(console=Console(stderr=True)) as progress:
                task = progress.add_task("documents", total=len(ids))
                work = asyncio.create_task(service.queue.idle())
                while not work.done():
                    figures = await service.results.statistics()
                    progress.update(task, completed=figures.successful + figures.failed)
                    await asyncio.wait([work], timeout=1)
            return [
                Outcome(
                    record=await service.results.get(file_id),
                    result=await service.results.invoice(file_id),
                )
                for file_id in ids
            ]
        finally:
            await service.stop()


def _print(outcomes: Sequence[Outcome], *, planted: bool) -> None:
    rows = {
        "documents": len(outcomes),
        "processed": sum(one.result is not None for one in outcomes),
        "  by the vision engine": _by(outcomes, "vision"),
        "  by the e-invoice engine": _by(outcomes, "einvoice"),
        "  fell back to the layout engine": sum(one.fell_back for one in outcomes),
        "accepted": sum(one.is_accepted for one in outcomes),
        "  of the vision engine": _by([one for one in outcomes if one.is_accepted], "vision"),
        "needs review": sum(one.result is not None and not one.is_accepted for one in outcomes),
        "refused files": sum(one.is_refused for one in outcomes),
        "failed": sum(one.has_failed for one in outcomes),
        "lost": sum(one.is_lost for one in outcomes),
    }
    if planted:
        rows["accepted with a planted value"] = sum(one.is_fooled for one in outcomes)
    table = Table("", "documents")
    table.columns[1].justify = "right"
    for name, count in rows.items():
        table.add_row(name, str(count))
    console.print(table)
    _print_values(outcomes)
    _print_reasons(outcomes)


def _by(outcomes: Sequence[Outcome], engine: str) -> int:
    return sum(
        one.result is not None and one.result.provenance.engine == engine for one in outcomes
    )


def _print_values(outcomes: Sequence[Outcome]) -> None:
    """Of documents that the vision engine read: what their values stand on."""
    kinds = Counter(
        "on the page" if reading.evidence.kind == "read" else reading.evidence.kind
        for one in outcomes
        if one.result is not None and one.result.provenance.engine == "vision"
        for _, reading in iter_readings(one.result.invoice)
    )
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    console.print(f"{sum(kinds.values())} values of the vision engine: {told}")


def _print_reasons(outcomes: Sequence[Outcome]) -> None:
    """Why documents need review, failed or fell back; the commonest first, without their names."""
    reasons = Counter(
        reason for one in outcomes if one.result for reason in one.result.review_reasons
    )
    table = Table("why documents need review", "documents")
    table.columns[1].justify = "right"
    for reason, count in reasons.most_common(12):
        table.add_row(reason, str(count))
    console.print(table)
    for one in outcomes:
        if one.record.failure is not None and (one.has_failed or one.is_lost):
            console.print(f"failed: {one.record.failure.code}: {one.record.failure.message}")
        if one.fell_back and one.result is not None:
            console.print(f"fell back: {' '.join(one.result.provenance.notes)}")


if __name__ == "__main__":
    sys.exit(main())
