"""Which browser is shown pages, and what the others see."""

from __future__ import annotations

import httpx
import pytest

from dashboard.session import SIGNED_IN
from tests.dashboard.conftest import opened, words
from tests.dashboard.fake_api import KEY, FakeApi

PAGES = ("overview", "inbox", "invoices", "review", "errors", "health", "settings")


def test_local_browser_uses_the_dashboards_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_API_KEY", KEY)
    api = FakeApi(wants_key=True)
    assert opened(api).metric
    assert api.keys_used == {f"Bearer {KEY}"}


def test_refused_local_browser_is_told_about_the_key() -> None:
    app = opened(FakeApi(wants_key=True))
    assert "DASHBOARD_API_KEY" in words(app)
    assert not app.metric


@pytest.mark.usefixtures("remote_browser")
@pytest.mark.parametrize("page", PAGES)
def test_remote_browser_sees_nothing_without_keys(page: str) -> None:
    api = FakeApi()
    app = opened(api, page)
    assert "deploy/init_env.sh" in words(app)
    assert not app.metric
    assert not app.dataframe
    assert {request.url.path for request in api.requests} == {"/stats"}


@pytest.mark.usefixtures("remote_browser")
def test_remote_browser_is_served_where_anybody_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_ANONYMOUS", "true")
    assert opened(FakeApi()).metric


@pytest.mark.usefixtures("remote_browser")
def test_remote_browser_signs_in_with_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_API_KEY", KEY)
    app = opened(FakeApi(wants_key=True))
    assert not app.metric

    app.text_input[0].set_value("a wrong one")
    app.button[0].click().run()
    assert "does not know this key" in words(app)
    assert not app.metric

    app.text_input[0].set_value(KEY)
    app.button[0].click().run()
    assert app.metric
    assert app.session_state[SIGNED_IN] == KEY


@pytest.mark.usefixtures("remote_browser")
def test_sign_in_wants_a_key_and_says_when_the_api_is_gone() -> None:
    api = FakeApi(wants_key=True)
    app = opened(api)
    app.button[0].click().run()
    assert "Enter a key." in words(app)

    calls = iter((httpx.Response(401), httpx.Response(503)))
    api.answer = lambda _: next(calls)
    app.text_input[0].set_value(KEY)
    app.button[0].click().run()
    assert "503" in words(app)


@pytest.mark.usefixtures("remote_browser")
def test_page_that_is_open_closes_with_the_api() -> None:
    """The API lost its keys: what it now tells anybody is not for this browser."""
    api = FakeApi(wants_key=True)
    app = opened(api)
    app.text_input[0].set_value(KEY)
    app.button[0].click().run()
    assert app.metric
    api.wants_key = False
    app.run()
    assert not app.metric
    assert "deploy/init_env.sh" in words(app)


@pytest.mark.usefixtures("remote_browser")
def test_remote_browser_while_the_api_is_silent() -> None:
    app = opened(FakeApi(answer=lambda _: httpx.Response(503)))
    assert "The invoice API could not be asked" in words(app)
    assert not app.text_input
