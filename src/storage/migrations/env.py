"""Alembic's entry: runs the migrations on the connection it is given.

There is no alembic.ini and no offline mode; `src.storage.migrate.upgrade` is the way in.
"""

from __future__ import annotations

from alembic import context

from src.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The caller's transaction holds all steps; SQLite can do that although Alembic doubts it.
    transactional_ddl=True,
    # SQLite changes tables by copying them.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
