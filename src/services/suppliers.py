"""What is known about an invoice beyond its pages, and what approvals teach."""

from __future__ import annotations

import re

from src.domain.history import Action, HistoryEntry
from src.domain.invoice import Invoice
from src.domain.knowledge import Knowledge
from src.domain.purchase_orders import OrderMatch
from src.domain.results import ProcessedInvoice
from src.domain.suppliers import (
    SupplierFacts,
    SupplierKeys,
    SupplierMemory,
    facts_of,
    keys_of_facts,
    keys_of_invoice,
)
from src.ports import Clock, DocumentRepository, KnowledgeRepository, OrderSource

# Orders one invoice may name.
_MOST_ORDERS = 20


class SupplierMemoryService:
    """Asks the memory of suppliers, earlier invoices and orders; learns from approvals."""

    def __init__(self, *, orders: OrderSource, clock: Clock) -> None:
        self._orders = orders
        self._clock = clock

    async def about(
        self,
        documents: KnowledgeRepository,
        document_id: str,
        invoice: Invoice,
        *,
        count_up_to: int,
    ) -> Knowledge:
        """A snapshot within the caller's transaction. What the document itself taught when it
        was approved earlier is left out; approved invoices are counted up to `count_up_to`."""
        keys = keys_of_invoice(invoice)
        related = await documents.related(document_id, invoice, keys, count_up_to=count_up_to)
        return Knowledge(
            earlier=related.earlier,
            supplier=SupplierMemory(
                tuple(facts for facts in related.supplier if facts.result_id != document_id)
            ),
            same_account=tuple(
                facts for facts in related.same_account if _is_other(facts, keys, document_id)
            ),
            approved=related.approved,
            orders=await self._order_matches(documents, document_id, invoice),
        )

    async def learn(self, documents: DocumentRepository, result: ProcessedInvoice) -> None:
        """Within the transaction of the approval."""
        history = await documents.history(result.document_id)
        facts = facts_of(
            result.invoice,
            result_id=result.id,
            approved_at=self._clock(),
            read=_read_before(history),
        )
        await documents.remember(facts)

    async def _order_matches(
        self, documents: KnowledgeRepository, document_id: str, invoice: Invoice
    ) -> tuple[OrderMatch, ...] | None:
        book = await self._orders.current()
        if book is None:
            return None
        return tuple(
            [
                OrderMatch(
                    number, book.find(number), await documents.invoiced_for(document_id, number)
                )
                for number in _order_numbers(invoice)
            ]
        )


def _is_other(facts: SupplierFacts, keys: SupplierKeys, document_id: str) -> bool:
    """Whether the facts are of another supplier than the one with these keys."""
    if facts.result_id == document_id or not keys.own:
        return False
    return set(keys_of_facts(facts).own).isdisjoint(keys.own)


def _read_before(history: tuple[HistoryEntry, ...]) -> dict[str, str | None]:
    """Field -> what had been read, of the fields people changed since the last reading."""
    before: dict[str, str | None] = {}
    for entry in history:
        if entry.action is Action.PROCESSED:
            before.clear()
        elif entry.action is Action.CORRECTED:
            for change in entry.changes:
                before.setdefault(change.field, change.before)
    return before


def _order_numbers(invoice: Invoice) -> tuple[str, ...]:
    """Of the invoice and its lines; one field may name several."""
    readings = [invoice.purchase_order, *(line.purchase_order for line in invoice.line_items)]
    numbers = [
        number.strip()
        for reading in readings
        if reading is not None
        for number in re.split(r"[,;]", reading.value)
    ]
    return tuple(dict.fromkeys(number for number in numbers if number))[:_MOST_ORDERS]
