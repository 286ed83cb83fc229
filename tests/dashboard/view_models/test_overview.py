"""Figures, trends, and what an operator looks at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.answers.results import Finding, History, ResultDetail, ResultItem
from dashboard.answers.service import (
    Amounts,
    ErrorStats,
    LogLine,
    Part,
    Setting,
    Stats,
    Status,
    TimeSeries,
)
from dashboard.problems import (
    ApiFailed,
    ApiProblem,
    ApiRefused,
    ApiSlow,
    ApiUnreachable,
    Changed,
    InvalidInput,
    NotThere,
)
from dashboard.view_models import operations, overview, review
from dashboard.view_models.formats import NOTHING, Formats
from dashboard.view_models.notices import trouble
from tests.dashboard.documents import ITEM, MISMATCH, detail
from tests.dashboard.fake_api import AMOUNTS, EMPTY_STATS, ERRORS, HISTORY, NOW, STATS, STATUS

FORMATS = Formats.of("en-GB", "Europe/London")


def buckets(*counts: dict[str, Any]) -> TimeSeries:
    """A day each, the last one today."""
    start = NOW - timedelta(days=len(counts) - 1)
    return TimeSeries.model_validate(
        {"items": [{"start": start + timedelta(days=n)} | c for n, c in enumerate(counts)]}
    )


def snapshot(days: TimeSeries, stats: dict[str, Any] = STATS) -> overview.Snapshot:
    return overview.Snapshot(
        at=NOW,
        stats=Stats.model_validate(stats),
        to_review=4,
        running=(),
        trends=overview.Trends(
            days=days,
            hours=buckets({"processed": 7}),
            errors=ErrorStats.model_validate(ERRORS),
            amounts=Amounts.model_validate(AMOUNTS),
        ),
    )


BUSY = {
    "processed": 10,
    "successful": 8,
    "failed": 2,
    "accepted": 5,
    "needs_review": 2,
    "rejected": 1,
    "straight_through": 4,
    "seconds_p95": 4.56,
    "engines": {"layout": 6, "einvoice": 2},
}


def test_figures() -> None:
    shown = overview.figures(snapshot(buckets(*[BUSY] * 9, {})), FORMATS)
    assert {figure.label: figure.value for figure in shown} == {
        "Today": "0",
        "7 days": "60",
        "30 days": "90",
        "This hour": "7",
        "To review": "4",
        "In the queue": "3",
        "Succeeded": "80%",
        "Straight through": "50%",
        "Failed": "18",
        "Average time": "2.5 s",
        "95 % within": "4.6 s",
    }


def test_no_rates_before_the_first_result() -> None:
    shown = overview.figures(snapshot(buckets(), EMPTY_STATS), FORMATS)
    values = {figure.label: figure.value for figure in shown}
    assert {
        values[n] for n in ("Succeeded", "Straight through", "Average time", "95 % within")
    } == {NOTHING}


def test_first_run_is_over_with_the_first_file() -> None:
    assert overview.is_first_run(snapshot(buckets(), EMPTY_STATS))
    assert not overview.is_first_run(snapshot(buckets(), EMPTY_STATS | {"processing": 1}))


def test_days_without_work_keep_their_place() -> None:
    taken = snapshot(buckets(BUSY, {}, BUSY))
    assert len({point.start for point in overview.by_day(taken)}) == 3
    engines = [(p.series, p.count) for p in overview.by_engine(taken)]
    assert engines[:4] == [
        ("E-invoice (XML)", 2),
        ("Embedded (layout)", 6),
        ("E-invoice (XML)", 0),
        ("Embedded (layout)", 0),
    ]
    first = {p.series: p.count for p in overview.by_day(taken)[:4]}
    assert first == {"Accepted": 5, "Needs review": 2, "Rejected": 1, "Failed": 2}
    assert [point.count for point in overview.by_hour(taken)] == [7]


def test_last_day_is_24_hours_that_have_begun() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    hours = TimeSeries.model_validate(
        {"items": [{"start": start + timedelta(hours=n)} for n in range(48)]}
    )
    found = overview.last_day(hours, start + timedelta(hours=30, minutes=5)).items
    assert (found[0].start, found[-1].start) == (
        start + timedelta(hours=7),
        start + timedelta(hours=30),
    )


def test_tables() -> None:
    taken = snapshot(buckets())
    assert overview.top_errors(taken, FORMATS) == [{"Error": "Encrypted document", "Count": "3"}]
    assert overview.amounts_by_currency(taken, FORMATS) == [
        {"Invoices": "12", "Total": "45,678.90 EUR"}
    ]
    assert overview.amounts_by_vendor(taken, FORMATS) == [
        {"Vendor": "Example & Sons", "Invoices": "7", "Total": "30,000.00 EUR"}
    ]


@pytest.mark.parametrize(("progress", "shown"), [(0.4, 0.4), (1.7, 1.0), (-1.0, 0.0)])
def test_progress_stays_on_its_bar(progress: float, shown: float) -> None:
    item = ResultItem.model_validate(ITEM | {"step": "reading", "progress": progress})
    at = overview.at_work(item)
    assert (at.progress, at.step) == (shown, "reading the page")


# Review: heading, reasons, history


def test_heading() -> None:
    shown = review.heading(ResultDetail.model_validate(detail()), FORMATS)
    assert (shown.who, shown.status, shown.colour) == ("Example & Sons", "Needs review", "orange")
    assert shown.what == "Invoice 2026-17 · 1 Mar 2026 · 129.00 EUR · march.pdf"


def test_heading_of_what_a_person_approved_and_of_nothing_read() -> None:
    approved = detail(review_status="accepted", approved_by="desk-2", vendor_name=None)
    shown = review.heading(ResultDetail.model_validate(approved), FORMATS)
    assert (shown.who, shown.status) == ("Unknown vendor", "Approved by desk-2")


def test_reasons_in_words() -> None:
    reasons = ["total-mismatch", "low-confidence:totals.total", "missing:vendor.name", "odd:x"]
    told = review.reasons(ResultDetail.model_validate(detail(review_reasons=reasons)))
    assert told == ("Total mismatch", "Total is uncertain", "Vendor is missing", "Odd:x")


def test_findings_that_a_draft_resolves() -> None:
    one = Finding.model_validate(MISMATCH)
    other = Finding.model_validate(MISMATCH | {"fields": ["totals.amount_due"]})
    assert review.gone_findings((one,), ()) == 1
    assert review.gone_findings((one,), (one, other)) == 0
    assert review.gone_findings((one,), (other,)) == 1


def test_history_is_newest_first_with_before_and_after() -> None:
    rows = review.history_rows(History.model_validate(HISTORY), "EUR", FORMATS)
    assert rows[0] == {
        "When": "02/03/2026, 11:00",
        "Who": "desk-2",
        "What": "Corrected",
        "Field": "Total",
        "Before": "129.00 EUR",
        "After": "120.00 EUR",
    }
    assert (rows[1]["What"], rows[1]["Who"]) == ("Received", NOTHING)


# Operation


def test_parts_and_machine() -> None:
    status = Status.model_validate(STATUS)
    assert [(mark.name, mark.colour) for mark in operations.services(status)] == [
        ("Invoice processor", "green"),
        ("Extraction engine", "orange"),
    ]
    assert [(mark.name, mark.state) for mark in operations.engines(status)] == [
        ("Embedded (layout)", "Ready")
    ]
    assert operations.overall(status).state == "Degraded"
    assert {f.label: f.value for f in operations.machine(status, FORMATS)}[
        "Free disk"
    ] == "117.7 MB"


def test_state_nobody_knows_is_named_and_grey() -> None:
    status = Status.model_validate(STATUS).model_copy(
        update={"services": {"mail_box": Part(state="half_awake")}, "status": "unhealthy"}
    )
    (mark,) = operations.services(status)
    assert (mark.name, mark.state, mark.colour) == ("Mail box", "Half awake", "gray")
    assert operations.overall(status).colour == "red"


def test_log_is_newest_first() -> None:
    lines = (LogLine(level="INFO", message="one"), LogLine(level="ERROR", message="two"))
    assert [row["Message"] for row in operations.log_rows(lines, FORMATS)] == ["two", "one"]


def test_errors_by_kind_and_day() -> None:
    stats = ErrorStats.model_validate(ERRORS)
    (kind,) = operations.error_kinds(stats, FORMATS)
    assert (kind.title, kind.count, kind.latest) == ("Encrypted document", "3", "29/03/2026, 10:00")
    assert [(p.series, p.count) for p in operations.errors_by_day(stats)] == [
        ("Encrypted document", 3)
    ]


def test_settings_as_text() -> None:
    settings = (
        Setting(name="debug", value=True, default=False, changed=True),
        Setting(name="formats", value=["pdf", "png"], default=None),
        Setting(name="other", value={"a": 1}, default=""),
    )
    rows = operations.setting_rows(settings, "")
    assert [(row["Value"], row["Default"], row["Changed"]) for row in rows] == [
        ("yes", "no", "changed"),
        ("pdf, png", NOTHING, ""),
        ('{"a": 1}', NOTHING, ""),
    ]
    assert [row["Setting"] for row in operations.setting_rows(settings, " FORM ")] == ["FORMATS"]


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        (ApiUnreachable("No answer."), "./start_api.sh"),
        (ApiSlow("Too long."), "busy"),
        (ApiRefused("Send a key.", 401), "DASHBOARD_API_KEY"),
        (Changed("By somebody."), "Load it again"),
        (InvalidInput("No."), "Correct what is named"),
        (NotThere("No."), "deleted"),
        (ApiFailed("503"), "errors.log"),
    ],
)
def test_each_problem_has_its_remedy(problem: ApiProblem, remedy: str) -> None:
    found = trouble(problem)
    assert found.message == str(problem)
    assert remedy in found.remedy
