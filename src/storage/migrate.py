"""Brings the tables of a database up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

from src.domain.errors import ConfigurationError, StorageFailed
from src.storage.sqlite import WRITE, parse_url, prepare_sqlite, sqlite_path

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database_url: str) -> None:
    """Create or migrate the tables; does nothing when they are up to date. Blocks.

    All steps run in one transaction: a process killed half way leaves the database as it was.
    Raises `ConfigurationError` when a newer version of this product wrote the database or the
    file is no database, and `StorageFailed` when it cannot be opened or written.
    """
    path = sqlite_path(database_url)
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        engine = _engine(database_url)
        try:
            _upgrade(engine, database_url)
        finally:
            engine.dispose()
    except DBAPIError as error:
        shown = parse_url(database_url).render_as_string(hide_password=True)
        if isinstance(error.orig, sqlite3.DatabaseError) and "not a database" in str(error.orig):
            raise ConfigurationError(
                f"{shown} is not a database or is damaged. Restore it from a backup, or move the "
                "file away to start with an empty one."
            ) from error
        raise StorageFailed(
            f"The database {shown} cannot be opened ({error.orig}). Check that the folder exists, "
            "belongs to the service's user and has free space."
        ) from error
    except OSError as error:
        raise StorageFailed(
            f"The folder of the database cannot be made ({error}). Create it and give it to the "
            "service's user, or set DATABASE_URL to another place."
        ) from error


def alembic_config() -> Config:
    """The configuration Alembic needs to find the migrations."""
    config = Config()
    # Alembic reads its options with interpolation: a percent sign in the path must be doubled.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _engine(database_url: str) -> Engine:
    url = parse_url(database_url)
    engine = create_engine(url)
    if url.get_backend_name() == "sqlite":
        prepare_sqlite(engine)
    return engine.execution_options(**{WRITE: True})


def _upgrade(engine: Engine, database_url: str) -> None:
    config = alembic_config()
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
        if unknown:
            shown = parse_url(database_url).render_as_string(hide_password=True)
            raise ConfigurationError(
                f"The database {shown} was written by a newer version of this product (schema "
                f"{', '.join(sorted(unknown))}). Start that version, or restore a backup made by "
                "this one."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
