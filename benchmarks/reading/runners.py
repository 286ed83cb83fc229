"""Programs under measurement: each is asked for one file at a time and sleeps in between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True, slots=True)
class Run:
    """One file read by one program."""

    # Wall and user + system seconds.
    wall: float
    cpu: float
    # Largest memory of the program so far, megabytes.
    peak_mb: float
    # What else the program answered.
    answer: dict[str, Any]


class Runner(Protocol):
    @property
    def name(self) -> str: ...

    def run(self, path: Path) -> Run: ...

    def __enter__(self) -> Runner: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class LineRunner:
    """A program of `programs/` that answers lines; it loads its models only once."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self._command = command
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> LineRunner:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            # Closes the pipes, which ends the program, and waits for it.
            self._process.__exit__(kind, error, trace)
            self._process = None

    def run(self, path: Path) -> Run:
        """Raises `RuntimeError` when the program ended."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError(f"{self.name} was not started")
        started = time.perf_counter()
        process.stdin.write(f"{json.dumps({'path': str(path.resolve())})}\n")
        process.stdin.flush()
        line = process.stdout.readline()
        wall = time.perf_counter() - started
        if not line:
            raise RuntimeError(f"{self.name} ended at {path.name}: {' '.join(self._command)}")
        answer = json.loads(line)
        return Run(wall, answer.pop("cpu"), answer.pop("peak_mb"), answer)


class TesseractRunner:
    """The tesseract command as installed: a process a page, its own number of threads."""

    name = "tesseract"

    def __init__(self) -> None:
        self._peak_mb = 0.0

    def __enter__(self) -> TesseractRunner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing stays open between pages."""

    def run(self, path: Path) -> Run:
        started = time.perf_counter()
        process = subprocess.Popen(
            ["tesseract", str(path), "stdout"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None  # noqa: S101  (for the type checker)
        with process.stdout as stdout:
            text = stdout.read().decode()
        # Not `Popen.wait`: it would throw away what the process used.
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        wall = time.perf_counter() - started
        self._peak_mb = max(self._peak_mb, usage.ru_maxrss / 1e3)
        return Run(wall, usage.ru_utime + usage.ru_stime, self._peak_mb, {"text": text})


def ours(name: str, program: str) -> LineRunner:
    return LineRunner(name, sys.executable, "-m", f"benchmarks.reading.programs.{program}")


def theirs(name: str, python: Path, program: str, *arguments: str) -> LineRunner:
    return LineRunner(name, str(python), str(PROGRAMS / f"{program}.py"), *arguments)
