"""Who is served: every route in every mode, and the decisions one by one."""

from __future__ import annotations

import re

import pytest

from src.api.access import (
    AccessRules,
    Arrival,
    Caller,
    Openness,
    Refusal,
    client_address,
    decide,
    openness,
    parse_address,
)
from tests.api.conftest import Connect, app_over
from tests.api.fake_service import FakeService
from tests.api.fakes import record

KEY = "correct-horse-battery"
ID = "a" * 32
OPEN = {"/health/live", "/health/ready"}
KEYLESS = {"/docs", "/docs/start.js", "/docs/swagger-ui.css", "/openapi.json", "/schema/invoice"}


def every_route(service: FakeService) -> list[tuple[str, str]]:
    """(method, path) of all documented routes, and the pages OpenAPI does not list."""
    paths = app_over(service).openapi()["paths"]
    listed = [
        (method.upper(), re.sub(r"{(\w+)}", lambda m: "1" if m[1] == "number" else ID, path))
        for path, operations in paths.items()
        for method in operations
    ]
    return [*listed, *(("GET", path) for path in sorted(KEYLESS - {"/schema/invoice"}))]


REFUSED = {
    # (mode, caller): status for a guarded, for a keyless route; None: served
    ("loopback", "local"): (None, None),
    ("loopback", "stranger"): (403, 403),
    ("loopback", "proxied stranger"): (403, 403),
    ("loopback", "spoofing stranger"): (403, 403),
    ("loopback", "rebinding page"): (403, 403),
    ("keys", "local"): (401, None),
    ("keys", "stranger"): (401, None),
    ("keys", "wrong key"): (401, None),
    ("keys", "bearer"): (None, None),
    ("keys", "header key"): (None, None),
    ("anonymous", "stranger"): (None, None),
    ("anonymous", "proxied stranger"): (None, None),
}
MODES: dict[str, dict[str, object]] = {
    "loopback": {},
    "keys": {"api_keys": f"another-long-key-000,{KEY}"},
    "anonymous": {"allow_anonymous": True},
}
CALLERS: dict[str, tuple[str, dict[str, str]]] = {
    "local": ("127.0.0.1", {}),
    "stranger": ("192.0.2.7", {}),
    "proxied stranger": ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
    "spoofing stranger": ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}),
    "rebinding page": ("127.0.0.1", {"Host": "evil.example"}),
    "wrong key": ("192.0.2.7", {"X-API-Key": "wrong-horse-battery"}),
    "bearer": ("192.0.2.7", {"Authorization": f"Bearer {KEY}"}),
    "header key": ("192.0.2.7", {"X-API-Key": KEY}),
}


@pytest.mark.parametrize(("mode", "caller"), REFUSED)
async def test_every_route_for_every_caller(
    service: FakeService, connect: Connect, mode: str, caller: str
) -> None:
    guarded, keyless = REFUSED[mode, caller]
    peer, headers = CALLERS[caller]
    async with connect(peer=peer, headers=headers, **MODES[mode]) as client:
        for method, path in every_route(service):
            service.results.records[ID] = record(ID)
            expected = None if path in OPEN else keyless if path in KEYLESS else guarded
            answer = await client.request(method, path)
            told = (method, path, answer.status_code)
            if expected is None:
                assert answer.status_code not in {401, 403}, told
            else:
                assert answer.status_code == expected, told
                assert answer.json()["error_type"] in {"Unauthorized", "Forbidden"}


def test_the_matrix_knows_every_route(service: FakeService) -> None:
    guarded = {p for _, p in every_route(service) if openness(p) is Openness.GUARDED}
    assert len(guarded) == 26
    assert all(openness(path) is Openness.OPEN for path in OPEN)
    assert all(openness(path) is Openness.KEYLESS for path in KEYLESS)


async def test_an_unknown_address_is_guarded_too(connect: Connect) -> None:
    async with connect(peer="192.0.2.7") as client:
        assert (await client.get("/nothing")).status_code == 403


async def test_a_refusal_names_the_remedy(connect: Connect) -> None:
    async with connect(peer="192.0.2.7") as client:
        detail = (await client.get("/stats")).json()["detail"]
    assert "API_KEYS" in detail
    assert "ALLOW_ANONYMOUS" in detail


async def test_a_missing_key_is_asked_for(connect: Connect) -> None:
    async with connect(api_keys=KEY) as client:
        answer = await client.get("/stats")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_nothing_is_read_from_a_caller_who_is_refused(
    connect: Connect, service: FakeService
) -> None:
    async with connect(api_keys=KEY) as client:
        upload = await client.post("/upload", files={"file": ("a.pdf", b"x")})
        broken = await client.post(
            "/process", content=b"{", headers={"Content-Type": "application/json"}
        )
    assert upload.status_code == broken.status_code == 401
    assert service.intake.taken == []


async def test_a_route_without_the_gate_serves_nobody(service: FakeService) -> None:
    from httpx import ASGITransport, AsyncClient

    app = app_over(service)
    app.user_middleware = [each for each in app.user_middleware if each.cls.__name__ != "Gate"]  # type: ignore[attr-defined]
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://localhost") as client:
        assert (await client.get("/stats")).status_code == 403


