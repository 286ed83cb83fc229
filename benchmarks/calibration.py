"""Do confidences keep their word? Over a folder of labelled documents.

    python -m benchmarks.calibration --docs FOLDER [--engine layout] [--list FILE]

FOLDER is laid out as for `benchmarks.accuracy`. Prints how many values of each confidence are
right (a reliability table), the expected calibration error of each group of fields, and what
would go through without a person: at the lowest threshold where accepted documents have at most
1 % wrong core fields, and by the product's own decision.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.reliability import (
    Core,
    Judged,
    bins,
    calibration_error,
    judge,
    straight_through,
)
from benchmarks.running import Outcome, documents_below, run_all
from src.domain.page import TextSource
from src.domain.review import ReviewStatus

console = Console(width=130)


@dataclass(frozen=True, slots=True)
class Measured:
    """One document whose truth is known."""

    is_text: bool
    accepted: bool
    judged: tuple[Judged, ...]
    core: Core


def main() -> int:
    arguments = _arguments()
    documents = [
        (name, path)
        for name, path in documents_below(arguments.docs, arguments.list)
        if _truth_file(arguments.docs, name, path).exists()
    ]
    if not documents:
        console.print(f"No labelled documents: {arguments.docs} holds no <set>/docs and truth.")
        return 2
    outcomes = asyncio.run(run_all(documents, arguments.engine, arguments.workers))
    measured = [_measured(outcome, arguments.docs) for outcome in outcomes]
    print_reliability([value for document in measured for value in document.judged])
    _print_passing(measured)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Reliability of confidences")
    parser.add_argument("--docs", type=Path, required=True, help="folder with <set>/docs, truth")
    parser.add_argument("--engine", default="layout", help="engine for every document")
    parser.add_argument("--list", type=Path, default=None, help="lines '<set>/<stem>' to take")
    parser.add_argument("--workers", type=int, default=2, help="processes for reading")
    return parser.parse_args()


def _truth_file(folder: Path, set_name: str, path: Path) -> Path:
    return folder / set_name / "truth" / f"{path.stem}.json"


def _measured(outcome: Outcome, folder: Path) -> Measured:
    """A failed document counts as one that a person must do."""
    result = outcome.result
    if result is None:
        return Measured(False, False, (), Core(0.0, 0, 0))
    truth = json.loads(_truth_file(folder, outcome.set_name, outcome.path).read_text("utf-8"))
    judged, core = judge(f"{outcome.set_name}/{outcome.path.name}", truth, result.invoice)
    is_text = result.pages[0].source is TextSource.TEXT_LAYER if result.pages else False
    accepted = result.review_status is ReviewStatus.ACCEPTED
    return Measured(is_text, accepted, tuple(judged), core)


def print_reliability(judged: Sequence[Judged]) -> None:
    """The table of bins over all values, and the error of each group."""
    table = Table("confidence", "values", "mean confidence", "share right", title="Reliability")
    for b in bins(judged):
        right = f"{b.share_right:.3f}"
        table.add_row(f"{b.low:.1f}-{b.high:.1f}", str(b.count), f"{b.mean_confidence:.3f}", right)
    console.print(table)
    errors = Table("fields", "values", "share right", "calibration error", title="By field group")
    for name in (*dict.fromkeys(value.group for value in judged), "all"):
        values = [value for value in judged if name in ("all", value.group)]
        share = sum(value.right for value in values) / len(values)
        errors.add_row(name, str(len(values)), f"{share:.3f}", f"{calibration_error(values):.3f}")
    console.print(errors)


def _print_passing(measured: Sequence[Measured]) -> None:
    table = Table(
        *("read from", "documents", "threshold", "pass", "wrong core fields"),
        *("accepted by the product", "wrong core fields"),
        title="Straight through, at most 1 % wrong core fields",
    )
    for name, is_text in (("text layer", True), ("scan or photo", False)):
        group = [document for document in measured if document.is_text == is_text]
        if not group:
            continue
        passed = straight_through([document.core for document in group])
        accepted = [document.core for document in group if document.accepted]
        stated = sum(core.stated for core in accepted)
        wrong = sum(core.wrong for core in accepted)
        table.add_row(
            name,
            str(len(group)),
            f"{passed.threshold:.3f}",
            f"{passed.accepted} ({passed.share:.0%})",
            f"{passed.wrong_share:.2%}",
            f"{len(accepted)} ({len(accepted) / len(group):.0%})",
            f"{wrong} of {stated}",
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
