"""Does the memory of the service grow with the documents it has seen?

    python -m benchmarks.vision_memory [--documents 2000] [--latency 0.05] [--check]

One-page invoices that all differ, every twentieth as a scan, go through the real application to a
fake model server. The table tells the resident memory of the service and of its worker processes
as documents are done. `--check` ends with 1 if either is larger in the last tenth than in the
second by more than `MOST_GROWTH`, or if a document is not processed.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import psutil
import pypdfium2 as pdfium
from reportlab.pdfgen.canvas import Canvas
from rich.console import Console
from rich.table import Table

from benchmarks.vision_server import application, model_server, put, ready
from src.bootstrap import Application

SCAN_EVERY = 20
# Documents that wait at most, so that all of the way is busy and the disk holds few files.
MOST_WAITING = 40
# Of the resident memory, from the second tenth of the documents to the last.
MOST_GROWTH = 0.10
PARTS = 20
MEGABYTE = 1024**2
console = Console(width=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Megabytes of resident memory after so many documents."""

    documents: int
    service: float
    workers: float
    # Seconds since the first document was handed over.
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds for one answer")
    parser.add_argument("--check", action="store_true", help="end with 1 if memory grows")
    arguments = parser.parse_args()
    samples, processed = asyncio.run(_run(arguments.documents, arguments.latency))
    _print(samples)
    service, workers = (_growth([getattr(s, of) for s in samples]) for of in ("service", "workers"))
    console.print(
        f"{processed} of {arguments.documents} documents processed; from the second tenth to "
        f"the last the service grew by {service:.1%}, its workers by {workers:.1%}."
    )
    holds = max(service, workers) <= MOST_GROWTH and processed == arguments.documents
    return 1 if arguments.check and not holds else 0


async def _run(documents: int, latency: float) -> tuple[list[Sample], int]:
    with tempfile.TemporaryDirectory() as name, model_server(latency, 4) as url:
        server = {process.pid for process in psutil.Process().children()}
        service = await asyncio.to_thread(
            application, Path(name), url, vision_parallel=5, cpu_workers=1
        )
        await service.start(watch=False, console=False)
        try:
            await ready(service)
            samples = await _feed(service, Path(name), documents, server)
            processed = (await service.results.statistics()).successful
        finally:
            await service.stop()
    return samples, processed


async def _feed(
    service: Application, folder: Path, documents: int, others: set[int]
) -> list[Sample]:
    started = time.monotonic()
    samples: list[Sample] = []
    path = folder / "next.pdf"
    for number in range(documents):
        while await _waiting(service) >= MOST_WAITING:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.2)
        path = folder / f"next{'.png' if number % SCAN_EVERY == 0 else '.pdf'}"
        await asyncio.to_thread(_write, path, number)
        await put(service, path)
        if (number + 1) % max(1, documents // PARTS) == 0:
            samples.append(_sample(number + 1, others, time.monotonic() - started))
    await service.queue.idle()
    samples.append(_sample(documents, others, time.monotonic() - started))
    return samples


async def _waiting(service: Application) -> int:
    figures = await service.results.statistics()
    return figures.pending + figures.processing


def _sample(documents: int, others: set[int], seconds: float) -> Sample:
    own = psutil.Process()
    workers = [child for child in own.children(recursive=True) if child.pid not in others]
    return Sample(
        documents=documents,
        service=own.memory_info().rss / MEGABYTE,
        workers=sum(_resident(worker) for worker in workers) / MEGABYTE,
        seconds=seconds,
    )


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        # Replaced in this moment.
        return 0


def _write(path: Path, number: int) -> None:
    """A one-page invoice like no other; a PNG as from a scanner, by its suffix."""
    content = _page(number)
    if path.suffix == ".png":
        document = pdfium.PdfDocument(content)
        document[0].render(scale=150 / 72).to_pil().save(path)
        document.close()
    else:
        path.write_bytes(content)


def _page(number: int) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    day = date(2026, 1, 1) + timedelta(days=number % 300)
    pounds = [40 + (number * 7) % 900, 60 + (number * 13) % 700]
    net = sum(pounds) * 100
    tax = net // 5
    rows = [
        (60, 790, f"Kranich Supplies {number % 97} Ltd"),
        (60, 774, "4 Dock Lane, Hull HU1 1AA"),
        (60, 730, "INVOICE"),
        (60, 706, f"Invoice number: KS-{number:06}"),
        (60, 690, f"Invoice date: {day:%d %B %Y}"),
        (60, 660, "Bill to: Heron Cafe Ltd, 9 Shore Road, Leith EH6 6QN"),
        *_cells(620, "Description", "Quantity", "Unit price", "Amount"),
        *_cells(600, "Oak shelf", "1", f"{pounds[0]}.00", f"{pounds[0]}.00"),
        *_cells(584, "Brass lamp", "1", f"{pounds[1]}.00", f"{pounds[1]}.00"),
        *_cells(550, "", "", "Subtotal", f"GBP {net / 100:.2f}"),
        *_cells(534, "", "", "VAT 20%", f"GBP {tax / 100:.2f}"),
        *_cells(518, "", "", "Total", f"GBP {(net + tax) / 100:.2f}"),
    ]
    for x, y, text in rows:
        canvas.drawString(x, y, text)
    canvas.save()
    return buffer.getvalue()


def _cells(y: int, *texts: str) -> list[tuple[int, int, str]]:
    return [(x, y, text) for x, text in zip((60, 260, 360, 460), texts, strict=True) if text]


def _growth(megabytes: Sequence[float]) -> float:
    """From the second tenth, when all that is ever loaded is loaded, to the last."""
    tenth = max(1, len(megabytes) // 10)
    return mean(megabytes[-tenth:]) / mean(megabytes[tenth : 2 * tenth]) - 1


def _print(samples: Sequence[Sample]) -> None:
    table = Table("documents", "service MB", "workers MB", "seconds")
    for column in table.columns:
        column.justify = "right"
    for one in samples:
        table.add_row(
            str(one.documents), f"{one.service:.0f}", f"{one.workers:.0f}", f"{one.seconds:.0f}"
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
