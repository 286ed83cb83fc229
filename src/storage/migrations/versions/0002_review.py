"""What people do with results: the version of a result, who approved it, and the events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # On `documents`, whose rows are thin; SQLite adds columns at the end of a row, and on
    # `processing_results` reading the version would load the payload before it.
    op.add_column(
        "documents", sa.Column("version", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE documents SET version = 1 WHERE id IN "
        "(SELECT document_id FROM processing_results WHERE review_status IS NOT NULL)"
    )
    op.create_index(
        "idx_documents_failures", "documents", ["state", "finished_at", "error_code", "deleted_at"]
    )

    op.add_column("processing_results", sa.Column("approved_by", sa.Text()))
    op.drop_index("idx_processing_recent", "processing_results")
    op.create_index(
        "idx_processing_series",
        "processing_results",
        ["status", "created_at", "seconds", "review_status", "engine", "approved_by"],
    )
    op.create_index(
        "idx_processing_queue", "processing_results", ["review_status", "created_at", "document_id"]
    )

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("changes", sa.JSON()),
        sa.Column("replaced", sa.Text()),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_events_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("idx_events_document", "events", ["document_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        # The history is written once; nothing in the product changes it, and nothing may.
        op.execute(
            "CREATE TRIGGER events_stay_as_written BEFORE UPDATE ON events "
            "BEGIN SELECT RAISE(ABORT, 'the history of a document is never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("events")
    op.drop_index("idx_processing_queue", "processing_results")
    op.drop_index("idx_processing_series", "processing_results")
    op.create_index(
        "idx_processing_recent", "processing_results", ["status", "created_at", "seconds"]
    )
    op.drop_column("processing_results", "approved_by")
    op.drop_index("idx_documents_failures", "documents")
    op.drop_column("documents", "version")
