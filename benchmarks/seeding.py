"""A database of many results, made out of a few real ones.

Documents that the service has read are multiplied in the tables: each copy has an id, a time, a
number, a vendor and a total of its own, and shares the files of the one it was made from, so that
it can be opened like any other. Nothing here is random: the same call makes the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, select

from src.storage.columns import amount_sort_key, fold
from src.storage.tables import documents, events, invoices, processing_results, result_findings

BATCH = 2_000
# Every so many results one is of the kind: about what an office sees.
FAILED_EVERY, REVIEW_EVERY, REJECTED_EVERY = 23, 9, 57
FAILURES = (
    ("encrypted_document", "The PDF wants a password. Ask for a copy without one."),
    ("corrupt_document", "The file is damaged and cannot be opened. Ask for it again."),
    ("too_many_pages", "The document has more pages than MAX_PAGES allows."),
)
CITIES = (
    "Leeds",
    "Bremen",
    "Lyon",
    "Sevilla",
    "Torino",
    "Gent",
    "Basel",
    "Portland",
    "Cork",
    "Graz",
)
Row = dict[str, Any]


def multiply(database: Path, count: int, days: int, now: datetime | None = None) -> None:
    """Add `count` results, spread over the last `days`, to a database that no service has open."""
    moment = now or datetime.now(UTC)
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.begin() as connection:
            templates = _templates(connection)
            for start in range(0, count, BATCH):
                numbers = range(start, min(count, start + BATCH))
                _insert(connection, templates, numbers, count, days, moment)
    finally:
        engine.dispose()


def _templates(connection: Connection) -> list[dict[str, list[Row]]]:
    """Rows by table of each result there is; those with the smallest payload come first."""
    found = []
    for result in _rows(connection, processing_results):
        key = result["document_id"]
        found.append(
            {
                "documents": _rows(connection, documents, id=key),
                "processing_results": [result],
                "invoices": _rows(connection, invoices, document_id=key),
                "result_findings": _rows(connection, result_findings, result_id=result["id"]),
                "events": _rows(connection, events, document_id=key),
            }
        )
    if not found:
        raise ValueError("The database holds no result to multiply; let the service read some")
    return sorted(found, key=lambda rows: len(rows["processing_results"][0]["payload"]))


def _rows(connection: Connection, table: Table, **wanted: str) -> list[Row]:
    statement = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    return [dict(row) for row in connection.execute(statement).mappings()]


def _insert(
    connection: Connection,
    templates: list[dict[str, list[Row]]],
    numbers: range,
    count: int,
    days: int,
    now: datetime,
) -> None:
    made: dict[str, list[Row]] = {name: [] for name in templates[0]}
    # Bytes for every copy: the smallest payload, or a large database would be a huge one.
    payload = templates[0]["processing_results"][0]["payload"] if count > BATCH else None
    for number in numbers:
        # More work on some days than on others, and none in the future.
        age = timedelta(days=days) * (number / count) ** 1.1
        rows = _copy(templates[number % len(templates)], number, now - age)
        if payload is not None:
            for result in rows["processing_results"]:
                result["payload"] = payload
        for name, copies in rows.items():
            made[name].extend(copies)
    for table in (documents, processing_results, invoices, result_findings, events):
        if made[table.name]:
            connection.execute(insert(table), made[table.name])


def _copy(template: dict[str, list[Row]], number: int, at: datetime) -> dict[str, list[Row]]:
    key = f"{number + 1:032x}"
    (document,) = template["documents"]
    (result,) = template["processing_results"]
    seconds = 1.2 + number % 37 / 9
    times = {"received_at": at, "queued_at": at, "started_at": at}
    document = (
        document
        | times
        | {
            "id": key,
            "digest": key * 2,
            "name": f"{number:06d}-{document['name']}",
            "finished_at": at + timedelta(seconds=seconds),
            "seconds": seconds,
        }
    )
    result = result | {
        "id": key,
        "document_id": key,
        "created_at": at,
        "seconds": seconds,
        "review_status": _decision(number),
    }
    if number % FAILED_EVERY == 0:
        code, message = FAILURES[number // FAILED_EVERY % len(FAILURES)]
        failure = {"error_code": code, "error_message": message, "error_retryable": False}
        failed = {"status": "failed", "review_status": None, "payload": None, "engine": None}
        return {
            "documents": [document | failure | {"state": "failed"}],
            "processing_results": [result | failed],
        }
    events_of = [row | {"document_id": key, "at": at} for row in template["events"]]
    return {
        "documents": [document],
        "processing_results": [result],
        "invoices": list(_invoices(template, key, number)),
        "result_findings": [row | {"result_id": key} for row in template["result_findings"]],
        "events": [{k: v for k, v in row.items() if k != "id"} for row in events_of],
    }


def _decision(number: int) -> str:
    if number % REJECTED_EVERY == 0:
        return "rejected"
    return "needs_review" if number % REVIEW_EVERY == 0 else "accepted"


def _invoices(template: dict[str, list[Row]], key: str, number: int) -> Iterator[Row]:
    for row in template["invoices"]:
        vendor = f"{row['vendor_name']} {CITIES[number // 13 % len(CITIES)]}"
        total = (row["total"] * (Decimal(50 + number % 217) / 100)).quantize(Decimal("0.01"))
        invoice_number = f"{row['invoice_number'] or 'R'}-{number}"
        yield row | {
            "id": key,
            "document_id": key,
            "vendor_name": vendor,
            "vendor_folded": fold(vendor),
            "vendor_key": fold(vendor),
            "invoice_number": invoice_number,
            "invoice_number_folded": fold(invoice_number),
            "number_key": fold(invoice_number),
            "total": total,
            "total_sort": amount_sort_key(total),
            "net_sort": amount_sort_key(total),
            "invoice_date": row["invoice_date"] - timedelta(days=number % 400),
        }
