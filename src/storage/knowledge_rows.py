"""What the rows tell about an invoice beyond itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Row,
    Select,
    Text,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.invoice import Invoice
from src.domain.knowledge import Related
from src.domain.suppliers import SupplierFacts, SupplierKeys
from src.storage.earlier import EARLIER_COLUMNS, earlier_like, earlier_of, invoiced_for, likeness
from src.storage.supplier_rows import latest_facts, number_of_facts, write_facts

# Approved invoices of one supplier that are looked at; older habits do not count.
_MOST_FACTS = 50
_MOST_SAME_ACCOUNT = 10
# Keys of one invoice that are asked for; no invoice names as many accounts.
_MOST_KEYS = 12


class KnowledgeRows:
    """The part of `DocumentRepository` that remembers."""

    _connection: AsyncConnection

    async def related(
        self, document_id: str, invoice: Invoice, keys: SupplierKeys, *, count_up_to: int
    ) -> Related:
        # Without name and tax id, the account tells who it is.
        own = (keys.own or keys.accounts)[:_MOST_KEYS]
        accounts = keys.accounts[:_MOST_KEYS]
        values = {
            **likeness(document_id, invoice),
            **dict(zip(_names(_Part.SUPPLIER, len(own)), own, strict=True)),
            **dict(zip(_names(_Part.ACCOUNT, len(accounts)), accounts, strict=True)),
            "count_up_to": count_up_to,
        }
        statement = _related(len(own), len(accounts))
        rows: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in await self._connection.execute(statement, values):
            rows[row.part].append(row)
        earlier = [earlier_of(row) for row in rows[_Part.EARLIER]]
        return Related(
            earlier=tuple(sorted(earlier, key=lambda one: one.id)),
            supplier=_newest_first(rows[_Part.SUPPLIER]),
            same_account=_newest_first(rows[_Part.ACCOUNT]),
            approved=rows[_Part.COUNT][0].number_of_facts,
        )

    async def invoiced_for(self, document_id: str, order_number: str) -> Decimal:
        return await invoiced_for(self._connection, document_id, order_number)

    async def remember(self, facts: SupplierFacts) -> None:
        await write_facts(self._connection, facts)


def _newest_first(rows: Iterable[Row[Any]]) -> tuple[SupplierFacts, ...]:
    facts = sorted(
        (SupplierFacts.model_validate_json(row.facts) for row in rows),
        key=lambda one: one.result_id,
    )
    return tuple(sorted(facts, key=lambda one: one.approved_at, reverse=True))


class _Part(StrEnum):
    EARLIER = "earlier"
    SUPPLIER = "supplier"
    ACCOUNT = "account"
    COUNT = "count"


# Of all parts, in the order of the columns.
_TYPES = {
    **{column.key: column.type for column in EARLIER_COLUMNS},
    "facts": Text(),
    "number_of_facts": Integer(),
}


def _part(name: _Part, rows: Select[Any]) -> Select[Any]:
    """The rows under the name of their part, with NULL in the columns of the other parts."""
    own = rows.subquery()
    columns = (own.c.get(key, cast(null(), kind).label(key)) for key, kind in _TYPES.items())
    return select(literal(name.value).label("part"), *columns)


def _names(part: _Part, count: int) -> list[str]:
    """Of the binds for so many keys."""
    return [f"{part.value}_{number}" for number in range(count)]


@lru_cache(maxsize=(_MOST_KEYS + 1) ** 2)
def _related(own: int, accounts: int) -> CompoundSelect[Any]:
    """For so many keys. Built once, because building takes longer than running; and one
    statement, because four would cost more on their way to the database than in it."""
    parts = [_part(_Part.EARLIER, earlier_like())]
    if own:
        keys = _names(_Part.SUPPLIER, own)
        parts.append(_part(_Part.SUPPLIER, latest_facts(keys, _MOST_FACTS)))
    if accounts:
        keys = _names(_Part.ACCOUNT, accounts)
        parts.append(_part(_Part.ACCOUNT, latest_facts(keys, _MOST_SAME_ACCOUNT)))
    return union_all(*parts, _part(_Part.COUNT, number_of_facts("count_up_to")))
