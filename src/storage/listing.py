"""The list of results: filters, order, pages.

Pages are keyset pages: the cursor holds the sort key and id of the last row, so a page costs
the same wherever it lies and rows that arrive meanwhile move nothing. Rows without the sort
key (no invoice yet, or none read) come last in either direction.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Join, Row, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from src.domain.errors import InvalidInput
from src.domain.results import ResultPage, ResultQuery, SortKey
from src.storage.columns import amount_sort_key, fold
from src.storage.rows import everything, record_of, select_records
from src.storage.tables import documents, invoices, processing_results, result_findings

_COLUMNS: dict[SortKey, ColumnElement[Any]] = {
    SortKey.RECEIVED_AT: documents.c.received_at,
    SortKey.INVOICE_DATE: invoices.c.invoice_date,
    SortKey.VENDOR_NAME: invoices.c.vendor_folded,
    SortKey.TOTAL: invoices.c.total_sort,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """Where a page ended: the sort key's value (None among the rows without) and the id."""

    key: Any
    id: str


async def fetch_page(connection: AsyncConnection, query: ResultQuery) -> ResultPage:
    """Raises `InvalidInput` for a cursor that is not one of ours or of another order."""
    if query.limit < 1:
        raise InvalidInput("limit: must be 1 or more")
    after = _decode(query) if query.cursor is not None else None
    rows: list[Row[Any]] = []
    if after is None or after.key is not None:
        rows += await _with_key(connection, query, after, query.limit + 1)
        after = None
    if len(rows) <= query.limit and query.sort is not SortKey.RECEIVED_AT:
        rows += await _without_key(connection, query, after, query.limit + 1 - len(rows))
    shown = rows[: query.limit]
    codes = await finding_codes(connection, [row.result_id for row in shown if row.result_id])
    return ResultPage(
        items=tuple(record_of(row, codes.get(row.result_id, ())) for row in shown),
        next_cursor=_encode(query, shown[-1]) if len(rows) > query.limit else None,
        total=await _count(connection, query) if query.counted else 0,
    )


async def finding_codes(
    connection: AsyncConnection, result_ids: list[str]
) -> dict[str, tuple[str, ...]]:
    """The distinct codes of each result, in the order of its findings."""
    codes: defaultdict[str, dict[str, None]] = defaultdict(dict)
    statement = (
        select(result_findings.c.result_id, result_findings.c.code)
        .where(result_findings.c.result_id.in_(result_ids))
        .order_by(result_findings.c.result_id, result_findings.c.position)
    )
    for result_id, code in await connection.execute(statement):
        codes[result_id][code] = None
    return {result_id: tuple(found) for result_id, found in codes.items()}


async def _with_key(
    connection: AsyncConnection, query: ResultQuery, after: _Position | None, limit: int
) -> list[Row[Any]]:
    column = _COLUMNS[query.sort]
    tie = documents.c.id if query.sort is SortKey.RECEIVED_AT else invoices.c.id
    conditions = [*_conditions(query), column.is_not(None)]
    if after is not None:
        here, there = tuple_(column, tie), tuple_(after.key, after.id)
        conditions.append(here < there if query.descending else here > there)
    statement = (
        select_records()
        .select_from(everything() if query.sort is SortKey.RECEIVED_AT else _from_invoices())
        .where(*conditions)
        .order_by(*(_directed(part, query) for part in (column, tie)))
        .limit(limit)
    )
    return list(await connection.execute(statement))


async def _without_key(
    connection: AsyncConnection, query: ResultQuery, after: _Position | None, limit: int
) -> list[Row[Any]]:
    conditions = [*_conditions(query), _COLUMNS[query.sort].is_(None)]
    if after is not None:
        column = documents.c.id
        conditions.append(column < after.id if query.descending else column > after.id)
    statement = (
        select_records()
        .select_from(everything())
        .where(*conditions)
        .order_by(_directed(documents.c.id, query))
        .limit(limit)
    )
    return list(await connection.execute(statement))


async def _count(connection: AsyncConnection, query: ResultQuery) -> int:
    conditions = _conditions(query)
    statement = select(func.count()).select_from(_needed(query)).where(*conditions)
    return int((await connection.execute(statement)).scalar_one())


def _from_invoices() -> Join:
    """Led by the invoices, whose index gives the order."""
    return invoices.join(
        processing_results, processing_results.c.document_id == invoices.c.document_id
    ).join(documents, documents.c.id == invoices.c.document_id)


