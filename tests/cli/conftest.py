"""The command line over the real application, in folders of the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from src.cli.program import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the program; holds no `.env`."""
    for name in ("INCOMING_FOLDER", "GENERATED_FOLDER", "LOG_FOLDER", "DATABASE_URL", "API_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CPU_WORKERS", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def ran(*arguments: str) -> Ran:
        capfdbinary.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        shown = capfdbinary.readouterr()
        return Ran(code, shown.out.decode(), shown.err.decode())

    return ran
