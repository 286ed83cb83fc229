"""What the rows remember: candidates for duplicates, orders, and facts of suppliers."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from src.domain.document import JobState
from src.domain.errors import ConfigurationError
from src.domain.invoice import Invoice
from src.domain.results import ProcessedInvoice
from src.domain.review import ReviewStatus
from src.domain.suppliers import SupplierFacts
from src.storage.migrate import alembic_config, upgrade
from src.storage.order_file import NoOrders, OrderFile
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


async def like(uow: SqlUnitOfWork, invoice: Invoice, document_id: str = "new") -> set[str]:
    async with uow() as documents:
        return {one.id for one in await documents.earlier_like(document_id, invoice)}


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
    async with uow() as documents:
        found = await documents.supplier_facts(["name:muster", "tax:DE1"], 50)
        assert [one.result_id for one in found] == ["a", "b"]
        assert found[0].currency == "EUR"
        assert len(await documents.supplier_facts(["account:IBAN1"], 1)) == 1
        assert await documents.supplier_facts([], 50) == ()
        assert await documents.supplier_facts(["tax:DE2"], 50) == ()
        assert await documents.count_supplier_facts(50) == 3
        assert await documents.count_supplier_facts(2) == 2


async def test_facts_go_with_the_approval(uow: SqlUnitOfWork) -> None:
    kept = await keep(uow, "a")
    async with uow(write=True) as documents:
        await documents.remember(facts("a"))
        await documents.succeed("a", kept.model_copy(update={"approved_by": "anna"}), 1.0)
        assert await documents.supplier_facts(["tax:DE1"], 50)
        await documents.hide("a", "gone")
        assert await documents.supplier_facts(["tax:DE1"], 50) == ()
    await keep(uow, "b")
    async with uow(write=True) as documents:
        await documents.remember(facts("b"))
        await documents.succeed("b", await _again(uow, "b"), 1.0)
        assert await documents.supplier_facts(["tax:DE1"], 50) == ()


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


async def test_the_file_of_orders_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("number,supplier\nPO-1,A\n")
    source = OrderFile(path)
    await source.open()
    path.write_text("number,supplier\nPO-1,A\nPO-2,B\n")
    book = await source.current()
    assert book is not None
    assert len(book) == 2
    for broken in ("number\nA\n", None):
        path.unlink() if broken is None else path.write_text(broken)
        book = await source.current()
        assert book is not None
        assert len(book) == 2
    with pytest.raises(ConfigurationError, match="PURCHASE_ORDERS_FILE"):
        await OrderFile(path).open()


async def test_without_a_file_there_are_no_orders() -> None:
    source = NoOrders()
    await source.open()
    assert await source.current() is None
