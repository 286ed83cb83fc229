"""How fast is reading, and how much memory does it need, beside other programs?

    python -m benchmarks.reading [--docs FOLDER] [--check] [--pages N] [--parts ocr,text,growth]

Without `--docs` it reads invoices that this project draws itself; FOLDER holds sets of documents
as `<set>/docs/*`. rapidocr and invoice2data are installed into an environment of their own
(`--peers`); tesseract and pdftotext must be installed on the system. All programs read the same
file in turns, because the speed of a machine drifts: trust the ratios, not the seconds.
With `--check` the answer is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.reading import growth, ocr, texts
from benchmarks.reading.pages import drawn_pdfs, found_pdfs, is_text, pictures
from benchmarks.reading.peers import PeersMissing, peers_python
from benchmarks.reading.verdict import Target, print_targets

PARTS = ("ocr", "text", "growth")
console = Console(width=120)


def main() -> int:
    arguments = _arguments()
    try:
        python = peers_python(arguments.peers)
    except PeersMissing as error:
        console.print(str(error), markup=False)
        return 2
    with tempfile.TemporaryDirectory(prefix="reading-") as scratch:
        targets = _measure(arguments, python, Path(scratch))
    met = print_targets(console, targets)
    return 1 if arguments.check and not met else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0], prog="python -m benchmarks.reading"
    )
    parser.add_argument("--docs", type=Path, help="folder with <set>/docs/*; default: our own")
    parser.add_argument("--check", action="store_true", help="answer 1 when a target is missed")
    parser.add_argument("--pages", type=int, default=16, help="pictures of pages for OCR")
    parser.add_argument("--files", type=int, default=60, help="text PDFs")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of ocr,text,growth")
    parser.add_argument(
        "--peers",
        type=Path,
        default=Path(tempfile.gettempdir()) / "invoice-agent-peers",
        help="environment for other people's packages; made when it is not there",
    )
    return parser.parse_args()


def _measure(arguments: argparse.Namespace, python: Path, scratch: Path) -> list[Target]:
    drawn = drawn_pdfs(scratch)
    pdfs = found_pdfs(arguments.docs) if arguments.docs else drawn
    wanted = arguments.parts.split(",")
    targets: list[Target] = []
    _print_load("before")
    if "ocr" in wanted:
        pages = pictures(pdfs, scratch, arguments.pages)
        readings = ocr.read_all(pages, python)
        ocr.print_readings(console, pages, readings)
        targets += ocr.targets(readings)
        _print_load("after OCR")
    if "text" in wanted:
        runs = texts.read_all([pdf for pdf in pdfs if is_text(pdf)][: arguments.files], python)
        texts.print_runs(console, runs)
        targets += texts.targets(runs)
        _print_load("after text")
    if "growth" in wanted:
        grown = growth.grow(drawn[-1], scratch)
        growth.print_growth(console, grown)
        targets += growth.targets(grown)
        _print_load("after growth")
    return targets


def _print_load(when: str) -> None:
    """What else the machine was doing tells how far to believe the seconds."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    console.print(f"{now}, {when}: load {load} on {os.cpu_count()} cores")


if __name__ == "__main__":
    sys.exit(main())
