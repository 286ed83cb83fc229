"""What the rows remember: candidates for duplicates, orders, and facts of suppliers."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, event

from src.domain.document import JobState
from src.domain.invoice import Invoice
from src.domain.knowledge import Related
from src.domain.results import ProcessedInvoice
from src.domain.review import ReviewStatus
from src.domain.suppliers import SupplierFacts, SupplierKeys
from src.storage.database import Database
from src.storage.migrate import alembic_config, upgrade
from src.storage.repository import SqlDocumentRepository
from src.storage.sqlite import WRITE, prepare_sqlite
from src.storage.unit_of_work import SqlUnitOfWork
from tests.domain.build import exact
from tests.storage.factory import MORNING, document, result


async def keep(uow: SqlUnitOfWork, document_id: str, **values: object) -> ProcessedInvoice:
    owner = document(document_id)
    kept = result(owner, **values)  # type: ignore[arg-type]
    async with uow(write=True) as documents:
        await documents.add(owner, JobState.QUEUED, None)
        await documents.succeed(document_id, kept, 1.0)
    return kept


async def related(
    uow: SqlUnitOfWork,
    invoice: Invoice,
    document_id: str = "new",
    *,
    own: tuple[str, ...] = (),
    accounts: tuple[str, ...] = (),
    count_up_to: int = 50,
) -> Related:
    async with uow() as documents:
        keys = SupplierKeys(own, accounts)
        return await documents.related(document_id, invoice, keys, count_up_to=count_up_to)


async def like(uow: SqlUnitOfWork, invoice: Invoice, document_id: str = "new") -> set[str]:
    return {one.id for one in (await related(uow, invoice, document_id)).earlier}


async def taught(uow: SqlUnitOfWork, *own: str) -> list[str]:
    """Ids of the results that taught what is known of a supplier with any of the keys."""
    return [one.result_id for one in (await related(uow, Invoice(), own=own)).supplier]


async def test_candidates(uow: SqlUnitOfWork) -> None:
    day, total = date(2026, 3, 1), Decimal("119.00")
    subject = (await keep(uow, "same")).invoice
    await keep(uow, "number", number="re 2026 42", total=Decimal(7), day=date(2020, 1, 1))
    await keep(uow, "renamed", vendor="Maler Groesse", total=Decimal("118.00"))
    await keep(uow, "amount", vendor="Else", number="X-1", day=day + timedelta(days=9))
    await keep(uow, "month", number="RE-2026/0043", day=day - timedelta(days=30))
    await keep(uow, "far", vendor="Else", number="X-1", day=day + timedelta(days=200))
    await keep(uow, "dear", number="RE-2026/0044", total=total * 2)
    await keep(uow, "empty", vendor=None, number=None, day=None, total=None)
    assert await like(uow, subject) == {"same", "number", "renamed", "amount", "month"}
    assert await like(uow, subject, "same") == {"number", "renamed", "amount", "month"}
    assert await like(uow, Invoice()) == set()
    # The ends of the calendar are days like any other.
    for end in (date.min, date.max):
        assert await like(uow, subject.model_copy(update={"issue_date": exact(end)})) == {
            *("same", "number", "renamed")
        }


async def test_deleted_and_rejected_ones_are_no_candidates(uow: SqlUnitOfWork) -> None:
    subject = (await keep(uow, "deleted")).invoice
    await keep(uow, "rejected", review_status=ReviewStatus.REJECTED)
    async with uow(write=True) as documents:
        await documents.hide("deleted", "gone")
    assert await like(uow, subject) == set()


async def test_a_copy_that_points_here_is_no_candidate(uow: SqlUnitOfWork) -> None:
    first = await keep(uow, "first")
    copy = await keep(uow, "copy", findings=("duplicate-invoice",))
    pointing = copy.findings[0].model_copy(update={"related_id": "first"})
    async with uow(write=True) as documents:
        await documents.succeed("copy", copy.model_copy(update={"findings": (pointing,)}), 1.0)
    assert await like(uow, first.invoice, "first") == set()
    assert await like(uow, first.invoice, "copy") == {"first"}


async def test_many_alike_are_bounded(uow: SqlUnitOfWork) -> None:
    for number in range(60):
        subject = (await keep(uow, f"till{number}", number=f"T-{number}")).invoice
    assert len(await like(uow, subject)) <= 55


async def test_what_was_invoiced_for_an_order(uow: SqlUnitOfWork) -> None:
    for document_id, total, status in (
        ("a", "100.00", ReviewStatus.ACCEPTED),
        ("b", "50.50", ReviewStatus.NEEDS_REVIEW),
        ("c", "900.00", ReviewStatus.REJECTED),
    ):
        owner = document(document_id)
        kept = result(owner, total=Decimal(total), review_status=status)
        ordered = kept.invoice.model_copy(update={"purchase_order": exact("PO-7")})
        async with uow(write=True) as documents:
            await documents.add(owner, JobState.QUEUED, None)
            await documents.succeed(document_id, kept.model_copy(update={"invoice": ordered}), 1.0)
    async with uow() as documents:
        assert await documents.invoiced_for("new", "po 7") == Decimal("150.5")
        assert await documents.invoiced_for("a", "PO7") == Decimal("50.5")
        assert await documents.invoiced_for("a", "PO8") == 0
        assert await documents.invoiced_for("a", "--") == 0


def facts(result_id: str, days: int = 0, **values: object) -> SupplierFacts:
    base: dict[str, object] = {"name": "Muster GmbH", "tax_ids": ("DE1",), "accounts": ("IBAN1",)}
    return SupplierFacts.model_validate(
        {"result_id": result_id, "approved_at": MORNING + timedelta(days=days), **(base | values)}
    )


async def test_facts_are_found_by_any_key_newest_first(uow: SqlUnitOfWork) -> None:
    for document_id in ("a", "b", "c"):
        await keep(uow, document_id)
    async with uow(write=True) as documents:
        await documents.remember(facts("a", 1))
        await documents.remember(facts("b", 2, name="MUSTER", tax_ids=()))
        await documents.remember(facts("c", 3, name=None, tax_ids=(), accounts=()))
        # Once more in place of what it said before.
        await documents.remember(facts("a", 5, currency="EUR"))
    found = await related(uow, Invoice(), own=("name:muster", "tax:DE1"))
    assert [one.result_id for one in found.supplier] == ["a", "b"]
    assert found.supplier[0].currency == "EUR"
    assert found.same_account == ()
    assert found.approved == 3
    assert (await related(uow, Invoice(), count_up_to=2)).approved == 2
    assert await taught(uow) == await taught(uow, "tax:DE2") == []


async def test_an_account_tells_who_it_is_where_nothing_else_does(uow: SqlUnitOfWork) -> None:
    for day, document_id in enumerate(("a", "b")):
        await keep(uow, document_id)
        async with uow(write=True) as documents:
            await documents.remember(facts(document_id, day, name=None, tax_ids=()))
    nameless = await related(uow, Invoice(), accounts=("account:IBAN1",))
    assert [one.result_id for one in nameless.supplier] == ["b", "a"]
    assert nameless.same_account == nameless.supplier
    named = await related(uow, Invoice(), own=("name:else",), accounts=("account:IBAN1",))
    assert named.supplier == ()
    assert [one.result_id for one in named.same_account] == ["b", "a"]


async def test_only_the_latest_facts_count(uow: SqlUnitOfWork) -> None:
    for day in range(60):
        await keep(uow, f"r{day}", number=f"T-{day}", total=Decimal(day + 1))
        async with uow(write=True) as documents:
            await documents.remember(facts(f"r{day}", day))
    found = await related(uow, Invoice(), own=("tax:DE1",), accounts=("account:IBAN1",))
    assert [one.result_id for one in found.supplier] == [f"r{day}" for day in range(59, 9, -1)]
    assert [one.result_id for one in found.same_account] == [f"r{day}" for day in range(59, 49, -1)]


async def test_facts_go_with_the_approval(uow: SqlUnitOfWork) -> None:
    kept = await keep(uow, "a")
    async with uow(write=True) as documents:
        await documents.remember(facts("a"))
        await documents.succeed("a", kept.model_copy(update={"approved_by": "anna"}), 1.0)
    assert await taught(uow, "tax:DE1") == ["a"]
    async with uow(write=True) as documents:
        await documents.hide("a", "gone")
    assert await taught(uow, "tax:DE1") == []
    await keep(uow, "b")
    async with uow(write=True) as documents:
        await documents.remember(facts("b"))
        await documents.succeed("b", await _again(uow, "b"), 1.0)
    assert await taught(uow, "tax:DE1") == []


async def _again(uow: SqlUnitOfWork, document_id: str) -> ProcessedInvoice:
    return result(document(document_id))


def test_results_of_before_get_their_keys(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(url)
    prepare_sqlite(engine)
    config = alembic_config()
    with engine.execution_options(**{WRITE: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute(
            "INSERT INTO invoices (id, document_id, vendor_name, invoice_number) VALUES "
            "('a', 'a', 'Muster GmbH', 'RE-007'), ('b', 'b', NULL, NULL)"
        )
    upgrade(url)
    with sqlite3.connect(tmp_path / "old.db") as new:
        rows = new.execute("SELECT id, vendor_key, number_key FROM invoices ORDER BY id").fetchall()
    assert rows == [("a", "muster", "re7"), ("b", None, None)]


async def plan(database: Database, statement: str, parameters: object = ()) -> list[str]:
    async with database.transaction() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        return [str(row._mapping["detail"]) for row in rows]


async def test_one_statement_that_reads_by_indexes_alone(
    database: Database, uow: SqlUnitOfWork
) -> None:
    """With a hundred thousand invoices a scan of one table takes longer than all checks."""
    subject = (await keep(uow, "same")).invoice
    asked: list[tuple[str, Any]] = []
    async with database.transaction() as connection:

        def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            asked.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        keys = SupplierKeys(("name:a", "tax:b"), ("account:c", "account:d"))
        rows = SqlDocumentRepository(connection, lambda: MORNING)
        await rows.related("new", subject, keys, count_up_to=50)
    ((statement, parameters),) = asked
    steps = await plan(database, statement, parameters)
    read = [step for step in steps if step.startswith(("SCAN", "SEARCH"))]
    tables = ("invoices", "documents", "processing_results", "result_findings", "supplier_keys")
    assert [
        step for step in read if step.startswith(tuple(f"SCAN {name}" for name in tables))
    ] == []
    # The count ends at its limit.
    counted = [step for step in read if step.startswith("SCAN supplier_facts")]
    assert len(counted) == 1
    for index in (
        *("idx_invoices_by_number_key", "idx_invoices_by_vendor_key", "idx_invoices_by_amount"),
        *("idx_supplier_keys", "idx_findings_code"),
    ):
        assert any(index in step for step in read), index


@pytest.mark.parametrize(
    "question",
    [
        "SELECT id FROM invoices WHERE invoice_date BETWEEN '2026-01-01' AND '2026-02-01'",
        "SELECT id FROM invoices WHERE vendor_name = 'Muster GmbH'",
        "SELECT id FROM processing_results WHERE status = 'failed'",
    ],
)
async def test_questions_by_date_vendor_and_status_use_an_index(
    database: Database, question: str
) -> None:
    assert all("USING" in step and "INDEX" in step for step in await plan(database, question))
