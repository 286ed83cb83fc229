"""What happened to a document stays as it was written."""

from __future__ import annotations

import gzip
import sqlite3
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from src.domain.document import JobState
from src.domain.errors import NotFound
from src.domain.history import Action, FieldChange, HistoryEntry, Revision
from src.domain.page import Box, Concealment, HiddenText, Page, ReadDocument, TextSource, Word
from src.storage import history
from src.storage.database import Database
from src.storage.migrate import alembic_config, upgrade
from src.storage.readings import decode_reading, encode_reading
from src.storage.sqlite import sqlite_path
from src.storage.unit_of_work import SqlUnitOfWork
from tests.storage.factory import BROKEN, MORNING, Hands, document, result

OLD_DOCUMENT = """
INSERT INTO documents (id, name, origin, received_at, digest, size, page_count, stored_as, linked,
                       state, attempt, priority, step, progress, queued_at)
VALUES (:id, 'n', 'folder', :at, 'd', 1, 1, 's', 0, 'succeeded', 1, 0, 'done', 1.0, :at)
"""
OLD_RESULT = """
INSERT INTO processing_results (id, document_id, status, attempt, seconds, created_at,
                                review_status)
VALUES (:id, :id, 'succeeded', 1, 1.0, :at, :status)
"""


async def test_every_change_of_a_document_is_an_event(uow: SqlUnitOfWork, clock: Hands) -> None:
    kept = document()
    change = FieldChange(field="totals.total", before="1", after=None)
    corrected = Revision(by="key", action=Action.CORRECTED, changes=(change,), reason="typo")
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        await documents.add(kept, JobState.QUEUED, None)
        await documents.succeed(kept.id, result(kept), 1.0)
        await documents.revise(kept.id, result(kept, vendor="Other"), corrected)
        await documents.requeue(kept.id, None, by="key")
        await documents.fail(kept.id, BROKEN, 1.0)
        record = await documents.get(kept.id)
        entries = await documents.history(kept.id)
    assert [(entry.action, entry.by, entry.version) for entry in entries] == [
        (Action.RECEIVED, "folder", 0),
        (Action.PROCESSED, "service", 1),
        (Action.CORRECTED, "key", 2),
        (Action.REPROCESSED, "key", 2),
        (Action.FAILED, "service", 2),
    ]
    assert entries[2] == HistoryEntry(
        id=entries[2].id,
        at=MORNING,
        by="key",
        action=Action.CORRECTED,
        version=2,
        changes=(change,),
        reason="typo",
    )
    assert (record.version, record.vendor_name) == (2, "Other")
    assert entries[4].reason == BROKEN.message


async def test_the_latest_events_are_told_newest_last(
    uow: SqlUnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MOST", 3)
    kept = document()
    async with uow(write=True) as documents:
        await documents.add(kept, JobState.QUEUED, None)
        for priority in range(1, 6):
            await documents.prioritise(kept.id, priority, by="key")
        entries = await documents.history(kept.id)
        with pytest.raises(NotFound):
            await documents.history("0" * 32)
    assert [entry.changes[0].after for entry in entries] == ["3", "4", "5"]


async def test_an_event_cannot_be_changed(database: Database, uow: SqlUnitOfWork) -> None:
    async with uow(write=True) as documents:
        await documents.add(document(), JobState.QUEUED, None)
    with pytest.raises(IntegrityError, match="never changed"):
        async with database.transaction(write=True) as connection:
            await connection.execute(text("UPDATE events SET by = 'somebody else'"))


def test_results_from_before_have_a_version(database_url: str) -> None:
    path = sqlite_path(database_url)
    assert path is not None
    path.parent.mkdir()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for name, status in (("a", "accepted"), ("b", None)):
            values = {"id": name, "at": "2026-03-09 08:30:00.000000", "status": status}
            connection.execute(text(OLD_DOCUMENT), values)
            connection.execute(text(OLD_RESULT), values)
    engine.dispose()
    upgrade(database_url)
    with sqlite3.connect(path) as after:
        assert after.execute("SELECT id, version FROM documents ORDER BY id").fetchall() == [
            ("a", 1),
            ("b", 0),
        ]
    after.close()


def test_what_was_read_comes_back_without_the_xml() -> None:
    word = Word("Größe", Box(0.1, 0.2, 0.3, 0.4), 0.5, TextSource.OCR)
    page = Page(1, 595.0, 842.0, 90, TextSource.OCR, (word,))
    read = ReadDocument(
        pages=(page,),
        embedded_xml=b"\xff<Invoice/>",
        notes=("Page 1: read by OCR.",),
        hidden=(HiddenText(1, "pay here", Concealment.TINY),),
        active_content=("JavaScript",),
    )
    content = encode_reading(read)
    assert decode_reading(content) == replace(read, embedded_xml=None)
    for damaged in (b"", content[:20], content[:-9] + b"123456789", encode_other()):
        assert decode_reading(damaged) is None


def encode_other() -> bytes:
    return gzip.compress(b'{"pages": [{"number": "one"}]}')
