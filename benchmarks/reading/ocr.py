"""Pictures of pages: ours, rapidocr as packaged, the tesseract command."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.reading.pages import PagePicture
from benchmarks.reading.recall import amount_recall, word_recall
from benchmarks.reading.runners import Run, Runner, TesseractRunner, ours, theirs
from benchmarks.reading.verdict import Target

OURS = "ours"
PACKAGED = "rapidocr, cls off"
PACKAGED_CLS = "rapidocr"
TESSERACT = TesseractRunner.name


@dataclass(frozen=True, slots=True)
class Reading:
    """One picture read by one program."""

    run: Run
    words: float
    amounts: float


# By program, in the order of the pictures.
Readings = dict[str, list[Reading]]


def read_all(pictures: list[PagePicture], python: Path) -> Readings:
    """Every picture by every program, in turns, so that all meet the same drift of the machine."""
    runners: list[Runner] = [
        ours(OURS, "ocr_ours"),
        theirs(PACKAGED, python, "ocr_rapidocr", "--no-cls"),
        theirs(PACKAGED_CLS, python, "ocr_rapidocr"),
        TesseractRunner(),
    ]
    found: Readings = defaultdict(list)
    with ExitStack() as started:
        for runner in runners:
            started.enter_context(runner)
            # Loading models is not reading.
            runner.run(pictures[0].path)
        for number, picture in enumerate(track(pictures, "OCR", console=Console(stderr=True))):
            first = number % len(runners)
            for runner in (*runners[first:], *runners[:first]):
                run = runner.run(picture.path)
                text = run.answer["text"]
                words = word_recall(picture.truth, text)
                amounts = amount_recall(picture.truth, text)
                found[runner.name].append(Reading(run, words, amounts))
    return {runner.name: found[runner.name] for runner in runners}


def print_readings(console: Console, pictures: list[PagePicture], readings: Readings) -> None:
    table = Table(
        "program",
        "wall s a page",
        "longest",
        "CPU s",
        "wall by ours",
        "CPU by ours",
        "peak MB",
        title=f"OCR of {len(pictures)} pictures of A4 pages at 200 dpi",
    )
    for name, found in readings.items():
        walls = [reading.run.wall for reading in found]
        table.add_row(
            name,
            f"{median(walls):.2f}",
            f"{max(walls):.2f}",
            f"{median(reading.run.cpu for reading in found):.2f}",
            f"{ratio(readings, name, OURS):.2f}",
            f"{cpu_ratio(readings, name, OURS):.2f}",
            f"{max(reading.run.peak_mb for reading in found):.0f}",
        )
    console.print(table)
    kinds = list(dict.fromkeys(picture.kind for picture in pictures))
    table = Table("program", *kinds, "all", title="Recall of words / amounts")
    for name, found in readings.items():
        cells = []
        for kind in (*kinds, None):
            chosen = [
                reading
                for picture, reading in zip(pictures, found, strict=True)
                if kind in (picture.kind, None)
            ]
            words, amounts = mean(r.words for r in chosen), mean(r.amounts for r in chosen)
            cells.append(f"{words:.3f} / {amounts:.3f}")
        table.add_row(name, *cells)
    console.print(table)


def ratio(readings: Readings, name: str, base: str) -> float:
    """Median over pictures of the time of one program by that of another."""
    return median(
        one.run.wall / other.run.wall
        for one, other in zip(readings[name], readings[base], strict=True)
    )


def cpu_ratio(readings: Readings, name: str, base: str) -> float:
    """The same for processor time, which other work on the machine disturbs less."""
    return median(
        one.run.cpu / other.run.cpu
        for one, other in zip(readings[name], readings[base], strict=True)
    )


def targets(readings: Readings) -> list[Target]:
    own, packaged = readings[OURS], readings[PACKAGED]
    return [
        Target("OCR of a page, median wall", median(r.run.wall for r in own), 2.0, unit="s"),
        Target("packaged rapidocr by ours", ratio(readings, PACKAGED, OURS), 2.5, at_least=True),
        Target("ours by tesseract", ratio(readings, OURS, TESSERACT), 1.2),
        Target(
            "word recall, at least packaged rapidocr's",
            mean(r.words for r in own),
            mean(r.words for r in packaged),
            at_least=True,
        ),
        Target(
            "amount recall, at least packaged rapidocr's",
            mean(r.amounts for r in own),
            mean(r.amounts for r in packaged),
            at_least=True,
        ),
        Target("OCR process, peak", max(r.run.peak_mb for r in own), 1000, unit="MB"),
    ]
