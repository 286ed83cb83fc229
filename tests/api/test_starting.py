"""The server as a process: it starts, tells why it cannot, and ends when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.ports import free_port
from src.domain.errors import ConfigurationError, Conflict
from tests.api.conftest import app_over
from tests.api.fake_service import FakeService

ROOT = Path(__file__).parents[2]
SERVED = """
import sys
from pathlib import Path
from typing import Any
import uvicorn
from config.settings import load_settings
from src.api.app import create_app
from tests.api.fake_service import FakeService
from tests.api.fakes import record
from src.domain.document import JobState
service = FakeService(Path(sys.argv[1]))
service.results.records["a" * 32] = record("a" * 32, state=JobState.RUNNING)
app = create_app(load_settings(_env_file=None), service)
uvicorn.run(app, port=int(sys.argv[2]), log_level="info")
"""


@pytest.mark.parametrize("error", [ConfigurationError("Choose another folder."), Conflict("Busy.")])
async def test_a_known_reason_is_told_without_a_traceback(
    service: FakeService, error: Exception
) -> None:
    service.start_error = error  # type: ignore[assignment]
    assert await started(service) == f"The service cannot start: {error}"


async def test_an_unknown_reason_keeps_its_traceback(service: FakeService) -> None:
    service.start_error = RuntimeError("bug")
    with pytest.raises(RuntimeError, match="bug"):
        await started(service)


async def started(service: FakeService) -> str:
    """Run the lifespan as a server does; returns what it is told of a failed start."""
    told: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup"}

    async def send(message: MutableMapping[str, Any]) -> None:
        assert message["type"] == "lifespan.startup.failed"
        told.append(message["message"])

    app = app_over(service)
    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    return told[0]


async def test_the_service_runs_with_the_lifespan(service: FakeService) -> None:
    app = app_over(service)
    seen = [service.running]
    async with app.router.lifespan_context(app):
        seen.append(service.running)
    assert [*seen, service.running] == [False, True, False]


def test_a_stop_ends_open_event_streams(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVED, str(tmp_path), str(port)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_live(port)
        address = f"http://127.0.0.1:{port}/results/{'a' * 32}/events"
        with httpx.stream("GET", address, timeout=60) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: progress"
            server.send_signal(signal.SIGTERM)
            list(lines)
        _, log = server.communicate(timeout=60)
    finally:
        server.kill()
    assert "Application shutdown complete" in log


def wait_until_live(port: int) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server did not answer in time")


def test_wrong_settings_are_told_and_kept(tmp_path: Path) -> None:
    environment = os.environ | {"PORT": "seventy", "LOG_FOLDER": str(tmp_path / "logs")}
    ended = subprocess.run(
        [sys.executable, "-m", "uvicorn", "src.api.main:app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert "PORT='seventy'" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "PORT='seventy'" in (tmp_path / "logs" / "errors.log").read_text()


def test_importing_opens_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    code = "import src.api.main, pathlib, sys; print(sorted(pathlib.Path('.').iterdir()))"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.strip() == "[]"
