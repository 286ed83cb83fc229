"""The first tables: documents with their jobs, results, invoices, findings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64)),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("duplicate_of", sa.String(length=32)),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("requested_engine", sa.String(length=64)),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("seconds", sa.Float()),
        sa.Column("error_code", sa.String(length=64)),
        sa.Column("error_message", sa.Text()),
        sa.Column("error_retryable", sa.Boolean()),
        sa.ForeignKeyConstraint(
            ["duplicate_of"], ["documents.id"], name="fk_documents_duplicate_of"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("idx_documents_digest", "documents", ["digest"])
    op.create_index("idx_documents_duplicate", "documents", ["duplicate_of"])
    op.create_index("idx_documents_queue", "documents", ["state", "priority", "queued_at", "id"])
    op.create_index("idx_documents_received", "documents", ["received_at", "id"])
    op.create_index("idx_documents_state", "documents", ["state", "linked", "deleted_at"])

    op.create_table(
        "processing_results",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_status", sa.String(length=16)),
        sa.Column("engine", sa.String(length=64)),
        sa.Column("timings", sa.JSON()),
        sa.Column("payload", sa.Text()),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_processing_results_document_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_processing_results"),
    )
    op.create_index("idx_processing_document", "processing_results", ["document_id"], unique=True)
    op.create_index("idx_processing_engine", "processing_results", ["engine", "document_id"])
    op.create_index(
        "idx_processing_recent", "processing_results", ["status", "created_at", "seconds"]
    )
    op.create_index("idx_processing_review", "processing_results", ["review_status", "document_id"])
    op.create_index("idx_processing_status", "processing_results", ["status"])

    op.create_table(
        "invoices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("document_type", sa.String(length=32)),
        sa.Column("vendor_name", sa.Text()),
        sa.Column("vendor_folded", sa.Text()),
        sa.Column("customer_name", sa.Text()),
        sa.Column("invoice_number", sa.Text()),
        sa.Column("invoice_number_folded", sa.Text()),
        sa.Column("invoice_date", sa.Date()),
        sa.Column("due_date", sa.Date()),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("total", sa.Text()),
        sa.Column("total_sort", sa.BigInteger()),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_invoices_document_id"),
        sa.ForeignKeyConstraint(["id"], ["processing_results.id"], name="fk_invoices_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
    )
    op.create_index("idx_invoice_date", "invoices", ["invoice_date"])
    op.create_index("idx_invoices_by_date", "invoices", ["invoice_date", "id"])
    op.create_index("idx_invoices_by_number", "invoices", ["invoice_number_folded"])
    op.create_index("idx_invoices_by_total", "invoices", ["total_sort", "id"])
    op.create_index("idx_invoices_by_vendor", "invoices", ["vendor_folded", "id"])
    op.create_index("idx_invoices_document", "invoices", ["document_id"], unique=True)
    op.create_index("idx_vendor_name", "invoices", ["vendor_name"])

    op.create_table(
        "result_findings",
        sa.Column("result_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["processing_results.id"], name="fk_result_findings_result_id"
        ),
        sa.PrimaryKeyConstraint("result_id", "position", name="pk_result_findings"),
    )
    op.create_index("idx_findings_code", "result_findings", ["code", "result_id"])


def downgrade() -> None:
    for table in ("result_findings", "invoices", "processing_results", "documents"):
        op.drop_table(table)
