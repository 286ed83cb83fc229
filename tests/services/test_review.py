"""People correct, approve and reject; everything they do is written down."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from src.domain.corrections import Change, Correction
from src.domain.document import JobState, Origin, SourceFile
from src.domain.errors import Conflict, CorruptDocument, InvalidInput, NotFound, StorageFailed
from src.domain.history import Action, HistoryEntry
from src.domain.results import ProcessedInvoice, ResultRecord
from src.domain.review import ReviewStatus
from src.ports import DocumentRepository
from tests.services.conftest import House
from tests.services.stand_ins import NumberEngine

# What the engine did not find, so that nothing is missing any more.
REST = (
    ("issue_date", "2026-03-01"),
    ("currency", "EUR"),
    ("vendor.name", "ACME Ltd"),
    ("totals.total", "119.00"),
)


class Notes:
    """A listener that remembers, and fails when it is told to."""

    def __init__(self) -> None:
        self.learned: list[ProcessedInvoice] = []
        self.fails = False

    async def learn(self, documents: DocumentRepository, result: ProcessedInvoice) -> None:
        if self.fails:
            raise StorageFailed("No space.")
        self.learned.append(result)


async def take(house: House, tmp_path: Path, content: bytes = b"bytes") -> str:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    receipt = await house.intake().take(
        SourceFile(name="a.pdf", origin=Origin.FOLDER, received_at=house.clock(), path=path)
    )
    return receipt.file_id


async def processed(house: House, tmp_path: Path, content: bytes = b"bytes") -> str:
    house.engines = [NumberEngine()]
    result_id = await take(house, tmp_path, content)
    assert await house.run_next()
    return result_id


def changing(*changes: tuple[str, object]) -> Correction:
    return Correction(changes=tuple(Change(*each) for each in changes))


async def row(house: House, result_id: str) -> ResultRecord:
    return await house.results().get(result_id)


async def history(house: House, result_id: str) -> tuple[HistoryEntry, ...]:
    return await house.review().history(result_id)


def on_disk(house: House, result_id: str) -> dict[str, object]:
    (path,) = house.folder.glob(f"*/{result_id}/invoice.json")
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return content


async def test_a_correction_is_checked_saved_and_told(house: House, tmp_path: Path) -> None:
    result_id = await processed(house, tmp_path)
    before = await row(house, result_id)
    assert before.version == 1
    assert before.review_status is ReviewStatus.NEEDS_REVIEW

    made = await house.review().correct(result_id, 1, changing(*REST), by="key")

    assert made.record.version == 2
    assert made.record.review_status is ReviewStatus.ACCEPTED
    assert (made.record.vendor_name, str(made.record.total)) == ("ACME Ltd", "119.00")
    assert made.result.approved_by is None
    assert made.result.review_reasons == ()
    assert made.record == await row(house, result_id)
    assert (await house.results().whole(result_id))[1] == made.result
    assert ProcessedInvoice.model_validate(on_disk(house, result_id)) == made.result
    last = (await history(house, result_id))[-1]
    assert (last.action, last.by, last.version) == (Action.CORRECTED, "key", 2)
    assert {change.field: change.after for change in last.changes} == dict(REST)
    assert last.at == house.clock()


async def test_findings_come_and_go_with_the_values(house: House, tmp_path: Path) -> None:
    result_id = await processed(house, tmp_path)
    wrong = changing(*REST, ("due_date", "2026-02-01"))
    checked = await house.review().check(result_id, 1, wrong, by="key")
    assert "due-date-before-issue" in {finding.code for finding in checked.findings}
    assert (await row(house, result_id)).version == 1
    assert len(await history(house, result_id)) == 2

    await house.review().correct(result_id, 1, wrong, by="key")
    assert "due-date-before-issue" in (await row(house, result_id)).finding_codes
    await house.review().correct(result_id, 2, changing(("due_date", "2026-04-01")), by="key")
    assert "due-date-before-issue" not in (await row(house, result_id)).finding_codes


async def test_what_follows_by_arithmetic_is_offered_and_is_no_disagreement(
    house: House, tmp_path: Path
) -> None:
    result_id = await processed(house, tmp_path)
    amounts = (("totals.subtotal", "100.00"), ("totals.tax_total", "19.00"))
    await house.review().correct(result_id, 1, changing(*REST, *amounts), by="key")
    more_tax = changing(("totals.tax_total", "20.00"))
    checked = await house.review().check(result_id, 2, more_tax, by="key")
    made = (await house.review().correct(result_id, 2, more_tax, by="key")).result
    for result in (checked, made):
        (offer,) = result.alternatives
        assert (offer.field, offer.reading.value) == ("totals.total", "120.00")
        assert result.invoice.totals.total is not None
        assert str(result.invoice.totals.total.value) == "119.00"
        assert "total-mismatch" in {finding.code for finding in result.findings}
    taken = changing(("totals.total", "120.00"))
    agreed = await house.review().correct(result_id, 3, taken, by="key")
    assert agreed.result.alternatives == ()
    assert "total-mismatch" not in agreed.record.finding_codes
    assert "engines-disagree" not in agreed.record.finding_codes


async def test_what_an_engine_read_is_still_checked_against_the_page(
    house: House, tmp_path: Path
) -> None:
    """The words of the pages are kept with the document, and read again where they are gone."""
    result_id = await processed(house, tmp_path)
    (kept,) = house.folder.glob(f"*/{result_id}/words.json.gz")
    for damage in (lambda: None, lambda: kept.write_bytes(b"\x1f\x8bnonsense"), kept.unlink):
        damage()
        checked = await house.review().check(result_id, 1, changing(*REST), by="key")
        assert not {"value-not-on-page", "missing-field"} & {f.code for f in checked.findings}
        assert checked.review_status is ReviewStatus.ACCEPTED
    assert kept.exists()


async def test_of_two_corrections_on_one_version_one_is_refused(
    house: House, tmp_path: Path
) -> None:
    result_id = await processed(house, tmp_path)

    async def correct(total: str) -> str | Conflict:
        try:
            await house.review().correct(result_id, 1, changing(("totals.total", total)), by="key")
        except Conflict as conflict:
            return conflict
        return total

    answers = await asyncio.gather(*(correct(f"{number}.00") for number in range(8)))
    winners = [answer for answer in answers if isinstance(answer, str)]
    assert len(winners) == 1
    record = await row(house, result_id)
    assert (record.version, str(record.total)) == (2, winners[0])
    kept = ProcessedInvoice.model_validate(on_disk(house, result_id))
    assert kept.invoice.totals.total is not None
    assert str(kept.invoice.totals.total.value) == winners[0]
    actions = [entry.action for entry in await history(house, result_id)]
    assert actions == [Action.RECEIVED, Action.PROCESSED, Action.CORRECTED]


async def test_a_correction_that_changes_nothing_writes_nothing(
    house: House, tmp_path: Path
) -> None:
    result_id = await processed(house, tmp_path)
    made = await house.review().correct(
        result_id, 1, changing(("invoice_number", "RE-7")), by="key"
    )
    assert made.record.version == 1
    assert len(await history(house, result_id)) == 2


async def test_a_wrong_value_saves_nothing(house: House, tmp_path: Path) -> None:
    result_id = await processed(house, tmp_path)
    with pytest.raises(InvalidInput, match=r"totals\.total"):
        await house.review().correct(
            result_id, 1, changing(*REST[:2], ("totals.total", "much")), by="key"
        )
    assert (await row(house, result_id)).version == 1


async def test_a_person_approves_whatever_the_findings(house: House, tmp_path: Path) -> None:
    house.listener = notes = Notes()
    result_id = await processed(house, tmp_path)
    made = await house.review().approve(result_id, 1, by="key")
    assert made.record.review_status is ReviewStatus.ACCEPTED
    assert made.result.approved_by == "key"
    assert made.result.findings
    assert notes.learned == [made.result]
    assert on_disk(house, result_id)["approved_by"] == "key"

    # Other values are another invoice: nobody has approved those.
    changed = await house.review().correct(
        result_id, 2, changing(("invoice_number", "RE-8")), by="local"
    )
    assert changed.result.approved_by is None
    assert changed.record.review_status is ReviewStatus.NEEDS_REVIEW
    assert len(notes.learned) == 1


async def test_an_approval_that_cannot_be_learned_from_is_none(
    house: House, tmp_path: Path
) -> None:
    house.listener = notes = Notes()
    result_id = await processed(house, tmp_path)
    notes.fails = True
    with pytest.raises(StorageFailed):
        await house.review().approve(result_id, 1, by="key")
    assert (await row(house, result_id)).version == 1
    assert (await history(house, result_id))[-1].action is Action.PROCESSED
    assert on_disk(house, result_id)["approved_by"] is None


async def test_a_rejection_keeps_its_reason(house: House, tmp_path: Path) -> None:
    result_id = await processed(house, tmp_path)
    await house.review().approve(result_id, 1, by="key")
    made = await house.review().reject(result_id, 2, "Not our company.", by="local")
    assert made.record.review_status is ReviewStatus.REJECTED
    assert made.result.approved_by is None
    last = (await history(house, result_id))[-1]
    assert (last.action, last.reason, last.version) == (Action.REJECTED, "Not our company.", 3)
    assert on_disk(house, result_id)["review_status"] == "rejected"


async def test_what_cannot_be_reviewed(house: House, tmp_path: Path) -> None:
    review = house.review()
    house.engines = [NumberEngine()]
    first = await take(house, tmp_path)
    with pytest.raises(Conflict, match="being processed"):
        await review.approve(first, 0, by="key")
    copy = await take(house, tmp_path)
    assert await house.run_next()
    with pytest.raises(Conflict, match=first):
        await review.approve(copy, 0, by="key")
    with pytest.raises(Conflict, match="version 1"):
        await review.reject(first, 2, "late", by="key")
    with pytest.raises(NotFound):
        await review.approve("0" * 32, 1, by="key")

    house.inspector.refusal = CorruptDocument("cut off")
    refused = await take(house, tmp_path, b"half")
    with pytest.raises(Conflict, match="no result"):
        await review.check(refused, 0, Correction(), by="key")
    told = await history(house, refused)
    assert [(entry.action, entry.by, entry.reason) for entry in told] == [
        (Action.RECEIVED, "folder", None),
        (Action.FAILED, "service", "cut off"),
    ]


async def test_reading_again_keeps_what_people_corrected(house: House, tmp_path: Path) -> None:
    result_id = await processed(house, tmp_path)
    await house.review().correct(result_id, 1, changing(*REST), by="key")
    await house.results().retry(result_id, "number", by="key")
    with pytest.raises(Conflict, match="being processed"):
        await house.review().approve(result_id, 2, by="key")
    assert await house.run_next()

    record = await row(house, result_id)
    assert (record.version, record.vendor_name) == (3, None)
    entries = await history(house, result_id)
    assert [entry.action for entry in entries[2:]] == [
        Action.CORRECTED,
        Action.REPROCESSED,
        Action.PROCESSED,
    ]
    assert entries[3].reason == "By the engine number."
    kept = await replaced(house, result_id)
    assert [one.invoice.vendor.name is None for one in kept] == [True, False]


async def replaced(house: House, result_id: str) -> list[ProcessedInvoice]:
    """The whole results that events replaced, oldest first."""
    async with house.uow() as documents:
        connection = documents._connection  # type: ignore[attr-defined]
        rows = await connection.execute(
            text("SELECT replaced FROM events WHERE document_id = :id ORDER BY id"),
            {"id": result_id},
        )
    return [ProcessedInvoice.model_validate_json(each) for (each,) in rows if each]


async def test_a_queued_job_is_moved_and_called_off(house: House, tmp_path: Path) -> None:
    review = house.review()
    house.engines = [NumberEngine()]
    first = await take(house, tmp_path, b"first")
    second = await take(house, tmp_path, b"second")
    third = await take(house, tmp_path, b"third")
    assert (await review.prioritise(second, 10, by="key")).priority == 10
    await review.prioritise(second, 10, by="key")
    assert (await review.prioritise(third, -1, by="key")).priority == -1
    assert (await review.cancel(third, by="local")).state is JobState.CANCELLED

    assert await house.run_next()
    assert (await row(house, second)).state is JobState.SUCCEEDED
    assert (await row(house, first)).state is JobState.QUEUED
    assert await house.run_next()
    assert not await house.run_next()
    for ended in (first, third):
        with pytest.raises(Conflict, match="only queued"):
            await review.cancel(ended, by="key")
        with pytest.raises(Conflict, match="only queued"):
            await review.prioritise(ended, 1, by="key")
    moved = (await history(house, second))[1]
    assert (moved.action, moved.changes[0].after) == (Action.PRIORITISED, "10")
    assert [entry.action for entry in await history(house, second)].count(Action.PRIORITISED) == 1
    assert (await history(house, third))[-1].by == "local"


async def test_the_queue_goes_from_old_to_new(house: House, tmp_path: Path) -> None:
    review = house.review()
    ids = []
    for number in range(4):
        ids.append(await processed(house, tmp_path, b"%d" % number))
        house.clock.move(60)
    await review.approve(ids[1], 1, by="key")
    status = ReviewStatus.NEEDS_REVIEW
    queue = await review.next(status, None)
    assert (queue.next_id, queue.remaining) == (ids[0], 3)
    assert (await review.next(status, ids[0])).next_id == ids[2]
    assert (await review.next(status, ids[1])).next_id == ids[2]
    assert (await review.next(status, ids[3])).next_id is None
    assert (await review.next(status, "unknown")).next_id == ids[0]
    assert (await review.next(ReviewStatus.ACCEPTED, None)).next_id == ids[1]
    await house.results().delete(ids[0], by="key")
    await house.results().retry(ids[2], by="key")
    queue = await review.next(status, None)
    assert (queue.next_id, queue.remaining) == (ids[3], 1)
    with pytest.raises(NotFound):
        await review.history(ids[0])
