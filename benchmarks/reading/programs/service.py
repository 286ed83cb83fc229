"""The whole service without its doors: a file goes in, a stored result comes out.

CPU counts this process and its workers; the peak is that of the largest worker.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import psutil

from config.settings import load_settings
from src.bootstrap import Application, build
from src.domain.document import Origin, SourceFile


async def main(answers: TextIO) -> None:
    with tempfile.TemporaryDirectory(prefix="reading-") as scratch:
        root = Path(scratch)
        settings = load_settings(
            incoming_folder=root / "incoming",
            generated_folder=root / "generated",
            log_folder=root / "logs",
            database_url="",
            duplicate_policy="process",
            extraction_engine="layout",
            log_level="ERROR",
        )
        async with build(settings) as application:
            while line := await asyncio.to_thread(sys.stdin.readline):
                answer = await process(application, Path(json.loads(line)["path"]))
                answers.write(f"{json.dumps(answer)}\n")
                answers.flush()


async def process(application: Application, path: Path) -> dict[str, Any]:
    before = cpu_seconds()
    receipt = await application.intake.take(
        SourceFile(name=path.name, origin=Origin.CLI, received_at=datetime.now(UTC), path=path)
    )
    await application.queue.idle()
    cpu = cpu_seconds() - before
    record = await application.results.get(receipt.file_id)
    workers = psutil.Process().children(recursive=True)
    return {
        "cpu": cpu,
        "pages": record.document.page_count,
        "failure": record.failure.message if record.failure else None,
        "peak_mb": max((peak_megabytes(worker.pid) for worker in workers), default=0.0),
        "service_mb": peak_megabytes(os.getpid()),
    }


def cpu_seconds() -> float:
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return sum(taken.user + taken.system for taken in times)


def peak_megabytes(pid: int) -> float:
    """Largest memory the process ever held; where the system does not tell, what it holds now."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1e3
    return float(psutil.Process(pid).memory_info().rss / 1e6)


if __name__ == "__main__":
    # Only answers may reach the asker.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    asyncio.run(main(out))
