"""Facts of approved invoices: written with the approval, found by name, tax id or account."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.suppliers import SupplierFacts, keys_of_facts
from src.storage.tables import documents, supplier_facts, supplier_keys


async def write_facts(connection: AsyncConnection, facts: SupplierFacts) -> None:
    """In place of what the same result taught before."""
    await forget_facts(connection, facts.result_id)
    await connection.execute(
        insert(supplier_facts).values(
            result_id=facts.result_id,
            approved_at=facts.approved_at,
            facts=facts.model_dump_json(),
        )
    )
    keys = keys_of_facts(facts)
    rows = [
        {"result_id": facts.result_id, "key": key, "approved_at": facts.approved_at}
        for key in (*keys.own, *keys.accounts)
    ]
    if rows:
        await connection.execute(insert(supplier_keys), rows)


async def forget_facts(connection: AsyncConnection, result_id: str) -> None:
    await connection.execute(delete(supplier_keys).where(supplier_keys.c.result_id == result_id))
    await connection.execute(delete(supplier_facts).where(supplier_facts.c.result_id == result_id))


async def find_facts(
    connection: AsyncConnection, keys: Sequence[str], most: int
) -> tuple[SupplierFacts, ...]:
    """The latest with any of the keys, newest first; those of deleted results do not count."""
    if not keys:
        return ()
    latest = (
        select(supplier_keys.c.result_id)
        .join(documents, documents.c.id == supplier_keys.c.result_id)
        .where(supplier_keys.c.key.in_(keys), documents.c.deleted_at.is_(None))
        .group_by(supplier_keys.c.result_id)
        .order_by(func.max(supplier_keys.c.approved_at).desc(), supplier_keys.c.result_id)
        .limit(most)
    )
    statement = (
        select(supplier_facts.c.facts)
        .where(supplier_facts.c.result_id.in_(latest))
        .order_by(supplier_facts.c.approved_at.desc(), supplier_facts.c.result_id)
    )
    rows = (await connection.execute(statement)).scalars()
    return tuple(SupplierFacts.model_validate_json(facts) for facts in rows)


async def count_facts(connection: AsyncConnection, most: int) -> int:
    """How many there are, counted up to `most`."""
    some = select(supplier_facts.c.result_id).limit(most).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())
