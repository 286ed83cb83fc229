"""What pages show for what the API answered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard.client import ApiFailed, ApiProblem, ApiRefused, ApiUnreachable, ResultItem, Stats
from dashboard.view_models import amount, figures, rows, status, trouble
from tests.dashboard.fake_api import ITEM, STATS


def test_figures() -> None:
    shown = {figure.label: figure.value for figure in figures(Stats.model_validate(STATS))}
    assert shown == {
        "Processed": "150",
        "Successful": "95%",
        "Failed": "8",
        "Waiting": "3",
        "In work": "1",
        "Seconds each": "2.5",
    }


def test_no_rate_before_the_first_result() -> None:
    empty = STATS | {"successful": 0, "failed": 0, "total_processed": 0}
    assert figures(Stats.model_validate(empty))[1].value == "–"


def test_rows_are_text() -> None:
    (row,) = rows((ResultItem.model_validate(ITEM),))
    assert row == {
        "Received": "2024-03-02 10:00",
        "File": "march.pdf",
        "Status": "Needs review",
        "Vendor": "Example & Sons",
        "Invoice": "2024-17",
        "Date": "2024-03-01",
        "Total": "1,234.50 EUR",
        "Findings": "total-mismatch",
        "Engine": "layout",
    }


def test_row_of_a_document_without_a_result() -> None:
    (row,) = rows((ResultItem(file_id="1", file_name="a.pdf", state="failed"),))
    assert row["Status"] == "Failed"
    assert {row[name] for name in ("Received", "Vendor", "Date", "Total", "Engine")} == {""}


@pytest.mark.parametrize(
    ("state", "review", "shown"),
    [
        ("queued", None, "Waiting"),
        ("running", None, "In work"),
        ("succeeded", "accepted", "Accepted"),
        ("succeeded", None, "Done"),
        ("paused", None, "paused"),
    ],
)
def test_status(state: str, review: str | None, shown: str) -> None:
    item = ResultItem(file_id="1", file_name="a.pdf", state=state, review_status=review)
    assert status(item) == shown


@pytest.mark.parametrize(
    ("total", "currency", "shown"),
    [
        (None, "EUR", ""),
        (Decimal("0.00"), None, "0.00"),
        (Decimal("-12000"), "JPY", "-12,000 JPY"),
        (Decimal("1E+3"), "EUR", "1,000 EUR"),
    ],
)
def test_amount(total: Decimal | None, currency: str | None, shown: str) -> None:
    assert amount(total, currency) == shown


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        (ApiUnreachable("No answer."), "./start_api.sh"),
        (ApiRefused("Send a key.", 401), "DASHBOARD_API_KEY"),
        (ApiFailed("503"), "errors.log"),
    ],
)
def test_each_problem_has_its_remedy(problem: ApiProblem, remedy: str) -> None:
    found = trouble(problem)
    assert found.message == str(problem)
    assert remedy in found.remedy
