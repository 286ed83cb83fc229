"""The server's entry: `python -m uvicorn src.api.main:app`, or this file run as a program.

Importing parses the settings and puts the application together; the lifespan opens things.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    # Run as a file (a profiler does): Python then looks beside this file only.
    sys.path.insert(0, _ROOT)


def _record_failed_start(problem: str) -> None:
    """Add the problem to errors.log: without settings only the environment says where it is."""
    log = Path(os.environ.get("LOG_FOLDER", "logs")) / "errors.log"
    if log.parent.is_dir():
        with log.open("a", encoding="utf-8") as file:
            told = " ".join(problem.split())
            file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} | ERROR | general | {told}\n")


try:
    from config.settings import settings
    from src.api.app import create_app
except ValueError as problem:
    # The class cannot be imported from a module that fails to import.
    if type(problem).__name__ != "ConfigurationProblem":
        raise
    _record_failed_start(str(problem))
    raise SystemExit(str(problem)) from None

app = create_app(settings)

if __name__ == "__main__":
    uvicorn.run(app, host=settings.host, port=settings.port)
