"""PDFs with a text layer: the whole service, reading and extraction alone, invoice2data."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.reading.runners import Run, ours, theirs
from benchmarks.reading.verdict import Target


@dataclass(frozen=True, slots=True)
class TextRuns:
    """One PDF by every program."""

    whole: Run
    engine: Run
    peer: Run
    # With its templates read before.
    warm_peer: Run


def read_all(pdfs: list[Path], python: Path) -> list[TextRuns]:
    """Every PDF by every program, in turns."""
    service = ours("service", "service")
    engine = ours("engine", "text_ours")
    peer = theirs("invoice2data", python, "text_invoice2data")
    warm_peer = theirs("invoice2data", python, "text_invoice2data", "--keep-templates")
    with ExitStack() as started:
        runners = (service, engine, peer, warm_peer)
        for runner in runners:
            started.enter_context(runner)
            # Starting workers and loading libraries is not reading.
            for path in pdfs[:3]:
                runner.run(path)
        return [
            TextRuns(*(runner.run(path) for runner in runners))
            for path in track(pdfs, "text", console=Console(stderr=True))
        ]


def print_runs(console: Console, runs: list[TextRuns]) -> None:
    pages = sum(run.engine.answer["pages"] for run in runs)
    table = Table(
        "step",
        "CPU ms, mean",
        "median",
        "longest",
        "wall ms, median",
        title=f"{len(runs)} text PDFs, {pages} pages; milliseconds a document",
    )
    steps = {
        "bytes to stored result (service and workers)": [run.whole for run in runs],
        "file to fields in one process": [run.engine for run in runs],
        "invoice2data, text mode, as documented": [run.peer for run in runs],
        "invoice2data, its templates read before": [run.warm_peer for run in runs],
    }
    for name, step in steps.items():
        cpu = [1e3 * run.cpu for run in step]
        walls = 1e3 * median(run.wall for run in step)
        table.add_row(
            name, f"{mean(cpu):.0f}", f"{median(cpu):.0f}", f"{max(cpu):.0f}", f"{walls:.0f}"
        )
    for name in ("reading", "extraction"):
        cpu = [1e3 * run.engine.answer[name] for run in runs]
        table.add_row(
            f"  of which {name}", f"{mean(cpu):.0f}", f"{median(cpu):.0f}", f"{max(cpu):.0f}", ""
        )
    console.print(table)
    found = sum(run.peer.answer["found"] for run in runs)
    console.print(
        f"invoice2data by ours, file to fields, median of ratios of CPU: {_peer_ratio(runs):.2f} "
        f"as documented, {median(run.warm_peer.cpu / run.engine.cpu for run in runs):.2f} with "
        f"its templates read before. It has a template for {found} of the {len(runs)} files; "
        "without one it does little more than pdftotext.\n"
    )


def _peer_ratio(runs: list[TextRuns]) -> float:
    return median(run.peer.cpu / run.engine.cpu for run in runs)


def targets(runs: list[TextRuns]) -> list[Target]:
    return [
        Target(
            # Where no vendor is found a logo is read by OCR, which no text PDF should need: the
            # table shows these as the longest.
            "text PDF, bytes to stored result, median CPU",
            1e3 * median(run.whole.cpu for run in runs),
            150,
            unit="ms",
        ),
        Target(
            "text PDF, extraction, mean CPU",
            1e3 * mean(run.engine.answer["extraction"] for run in runs),
            40,
            unit="ms",
        ),
        Target("invoice2data by ours, a file", _peer_ratio(runs), 1.0, at_least=True),
    ]
