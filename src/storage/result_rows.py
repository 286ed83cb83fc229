"""The rows of one result that people search by: replaced whole whenever it changes."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.results import ProcessedInvoice
from src.storage.rows import invoice_values
from src.storage.supplier_rows import forget_facts
from src.storage.tables import invoices, result_findings


async def replace_rows(
    connection: AsyncConnection, document_id: str, result: ProcessedInvoice
) -> None:
    """Write the invoice's columns and the codes of its findings; what an approval taught that
    no longer holds is forgotten."""
    if result.approved_by is None:
        await forget_facts(connection, result.id)
    await connection.execute(
        delete(result_findings).where(result_findings.c.result_id == result.id)
    )
    await connection.execute(delete(invoices).where(invoices.c.id == result.id))
    values = invoice_values(result.invoice)
    await connection.execute(
        insert(invoices).values(id=result.id, document_id=document_id, **values)
    )
    findings = [
        {
            "result_id": result.id,
            "position": position,
            "code": finding.code,
            "severity": finding.severity.value,
            "related_id": finding.related_id,
        }
        for position, finding in enumerate(result.findings)
    ]
    if findings:
        await connection.execute(insert(result_findings), findings)
