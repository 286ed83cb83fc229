"""Facts of approved invoices: written with the approval, found by name, tax id or account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    union,
)
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


def latest_facts(keys: Sequence[str], most: int) -> Select[Any]:
    """`facts` of the latest that have the key of any of these binds, in no order; those of
    deleted results do not count. Of each key at most `most` are read, however many there are."""
    column = supplier_keys.c
    of_each = [
        select(column.result_id, column.approved_at)
        .join(documents, documents.c.id == column.result_id)
        .where(column.key == bindparam(key, type_=Text), documents.c.deleted_at.is_(None))
        # As the index is ordered, so that reading may end early.
        .order_by(column.approved_at.desc(), column.result_id.desc())
        .limit(most)
        .subquery()
        for key in keys
    ]
    found = union(*(select(one.c.result_id, one.c.approved_at) for one in of_each)).subquery()
    latest = (
        select(found.c.result_id)
        .order_by(found.c.approved_at.desc(), found.c.result_id.desc())
        .limit(most)
    )
    return select(supplier_facts.c.facts).where(supplier_facts.c.result_id.in_(latest))


def number_of_facts(most: str) -> Select[Any]:
    """How many there are, counted up to the bind `most`."""
    some = select(supplier_facts.c.result_id).limit(bindparam(most, type_=Integer)).subquery()
    return select(func.count().label("number_of_facts")).select_from(some)
