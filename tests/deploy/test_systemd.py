"""systemd accepts the unit files and they start what the project has."""

from __future__ import annotations

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
UNITS = sorted((PROJECT / "deploy" / "systemd").glob("*.service"))
HOME = "/opt/ai-invoice-agent"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def test_both_services_have_a_unit() -> None:
    assert [unit.stem for unit in UNITS] == ["invoice-agent-api", "invoice-agent-dashboard"]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_accepts_the_unit(unit: Path, tmp_path: Path) -> None:
    """`verify` wants the started programs to exist, so the unit is checked as installed under a
    folder of the test instead of /opt; nothing else is changed."""
    home = tmp_path / "home"
    for program in ("python", "streamlit"):
        (home / "venv" / "bin").mkdir(parents=True, exist_ok=True)
        (home / "venv" / "bin" / program).symlink_to("/bin/true")
    installed = tmp_path / unit.name
    installed.write_text(unit.read_text().replace(HOME, str(home)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(installed)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_systemd_would_tell_a_wrong_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.service"
    wrong.write_text("[Service]\nExecStart=/bin/true\nRestartSec=soon\n")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(wrong)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "wrong.service:3" in done.stderr


@pytest.mark.parametrize(
    ("name", "command"),
    [
        (
            "invoice-agent-api",
            f"{HOME}/venv/bin/python -m uvicorn src.api.main:app --host 0.0.0.0 --port 8000",
        ),
        (
            "invoice-agent-dashboard",
            f"{HOME}/venv/bin/streamlit run dashboard/app.py --server.port 8501 "
            "--server.address 0.0.0.0",
        ),
    ],
)
def test_unit_starts_the_service_as_documented(name: str, command: str) -> None:
    unit = RawConfigParser(strict=False, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign] # systemd minds the case
    unit.read(PROJECT / "deploy" / "systemd" / f"{name}.service")
    service = unit["Service"]
    assert service["ExecStart"] == command
    assert service["User"] == service["Group"] == "invoice-agent"
    assert service["WorkingDirectory"] == HOME
    assert (service["Restart"], service["RestartSec"]) == ("always", "10")
