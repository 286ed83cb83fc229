"""What the rows tell about an invoice beyond itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.invoice import Invoice
from src.domain.knowledge import EarlierInvoice
from src.domain.suppliers import SupplierFacts
from src.storage.earlier import earlier_like, invoiced_for
from src.storage.supplier_rows import count_facts, find_facts, write_facts


class KnowledgeRows:
    """The part of `DocumentRepository` that remembers."""

    _connection: AsyncConnection

    async def earlier_like(self, document_id: str, invoice: Invoice) -> tuple[EarlierInvoice, ...]:
        return await earlier_like(self._connection, document_id, invoice)

    async def invoiced_for(self, document_id: str, order_number: str) -> Decimal:
        return await invoiced_for(self._connection, document_id, order_number)

    async def supplier_facts(self, keys: Sequence[str], most: int) -> tuple[SupplierFacts, ...]:
        return await find_facts(self._connection, keys, most)

    async def count_supplier_facts(self, most: int) -> int:
        return await count_facts(self._connection, most)

    async def remember(self, facts: SupplierFacts) -> None:
        await write_facts(self._connection, facts)
