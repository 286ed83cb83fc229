"""The dashboard run whole by Streamlit's own test driver, over a fake wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy, StreamlitHeaders
from streamlit.testing.v1 import AppTest

from dashboard.session import TRANSPORT
from tests.dashboard.fake_api import FakeApi

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No `.env` and no variable of the caller; nothing cached from the test before."""
    for name in ("API_BASE_URL", "DASHBOARD_API_KEY", "ALLOW_ANONYMOUS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(autouse=True)
def local_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Streamlit tells it for a connection from loopback; the driver itself has no address."""
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    monkeypatch.setattr(ContextProxy, "headers", StreamlitHeaders([("Host", "localhost:8501")]))
    monkeypatch.setattr(ContextProxy, "locale", "en-GB")
    monkeypatch.setattr(ContextProxy, "timezone", "Europe/London")


@pytest.fixture
def remote_browser(local_browser: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "ip_address", "203.0.113.5")


def opened(api: FakeApi, page: str = "overview", **query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard" / "app.py"), default_timeout=30)
    app.session_state[TRANSPORT] = api.transport
    for name, value in query.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"app_pages/{page}.py")
    return app.run()


def words(app: AppTest) -> str:
    """All text on the page but the tables'."""
    kinds = (
        app.title,
        app.subheader,
        app.text,
        app.markdown,
        app.caption,
        app.info,
        app.success,
        app.error,
    )
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def marked_up(app: AppTest) -> str:
    """What is read as Markdown: nothing out of a document may be there."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.success, app.error)
    labels = [element.label for kind in (app.button, app.expander) for element in kind]
    return "\n".join([*(str(element.value) for kind in kinds for element in kind), *labels])
