"""Each answer of the API becomes a typed value or a problem of its own kind."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from dashboard.client import ApiClient
from dashboard.problems import ApiFailed, ApiRefused, ApiUnreachable
from tests.dashboard.fake_api import KEY, FakeApi

URL = "http://api.test:8000"


def client_of(api: FakeApi, key: str = "") -> ApiClient:
    return ApiClient(URL, key, api.transport)


def test_figures_and_results_are_typed() -> None:
    api = FakeApi()
    with client_of(api) as client:
        assert client.stats().average_processing_time == 2.5
        results = client.results(limit=7)
    assert results.total == 1
    assert results.items[0].total == Decimal("1234.50")
    assert api.requests[-1].url.params["limit"] == "7"


def test_address_with_a_path_is_kept() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(503)

    with (
        ApiClient("https://x.test/api", "", FakeApi(answer=answer).transport) as client,
        pytest.raises(ApiFailed),
    ):
        client.stats()
    assert seen == ["https://x.test/api/stats"]


def test_key_is_sent_only_where_there_is_one() -> None:
    api = FakeApi(wants_key=True)
    with client_of(api, KEY) as client:
        client.stats()
    with client_of(api) as client, pytest.raises(ApiRefused, match=r"Send a key\.") as refusal:
        client.stats()
    assert refusal.value.status_code == 401
    assert api.keys_used == {f"Bearer {KEY}", ""}


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout])
def test_silence_names_the_address(error: type[httpx.TransportError]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("nobody there", request=request)

    with client_of(FakeApi(answer=answer)) as client, pytest.raises(ApiUnreachable, match=URL):
        client.results()


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx.Response(503, json={"detail": "Still starting."}), "503: Still starting."),
        (httpx.Response(500, text="<h1>oops</h1>"), "500: Internal Server Error"),
        (httpx.Response(200, text="<h1>another service</h1>"), "another service"),
        (httpx.Response(200, json={"total_processed": "many"}), "API_BASE_URL"),
    ],
)
def test_other_answers_are_failures_with_a_reason(response: httpx.Response, words: str) -> None:
    api = FakeApi(answer=lambda _: response)
    with client_of(api) as client, pytest.raises(ApiFailed, match=words):
        client.stats()


def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 9 takes no connection: with the proxy the answer would be a proxy's error.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with ApiClient("http://127.0.0.1:1", KEY) as client, pytest.raises(ApiUnreachable):
        client.stats()
