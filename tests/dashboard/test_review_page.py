"""The review page: what it shows, sends, and does after a decision."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.review_desk import key_of
from tests.dashboard.conftest import opened, words
from tests.dashboard.documents import FILE_ID, NEXT_ID
from tests.dashboard.fake_api import FakeApi


def desk_data(app: AppTest) -> dict[str, Any]:
    """What the component was given."""
    (element,) = app.get("bidi_component")
    data: dict[str, Any] = json.loads(element.proto.json)
    return data


def fields(app: AppTest) -> dict[str, dict[str, Any]]:
    return {field["path"]: field for group in desk_data(app)["groups"] for field in group["fields"]}


def typed(app: AppTest, version: int = 1, **values: str) -> AppTest:
    """As the browser tells what a person typed."""
    by_path = {path.replace("__", "."): text for path, text in values.items()}
    app.session_state[key_of(FILE_ID)] = {"draft": {"version": version, "values": by_path}}
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return app.run()


def test_first_of_the_queue_opens_with_its_page_and_fields() -> None:
    api = FakeApi()
    app = opened(api, "review")
    assert not app.exception
    assert app.query_params["id"] in (FILE_ID, [FILE_ID])
    total = fields(app)["totals.total"]
    assert (total["value"], total["unit"], total["level"]) == ("129.00", "EUR", "doubtful")
    assert total["others"][0]["shown"] == "120.00 EUR"
    assert desk_data(app)["pictures"].keys() == {"1"}
    assert [page["number"] for page in desk_data(app)["pages"]] == [1, 2]


def test_draft_is_checked_but_not_saved() -> None:
    api = FakeApi()
    app = typed(opened(api, "review"), totals__total="120.00")
    (sent,) = api.sent(f"/results/{FILE_ID}/check")
    assert sent == {"version": 1, "changes": [{"field": "totals.total", "value": "120.00"}]}
    # The amount due was computed from the total alone, so it goes with it.
    assert fields(app)["totals.amount_due"]["now"] == "120.00"
    assert desk_data(app)["findings"] == []
    assert api.documents[FILE_ID]["version"] == 1
    assert "Resolves 1 finding" in words(app)


def test_what_is_no_number_is_told_and_not_sent() -> None:
    api = FakeApi()
    app = typed(opened(api, "review"), totals__total="12,0,0")
    assert "1,234.50" in desk_data(app)["problems"]["totals.total"]
    assert api.sent(f"/results/{FILE_ID}/check") == []
    assert app.button(key="approve").disabled
    assert app.button(key="save").disabled


def test_what_the_api_does_not_take_stands_at_the_field() -> None:
    api = FakeApi()
    api.special[f"/results/{FILE_ID}/check"] = httpx.Response(
        400, json={"detail": "currency: no such code"}
    )
    app = typed(opened(api, "review"), currency="XXQ")
    assert desk_data(app)["problems"] == {"currency": "no such code"}


def test_save_keeps_the_document_open() -> None:
    api = FakeApi()
    app = typed(opened(api, "review"), totals__total="120.00")
    press(app, "save")
    assert api.documents[FILE_ID]["total"] == "120.00"
    assert "Saved" in words(app)
    assert fields(app)["totals.total"]["value"] == "120.00"
    # The draft was of the version before.
    assert desk_data(app)["problems"] == {}
    assert app.button(key="save").disabled


def test_approve_saves_first_and_goes_on() -> None:
    api = FakeApi()
    app = typed(opened(api, "review"), totals__total="120.00")
    press(app, "approve")
    assert api.sent(f"/results/{FILE_ID}/approve") == [{"version": 2}]
    assert "Approved: Example & Sons" in words(app)
    assert "Second Ltd" in words(app)
    press(app, "approve")
    assert "Nothing waits for a review" in words(app)


def test_next_and_previous() -> None:
    app = opened(FakeApi(), "review")
    assert app.button(key="previous").disabled
    press(app, "next")
    assert "Second Ltd" in words(app)
    press(app, "previous")
    assert "Example & Sons" in words(app)


@pytest.mark.parametrize("total", ["120.00", "12,0,0"])
def test_what_is_not_saved_is_not_lost_by_going_on(total: str) -> None:
    app = typed(opened(FakeApi(), "review"), totals__total=total)
    press(app, "next")
    assert [warning.value for warning in app.warning] == ["Save or discard your changes first"]
    assert "Example & Sons" in words(app)
    app.run()
    assert not app.warning


def test_next_of_a_single_one_says_so() -> None:
    api = FakeApi()
    del api.documents[NEXT_ID]
    app = press(opened(api, "review"), "next")
    assert "No other document waits for a review" in words(app)
    assert "Example & Sons" in words(app)


def test_reject_wants_a_reason() -> None:
    api = FakeApi()
    app = opened(api, "review")
    submit = next(button for button in app.button if "reject" in str(button.key or "").lower())
    submit.click().run()
    assert api.documents[FILE_ID]["review_status"] == "needs_review"
    app.text_input(key="reject-reason").set_value("Not ours")
    next(b for b in app.button if "reject" in str(b.key or "").lower()).click().run()
    assert api.sent(f"/results/{FILE_ID}/reject") == [{"version": 1, "reason": "Not ours"}]
    assert "Second Ltd" in words(app)


def test_change_by_somebody_else_is_told() -> None:
    api = FakeApi()
    app = opened(api, "review")
    api.documents[FILE_ID]["version"] = 7
    press(app, "approve")
    assert "The document has changed in the meantime" in words(app)
    next(button for button in app.button if button.label == "Load it again").click().run()
    assert desk_data(app)["version"] == 7


def test_read_again_shows_the_document_at_work() -> None:
    api = FakeApi()
    app = opened(api, "review")
    next(button for button in app.button if button.label == "Embedded (layout)").click().run()
    assert api.sent(f"/results/{FILE_ID}/reprocess") == [{"engine": "layout"}]
    assert not app.get("bidi_component")
    assert "march.pdf" in words(app)
    assert not app.exception


def test_failed_document_can_be_tried_again() -> None:
    api = FakeApi()
    api.documents[FILE_ID].update(
        state="failed",
        invoice=None,
        error={"error_type": "CorruptDocument", "detail": "The file is damaged."},
    )
    app = opened(api, "review", id=FILE_ID)
    assert "The file is damaged." in words(app)
    next(button for button in app.button if button.label == "Try again").click().run()
    assert api.documents[FILE_ID]["state"] == "queued"


@pytest.mark.parametrize("file_id", ["../stats", "0" * 32])
def test_document_that_is_not_there(file_id: str) -> None:
    api = FakeApi()
    app = opened(api, "review", id=file_id)
    assert "Not found" in words(app)
    assert api.requests[-1].url.raw_path.startswith(b"/results/")


def test_lines_are_checked_with_the_rest() -> None:
    api = FakeApi()
    app = opened(api, "review")
    draft = {
        "version": 1,
        "values": {"line_items.1.amount": "60.00", "line_items.+1.description": "Part 3"},
        "added": ["+1"],
        "removed": ["0"],
    }
    app.session_state[key_of(FILE_ID)] = {"draft": draft}
    app.run()
    (sent,) = api.sent(f"/results/{FILE_ID}/check")
    assert [line["description"] for line in sent["line_items"]] == ["Part 2", "Part 3"]
    assert sent["line_items"][0]["amount"] == "60.00"
    assert sent["line_items"][0]["quantity"] == "2"
    assert [row["id"] for row in desk_data(app)["lines"]["rows"]] == ["0", "1", "+1"]


def test_history_and_raw_json_only_when_asked() -> None:
    api = FakeApi()
    app = opened(api, "review")
    assert not any("history" in request.url.path for request in api.requests)
    assert not app.json
