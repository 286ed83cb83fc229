"""What the deployment tests share: free ports, and a copy of the project to run scripts in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

# What a clone holds that the scripts use.
PARTS = (
    "config",
    "dashboard",
    "deploy",
    "samples",
    "src",
    ".streamlit",
    ".env.template",
    "requirements.txt",
    "requirements-dev.txt",
    "start_api.sh",
    "start_dashboard.sh",
    "run_tests.sh",
)
FOLDERS = ("incoming", "generated", "logs")


def clone(folder: Path) -> Path:
    """The project as after `git clone`, in `folder`."""
    leave_out = shutil.ignore_patterns("__pycache__")
    folder.mkdir(parents=True)
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=leave_out)
        elif source.exists():
            shutil.copy2(source, folder / part)
    for name in FOLDERS:
        (folder / name).mkdir()
    return folder


def give_venv(project: Path) -> None:
    """A venv that has the packages of the running tests, so that nothing is fetched.

    The project's own scripts are told that the list is installed, through their own function.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "venv"], cwd=project, check=True)
    (site_packages,) = (project / "venv" / "lib").glob("python*/site-packages")
    (site_packages / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    bash(project, ". deploy/environment.sh; remember_installed requirements.txt")


def environment(**extra: str) -> dict[str, str]:
    """Of the scripts: this one's, without variables that are settings of ours."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "COVERAGE_PROCESS_START")
    return {name: os.environ[name] for name in kept if name in os.environ} | extra


def bash(folder: Path, script: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run `script`; raises when it fails."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def run(
    project: Path, script: str, *arguments: str, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the project's scripts from another folder, as a person might."""
    return subprocess.run(
        [str(project / script), *arguments],
        cwd="/",
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
