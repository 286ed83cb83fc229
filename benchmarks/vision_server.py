"""The fake model server in a process of its own, and the application that asks it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import load_settings
from src.bootstrap import Application, build
from src.domain.candidate import EngineState
from src.domain.document import Origin, SourceFile

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def model_server(latency: float, capacity: int, *more: str) -> Iterator[str]:
    """The address of a model server that runs in the block."""
    command = [sys.executable, "-m", "tests.fakes.ollama", *more]
    options = ["--latency", str(latency), "--capacity", str(capacity)]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        try:
            yield server.stdout.readline().strip() if server.stdout else ""
        finally:
            server.terminate()


def application(folder: Path, url: str, **changes: Any) -> Application:
    """One that keeps everything below `folder`; each question is really asked."""
    given: dict[str, Any] = {
        "incoming_folder": folder / "incoming",
        "generated_folder": folder / "generated",
        "log_folder": folder / "logs",
        "ollama_base_url": url,
        # The pages of a kind look alike: kept answers would be measured instead of the server.
        "vision_cache_mb": 0,
        "duplicate_policy": "process",
        "log_level": "ERROR",
    }
    return build(load_settings(_env_file=None, **(given | changes)))


async def ready(application: Application) -> None:
    """Returns when the model answers."""
    # The service tells nobody.
    while (await application.status.details()).engines["vision"].state is not EngineState.READY:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def put(application: Application, path: Path) -> str:
    """Hand a file over; returns its id."""
    file = SourceFile(name=path.name, origin=Origin.CLI, received_at=datetime.now(UTC), path=path)
    return (await application.intake.take(file)).file_id
