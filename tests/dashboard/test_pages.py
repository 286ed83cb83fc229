"""The pages as a person sees them: with data, empty, slow, and without the API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import marked_up, opened, words
from tests.dashboard.documents import FILE_ID, ITEM, NEXT_ID
from tests.dashboard.fake_api import EMPTY_STATS, FakeApi

PAGES = ("overview", "inbox", "invoices", "review", "errors", "health", "settings")
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.test","x")',
    "[click](http://evil.test) **bold** :red[x] $x^2$",
)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def hanging(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too long", request=request)


def tables(app: AppTest) -> str:
    return "\n".join(element.value.to_string() for element in app.dataframe)


@pytest.mark.parametrize("page", PAGES)
def test_page_has_its_title_and_no_mistake(page: str) -> None:
    app = opened(FakeApi(), page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == page.capitalize()


@pytest.mark.parametrize("page", PAGES)
def test_unreachable_api_and_what_to_do(page: str) -> None:
    app = opened(FakeApi(answer=silent), page)
    assert not app.exception
    assert "http://localhost:8000" in words(app)
    assert "./start_api.sh" in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_slow_api_is_not_called_dead(page: str) -> None:
    app = opened(FakeApi(answer=hanging), page)
    assert "The invoice API is slow to answer" in words(app)
    assert "start_api.sh" not in words(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_never_markup(page: str, hostile: str) -> None:
    item: dict[str, Any] = ITEM | {"vendor_name": hostile, "file_name": hostile}
    failed = item | {
        "state": "failed",
        "error": {"error_type": "CorruptDocument", "detail": hostile},
    }
    running = item | {"state": "running", "progress": 0.4, "step": "reading"}
    api = FakeApi(items=(item, failed, running))
    api.documents[FILE_ID] |= {"vendor_name": hostile, "file_name": hostile, "notes": [hostile]}
    app = opened(api, page)
    assert not app.exception
    assert hostile not in marked_up(app)
    if page in ("overview", "inbox", "review"):
        assert hostile in words(app)
    if page == "invoices":
        assert app.dataframe[0].value["Vendor"].tolist() == [hostile] * 3


def test_hostile_error_is_plain_text() -> None:
    hostile = "cannot read [x](http://evil.test)"
    app = opened(FakeApi(answer=lambda _: httpx.Response(500, json={"detail": hostile})))
    assert any(hostile in element.value for element in app.text)
    assert "evil.test" not in marked_up(app)


def test_api_back_after_silence() -> None:
    api = FakeApi(answer=lambda _: httpx.Response(503))
    app = opened(api)
    api.answer = None
    assert app.run().metric
    assert not app.error


# Overview


def test_overview_shows_figures_and_what_is_in_work() -> None:
    running = ITEM | {"state": "running", "step": "reading", "progress": 0.4}
    app = opened(FakeApi(items=(running,)))
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["In the queue"] == "3"
    assert shown["Average time"] == "2.5 s"
    assert "march.pdf" in words(app)
    assert "45,678.90 EUR" in tables(app)
    assert "2 days, 14:30:25" in words(app)


def test_first_run_tells_what_to_do() -> None:
    app = opened(FakeApi(items=(), stats=EMPTY_STATS))
    assert not app.metric
    assert "Nothing has been processed yet" in words(app)
    assert "./start_api.sh --samples" in words(app)


def test_overview_keeps_the_last_figures_while_the_api_is_away() -> None:
    api = FakeApi()
    app = opened(api)
    api.answer = silent
    app.run()
    assert "./start_api.sh" in words(app)
    assert "What follows is as of" in words(app)
    assert app.metric


# Inbox


def test_inbox_shows_what_waits_and_what_failed() -> None:
    waits = ITEM | {"state": "queued", "file_name": "waits.pdf", "review_status": None}
    failed = ITEM | {
        "state": "failed",
        "file_name": "broken.pdf",
        "error": {"error_type": "CorruptDocument", "detail": "The file is damaged."},
    }
    app = opened(FakeApi(items=(waits, failed)), "inbox")
    assert "In the queue: 1" in words(app)
    assert "Failed: 1" in words(app)
    assert "waits.pdf" in tables(app)
    assert "The file is damaged." in tables(app)


def test_inbox_is_empty() -> None:
    app = opened(FakeApi(items=()), "inbox")
    assert "The queue is empty" in words(app)
    assert not app.dataframe


def test_file_is_uploaded_once() -> None:
    api = FakeApi(items=())
    app = opened(api, "inbox")
    app.file_uploader[0].set_value(("march.pdf", b"%PDF-", "application/pdf")).run()
    app.run()
    assert "march.pdf" in tables(app)
    assert "taken, in the queue" in tables(app)
    assert [r.url.path for r in api.requests].count("/upload") == 1


def test_refused_upload_says_why() -> None:
    api = FakeApi(items=())
    api.special["/upload"] = httpx.Response(400, json={"detail": "The file is empty."})
    app = opened(api, "inbox")
    app.file_uploader[0].set_value(("march.pdf", b"%PDF-", "application/pdf")).run()
    assert "not taken: The file is empty." in tables(app)


# Invoices


def test_search_goes_to_the_api_and_stays() -> None:
    api = FakeApi()
    app = opened(api, "invoices")
    app.text_input(key="f_vendor").set_value("nobody").run()
    assert api.requests[-1].url.params["vendor"] == "nobody"
    assert "No invoices match" in words(app)
    app.text_input(key="f_vendor").set_value("example").run()
    assert "1 to 1 of 1" in words(app)


def test_amount_that_is_no_number_says_how_to_write_one() -> None:
    api = FakeApi()
    app = opened(api, "invoices")
    app.text_input(key="f_min").set_value("12,3,4").run()
    assert "1,234.50" in words(app)
    assert "total_min" not in api.requests[-1].url.params


def test_pages_of_invoices() -> None:
    items = tuple(ITEM | {"file_id": f"{number:032x}"} for number in range(120))
    api = FakeApi(items=items)
    app = opened(api, "invoices")
    assert "1 to 50 of 120" in words(app)
    press(app, "Next")
    press(app, "Next")
    assert "101 to 120 of 120" in words(app)
    press(app, "Back")
    assert "51 to 100 of 120" in words(app)
    app.selectbox(key="f_status").set_value("Needs review").run()
    assert "1 to 50 of 120" in words(app)


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def test_no_invoices_yet() -> None:
    app = opened(FakeApi(items=()), "invoices")
    assert "No invoices yet" in words(app)


# Operation


def test_errors_by_kind_with_remedy_and_documents() -> None:
    app = opened(FakeApi(), "errors")
    assert "Encrypted document" in words(app)
    assert "Ask for the file without a password." in words(app)


def test_no_errors() -> None:
    api = FakeApi()
    api.errors = {"items": [], "by_day": []}
    assert "No document failed" in words(opened(api, "errors"))


def test_health_names_the_remedy() -> None:
    app = opened(FakeApi(), "health")
    assert "What to do: Start it with `ollama serve`" in words(app)
    assert "ollama" not in marked_up(app)
    assert "Folder is slow" in tables(app)


def test_settings_are_found_and_filtered() -> None:
    app = opened(FakeApi(), "settings")
    assert app.dataframe[0].value["Setting"].tolist() == ["BATCH_SIZE", "API_KEYS"]
    app.text_input[0].set_value("keys").run()
    assert app.dataframe[0].value["Setting"].tolist() == ["API_KEYS"]
    app.text_input[0].set_value("")
    app.toggle[0].set_value(True).run()
    assert app.dataframe[0].value["Setting"].tolist() == ["BATCH_SIZE"]


def test_another_document_is_named_in_the_address() -> None:
    app = opened(FakeApi(), "review", id=NEXT_ID)
    assert "Second Ltd" in words(app)