def rules(**changes: object) -> AccessRules:
    options: dict[str, object] = {
        "keys": (),
        "allow_anonymous": False,
        "trusted_proxies": ("127.0.0.1", "::1"),
        "host": "0.0.0.0",  # noqa: S104 - what a container listens on
    }
    return AccessRules.of(**(options | changes))  # type: ignore[arg-type]


def local(**changes: object) -> Arrival:
    options: dict[str, object] = {
        "method": "POST",
        "path": "/upload",
        "peer": "127.0.0.1",
        "host": "localhost:8000",
    }
    return Arrival(**(options | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arrival",
    [
        local(),
        local(peer="::1", host="[::1]:8000"),
        local(peer="::ffff:127.0.0.1", host="127.0.0.1"),
        local(forwarded=("127.0.0.1",), proxied=True),
        local(origin="http://localhost:8000"),
        local(fetch_site="same-origin", origin="http://localhost:8000"),
        local(method="GET", fetch_site="cross-site"),
    ],
)
def test_this_machine_is_served_without_a_key(arrival: Arrival) -> None:
    assert isinstance(decide(arrival, rules()), Caller)


@pytest.mark.parametrize(
    "arrival",
    [
        local(peer=None),
        local(peer="10.0.0.1"),
        local(peer="10.0.0.1", forwarded=("127.0.0.1",)),
        local(forwarded=("127.0.0.1", "10.0.0.1")),
        local(forwarded=("10.0.0.1", "127.0.0.1")),
        local(forwarded=("unknown",)),
        local(proxied=True),
        local(host=None),
        local(host="attacker.example"),
        local(host="0.0.0.0:8000"),
        local(host="[::1"),
        local(origin="https://attacker.example"),
        local(origin="null"),
        local(origin="http://[::1"),
        local(fetch_site="cross-site"),
        local(fetch_site="same-site", origin="http://localhost:3000"),
        local(method="DELETE", fetch_site="cross-site"),
    ],
)
def test_what_is_not_surely_this_machine_is_refused(arrival: Arrival) -> None:
    decision = decide(arrival, rules())
    assert isinstance(decision, Refusal)
    assert decision.status == 403


def test_the_configured_host_is_a_name_of_this_machine() -> None:
    arrival = local(host="invoices.lan:8000")
    assert isinstance(decide(arrival, rules(host="Invoices.lan")), Caller)


def test_anonymous_service_still_refuses_posts_of_foreign_pages() -> None:
    arrival = local(peer="10.0.0.1", fetch_site="cross-site")
    assert isinstance(decide(arrival, rules(allow_anonymous=True)), Refusal)


def test_one_of_several_keys_opens_and_names_the_caller() -> None:
    first = decide(local(keys=(b"no", b"yes" * 8)), rules(keys=("x" * 20, "yes" * 8)))
    second = decide(local(keys=(b"x" * 20,)), rules(keys=("x" * 20, "yes" * 8)))
    assert isinstance(first, Caller)
    assert isinstance(second, Caller)
    assert first.identity != second.identity


@pytest.mark.parametrize("keys", [(b"\xff\xfe",), (b"",), (b"yes" * 7,), ()])
def test_other_keys_don_t(keys: tuple[bytes, ...]) -> None:
    decision = decide(local(keys=keys), rules(keys=("yes" * 8,)))
    assert isinstance(decision, Refusal)
    assert decision.status == 401


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("127.0.0.1", (), ("127.0.0.1",), "127.0.0.1"),
        ("127.0.0.1", ("1.2.3.4",), ("127.0.0.1",), "1.2.3.4"),
        ("127.0.0.1", ("9.9.9.9", "1.2.3.4"), ("127.0.0.1",), "1.2.3.4"),
        ("127.0.0.1", ("9.9.9.9", "10.0.0.2"), ("127.0.0.1", "10.0.0.0/8"), "9.9.9.9"),
        ("5.5.5.5", ("1.2.3.4",), ("127.0.0.1",), "5.5.5.5"),
        ("127.0.0.1", ("garbage",), ("127.0.0.1",), None),
        ("127.0.0.1", ("9.9.9.9", "garbage"), ("127.0.0.1",), None),
        ("::1", ("[2001:db8::1]:443",), ("127.0.0.1", "::1"), "2001:db8::1"),
    ],
)
def test_the_nearest_untrusted_address_counts(
    peer: str, forwarded: tuple[str, ...], trusted: tuple[str, ...], expected: str | None
) -> None:
    networks = rules(trusted_proxies=trusted).trusted_proxies
    found = client_address(peer, forwarded, networks)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.3.4:80", "1.2.3.4"),
        ("[::1]:80", "::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::1"),
        ("localhost", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_parsed_as_proxies_write_them(text: str | None, expected: str | None) -> None:
    found = parse_address(text)
    assert (str(found) if found else None) == expected
