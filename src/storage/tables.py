"""The tables. Migrations create them; a test holds both together.

`documents` is a file together with its job, `processing_results` the outcome of the work,
`invoices` the columns people search and sort by, `result_findings` the codes of the findings,
`events` what happened to a document and who did it, `supplier_facts` what was learned of suppliers.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from src.storage.columns import ExactDecimal, UtcDateTime

# Names for constraints, so that a later migration can address them on every database.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(32), primary_key=True),
    # The file.
    Column("name", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("media_type", String(64)),
    Column("size", BigInteger, nullable=False),
    Column("page_count", Integer, nullable=False),
    # Relative POSIX path, so that the generated folder can be moved and restored anywhere.
    Column("stored_as", Text, nullable=False),
    Column("duplicate_of", String(32), ForeignKey("documents.id")),
    # A duplicate that only points at the first document and was never worked on itself.
    Column("linked", Boolean, nullable=False),
    Column("deleted_at", UtcDateTime),
    # Its job.
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    # Lower numbers go first.
    Column("priority", Integer, nullable=False),
    Column("requested_engine", String(64)),
    Column("next_attempt_at", UtcDateTime),
    Column("step", String(16), nullable=False),
    Column("progress", Float, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # Wall seconds of the last run.
    Column("seconds", Float),
    Column("error_code", String(64)),
    Column("error_message", Text),
    Column("error_retryable", Boolean),
    # Of its result: 0 while there is none, one more with each change of it.
    Column("version", Integer, nullable=False),
    # Claiming the next job reads one entry; ids break ties of the same microsecond.
    Index("idx_documents_queue", "state", "priority", "queued_at", "id"),
    # Statistics and the count of a list never touch the table itself. The state leads: an index
    # led by columns that hardly tell rows apart would lure the planner away from the sort keys.
    Index("idx_documents_state", "state", "linked", "deleted_at"),
    Index("idx_documents_received", "received_at", "id"),
    Index("idx_documents_digest", "digest"),
    Index("idx_documents_duplicate", "duplicate_of"),
    # Failures of the last days, by kind.
    Index("idx_documents_failures", "state", "finished_at", "error_code", "deleted_at"),
)

processing_results = Table(
    "processing_results",
    metadata,
    # Today equal to `document_id`: one document gives one result.
    Column("id", String(32), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), nullable=False),
    # How the last run ended: succeeded | failed. The columns from `review_status` on are of
    # the last run that succeeded, if there was one.
    Column("status", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("review_status", String(16)),
    Column("engine", String(64)),
    # [{"step": …, "seconds": …}, …]
    Column("timings", JSON),
    # `ProcessedInvoice` as JSON text, which keeps amounts digit by digit. Behind the others, so
    # that reading them does not load it.
    Column("payload", Text),
    # Added later, therefore behind the payload: read it through `idx_processing_series` only.
    Column("approved_by", Text),
    Index("idx_processing_status", "status"),
    # An index and not a constraint: it can be dropped when one file gives several invoices.
    Index("idx_processing_document", "document_id", unique=True),
    # Filters that must not read the rows, which are fat with their payload.
    Index("idx_processing_review", "review_status", "document_id"),
    Index("idx_processing_engine", "engine", "document_id"),
    # Figures over time, and the mean of the last thousand times, never touch the rows.
    Index(
        "idx_processing_series",
        "status",
        "created_at",
        "seconds",
        "review_status",
        "engine",
        "approved_by",
    ),
    # The review queue: oldest first.
    Index("idx_processing_queue", "review_status", "created_at", "document_id"),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", String(32), ForeignKey("processing_results.id"), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), nullable=False),
    Column("document_type", String(32)),
    Column("vendor_name", Text),
    Column("vendor_folded", Text),
    Column("customer_name", Text),
    Column("invoice_number", Text),
    Column("invoice_number_folded", Text),
    Column("invoice_date", Date),
    Column("due_date", Date),
    Column("currency", String(3)),
    Column("total", ExactDecimal),
    Column("total_sort", BigInteger),
    # What the same invoice in another file is found by (`src.domain.naming`).
    Column("vendor_key", Text),
    Column("number_key", Text),
    Column("order_key", Text),
    # The subtotal, for want of one the total, as a sort key.
    Column("net_sort", BigInteger),
    Index("idx_invoice_date", "invoice_date"),
    Index("idx_vendor_name", "vendor_name"),
    # One index a sort key, with the id that breaks ties: a page of a sorted list reads its own
    # rows only, however many there are.
    Index("idx_invoices_by_date", "invoice_date", "id"),
    Index("idx_invoices_by_vendor", "vendor_folded", "id"),
    Index("idx_invoices_by_total", "total_sort", "id"),
    Index("idx_invoices_by_number", "invoice_number_folded"),
    Index("idx_invoices_document", "document_id", unique=True),
    # Candidates for duplicates never touch rows that are none.
    Index("idx_invoices_by_number_key", "number_key", "vendor_key", "total_sort"),
    Index("idx_invoices_by_vendor_key", "vendor_key", "total_sort", "invoice_date"),
    Index("idx_invoices_by_amount", "total_sort", "invoice_date"),
    Index("idx_invoices_by_order", "order_key"),
)

result_findings = Table(
    "result_findings",
    metadata,
    Column("result_id", String(32), ForeignKey("processing_results.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    # The other result a finding is about.
    Column("related_id", String(32)),
    Index("idx_findings_code", "code", "result_id"),
)

# What approved invoices say about their suppliers; gone when the approval is.
supplier_facts = Table(
    "supplier_facts",
    metadata,
    Column("result_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("approved_at", UtcDateTime, nullable=False),
    # `SupplierFacts` as JSON text.
    Column("facts", Text, nullable=False),
)

# What the facts are found by: "name:…", "tax:…", "account:…".
supplier_keys = Table(
    "supplier_keys",
    metadata,
    Column("result_id", String(32), ForeignKey("supplier_facts.result_id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("approved_at", UtcDateTime, nullable=False),
    Index("idx_supplier_keys", "key", "approved_at", "result_id"),
)

# Written once and never changed: SQLite refuses an UPDATE by a trigger.
events = Table(
    "events",
    metadata,
    # Ascending in the order of writing.
    Column("id", Integer, primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # A key's name, "key", "local", the door of a file, or "service".
    Column("by", Text, nullable=False),
    Column("action", String(16), nullable=False),
    # The version of the result after the event.
    Column("version", Integer, nullable=False),
    # Why, in words: of a rejection or a failure.
    Column("reason", Text),
    # [{"field": …, "before": …, "after": …}, …]
    Column("changes", JSON),
    # The whole result this event replaced, as `processing_results.payload` had it.
    Column("replaced", Text),
    Index("idx_events_document", "document_id", "id"),
)
