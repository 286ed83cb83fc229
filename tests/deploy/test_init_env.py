"""`deploy/init_env.sh` writes `.env`: open to this machine alone, or with keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from dotenv import dotenv_values

from config.settings import Settings
from tests.deploy.tools import PROJECT, clone, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return clone(tmp_path / "a project")


def test_local_start_gets_the_template_and_no_key(project: Path) -> None:
    assert run(project, "deploy/init_env.sh", "--local").returncode == 0
    assert (project / ".env").read_text() == (PROJECT / ".env.template").read_text()
    assert (project / ".env").stat().st_mode & 0o777 == 0o600


def test_containers_get_a_key_that_the_settings_take(project: Path) -> None:
    done = run(project, "deploy/init_env.sh")
    assert done.returncode == 0
    values = dotenv_values(project / ".env")
    key = values["API_KEYS"]
    assert key is not None
    assert len(key) == 48
    assert values["DASHBOARD_API_KEY"] == key
    assert key not in done.stdout + done.stderr
    assert [k.get_secret_value() for k in Settings(_env_file=project / ".env").api_keys] == [key]
    assert (project / ".env").stat().st_mode & 0o777 == 0o600
    assert values["CONTAINER_USER"]
    assert not values["CONTAINER_USER"].startswith("0:")


def test_each_installation_has_its_own_key(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "two"):
        run(clone(tmp_path / name), "deploy/init_env.sh")
        keys.add(dotenv_values(tmp_path / name / ".env")["API_KEYS"])
    assert len(keys) == 2


def test_key_is_added_to_a_file_made_for_this_machine(project: Path) -> None:
    run(project, "deploy/init_env.sh", "--local")
    template = dotenv_values(project / ".env")
    run(project, "deploy/init_env.sh")
    values = dotenv_values(project / ".env")
    changed = {name for name in values if values[name] != template.get(name)}
    assert changed == {"API_KEYS", "DASHBOARD_API_KEY", "CONTAINER_USER"}


def test_keys_that_are_there_stay(project: Path) -> None:
    (project / ".env").write_text("API_KEYS=a-key-chosen-by-hand\nCONTAINER_USER=7:7\n")
    assert run(project, "deploy/init_env.sh").returncode == 0
    assert (project / ".env").read_text() == "API_KEYS=a-key-chosen-by-hand\nCONTAINER_USER=7:7\n"


def test_unknown_option_writes_nothing(project: Path) -> None:
    assert run(project, "deploy/init_env.sh", "--force").returncode == 2
    assert not (project / ".env").exists()