def _needed(query: ResultQuery) -> Join | Table:
    """The fewest tables that can answer the filters: an unfiltered count reads one index."""
    tables: Join | Table = documents
    if query.engine is not None or query.review_status is not None:
        tables = tables.join(processing_results, processing_results.c.document_id == documents.c.id)
    if _invoice_conditions(query):
        tables = tables.join(invoices, invoices.c.document_id == documents.c.id)
    return tables


def _conditions(query: ResultQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [documents.c.deleted_at.is_(None)]
    if not query.include_duplicates:
        conditions.append(documents.c.linked.is_(False))
    if query.state is not None:
        conditions.append(documents.c.state == query.state.value)
    if query.review_status is not None:
        conditions.append(processing_results.c.review_status == query.review_status.value)
    if query.engine is not None:
        conditions.append(processing_results.c.engine == query.engine)
    if query.finding is not None:
        having = select(result_findings.c.result_id).where(result_findings.c.code == query.finding)
        # A result's id is its document's id.
        conditions.append(documents.c.id.in_(having))
    return conditions + _invoice_conditions(query)


def _invoice_conditions(query: ResultQuery) -> list[ColumnElement[bool]]:
    column = invoices.c
    conditions: list[ColumnElement[bool]] = []
    if query.currency is not None:
        conditions.append(column.currency == query.currency.upper())
    if query.vendor is not None:
        conditions.append(column.vendor_folded.contains(fold(query.vendor), autoescape=True))
    if query.invoice_number is not None:
        # Reads every number, but only until a page is full, and 100,000 of them in a tenth of a
        # second: a search engine's index would cost more at each save than it spares here.
        number = fold(query.invoice_number)
        conditions.append(column.invoice_number_folded.contains(number, autoescape=True))
    if query.date_from is not None:
        conditions.append(column.invoice_date >= query.date_from)
    if query.date_to is not None:
        conditions.append(column.invoice_date <= query.date_to)
    if query.total_min is not None:
        conditions.append(column.total_sort >= amount_sort_key(query.total_min))
    if query.total_max is not None:
        conditions.append(column.total_sort <= amount_sort_key(query.total_max))
    return conditions


def _directed(column: ColumnElement[Any], query: ResultQuery) -> ColumnElement[Any]:
    return column.desc() if query.descending else column.asc()


_PARSERS: dict[SortKey, Callable[[Any], Any]] = {
    SortKey.RECEIVED_AT: datetime.fromisoformat,
    SortKey.INVOICE_DATE: date.fromisoformat,
    SortKey.VENDOR_NAME: str,
    SortKey.TOTAL: int,
}


def _encode(query: ResultQuery, last: Row[Any]) -> str:
    key = _key_of(query.sort, last)
    if isinstance(key, date):  # datetime is one too
        key = key.isoformat()
    content = [query.sort.value, query.descending, key, last.id]
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def _key_of(sort: SortKey, row: Row[Any]) -> Any:
    """The sort key as its column holds it, from the columns that are shown."""
    match sort:
        case SortKey.RECEIVED_AT:
            return row.received_at
        case SortKey.INVOICE_DATE:
            return row.invoice_date
        case SortKey.VENDOR_NAME:
            return fold(row.vendor_name) if row.vendor_name else None
        case SortKey.TOTAL:
            return None if row.total is None else amount_sort_key(row.total)


def _decode(query: ResultQuery) -> _Position:
    try:
        content = json.loads(base64.urlsafe_b64decode((query.cursor or "").encode("ascii")))
        sort, descending, key, last_id = content
        if (sort, descending) != (query.sort.value, query.descending):
            raise InvalidInput(
                "cursor: belongs to another order; ask again without it for the first page"
            )
        if not isinstance(last_id, str) or (key is None and query.sort is SortKey.RECEIVED_AT):
            raise ValueError("not a position")
        parsed = None if key is None else _PARSERS[query.sort](key)
        if isinstance(parsed, datetime) and parsed.tzinfo is None:
            raise ValueError("a time without a zone")
        if isinstance(parsed, int) and abs(parsed) >= 2**63:
            raise ValueError("no sort key is that large")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InvalidInput(
            "cursor: is not one this service gave; ask again without it for the first page"
        ) from error
    return _Position(key=parsed, id=last_id)
