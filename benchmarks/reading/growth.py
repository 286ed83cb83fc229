"""How cost and memory grow with the pages of a document, through the whole service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.reading.pages import DPI
from benchmarks.reading.runners import Run, ours
from benchmarks.reading.verdict import Target

TEXT_PAGES = (1, 10, 100, 300)
SCAN_PAGES = (1, 10, 100)
# The cost of the last page by that of an early one.
_LINEAR = 1.5


@dataclass(frozen=True, slots=True)
class Grown:
    """One document, alone in a fresh service."""

    kind: str
    pages: int
    run: Run


def grow(text_pdf: Path, folder: Path) -> list[Grown]:
    """Documents that repeat the first page of `text_pdf`, as text and as scan."""
    scan = folder / "one-scan.pdf"
    _picture_pdf(text_pdf, scan)
    jobs = [("text", text_pdf, count) for count in TEXT_PAGES]
    jobs += [("scan", scan, count) for count in SCAN_PAGES]
    done = []
    for kind, source, count in track(jobs, "growth", console=Console(stderr=True)):
        path = folder / f"{kind}-{count}.pdf"
        _repeat(source, count, path)
        # A service of its own for each, so that its peak is this document's.
        with ours("service", "service") as service:
            service.run(source)
            done.append(Grown(kind, count, service.run(path)))
    return done


def _repeat(source: Path, count: int, target: Path) -> None:
    with pdfium.PdfDocument(source) as one, pdfium.PdfDocument.new() as many:
        for _ in range(count):
            many.import_pages(one, [0])
        many.save(target)


def _picture_pdf(source: Path, target: Path) -> None:
    with pdfium.PdfDocument(source) as document:
        picture = document[0].render(scale=DPI / 72).to_pil().convert("L")
    picture.save(target, "PDF", resolution=DPI, quality=80)


def print_growth(console: Console, grown: list[Grown]) -> None:
    table = Table(
        "kind",
        "pages",
        "CPU s",
        "CPU ms a page",
        "wall s",
        "peak MB of a worker",
        "peak MB of the service",
        title="Growth with pages, through the whole service",
    )
    for item in grown:
        table.add_row(
            item.kind,
            str(item.pages),
            f"{item.run.cpu:.2f}",
            f"{1e3 * item.run.cpu / item.pages:.0f}",
            f"{item.run.wall:.2f}",
            f"{item.run.peak_mb:.0f}",
            f"{item.run.answer['service_mb']:.0f}",
        )
        if item.run.answer["failure"]:
            console.print(f"{item.kind} {item.pages}: {item.run.answer['failure']}")
    console.print(table)


def targets(grown: list[Grown]) -> list[Target]:
    found = [
        Target(
            f"cost of a further page, {kind}, many pages by few",
            _later_by_earlier([item for item in grown if item.kind == kind]),
            _LINEAR,
        )
        for kind in ("text", "scan")
    ]
    peak = max(item.run.peak_mb for item in grown)
    return [*found, Target("worker of the service, peak", peak, 1000, unit="MB")]


def _later_by_earlier(grown: list[Grown]) -> float:
    """CPU a further page among the largest documents by that among the smallest."""
    one, few, *_, last = grown
    early = (few.run.cpu - one.run.cpu) / (few.pages - one.pages)
    late = (last.run.cpu - few.run.cpu) / (last.pages - few.pages)
    return late / max(early, 1e-3)
