"""How SQLite is found and set up, for the service and for migrations alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError

from src.domain.errors import ConfigurationError

# Execution option that asks for the write lock at the start of a transaction.
WRITE = "invoice_agent_write"

# Each pragma with its reason; they hold for one connection and are set on every new one.
_PRAGMAS = (
    # A backup or a shell may hold the lock for a moment; wait instead of failing. First,
    # because the next one takes a lock itself.
    "PRAGMA busy_timeout=10000",
    # Readers go on while one writer writes, and a commit is one append to the log.
    "PRAGMA journal_mode=WAL",
    # Every commit is on the disk before it is answered. With NORMAL a power cut may take the
    # last commits back, after the incoming file they stood for was already removed.
    "PRAGMA synchronous=FULL",
    # SQLite ignores REFERENCES unless asked.
    "PRAGMA foreign_keys=ON",
    # 16 MiB of pages instead of 2: a list over many rows stays in memory.
    "PRAGMA cache_size=-16384",
)


def parse_url(database_url: str) -> URL:
    """Raises `ConfigurationError` when the text is no database URL."""
    try:
        return make_url(database_url)
    except ArgumentError as error:
        raise ConfigurationError(
            f"DATABASE_URL cannot be understood: {error}. Use sqlite:///path/to/file.db"
        ) from error


def sqlite_path(database_url: str) -> Path | None:
    """The file of an SQLite URL, None for another database.

    Raises `ConfigurationError` for a URL that cannot be used.
    """
    url = parse_url(database_url)
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise ConfigurationError(
            "DATABASE_URL names no file; results would be lost at the end of the process. "
            "Use sqlite:///path/to/file.db"
        )
    return Path(url.database)


def prepare_sqlite(engine: Engine) -> None:
    """Set the pragmas on every connection and open transactions ourselves."""
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)


def _set_up(dbapi_connection: Any, _record: object) -> None:
    # The driver would open transactions late and of the wrong kind; `_begin` does it.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock now: what is read in the transaction still holds when it
    # writes, and it cannot fail half way because another writer came first.
    write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
