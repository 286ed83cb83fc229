"""How accurate is the product's own path over a folder of documents?

    python -m benchmarks.accuracy --docs FOLDER --out DIR [--engine layout] [--list FILE]
        [--report docs/accuracy.md]

FOLDER holds sets: `<set>/docs/*` and, where the truth is known, `<set>/truth/<stem>.json` in the
neutral schema (see `benchmarks/neutral.py`). Predictions go to `DIR/<set>/<stem>.json`; tables of
accuracy per set and field and of seconds per file type go to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from benchmarks import markdown
from benchmarks.running import Outcome, documents_below, run_all
from benchmarks.scoring import KINDS, Score, Tally

console = Console(width=160)


def main() -> int:
    arguments = _arguments()
    documents = documents_below(arguments.docs, arguments.list)
    if not documents:
        console.print(f"No documents: {arguments.docs} holds no <set>/docs/ folders.")
        return 2
    outcomes = asyncio.run(run_all(documents, arguments.engine, arguments.workers))
    for outcome in outcomes:
        _write(arguments.out, outcome)
    scores = _scores(outcomes, arguments.docs)
    reports = [_accuracy(scores)] if scores else []
    reports.append(_seconds(outcomes))
    for report in reports:
        report.show()
    _print_wrong(scores, arguments.errors)
    if arguments.report:
        command = "python -m benchmarks.accuracy --docs FOLDER --out DIR"
        command += f" --engine {arguments.engine}" if arguments.engine else ""
        parts = [markdown.provenance(command), *(report.markdown() for report in reports)]
        markdown.replace_section(arguments.report, "accuracy", "\n\n".join(parts))
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
    parser.add_argument(
        "--report", type=Path, default=None, help="page whose accuracy section is rewritten"
    )
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong values a set")
    return parser.parse_args()


def _write(out: Path, outcome: Outcome) -> None:
    if outcome.result is None:
        return
    target = out / outcome.set_name / f"{outcome.path.stem}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(outcome.prediction, indent=1, ensure_ascii=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A table with a title."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def show(self) -> None:
        shown = Table(*self.head, title=self.title)
        for row in self.rows:
            shown.add_row(*row)
        console.print(shown)

    def markdown(self) -> str:
        return f"{self.title}:\n\n{markdown.table(self.head, self.rows)}"


def _scores(outcomes: list[Outcome], docs: Path) -> dict[str, Score]:
    """A score for each set that has truth."""
    scores: dict[str, Score] = defaultdict(Score)
    for outcome in outcomes:
        truth_file = docs / outcome.set_name / "truth" / f"{outcome.path.stem}.json"
        if truth_file.exists():
            truth = json.loads(truth_file.read_text())
            scores[outcome.set_name].add(outcome.path.name, truth, outcome.prediction or {})
    return dict(scores)


def _accuracy(scores: dict[str, Score]) -> Report:
    rows = [
        (path, *(_percent(score.fields.get(path)) for score in scores.values())) for path in KINDS
    ]
    rows.append(
        (
            "line items F1",
            *(
                f"{100 * score.line_f1:.0f} ({score.lines_stated})" if score.lines_stated else "–"
                for score in scores.values()
            ),
        )
    )
    rows.append(
        (
            "number, date, total, vendor, currency all right",
            *(f"{100 * s.core_right / s.documents:.0f}" for s in scores.values()),
        )
    )
    rows.append(("documents", *(str(score.documents) for score in scores.values())))
    return Report(
        title="Right values in percent of those the truth states (how many those are)",
        head=("field", *scores),
        rows=tuple(rows),
    )


def _percent(tally: Tally | None) -> str:
    return f"{100 * tally.accuracy:.0f} ({tally.stated})" if tally else "–"


def _seconds(outcomes: list[Outcome]) -> Report:
    by_type: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_type[outcome.path.suffix.lower().lstrip(".")].append(outcome)
    rows = []
    for name, group in sorted(by_type.items()):
        seconds = [outcome.record.seconds or 0.0 for outcome in group]
        states = Counter(
            status.value if (status := outcome.record.review_status) else "failed"
            for outcome in group
        )
        rows.append(
            (
                name,
                str(len(group)),
                str(sum(outcome.record.document.page_count for outcome in group)),
                f"{mean(seconds):.2f}",
                f"{median(seconds):.2f}",
                f"{max(seconds):.2f}",
                ", ".join(f"{state} {count}" for state, count in sorted(states.items())),
            )
        )
    return Report(
        title="Wall seconds a document, one at a time",
        head=("type", "documents", "pages", "mean", "median", "longest", "status"),
        rows=tuple(rows),
    )


def _print_wrong(scores: dict[str, Score], most: int) -> None:
    for name, score in scores.items():
        for wrong in score.wrong[:most]:
            console.print(" | ".join((name, *wrong)), markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
