"""Tables of results and the search behind them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dashboard.answers.results import Receipt, ResultItem
from dashboard.view_models.formats import Formats
from dashboard.view_models.listing import (
    HEADER_SORTS,
    SORTS,
    Search,
    invoice_rows,
    job_rows,
    job_state,
    row_count,
    sorted_by,
    upload_outcome,
)
from dashboard.view_models.words import engine, in_words, status
from tests.dashboard.documents import ITEM

FORMATS = Formats.of("en-GB", "Europe/London")


def item(**changed: Any) -> ResultItem:
    return ResultItem.model_validate(ITEM | changed)


def test_rows_are_text() -> None:
    (row,) = invoice_rows((item(),), FORMATS)
    assert row == {
        "Status": "Needs review",
        "Vendor": "Example & Sons",
        "Invoice": "2026-17",
        "Date": "1 Mar 2026",
        "Total": "1,234.50 EUR",
        "Findings": "Total mismatch",
        "Received": "02/03/2026, 10:00",
    }


def test_row_of_a_document_without_a_result() -> None:
    (row,) = invoice_rows((ResultItem(file_id="1", file_name="a.pdf", state="failed"),), FORMATS)
    assert row["Status"] == "Failed"
    assert row["Vendor"] == "(a.pdf)"
    assert {row[name] for name in ("Received", "Date", "Total", "Findings")} == {""}


def test_finding_of_many_lines_is_named_once() -> None:
    codes = ["line-amount-mismatch", "line-amount-mismatch", "total-mismatch"]
    (row,) = invoice_rows((item(finding_codes=codes),), FORMATS)
    assert row["Findings"] == "Line amount mismatch, Total mismatch"


@pytest.mark.parametrize(
    ("state", "review", "shown"),
    [
        ("queued", None, "In the queue"),
        # It is read again; what it was decided before does not count.
        ("running", "accepted", "In work"),
        ("succeeded", "accepted", "Accepted"),
        ("succeeded", "archived", "archived"),
        ("succeeded", None, "Done"),
        ("paused", None, "paused"),
    ],
)
def test_status(state: str, review: str | None, shown: str) -> None:
    assert status(item(state=state, review_status=review)) == shown


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"state": "running", "progress": 0.4, "step": "reading"}, "40%, reading the page"),
        ({"state": "queued"}, "In the queue"),
        ({"state": "queued", "priority": 10}, "Goes first"),
        (
            {"state": "queued", "next_attempt_at": datetime(2026, 3, 2, 11, tzinfo=UTC)},
            "Next try 02/03/2026, 11:00",
        ),
        ({"state": "failed"}, "Failed"),
    ],
)
def test_job_state(changed: dict[str, Any], shown: str) -> None:
    assert job_state(item(**changed), FORMATS) == shown


def test_job_row_tells_what_happened() -> None:
    failed = item(state="failed", error={"error_type": "X", "detail": "Damaged."}, attempt=2)
    (row,) = job_rows((failed,), FORMATS)
    assert (row["What happened"], row["Tries"]) == ("Damaged.", "2")


def test_search_becomes_filters() -> None:
    search = Search(
        vendor=" Example ",
        status="Failed",
        currency="eur",
        engine="layout",
        finding="Total mismatch",
        date_from=date(2026, 1, 1),
        date_to=date(2026, 2, 1),
        total_min=Decimal("0"),
        total_max=Decimal("1E+3"),
    )
    assert search.filters() == {
        "vendor": "Example",
        "state": "failed",
        "currency": "EUR",
        "engine": "layout",
        "finding": "total-mismatch",
        "date_from": "2026-01-01",
        "date_to": "2026-02-01",
        "total_min": "0",
        "total_max": "1000",
    }
    assert Search().filters() == {}


def test_order_that_is_unknown_is_the_newest_first() -> None:
    assert Search(sort="by colour").order() == {"sort": "received_at", "order": "desc"}


@pytest.mark.parametrize("column", HEADER_SORTS)
def test_second_click_on_a_heading_turns_the_order(column: str) -> None:
    _, first = sorted_by("none of them", column)
    label, second = sorted_by(first, column)
    assert label[-1] in "↑↓"
    assert second != first
    assert sorted_by(second, column)[1] == first
    assert {first, second} <= set(SORTS)


def test_row_count() -> None:
    assert row_count(50, 50, 1234, FORMATS) == "51 to 100 of 1,234"
    assert row_count(0, 0, 0, FORMATS) == "No invoices match"


def test_upload_outcome() -> None:
    assert upload_outcome(Receipt(state="queued")) == "taken, in the queue"
    assert "known already" in upload_outcome(Receipt(state="queued", duplicate_of="1"))


def test_words() -> None:
    assert in_words("EngineTimeout") == "Engine timeout"
    assert in_words("total-mismatch") == "Total mismatch"
    assert in_words("") == ""
    assert engine(None) == ""
    assert engine("another") == "another"
