"""The service, the dashboard and a browser, started for a measurement, a picture or a test.

Everything listens on free ports of this machine, keeps its data in a folder that is given, and
ends with the `with` block.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
# Debian's, and the name some other systems use.
BROWSER_NAMES = ("chromium", "chromium-browser")
START_SECONDS = 90.0


class NotStarted(RuntimeError):
    """A program ended, or did not answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    api: str
    dashboard: str


def browser_path() -> str | None:
    """Where the browser is installed; None: nowhere."""
    return next((path for name in BROWSER_NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    path = browser_path()
    if path is None:
        raise NotStarted("No chromium; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        try:
            yield started
        finally:
            started.close()


@contextmanager
def staged(folder: Path, **settings: str) -> Iterator[Stage]:
    """Service and dashboard over the folder; `settings` are the service's."""
    with service(folder, **settings) as api, dashboard(folder, api) as pages:
        yield Stage(api=api, dashboard=pages)


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[str]:
    port = free_port()
    environment = folders(folder) | {
        "EXTRACTION_ENGINE": "layout",
        "PROCESSING_INTERVAL_SECONDS": "0.5",
        "STABILITY_SECONDS": "0.2",
        "CPU_WORKERS": "2",
        "API_KEYS": "",
        "UPLOADS_PER_MINUTE": "1000",
        **settings,
    }
    for name in ("INCOMING_FOLDER", "GENERATED_FOLDER", "LOG_FOLDER"):
        Path(environment[name]).mkdir(parents=True, exist_ok=True)
    command = ["-m", "uvicorn", "src.api.main:app", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with _program(command, environment, folder / "service.out", f"{url}/health/ready"):
        yield url


@contextmanager
def dashboard(folder: Path, api: str) -> Iterator[str]:
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = ["-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port)]
    command += ["--server.fileWatcherType", "none"]
    environment = {"API_BASE_URL": api, "DASHBOARD_API_KEY": "", "ALLOW_ANONYMOUS": ""}
    url = f"http://localhost:{port}"
    with _program(command, environment, folder / "dashboard.out", f"{url}/_stcore/health"):
        yield url


def folders(folder: Path) -> dict[str, str]:
    return {
        "INCOMING_FOLDER": str(folder / "incoming"),
        "GENERATED_FOLDER": str(folder / "generated"),
        "LOG_FOLDER": str(folder / "logs"),
    }


@contextmanager
def _program(
    command: list[str], environment: Mapping[str, str], output: Path, ready: str
) -> Iterator[None]:
    """In a session of its own, so that its helpers end with it."""
    with output.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_ready(process, ready, output)
            yield
        finally:
            _end(process)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, output: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            if httpx.get(url, timeout=5, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise NotStarted(f"{url} does not answer:\n{output.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
