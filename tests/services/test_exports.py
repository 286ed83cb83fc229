"""Exports take exactly what is filtered, page by page."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from src.domain.document import JobState
from src.domain.errors import InvalidInput
from src.domain.results import ResultQuery, SortKey
from src.exporting.csv import CsvFormat, CsvLinesFormat
from src.exporting.jsonl import JsonLinesFormat
from src.exporting.xlsx import XlsxFormat
from src.ports import ExportFormat
from src.services import exports
from src.services.exports import ExportService
from tests.services.conftest import House
from tests.storage.factory import BROKEN, document, result


def service(house: House, *formats: ExportFormat) -> ExportService:
    made = formats or (JsonLinesFormat(), CsvFormat(), CsvLinesFormat(), XlsxFormat())
    return ExportService(uow=house.uow, formats=made, clock=house.clock)


async def fill(house: House, count: int) -> None:
    async with house.uow(write=True) as documents:
        for number in range(count):
            kept = document(received_at=house.clock() + timedelta(seconds=number))
            await documents.add(kept, JobState.QUEUED, None)
            vendor = None if number % 3 == 0 else f"Vendor {number:03}"
            await documents.succeed(kept.id, result(kept, vendor=vendor), 1.0)
        await documents.add(document(), JobState.FAILED, BROKEN)


async def lines(house: House, query: ResultQuery) -> list[dict[str, object]]:
    pieces = [piece async for piece in service(house).write(JsonLinesFormat(), query)]
    return [json.loads(line) for line in b"".join(pieces).splitlines()]


@pytest.mark.parametrize("sort", list(SortKey))
async def test_every_row_once_in_the_order_of_the_list(
    house: House, monkeypatch: pytest.MonkeyPatch, sort: SortKey
) -> None:
    monkeypatch.setattr(exports, "_ROWS", 7)
    await fill(house, 23)
    async with house.uow() as documents:
        listed = await documents.query(ResultQuery(limit=100, sort=sort))
    assert listed.total == 24
    found = await lines(house, ResultQuery(limit=1, cursor="any", sort=sort))
    assert [row["file_id"] for row in found] == [item.document.id for item in listed.items]


async def test_filters_hold(house: House) -> None:
    await fill(house, 6)
    found = await lines(house, ResultQuery(vendor="vendor"))
    assert len(found) == 4
    assert await lines(house, ResultQuery(vendor="nobody")) == []
    assert len(await lines(house, ResultQuery(state=JobState.FAILED))) == 1


async def test_whole_results_go_with_their_rows(house: House) -> None:
    await fill(house, 2)
    found = await lines(house, ResultQuery(state=JobState.SUCCEEDED))
    for row in found:
        invoice = row["invoice"]
        assert isinstance(invoice, dict)
        assert invoice["invoice_number"] == row["invoice_number"]
    (failed,) = await lines(house, ResultQuery(state=JobState.FAILED))
    assert failed["invoice"] is None


def test_formats_are_chosen_by_name_and_by_what_a_row_is(house: House) -> None:
    known = service(house)
    with pytest.raises(InvalidInput, match="jsonl, csv, xlsx"):
        known.format("pdf")
    assert known.file_name(known.format("xlsx", of_lines=True)) == "invoices-2026-03-14-0930.xlsx"
    of_lines = known.format("csv", of_lines=True)
    assert known.file_name(of_lines) == "invoice-lines-2026-03-14-0930.csv"
    assert not known.format("csv").of_lines


async def test_a_reader_that_goes_away_leaves_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    await fill(house, 3)
    pieces = service(house).write(XlsxFormat(), ResultQuery())
    assert (await anext(pieces)).startswith(b"PK")
    assert await asyncio.to_thread(_exports, tmp_path)
    await pieces.aclose()
    assert not await asyncio.to_thread(_exports, tmp_path)


def _exports(folder: Path) -> list[Path]:
    return list(folder.glob("export-*"))
