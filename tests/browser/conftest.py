"""The real service and the real dashboard, once for all tests here, and a fresh browser window
for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks import stage
from benchmarks.stage import Stage

PAGES = ("", "inbox", "invoices", "review", "errors", "health", "settings")
SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "files"
WAIT = 20_000  # milliseconds; the machine may be busy

expect.set_options(timeout=WAIT)

needs_browser = pytest.mark.skipif(
    stage.browser_path() is None, reason="no chromium; on Debian: apt install chromium"
)


class Api:
    """What a test asks the service itself."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def get(self, path: str, **query: str | int) -> Any:
        answer = self._http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def send(self, name: str, content: bytes) -> httpx.Response:
        """Uploads; the answer may be a refusal."""
        return self._http.post("/upload", files={"file": (name, content)})

    def post(self, path: str, body: object = None) -> httpx.Response:
        """The answer may be a refusal."""
        return self._http.post(path, json=body)

    def take(self, name: str, content: bytes) -> str:
        """Uploads and waits for the result; answers its id."""
        answer = self.send(name, content)
        answer.raise_for_status()
        file_id = str(answer.json()["file_id"])
        wait_for(lambda: self.get(f"/results/{file_id}")["state"] == "succeeded", name)
        return file_id

    def close(self) -> None:
        self._http.close()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.2)


# For this package alone: Playwright keeps an event loop of its own going in the main thread, in
# which every blocking call of a later test would count as one inside the loop.
@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    # Nobody listens there: no model answers, whatever runs on this machine.
    nobody = {"OLLAMA_BASE_URL": "http://127.0.0.1:9"}
    with stage.staged(tmp_path_factory.mktemp("stage"), **nobody) as started:
        yield started


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with stage.browser() as started:
        yield started


@pytest.fixture
def api(running: Stage) -> Iterator[Api]:
    asked = Api(running.api)
    yield asked
    asked.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """A window that fails the test when a script of a page fails, when a page opens a dialog, and
    when it asks any machine but this one."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/London"
    )
    page = context.new_page()
    page.set_default_timeout(WAIT)
    wrong: list[str] = []

    def dialog(opened: Any) -> None:
        wrong.append(f"dialog: {opened.message}")
        opened.dismiss()

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", dialog)
    page.on("request", lambda request: wrong.extend(elsewhere(request.url)))
    yield page
    context.close()
    assert wrong == []


def elsewhere(url: str) -> list[str]:
    """The address, if it is not of this machine."""
    parts = urlsplit(url)
    if parts.scheme in ("data", "blob", "about") or parts.hostname in ("localhost", "127.0.0.1"):
        return []
    return [f"asked {url}"]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()
