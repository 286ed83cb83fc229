"""What `deploy/backup.sh` writes, `deploy/restore.sh` puts back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from src.storage.lock import ProcessLock
from tests.deploy.tools import clone, give_venv, run

RESULT = Path("generated/2024-03/0001/invoice.json")


def remember(project: Path, number: str) -> None:
    with closing(sqlite3.connect(project / "generated" / "invoice_agent.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE IF NOT EXISTS invoices (number TEXT)")
        database.execute("INSERT INTO invoices VALUES (?)", (number,))
        database.commit()


def remembered(project: Path) -> list[str]:
    with closing(sqlite3.connect(project / "generated" / "invoice_agent.db")) as database:
        return [number for (number,) in database.execute("SELECT number FROM invoices")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An installation with one result."""
    made = clone(tmp_path / "an installation")
    give_venv(made)
    (made / ".env").write_text("API_KEYS=a-key-chosen-by-hand\n")
    (made / RESULT).parent.mkdir(parents=True)
    (made / RESULT).write_text('{"number": "1"}')
    (made / "logs" / "errors.log").write_text("once\n")
    remember(made, "1")
    return made


@pytest.fixture
def backup(project: Path, tmp_path: Path) -> Path:
    done = run(project, "deploy/backup.sh", str(tmp_path / "backups"))
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_backup_is_whole_and_private(backup: Path) -> None:
    assert {path.name for path in backup.iterdir()} == {
        "generated.tar.gz",
        "logs.tar.gz",
        "database.sqlite3",
        "env",
        "SHA256SUMS",
    }
    assert backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_backup_while_the_service_writes(project: Path, tmp_path: Path) -> None:
    """An open transaction of the service is not in the backup, all that was committed is."""
    with closing(sqlite3.connect(project / "generated" / "invoice_agent.db")) as service:
        service.execute("INSERT INTO invoices VALUES ('2')")
        done = run(project, "deploy/backup.sh", str(tmp_path / "backups"))
        assert done.returncode == 0, done.stderr
    copy = Path(done.stdout.strip()) / "database.sqlite3"
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT number FROM invoices").fetchall() == [("1",)]


def test_restore_brings_back_what_was_lost(project: Path, backup: Path) -> None:
    shutil.rmtree(project / "generated" / "2024-03")
    remember(project, "after the backup")
    done = run(project, "deploy/restore.sh", str(backup))
    assert done.returncode == 0, done.stderr
    assert (project / RESULT).read_text() == '{"number": "1"}'
    assert remembered(project) == ["1"]
    kept = [path for path in project.iterdir() if path.name.startswith("generated.before-")]
    assert len(kept) == 1
    assert (kept[0] / "invoice_agent.db").exists()


def test_restore_onto_a_new_machine(project: Path, backup: Path, tmp_path: Path) -> None:
    fresh = clone(tmp_path / "another installation")
    give_venv(fresh)
    done = run(fresh, "deploy/restore.sh", str(backup), "--with-env")
    assert done.returncode == 0, done.stderr
    assert remembered(fresh) == ["1"]
    assert (fresh / ".env").read_text() == (project / ".env").read_text()


def test_damaged_backup_changes_nothing(project: Path, backup: Path) -> None:
    archive = backup / "generated.tar.gz"
    archive.write_bytes(archive.read_bytes()[:-7])
    done = run(project, "deploy/restore.sh", str(backup))
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert (project / RESULT).exists()


def test_broken_off_backup_is_refused(project: Path, backup: Path) -> None:
    (backup / "SHA256SUMS").unlink()
    done = run(project, "deploy/restore.sh", str(backup))
    assert done.returncode == 1
    assert "no whole backup" in done.stderr


def test_restore_under_a_running_service_is_refused(project: Path, backup: Path) -> None:
    service = ProcessLock(f"sqlite:///{project}/generated/invoice_agent.db")
    asyncio.run(service.acquire())
    refused = run(project, "deploy/restore.sh", str(backup))
    asyncio.run(service.release())
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr
    assert not [path for path in project.iterdir() if ".before-" in path.name]
    assert run(project, "deploy/restore.sh", str(backup)).returncode == 0


def test_restore_wants_to_know_what(project: Path) -> None:
    assert run(project, "deploy/restore.sh").returncode == 2
