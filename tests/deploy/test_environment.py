"""The shared set-up: which Python, when to install, whether a port can be had."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from benchmarks.ports import free_port
from tests.deploy.tools import PROJECT, bash, clone, environment, give_venv

SOURCE = f". '{PROJECT}/deploy/environment.sh'; "
WORKS = "#!/bin/sh\nexit 0\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"
UNSELECTED_SHIM = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"


def commands(folder: Path, **scripts: str) -> str:
    """A PATH that holds these commands only."""
    for name, text in scripts.items():
        command = folder / name.replace("_", ".")
        command.write_text(text)
        command.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("present", "chosen"),
    [
        ({"python3_11": WORKS, "python3_12": WORKS}, "python3.11"),
        ({"python3_11": UNSELECTED_SHIM, "python3_12": WORKS}, "python3.12"),
        ({"python3_13": WORKS, "python3": TOO_OLD}, "python3.13"),
        ({"python3_12": UNSELECTED_SHIM, "python3": TOO_OLD, "python": WORKS}, "python"),
    ],
)
def test_first_python_that_works_is_taken(
    tmp_path: Path, present: dict[str, str], chosen: str
) -> None:
    path = commands(tmp_path, **present)
    done = bash(tmp_path, f"{SOURCE} PATH={path}; find_python; echo $PYTHON")
    assert done.stdout == f"{tmp_path}/{chosen}\n"


@pytest.mark.parametrize("present", [{}, {"python3": TOO_OLD}, {"python3_12": UNSELECTED_SHIM}])
def test_no_python_is_said_with_the_remedy(tmp_path: Path, present: dict[str, str]) -> None:
    path = commands(tmp_path, **present)
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        bash(tmp_path, f"{SOURCE} PATH={path}; find_python")
    assert "Python 3.11 or newer was not found" in stopped.value.stderr
    assert "apt install python3" in stopped.value.stderr


def test_python_without_venv_is_said_with_the_remedy(tmp_path: Path) -> None:
    """As on Debian without python3-venv: the folder is made, then pip cannot be."""
    broken = 'mkdir -p venv/bin; echo "ensurepip is not available"; exit 1'
    (tmp_path / "python3").write_text(f"#!/bin/sh\n{broken}\n")
    (tmp_path / "python3").chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        bash(tmp_path, f"{SOURCE} have_uv() {{ false; }}; PYTHON=./python3; make_venv")
    assert "apt install python3-venv" in stopped.value.stderr
    assert not (tmp_path / "venv").exists()


def test_venv_is_made_and_kept(tmp_path: Path) -> None:
    script = f"{SOURCE} have_uv() {{ false; }}; find_python; make_venv"
    first = bash(tmp_path, script)
    assert "Making venv/" in first.stdout
    assert bash(tmp_path, "venv/bin/python -m pip --version").stdout.startswith("pip ")
    assert bash(tmp_path, script).stdout == ""


def test_venv_whose_python_went_away_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to("/nowhere/python")
    done = bash(tmp_path, f"{SOURCE} have_uv() {{ false; }}; find_python; make_venv")
    assert "making it anew" in done.stdout
    bash(tmp_path, "venv/bin/python -c pass")


def test_packages_are_installed_when_the_list_changed(tmp_path: Path) -> None:
    project = clone(tmp_path / "project")
    give_venv(project)
    installed = ". deploy/environment.sh; is_installed requirements.txt && echo yes || echo no"
    assert bash(project, installed).stdout == "yes\n"
    with (project / "requirements.txt").open("a") as file:
        file.write("another==1\n")
    assert bash(project, installed).stdout == "no\n"


def test_failed_installation_is_repeated(tmp_path: Path) -> None:
    project = clone(tmp_path / "project")
    give_venv(project)
    (project / "requirements.txt").write_text("--no-index\nno-such-package==1\n")
    script = ". deploy/environment.sh; install_packages requirements.txt"
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError) as stopped:
            bash(project, script)
        assert "could not be installed" in stopped.value.stderr


def port_check(folder: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["python3", str(PROJECT / "deploy" / "port_check.py"), *arguments],
        cwd=folder,
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_free_port_is_silent(tmp_path: Path) -> None:
    done = port_check(tmp_path, "127.0.0.1", str(free_port()), "PORT")
    assert (done.returncode, done.stderr) == (0, "")


def test_taken_port_is_said_with_another_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = port_check(tmp_path, "127.0.0.1", str(port), "PORT", STARTED_AS="./start_api.sh")
    assert done.returncode == 1
    assert f"port {port} on 127.0.0.1 is already in use" in done.stderr
    assert f"PORT={port + 1} ./start_api.sh" in done.stderr


@pytest.mark.parametrize("source", ["environment", "file"])
def test_port_is_looked_up_where_the_service_does(tmp_path: Path, source: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        (tmp_path / ".env").write_text(
            f'HOST="127.0.0.1"  # here\nPORT={port if source == "file" else 1}\n'
        )
        extra = {} if source == "file" else {"PORT": port}
        done = port_check(tmp_path, "", "", "PORT", **extra)
    assert f"port {port} " in done.stderr


@pytest.mark.parametrize(
    ("address", "port", "words"),
    [
        ("127.0.0.1", "80000", "PORT=80000 is no port"),
        ("127.0.0.1", "http", "PORT=http is no port"),
        ("not an address", "8000", "is no address of this machine"),
        ("203.0.113.9", "8000", "cannot listen on 203.0.113.9"),
    ],
)
def test_unusable_address_is_named(tmp_path: Path, address: str, port: str, words: str) -> None:
    done = port_check(tmp_path, address, port, "PORT")
    assert done.returncode == 1
    assert words in done.stderr
