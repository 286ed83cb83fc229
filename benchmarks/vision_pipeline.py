"""Is the service ever the bottleneck of the vision path?

    python -m benchmarks.vision_pipeline [--documents 200] [--latency 2] [--capacity 1 8] [--check]

A fake model server in a process of its own answers each question after a fixed latency L and no
more than C at a time, so no service can get more than C/L answers a second. One-page documents
of each kind are put into the real application; the table tells how much of that limit it
reaches, how long the server was idle between its first and last question, and what a single
document costs beyond the model. A page in small print is asked about in halves: two answers.
`--check` ends with 1 when a limit of `LIMITS` is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.vision_server import application, model_server, put, ready
from src.bootstrap import Application
from src.domain.document import Step

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "files"
# Kind -> a sample of one page.
KINDS = {
    "text PDF": "british-text.pdf",
    "PDF with a picture": "german-two-rates.pdf",
    "scan": "spanish-three-rates.png",
}
# Least share of C/L, most idle share of the server, most seconds a single document costs beyond
# the model's latency and its own reading.
LIMITS = (0.97, 0.03, 0.05)
console = Console(width=150)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    kind: str
    capacity: int
    documents: int
    # Answers a second, from the server's first question to its last answer.
    throughput: float
    # Of the server's places, between the first question and the last answer.
    idle: float
    # Resident memory of the service after a tenth and at the end, megabytes.
    memory: tuple[float, float]

    def share(self, latency: float) -> float:
        return self.throughput * latency / self.capacity


def main() -> int:
    arguments = _arguments()
    measured = []
    alone = {}
    for kind in arguments.kinds:
        alone[kind] = asyncio.run(_alone(kind, arguments.latency))
        for capacity in arguments.capacity:
            measured.append(
                asyncio.run(_many(kind, capacity, arguments.documents, arguments.latency))
            )
            _print([measured[-1]], {}, arguments.latency)
    _print(measured, alone, arguments.latency)
    return 1 if arguments.check and not _holds(measured, alone, arguments.latency) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=200, help="of each kind and capacity")
    parser.add_argument("--latency", type=float, default=2.0, help="seconds for one answer")
    parser.add_argument("--capacity", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--check", action="store_true", help="end with 1 if a limit is missed")
    return parser.parse_args()


def _application(folder: Path, url: str, capacity: int) -> Application:
    """Settings as docs/engines.md advises for a server of this capacity."""
    return application(
        folder,
        url,
        # One question waits at the server, so that it goes on at once with the next.
        vision_parallel=capacity + 1,
        batch_size=max(10, 3 * capacity),
        cpu_workers=max(1, (os.cpu_count() or 2) - 1),
    )


def _copies(folder: Path, kind: str, count: int) -> list[Path]:
    """Documents that look the same and are not: a few bytes behind the end."""
    source = SAMPLES / KINDS[kind]
    content = source.read_bytes()
    paths = []
    for number in range(count):
        path = folder / f"{number:05}{source.suffix}"
        path.write_bytes(content + f"\n%{number}\n".encode())
        paths.append(path)
    return paths


async def _many(kind: str, capacity: int, documents: int, latency: float) -> Measured:
    with tempfile.TemporaryDirectory() as name, model_server(latency, capacity) as url:
        service = await asyncio.to_thread(_application, Path(name), url, capacity)
        await service.start(watch=False, console=False)
        try:
            await ready(service)
            incoming = service.settings.incoming_folder
            paths = await asyncio.to_thread(_copies, incoming, kind, documents)
            early = asyncio.create_task(_memory_after(service, documents // 10))
            for path in paths:
                await put(service, path)
            await service.queue.idle()
            done = (await service.results.statistics()).successful
            if done != documents:
                raise SystemExit(f"only {done} of {documents} documents were processed")
            memory = (await early, _megabytes())
            worked = await _worked(url)
        finally:
            await service.stop()
    first, last = min(start for start, _ in worked), max(end for _, end in worked)
    busy = sum(end - start for start, end in worked)
    span = last - first
    return Measured(
        kind=kind,
        capacity=capacity,
        documents=documents,
        throughput=len(worked) / span,
        idle=max(0.0, 1 - busy / (span * capacity)),
        memory=memory,
    )


async def _alone(kind: str, latency: float) -> float:
    """Seconds that a document on its own costs beyond the model and its reading; median of 5."""
    beyond = []
    asked = 0
    with tempfile.TemporaryDirectory() as name, model_server(latency, 1) as url:
        service = await asyncio.to_thread(_application, Path(name), url, 1)
        await service.start(watch=False, console=False)
        try:
            await ready(service)
            incoming = service.settings.incoming_folder
            # The first one starts the worker processes and loads what is used.
            for number, path in enumerate(await asyncio.to_thread(_copies, incoming, kind, 6)):
                file_id = await put(service, path)
                await service.queue.idle()
                result = await service.results.invoice(file_id)
                if result is None:
                    raise SystemExit(f"{path.name} was not processed")
                spent = {timing.step: timing.seconds for timing in result.timings}
                before, asked = asked, len(await _worked(url))
                if number:
                    answers = (asked - before) * latency
                    beyond.append(sum(spent.values()) - spent[Step.READING] - answers)
        finally:
            await service.stop()
    return statistics.median(beyond)


async def _worked(url: str) -> list[tuple[float, float]]:
    async with httpx.AsyncClient(trust_env=False) as client:
        found = json.loads((await client.get(f"{url}/fake/worked")).content)
    return [(start, end) for start, end in found["worked"]]


async def _memory_after(service: Application, documents: int) -> float:
    while (await service.results.statistics()).successful < documents:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    return _megabytes()


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 1024**2


def _holds(measured: list[Measured], alone: dict[str, float], latency: float) -> bool:
    share, idle, beyond = LIMITS
    return all(one.share(latency) >= share and one.idle <= idle for one in measured) and all(
        seconds <= beyond for seconds in alone.values()
    )


def _print(measured: list[Measured], alone: dict[str, float], latency: float) -> None:
    table = Table(title=f"Model latency {latency:g} s, on {os.cpu_count()} cores")
    for column in ("kind", "C", "documents", "answers/s", "of C/L", "server idle", "memory MB"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for one in measured:
        table.add_row(
            one.kind,
            str(one.capacity),
            str(one.documents),
            f"{one.throughput:.3f}",
            f"{one.share(latency):.1%}",
            f"{one.idle:.1%}",
            f"{one.memory[0]:.0f} -> {one.memory[1]:.0f}",
        )
    console.print(table)
    for kind, seconds in alone.items():
        console.print(f"{kind}: a document alone costs {seconds * 1000:.0f} ms beyond the model.")


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    console.print(f"{time.monotonic() - started:.0f} s in all")
    sys.exit(code)
