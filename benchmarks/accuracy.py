"""How accurate is the product's own path over a folder of documents?

    python -m benchmarks.accuracy --docs FOLDER --out DIR [--engine layout] [--list FILE]

FOLDER holds sets: `<set>/docs/*` and, where the truth is known, `<set>/truth/<stem>.json` in the
neutral schema (see `benchmarks/neutral.py`). Predictions go to `DIR/<set>/<stem>.json`; tables of
accuracy per set and field and of seconds per file type go to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.neutral import Neutral, neutral
from benchmarks.scoring import KINDS, Score
from config.settings import load_settings
from src.bootstrap import Application, build
from src.domain.document import Origin, SourceFile
from src.domain.results import ResultRecord

console = Console(width=160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One document after its run."""

    set_name: str
    path: Path
    record: ResultRecord
    prediction: Neutral | None


def main() -> int:
    arguments = _arguments()
    documents = _documents(arguments.docs, arguments.list)
    if not documents:
        console.print(f"No documents: {arguments.docs} holds no <set>/docs/ folders.")
        return 2
    outcomes = asyncio.run(_run(documents, arguments.engine, arguments.workers))
    for outcome in outcomes:
        _write(arguments.out, outcome)
    _print_accuracy(outcomes, arguments.docs, arguments.errors)
    _print_seconds(outcomes)
    failed = [o for o in outcomes if o.prediction is None]
    for outcome in failed:
        reason = outcome.record.failure.message if outcome.record.failure else "no result"
        console.print(f"FAILED {outcome.set_name}/{outcome.path.name}: {reason}", markup=False)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Accuracy over a folder of documents")
    parser.add_argument("--docs", type=Path, required=True, help="folder with <set>/docs/*")
    parser.add_argument("--out", type=Path, required=True, help="folder for predictions")
    parser.add_argument("--engine", default=None, help="engine for every document; default: auto")
    parser.add_argument("--list", type=Path, default=None, help="lines '<set>/<stem>' to take")
    parser.add_argument("--workers", type=int, default=2, help="processes for reading")
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong values a set")
    return parser.parse_args()


def _documents(folder: Path, listing: Path | None) -> list[tuple[str, Path]]:
    found = [
        (path.parent.parent.name, path)
        for path in sorted(folder.glob("*/docs/*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    if listing is None:
        return found
    wanted = {line.strip() for line in listing.read_text().splitlines()}
    return [item for item in found if f"{item[0]}/{item[1].stem}" in wanted]


async def _run(
    documents: list[tuple[str, Path]], engine: str | None, workers: int
) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="accuracy-") as scratch:
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
    record = await application.results.get(receipt.file_id)
    result = await application.results.invoice(receipt.file_id)
    return Outcome(
        set_name=set_name,
        path=path,
        record=record,
        prediction=neutral(result.invoice) if result else None,
    )


def _write(out: Path, outcome: Outcome) -> None:
    if outcome.prediction is None:
        return
    target = out / outcome.set_name / f"{outcome.path.stem}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(outcome.prediction, indent=1, ensure_ascii=False))


def _print_accuracy(outcomes: list[Outcome], docs: Path, errors: int) -> None:
    scores: dict[str, Score] = defaultdict(Score)
    for outcome in outcomes:
        truth_file = docs / outcome.set_name / "truth" / f"{outcome.path.stem}.json"
        if truth_file.exists():
            truth = json.loads(truth_file.read_text())
            scores[outcome.set_name].add(outcome.path.name, truth, outcome.prediction or {})
    if not scores:
        return
    table = Table("field", *scores, title="Right values, % of those the truth states")
    for path in KINDS:
        cells = []
        for score in scores.values():
            tally = score.fields.get(path)
            cells.append(f"{100 * tally.accuracy:.0f} ({tally.stated})" if tally else "–")
        table.add_row(path, *cells)
    table.add_row(
        "line items F1",
        *(
            f"{100 * s.line_f1:.0f} ({s.lines_stated})" if s.lines_stated else "–"
            for s in scores.values()
        ),
    )
    table.add_row(
        "core all right", *(f"{100 * s.core_right / s.documents:.0f}" for s in scores.values())
    )
    table.add_row("documents", *(str(s.documents) for s in scores.values()))
    console.print(table)
    for name, score in scores.items():
        for wrong in score.wrong[:errors]:
            console.print(" | ".join((name, *wrong)), markup=False, soft_wrap=True)


def _print_seconds(outcomes: list[Outcome]) -> None:
    by_type: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_type[outcome.path.suffix.lower().lstrip(".")].append(outcome)
    table = Table(
        "type",
        "documents",
        "failed",
        "pages",
        "mean s",
        "median s",
        "longest s",
        "status",
        title="Wall seconds a document, one at a time",
    )
    for name, group in sorted(by_type.items()):
        seconds = [o.record.seconds or 0.0 for o in group]
        states = Counter(
            o.record.review_status.value if o.record.review_status else "failed" for o in group
        )
        table.add_row(
            name,
            str(len(group)),
            str(sum(o.prediction is None for o in group)),
            str(sum(o.record.document.page_count for o in group)),
            f"{mean(seconds):.2f}",
            f"{median(seconds):.2f}",
            f"{max(seconds):.2f}",
            ", ".join(f"{state} {count}" for state, count in sorted(states.items())),
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
