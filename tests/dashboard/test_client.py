"""Each answer of the API becomes a typed value or a problem of its own kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import httpx
import pytest

from dashboard.answers.results import Correcting, Correction
from dashboard.client import ApiClient
from dashboard.http import connections
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
from tests.dashboard.documents import FILE_ID
from tests.dashboard.fake_api import KEY, FakeApi

URL = "http://api.test:8000"


def client_of(api: FakeApi, key: str = "", url: str = URL) -> ApiClient:
    return ApiClient(connections(url, api.transport), key)


def answering(response: httpx.Response) -> ApiClient:
    return client_of(FakeApi(answer=lambda _: response))


def test_figures_and_results_are_typed() -> None:
    api = FakeApi()
    client = client_of(api)
    assert client.stats().average_processing_time == 2.5
    results = client.results(limit=7, cursor="0", filters={"vendor": "example"})
    assert results.total == 1
    assert results.items[0].total == Decimal("1234.50")
    assert dict(api.requests[-1].url.params) == {"limit": "7", "cursor": "0", "vendor": "example"}


def test_address_with_a_path_is_kept() -> None:
    api = FakeApi(answer=lambda _: httpx.Response(503))
    with pytest.raises(ApiFailed):
        client_of(api, url="https://x.test/api").stats()
    assert str(api.requests[0].url) == "https://x.test/api/stats"


def test_key_is_sent_only_where_there_is_one() -> None:
    api = FakeApi(wants_key=True)
    shared = connections(URL, api.transport)
    ApiClient(shared, KEY).stats()
    with pytest.raises(ApiRefused, match=r"Send a key\.") as refusal:
        ApiClient(shared).stats()
    assert refusal.value.status_code == 401
    assert api.keys_used == {f"Bearer {KEY}", ""}


def test_cookie_for_one_session_is_not_sent_for_another() -> None:
    """Connections are shared; a proxy in front of the API may set cookies that mean a person."""
    api = FakeApi(answer=lambda _: httpx.Response(503, headers={"Set-Cookie": "who=me; Path=/"}))
    client = client_of(api)
    for _ in range(2):
        with pytest.raises(ApiFailed):
            client.stats()
    assert "cookie" not in api.requests[-1].headers


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError, ApiUnreachable),
        (httpx.ConnectTimeout, ApiUnreachable),
        (httpx.ReadTimeout, ApiSlow),
    ],
)
def test_silence_names_the_address(
    error: type[httpx.TransportError], kind: type[ApiProblem]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("nobody there", request=request)

    with pytest.raises(kind, match=URL) as caught:
        client_of(FakeApi(answer=answer)).results()
    assert type(caught.value) is kind


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
    with pytest.raises(ApiFailed, match=words):
        answering(response).stats()


@pytest.mark.parametrize(
    ("status", "kind"), [(400, InvalidInput), (403, ApiRefused), (404, NotThere), (409, Changed)]
)
def test_refusals_have_their_kind(status: int, kind: type[ApiProblem]) -> None:
    client = answering(httpx.Response(status, json={"detail": "No."}))
    with pytest.raises(kind, match=r"^No\.$"):
        client.approve(FILE_ID, 1)


def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 9 takes no connection: with the proxy the answer would be a proxy's error.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ApiUnreachable):
        ApiClient(connections("http://127.0.0.1:1"), KEY).stats()


@pytest.mark.parametrize("file_id", ["../stats", "a/b", "?x=1", "é", "%2e%2e"])
def test_id_stays_one_part_of_the_path(file_id: str) -> None:
    api = FakeApi()
    with pytest.raises(NotThere):
        client_of(api).result(file_id)
    assert api.requests[0].url.raw_path.count(b"/") == 2
    assert b"?" not in api.requests[0].url.raw_path


def test_lines_are_sent_only_where_they_were_edited() -> None:
    api = FakeApi()
    client = client_of(api)
    change = Correction(field="totals.total", value="120.00")
    client.check(FILE_ID, Correcting(version=1, changes=(change,)))
    client.check(FILE_ID, Correcting(version=1, line_items=({"amount": None},)))
    first, second = api.sent(f"/results/{FILE_ID}/check")
    assert first == {"version": 1, "changes": [{"field": "totals.total", "value": "120.00"}]}
    assert second == {"version": 1, "changes": [], "line_items": [{"amount": None}]}


@pytest.mark.parametrize(
    ("call", "path", "body"),
    [
        (lambda c: c.retry(FILE_ID), "retry", {}),
        (lambda c: c.cancel(FILE_ID), "cancel", {}),
        (lambda c: c.prioritise(FILE_ID, 10), "priority", {"priority": 10}),
        (lambda c: c.reprocess(FILE_ID, None), "reprocess", {"engine": None}),
    ],
)
def test_steps_of_work(
    call: Callable[[ApiClient], object], path: str, body: dict[str, object]
) -> None:
    api = FakeApi()
    call(client_of(api))
    assert api.requests[-1].url.path == f"/results/{FILE_ID}/{path}"
    assert api.sent(f"/results/{FILE_ID}/{path}") == [body]


def test_export_comes_in_pieces_and_its_errors_are_told() -> None:
    api = FakeApi()
    api.special["/results/export"] = httpx.Response(200, content=b"a;b\n1;2\n")
    client = client_of(api)
    wanted = {"format": "csv", "lines": "true"}
    assert b"".join(client.export(wanted, {"vendor": "x"})) == b"a;b\n1;2\n"
    assert dict(api.requests[-1].url.params) == {"vendor": "x"} | wanted
    api.special["/results/export"] = httpx.Response(400, json={"detail": "No such format."})
    with pytest.raises(InvalidInput, match="No such format"):
        list(client.export({"format": "doc"}, {}))
