"""The start scripts, run as a person runs them: from anywhere, in a path with a space."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from benchmarks.ports import free_port
from tests.deploy.tools import PROJECT, clone, environment, give_venv, run

# A busy machine with two cores needs a while to import everything.
START_SECONDS = 60.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = clone(tmp_path / "a clone")
    give_venv(made)
    return made


@contextmanager
def started(
    project: Path, script: str, *arguments: str, output: IO[str] | None = None, **extra: str
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(project / script), *arguments],
        cwd="/",
        env=environment(**extra),
        text=True,
        stdout=output,
        stderr=output,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(40)


def wait_for(process: subprocess.Popen[str], url: str) -> httpx.Response:
    """The first answer; fails when the process ends or time is over."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"no answer at {url}; exit status {process.poll()}")


def test_check_sets_up_and_ends(project: Path) -> None:
    done = run(project, "start_api.sh", "--check", PORT=str(free_port()))
    assert done.returncode == 0, done.stderr
    assert "Ready: ./start_api.sh would serve" in done.stdout
    assert (project / ".env").read_text() == (PROJECT / ".env.template").read_text()


def test_wrong_setting_is_named(project: Path) -> None:
    done = run(project, "start_api.sh", "--check", BATCH_SIZE="many")
    assert done.returncode == 1
    assert "BATCH_SIZE='many'" in done.stdout + done.stderr


def test_taken_port_leaves_no_trace(tmp_path: Path) -> None:
    project = clone(tmp_path / "a clone")
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(project, "start_api.sh", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "already in use" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


@pytest.mark.parametrize("script", ["start_api.sh", "start_dashboard.sh", "run_tests.sh"])
def test_help_and_unknown_options(tmp_path: Path, script: str) -> None:
    project = clone(tmp_path / "a clone")
    told = run(project, script, "--help")
    assert told.returncode == 0
    assert f"Usage: ./{script}" in told.stdout
    assert run(project, script, "--sideways").returncode == 2
    assert not (project / "venv").exists()


def test_api_serves_takes_samples_and_stops(project: Path) -> None:
    """Samples go through the incoming folder like any file, and a signal ends it all."""
    samples = project / "samples" / "files"
    shutil.rmtree(samples, ignore_errors=True)
    samples.mkdir(parents=True)
    (samples / "not an invoice.pdf").write_bytes(b"plain text")
    url = f"http://127.0.0.1:{(port := free_port())}"
    with started(
        project,
        "start_api.sh",
        "--samples",
        PORT=str(port),
        STABILITY_SECONDS="0",
        PROCESSING_INTERVAL_SECONDS="0.2",
    ) as process:
        assert wait_for(process, f"{url}/health/live").status_code == 200
        assert httpx.get(f"{url}/stats", trust_env=False).json()["uptime"]
        deadline = time.monotonic() + START_SECONDS
        while any(path.name == "not an invoice.pdf" for path in (project / "incoming").iterdir()):
            assert time.monotonic() < deadline, "the sample was not taken"
            time.sleep(0.1)
        command = Path(f"/proc/{process.pid}/cmdline")
        if command.exists():
            assert "uvicorn" in command.read_text(), "the script stayed beside the server"
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    assert not list((project / "incoming").glob(".*.copying"))


def test_dashboard_serves_its_page(project: Path) -> None:
    port = free_port()
    with started(project, "start_dashboard.sh", STREAMLIT_SERVER_PORT=str(port)) as process:
        assert wait_for(process, f"http://127.0.0.1:{port}/_stcore/health").text == "ok"
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 200


def test_dashboard_on_all_addresses_asks_nobody_for_its_own(project: Path) -> None:
    """Streamlit tells of the question, or of its answer, once it is up."""
    port = str(free_port())
    settings = {"STREAMLIT_SERVER_PORT": port, "STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}  # noqa: S104
    told = project / "told"
    with (
        told.open("w") as output,
        started(project, "start_dashboard.sh", output=output, **settings) as process,
    ):
        wait_for(process, f"http://127.0.0.1:{port}/_stcore/health")
        deadline = time.monotonic() + 15
        while "localhost" not in told.read_text():
            assert time.monotonic() < deadline, told.read_text()
            time.sleep(0.1)
    assert "xternal" not in told.read_text()


def test_dashboard_check_names_a_wrong_setting(project: Path) -> None:
    done = run(project, "start_dashboard.sh", "--check", API_BASE_URL="localhost")
    assert done.returncode == 1
    assert "API_BASE_URL" in done.stderr
    assert run(project, "start_dashboard.sh", "--check").returncode == 0
