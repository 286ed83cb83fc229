"""Opening, migrating, locking and losing the database."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError

from src.domain.document import JobState
from src.domain.errors import ConfigurationError, Conflict, StorageFailed
from src.storage.columns import ExactDecimal, UtcDateTime, amount_sort_key, fold
from src.storage.database import Database
from src.storage.lock import ProcessLock
from src.storage.migrate import upgrade
from src.storage.sqlite import sqlite_path
from src.storage.tables import documents, metadata
from src.storage.unit_of_work import SqlUnitOfWork
from tests.storage.factory import Hands, document

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False)
SMALL = st.decimals(-(10**14), 10**14, places=4, allow_nan=False, allow_infinity=False)


def test_migrations_make_exactly_the_tables(database_url: str) -> None:
    upgrade(database_url)
    upgrade(database_url)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        indexes = {
            index["name"]: (table, index["column_names"])
            for table in inspect(connection).get_table_names()
            for index in inspect(connection).get_indexes(table)
        }
    engine.dispose()
    assert indexes["idx_invoice_date"] == ("invoices", ["invoice_date"])
    assert indexes["idx_vendor_name"] == ("invoices", ["vendor_name"])
    assert indexes["idx_processing_status"] == ("processing_results", ["status"])


def test_a_migration_that_breaks_off_leaves_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations

    create_table = Operations.create_table

    def breaking(self: Operations, name: str, *columns: object, **options: object) -> object:
        if name == "invoices":
            raise KeyboardInterrupt
        return create_table(self, name, *columns, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(Operations, "create_table", breaking)
        with pytest.raises(KeyboardInterrupt):
            upgrade(database_url)
    path = sqlite_path(database_url)
    assert path is not None
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()
    upgrade(database_url)


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    upgrade(database_url)
    path = sqlite_path(database_url)
    assert path is not None
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(ConfigurationError, match="newer version"):
        upgrade(database_url)


async def test_what_is_no_database_is_refused(database_url: str) -> None:
    path = sqlite_path(database_url)
    assert path is not None
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(ConfigurationError, match="damaged"):
        await Database(database_url).open()


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="cannot be made"):
        await Database(f"sqlite:///{tmp_path}/file/invoices.db").open()
    with pytest.raises(StorageFailed, match="cannot be opened"):
        await Database(f"sqlite:///{tmp_path}").open()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "no url", ""])
def test_a_url_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        upgrade(url)


def test_another_database_has_no_file() -> None:
    assert sqlite_path("postgresql+psycopg://host/invoices") is None


async def test_pragmas_hold_on_every_connection(database: Database) -> None:
    async def pragmas() -> tuple[object, ...]:
        async with database.transaction() as connection:
            await asyncio.sleep(0.01)
            return tuple(
                [
                    (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                ]
            )

    # synchronous 2 is FULL.
    assert set(await asyncio.gather(*(pragmas() for _ in range(4)))) == {("wal", 2, 1, 10_000)}


async def test_a_failed_block_changes_nothing(uow: SqlUnitOfWork) -> None:
    async def breaking() -> None:
        async with uow(write=True) as repository:
            await repository.add(document(), JobState.QUEUED, None)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        await breaking()
    async with uow() as repository:
        assert (await repository.statistics()).pending == 0


async def test_a_cancelled_block_changes_nothing_and_frees_the_lock(uow: SqlUnitOfWork) -> None:
    inside = asyncio.Event()

    async def hanging() -> None:
        async with uow(write=True) as repository:
            await repository.add(document(), JobState.QUEUED, None)
            inside.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(hanging())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with uow(write=True) as repository:
        assert (await repository.statistics()).pending == 0


async def test_readers_go_on_while_somebody_writes(uow: SqlUnitOfWork) -> None:
    async with uow(write=True) as writer:
        await writer.add(document(), JobState.QUEUED, None)
        async with uow() as reader:
            assert (await reader.statistics()).pending == 0


async def test_many_writers_take_turns(uow: SqlUnitOfWork) -> None:
    async def write() -> None:
        async with uow(write=True) as repository:
            await repository.add(document(), JobState.QUEUED, None)

    await asyncio.gather(*(write() for _ in range(60)))
    async with uow() as repository:
        assert (await repository.statistics()).pending == 60


async def test_a_database_that_refuses_is_told_with_the_remedy(
    database: Database,
) -> None:
    async def refused() -> None:
        async with database.transaction(write=True) as connection:
            await connection.execute(text("PRAGMA query_only=ON"))
            await connection.execute(text("DELETE FROM documents"))

    with pytest.raises(StorageFailed, match="Check free disk space"):
        await refused()


async def test_a_broken_rule_is_a_bug_and_raises_as_one(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction(write=True) as connection:
            await connection.execute(insert(documents).values(id="x"))


async def test_a_closed_database_says_so(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(StorageFailed, match="not open"):
        async with database.transaction():
            pass
    await database.open()
    await database.close()
    await database.close()


async def test_two_databases_objects_on_one_file_see_each_other(
    database: Database, database_url: str
) -> None:
    other = Database(database_url)
    await other.open()
    clock = Hands()
    kept = document()
    async with SqlUnitOfWork(database, clock)(write=True) as repository:
        await repository.add(kept, JobState.QUEUED, None)
    async with SqlUnitOfWork(other, clock)() as repository:
        assert (await repository.get(kept.id)).document == kept
    await other.close()


async def test_one_process_holds_the_database(database_url: str) -> None:
    first, second = ProcessLock(database_url), ProcessLock(database_url)
    await first.acquire()
    await first.acquire()
    with pytest.raises(Conflict, match="QUEUE=postgres"):
        await second.acquire()
    await second.release()
    await first.release()
    await second.acquire()
    await second.release()


async def test_a_killed_process_gives_the_lock_back(database_url: str) -> None:
    program = (
        "import asyncio, time\n"
        "from src.storage.lock import ProcessLock\n"
        f"asyncio.run(ProcessLock({database_url!r}).acquire())\n"
        "print('held', flush=True)\n"
        "time.sleep(60)\n"
    )
    program = program.replace("asyncio.run(ProcessLock(", "lock = ProcessLock(").replace(
        ").acquire())", "); asyncio.run(lock.acquire())"
    )
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    lock = ProcessLock(database_url)
    with pytest.raises(Conflict):
        await lock.acquire()
    holder.kill()
    await holder.wait()
    await lock.acquire()
    await lock.release()


async def test_a_lock_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="lock file"):
        await ProcessLock(f"sqlite:///{tmp_path}/file/invoices.db").acquire()


async def test_another_database_needs_no_lock_file() -> None:
    lock = ProcessLock("postgresql+psycopg://host/invoices")
    await lock.acquire()
    await lock.release()


def test_a_write_that_was_answered_survives_kill_9(database_url: str) -> None:
    program = f"""
