"""The real service in a process of its own, over folders of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from benchmarks.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


class Service:
    """Starts with `start()`, ends with `stop()` or, the hard way, with `kill()`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.incoming = folder / "incoming"
        self.generated = folder / "generated"
        self.logs = folder / "logs"
        self.port = free_port()
        self._environment = {
            **os.environ,
            "INCOMING_FOLDER": str(self.incoming),
            "GENERATED_FOLDER": str(self.generated),
            "LOG_FOLDER": str(self.logs),
            "PROCESSING_INTERVAL_SECONDS": "0.5",
            "STABILITY_SECONDS": "0.2",
            "CPU_WORKERS": "2",
            # Nobody listens there, whatever this machine runs.
            "OLLAMA_BASE_URL": "http://127.0.0.1:9",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.incoming.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "src.api.main:app", "--port", str(self.port)],
            cwd=ROOT,
            env=self._environment,
            start_new_session=True,
        )
        wait_for(self._ready, 60, "the service to be ready")

    def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the service ended while starting"
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """SIGKILL for the server alone; its workers must notice by themselves."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=30)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=60)

    def get(self, path: str, **parameters: str | int) -> Any:
        answer = httpx.get(f"{self.url}{path}", params=parameters, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait(timeout=30)


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll until the condition holds; fails with words when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.1)
