"""Runs the product's own path over a folder of sets: `FOLDER/<set>/docs/*`."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.neutral import Neutral, neutral
from config.settings import load_settings
from src.bootstrap import Application, build
from src.domain.document import Origin, SourceFile
from src.domain.results import ProcessedInvoice, ResultRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One document after its run."""

    set_name: str
    path: Path
    record: ResultRecord
    # None where the work failed.
    result: ProcessedInvoice | None

    @property
    def prediction(self) -> Neutral | None:
        return neutral(self.result.invoice) if self.result else None


def documents_below(folder: Path, listing: Path | None) -> list[tuple[str, Path]]:
    """(set, file) of all documents, or of those that `listing` names as lines `<set>/<stem>`."""
    found = [
        (path.parent.parent.name, path)
        for path in sorted(folder.glob("*/docs/*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    if listing is None:
        return found
    wanted = {line.strip() for line in listing.read_text().splitlines()}
    return [item for item in found if f"{item[0]}/{item[1].stem}" in wanted]


async def run_all(
    documents: list[tuple[str, Path]], engine: str | None, workers: int
) -> list[Outcome]:
    """One document after the other, in an application of its own that leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        root = Path(scratch)
        settings = load_settings(
            incoming_folder=root / "incoming",
            generated_folder=root / "generated",
            log_folder=root / "logs",
            database_url="",
            duplicate_policy="process",
            cpu_workers=workers,
            batch_size=workers,
            extraction_engine=engine or "auto",
            log_level="ERROR",
        )
        async with build(settings) as application:
            return [
                await _process(application, set_name, path)
                for set_name, path in track(documents, console=Console(stderr=True))
            ]


async def _process(application: Application, set_name: str, path: Path) -> Outcome:
    receipt = await application.intake.take(
        SourceFile(name=path.name, origin=Origin.CLI, received_at=datetime.now(UTC), path=path)
    )
    await application.queue.idle()
    return Outcome(
        set_name=set_name,
        path=path,
        record=await application.results.get(receipt.file_id),
        result=await application.results.invoice(receipt.file_id),
    )