import asyncio, os, signal
from datetime import UTC, datetime
from src.domain.document import JobState
from src.storage.database import Database
from src.storage.unit_of_work import SqlUnitOfWork
from tests.storage.factory import document

async def main():
    database = Database({database_url!r})
    await database.open()
    uow = SqlUnitOfWork(database, lambda: datetime.now(UTC))
    async with uow(write=True) as documents:
        await documents.add(document("a" * 32), JobState.QUEUED, None)
    async with uow(write=True) as documents:
        await documents.add(document("b" * 32), JobState.QUEUED, None)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=30)
    assert ended.returncode == -9
    upgrade(database_url)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(select(documents.c.id)).scalars().all() == ["a" * 32]
    engine.dispose()


@given(first=AMOUNTS, second=AMOUNTS)
def test_sort_keys_keep_the_order_of_any_amounts(first: Decimal, second: Decimal) -> None:
    keys = amount_sort_key(first), amount_sort_key(second)
    assert all(abs(key) < 2**63 for key in keys)
    if first < second:
        assert keys[0] <= keys[1]


@given(first=SMALL, second=SMALL)
def test_sort_keys_are_exact_for_money(first: Decimal, second: Decimal) -> None:
    assert (first < second) == (amount_sort_key(first) < amount_sort_key(second))


@given(amount=AMOUNTS)
def test_amounts_come_back_digit_by_digit(amount: Decimal) -> None:
    column, dialect = ExactDecimal(), make_url("sqlite://").get_dialect()()
    back = column.process_result_value(column.process_bind_param(amount, dialect), dialect)
    assert str(back) == str(amount)


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_times_are_utc_whatever_zone_they_came_in(name: str) -> None:
    column, dialect = UtcDateTime(), make_url(f"{name}://").get_dialect()()
    moment = datetime(2026, 3, 9, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    stored = column.process_bind_param(moment, dialect)
    back = column.process_result_value(stored, dialect)
    assert back == moment
    assert back is not None
    assert back.tzinfo is UTC
    with pytest.raises(ValueError, match="without a zone"):
        column.process_bind_param(datetime(2026, 3, 9), dialect)  # noqa: DTZ001
    assert column.process_bind_param(None, dialect) is None


def test_names_are_folded_for_search() -> None:
    assert fold("  Größe\tGmbH ") == fold("GRÖSSE gmbh") == "grösse gmbh"
    assert fold("ＡＣＭＥ") == "acme"
