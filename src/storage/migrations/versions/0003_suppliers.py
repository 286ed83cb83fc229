"""What duplicates are found by, what was learned of suppliers, and which result a finding names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from src.domain.naming import name_key, number_key

revision = "0003"
down_revision = "0002"

_BATCH = 1000


def upgrade() -> None:
    for column in (
        sa.Column("vendor_key", sa.Text()),
        sa.Column("number_key", sa.Text()),
        sa.Column("order_key", sa.Text()),
        sa.Column("net_sort", sa.BigInteger()),
    ):
        op.add_column("invoices", column)
    _fill_keys()
    op.create_index(
        "idx_invoices_by_number_key", "invoices", ["number_key", "vendor_key", "total_sort"]
    )
    op.create_index(
        "idx_invoices_by_vendor_key", "invoices", ["vendor_key", "total_sort", "invoice_date"]
    )
    op.create_index("idx_invoices_by_amount", "invoices", ["total_sort", "invoice_date"])
    op.create_index("idx_invoices_by_order", "invoices", ["order_key"])
    op.add_column("result_findings", sa.Column("related_id", sa.String(length=32)))

    op.create_table(
        "supplier_facts",
        sa.Column("result_id", sa.String(length=32), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["documents.id"], name="fk_supplier_facts_result_id"
        ),
        sa.PrimaryKeyConstraint("result_id", name="pk_supplier_facts"),
    )
    op.create_table(
        "supplier_keys",
        sa.Column("result_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["supplier_facts.result_id"], name="fk_supplier_keys_result_id"
        ),
        sa.PrimaryKeyConstraint("result_id", "key", name="pk_supplier_keys"),
    )
    op.create_index("idx_supplier_keys", "supplier_keys", ["key", "approved_at", "result_id"])


def _fill_keys() -> None:
    """Results of before are duplicates' first ones too. Amounts without tax and orders stay
    unknown for them."""
    connection = op.get_bind()
    invoices = sa.table(
        "invoices",
        *(
            sa.column(name)
            for name in ("id", "vendor_name", "invoice_number", "vendor_key", "number_key")
        ),
    )
    column = invoices.c
    last = ""
    while True:
        rows = connection.execute(
            sa.select(column.id, column.vendor_name, column.invoice_number)
            .where(column.id > last)
            .order_by(column.id)
            .limit(_BATCH)
        ).all()
        if not rows:
            return
        for row in rows:
            connection.execute(
                sa.update(invoices)
                .where(column.id == row.id)
                .values(
                    vendor_key=name_key(row.vendor_name) or None if row.vendor_name else None,
                    number_key=number_key(row.invoice_number) or None
                    if row.invoice_number
                    else None,
                )
            )
        last = rows[-1].id


def downgrade() -> None:
    op.drop_table("supplier_keys")
    op.drop_table("supplier_facts")
    op.drop_column("result_findings", "related_id")
    for index in (
        "idx_invoices_by_order",
        "idx_invoices_by_amount",
        "idx_invoices_by_vendor_key",
        "idx_invoices_by_number_key",
    ):
        op.drop_index(index, "invoices")
    for name in ("net_sort", "order_key", "number_key", "vendor_key"):
        op.drop_column("invoices", name)
