"""The dashboard as a person sees it, run whole by Streamlit's own test driver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy, StreamlitHeaders
from streamlit.testing.v1 import AppTest

from dashboard.session import SIGNED_IN, TRANSPORT
from tests.dashboard.fake_api import ITEM, KEY, FakeApi

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No `.env` and no variable of the caller; nothing cached from the test before."""
    for name in ("API_BASE_URL", "DASHBOARD_API_KEY", "ALLOW_ANONYMOUS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def local_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Streamlit tells it for a connection from loopback; the driver itself has no address."""
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    monkeypatch.setattr(ContextProxy, "headers", StreamlitHeaders([("Host", "localhost:8501")]))


@pytest.fixture
def remote_browser(local_browser: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "ip_address", "203.0.113.5")


def opened(api: FakeApi) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard" / "app.py"), default_timeout=30)
    app.session_state[TRANSPORT] = api.transport
    return app.run()


def words(app: AppTest) -> str:
    """All text on the page but the table's."""
    kinds = (app.title, app.text, app.markdown, app.caption, app.info, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_figures_and_newest_results() -> None:
    app = opened(FakeApi())
    assert not app.exception
    assert [metric.value for metric in app.metric][:3] == ["150", "95%", "8"]
    table = app.dataframe[0].value
    assert table["Vendor"].tolist() == ["Example & Sons"]
    assert "2 days, 14:30:25" in words(app)


def test_no_results_yet() -> None:
    app = opened(FakeApi(items=()))
    assert not app.dataframe
    assert "No results yet" in words(app)


def test_hostile_text_stays_text() -> None:
    hostile = "<script>alert(1)</script> [click](http://evil.test) **bold**"
    app = opened(FakeApi(items=(ITEM | {"vendor_name": hostile, "file_name": hostile},)))
    assert app.dataframe[0].value["Vendor"].tolist() == [hostile]
    assert "evil.test" not in words(app)


def test_hostile_error_is_plain_text() -> None:
    hostile = "cannot read [x](http://evil.test)"
    app = opened(FakeApi(answer=lambda _: httpx.Response(500, json={"detail": hostile})))
    assert any(hostile in element.value for element in app.text)
    assert not any("evil.test" in element.value for element in app.error)
    assert not any("evil.test" in element.value for element in app.markdown)


def test_unreachable_api_and_what_to_do() -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    app = opened(FakeApi(answer=silent))
    assert not app.exception
    assert "http://localhost:8000" in words(app)
    assert "./start_api.sh" in words(app)


def test_api_back_after_silence() -> None:
    api = FakeApi(answer=lambda _: httpx.Response(503))
    app = opened(api)
    api.answer = None
    assert app.run().metric
    assert not app.error


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
def test_remote_browser_sees_nothing_without_keys() -> None:
    api = FakeApi()
    app = opened(api)
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
