"""Every format keeps every value, and runs none of them."""

from __future__ import annotations

import csv
import functools
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from src.domain.document import JobState, Step
from src.domain.errors import InvalidInput, StorageFailed
from src.domain.invoice import (
    Address,
    BankAccount,
    Invoice,
    LineItem,
    LineKind,
    Party,
    PaymentDetails,
    Totals,
)
from src.domain.readings import FieldReading, XmlEvidence
from src.domain.results import ResultRecord
from src.domain.review import ReviewStatus
from src.exporting import xlsx
from src.exporting.columns import COLUMNS, LINE_COLUMNS, cells
from src.exporting.csv import CsvFormat, CsvLinesFormat
from src.exporting.jsonl import JsonLinesFormat
from src.exporting.xlsx import XlsxFormat
from src.ports import Export, ExportedResult, ExportFormat
from tests.storage.factory import BROKEN, document, result

EVIL = ("=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")
FORMATS: tuple[ExportFormat, ...] = (
    CsvFormat(),
    CsvLinesFormat(),
    XlsxFormat(),
    JsonLinesFormat(),
)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def record(**changes: object) -> ResultRecord:
    cet = timezone(timedelta(hours=1))
    whole = ResultRecord(
        document=document("a" * 32, received_at=datetime(2026, 3, 9, 0, 30, tzinfo=cet)),
        state=JobState.SUCCEEDED,
        step=Step.DONE,
        progress=1.0,
        attempt=1,
        queued_at=datetime(2026, 3, 9, tzinfo=UTC),
        review_status=ReviewStatus.NEEDS_REVIEW,
        finding_codes=("total-mismatch", "iban"),
        vendor_name='Größe, "Söhne" & Co <img src=x>',
        invoice_number="00123",
        invoice_date=date(2026, 3, 1),
        currency="EUR",
        total=Decimal("-1234.50"),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def read(value: object) -> FieldReading[Any]:
    evidence = XmlEvidence(path="Invoice/X")
    return FieldReading[Any](value=value, evidence=evidence, confidence=1.0, engine="einvoice")


def money(text: str) -> FieldReading[Any]:
    return read(Decimal(text))


def whole(**changes: object) -> ExportedResult:
    """A record with an invoice of two lines."""
    row = record(**changes)
    invoice = Invoice(
        vendor=Party(name=read("ACME"), tax_id=read("DE123"), address=read(Address(text="Ulm"))),
        delivery_date=read(date(2026, 2, 28)),
        payment=PaymentDetails(
            reference=read("+49 RE-7"), accounts=(BankAccount(), BankAccount(iban=read("DE02")))
        ),
        totals=Totals(
            subtotal=money("100.00"), tax_total=money("19.00"), amount_due=money("119.00")
        ),
        line_items=(
            LineItem(
                description=read("=1+1"),
                quantity=money("2"),
                unit_price=money("25.1250"),
                amount=money("50.25"),
                date=read(date(2026, 2, 27)),
            ),
            LineItem(kind=LineKind.INFORMATION, description=read("Thank you")),
        ),
    )
    made = result(row.document).model_copy(update={"invoice": invoice, "approved_by": "key"})
    return ExportedResult(row, made)


def written(export: Export, *pages: Sequence[ResultRecord | ExportedResult]) -> bytes:
    rows = [
        [row if isinstance(row, ExportedResult) else ExportedResult(row, None) for row in page]
        for page in pages
    ]
    try:
        started = b"".join(export.add(page) for page in rows)
        return started + b"".join(export.finish())
    finally:
        export.close()


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_rows(
    content: bytes, number: int = 1, columns: tuple[str, ...] = COLUMNS
) -> list[dict[str, tuple[str, str]]]:
    """(type, text) of every cell that is filled, by its column's name."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read(f"xl/worksheets/sheet{number}.xml")
        root = ElementTree.fromstring(sheet)  # noqa: S314
        assert not root.findall(f".//{SHEET}f"), "a formula"
        links = f"xl/worksheets/_rels/sheet{number}.xml.rels"
        assert links not in book.namelist(), "a link"
    rows = []
    for row in root.iter(f"{SHEET}row"):
        found = {}
        for cell in row.iter(f"{SHEET}c"):
            letters = "".join(letter for letter in cell.get("r", "") if letter.isalpha())
            place = functools.reduce(lambda n, letter: n * 26 + ord(letter) - 64, letters, 0)
            text = "".join(cell.itertext())
            found[columns[place - 1]] = (cell.get("t", "n"), text)
        rows.append(found)
    return rows


def test_csv_opens_in_a_spreadsheet_as_it_was() -> None:
    content = written(CsvFormat().open(), [record()], [], [record(total=None)])
    assert content.startswith(b"\xef\xbb\xbffile_id,")
    assert content.count(b"\r\n") == 3
    first, second = csv_rows(content)
    assert tuple(first) == COLUMNS
    assert first["vendor_name"] == 'Größe, "Söhne" & Co <img src=x>'
    assert (first["total"], first["invoice_date"]) == ("-1234.50", "2026-03-01")
    assert first["received_at"] == "2026-03-08T23:30:00Z"
    assert first["findings"] == "total-mismatch iban"
    assert second["total"] == ""


def test_csv_of_nothing_has_its_heading() -> None:
    assert written(CsvFormat().open()).decode("utf-8-sig").strip().split(",") == list(COLUMNS)


@pytest.mark.parametrize("text", EVIL)
def test_text_that_would_run_is_text(text: str) -> None:
    (row,) = csv_rows(written(CsvFormat().open(), [record(vendor_name=text)]))
    assert row["vendor_name"] == f"'{text}"
    _, cells_of = sheet_rows(written(XlsxFormat().open(), [record(vendor_name=text)]))
    kind, shown = cells_of["vendor_name"]
    assert kind == "inlineStr"
    assert shown == text or "_x" in shown or shown.strip() == text.strip()


def test_a_workbook_has_typed_cells() -> None:
    heading, row = sheet_rows(written(XlsxFormat().open(), [record(vendor_name="https://x.y")]))
    assert [text for _, text in heading.values()] == list(COLUMNS)
    assert row["total"] == ("n", "-1234.50")
    assert row["invoice_number"] == ("inlineStr", "00123")
    # 1 March 2026 and the evening before, counted in days since 1900.
    assert row["invoice_date"] == ("n", "46082")
    assert float(row["received_at"][1]) == pytest.approx(46089 + 23.5 / 24)
    assert row["vendor_name"] == ("inlineStr", "https://x.y")
    assert "due_date" not in row


def test_a_workbook_takes_what_a_sheet_cannot_count() -> None:
    long, old, wide = "x" * 40_000, date(1899, 12, 31), Decimal("12345678901234.5678")
    made = written(XlsxFormat().open(), [record(vendor_name=long, due_date=old, total=wide)])
    row = sheet_rows(made)[1]
    assert row["vendor_name"][1] == "x" * 32_767
    assert row["due_date"] == ("inlineStr", "1899-12-31")
    assert row["total"] == ("inlineStr", "12345678901234.5678")


def test_a_sheet_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 3)
    with pytest.raises(InvalidInput, match="take csv"):
        written(XlsxFormat().open(), [record()] * 3)


def test_a_workbook_that_is_broken_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    export = XlsxFormat().open()
    export.add([whole()] * 100)
    assert list(tmp_path.iterdir())
    export.close()
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    adding, finishing = XlsxFormat().open(), XlsxFormat().open()
    with monkeypatch.context() as broken:
        broken.setattr(type(adding._book.worksheets()[0]), "write_string", full)
        with pytest.raises(StorageFailed, match="take csv"):
            adding.add([whole()])
    adding.close()
    with monkeypatch.context() as broken:
        broken.setattr(type(finishing._book), "_store_workbook", full)
        with pytest.raises(StorageFailed, match="take csv"):
            list(finishing.finish())
    finishing._book.close()  # lets go of the files the failure left open
    finishing.close()


def test_json_lines_hold_the_same_values() -> None:
    content = written(JsonLinesFormat().open(), [record()], [record(failure=BROKEN)])
    first, second = (json.loads(line) for line in content.splitlines())
    assert tuple(first) == (*COLUMNS, "invoice")
    assert first["invoice"] is None
    assert first["total"] == "-1234.50"
    assert first["invoice_date"] == "2026-03-01"
    assert first["received_at"] == "2026-03-08T23:30:00Z"
    assert first["pages"] == 2
    assert second["error"] == BROKEN.message


def test_a_result_tells_more_than_the_list() -> None:
    (row,) = csv_rows(written(CsvFormat().open(), [whole()]))
    wanted = {
        "approved_by": "key",
        "vendor_name": 'Größe, "Söhne" & Co <img src=x>',
        "vendor_tax_id": "DE123",
        "delivery_date": "2026-02-28",
        "subtotal": "100.00",
        "tax": "19.00",
        "amount_due": "119.00",
        "iban": "DE02",
        "bic": "",
        "payment_reference": "'+49 RE-7",
    }
    assert wanted.items() <= row.items()


def test_lines_are_rows_of_their_own() -> None:
    content = written(CsvLinesFormat().open(), [whole()], [record()])
    first, second = csv_rows(content)
    assert tuple(first) == LINE_COLUMNS
    assert (first["line"], first["description"], first["amount"]) == ("1", "'=1+1", "50.25")
    assert (first["unit_price"], first["date"]) == ("25.1250", "2026-02-27")
    assert first["invoice_number"] == "00123"
    assert (second["line"], second["kind"], second["amount"]) == ("2", "information", "")


def test_a_workbook_has_the_lines_on_a_second_sheet() -> None:
    content = written(XlsxFormat().open(), [whole()], [whole(), record()])
    assert len(sheet_rows(content)) == 4
    heading, first, *others = sheet_rows(content, 2, LINE_COLUMNS)
    assert [text for _, text in heading.values()] == list(LINE_COLUMNS)
    assert first["line"] == ("n", "1")
    assert first["unit_price"] == ("n", "25.1250")
    assert first["description"][0] == "inlineStr"
    assert len(others) == 3


def test_json_lines_hold_the_whole_invoice() -> None:
    (row,) = map(json.loads, written(JsonLinesFormat().open(), [whole()]).splitlines())
    invoice = row["invoice"]
    assert invoice["totals"] == {"subtotal": "100.00", "tax_total": "19.00", "amount_due": "119.00"}
    assert invoice["vendor"] == {"name": "ACME", "address": {"text": "Ulm"}, "tax_id": "DE123"}
    # Positions are kept where entries are empty.
    assert invoice["payment"]["accounts"] == [{}, {"iban": "DE02"}]
    assert invoice["line_items"][1] == {"kind": "information", "description": "Thank you"}
    assert invoice["line_items"][0]["date"] == "2026-02-27"
    assert "customer" not in invoice


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: type(each).__name__)
def test_every_format_takes_every_row(format_: ExportFormat) -> None:
    """The contract of a format: pages of any size, none at all, and closing twice."""
    assert len(cells(whole())) == len(COLUMNS)
    books: list[list[list[ResultRecord]]] = [[], [[]], [[record()] * 5], [[record()], [record()]]]
    for pages in books:
        export = format_.open()
        assert isinstance(written(export, *pages), bytes)
        export.close()
    assert "/" in format_.media_type
