"""Who sees pages: the browser's place, its key, and what a proxy says."""

from __future__ import annotations

import pytest

from dashboard.access import Access, Decision, decide, is_local

HERE: dict[str, list[str]] = {"host": ["localhost:8501"]}


@pytest.mark.parametrize("peer", [None, "127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
def test_browser_on_this_machine_is_local(peer: str | None) -> None:
    assert is_local(peer, HERE)


@pytest.mark.parametrize("peer", ["192.168.1.7", "2001:db8::1", "::ffff:192.168.1.7", "", "??"])
def test_any_other_browser_is_not(peer: str) -> None:
    assert not is_local(peer, HERE)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": ["203.0.113.5"]},
        {"x-forwarded-for": ["127.0.0.1, 203.0.113.5"]},
        {"x-forwarded-for": ["127.0.0.1"], "x-real-ip": ["203.0.113.5"]},
        {"x-forwarded-for": ["127.0.0.1", "203.0.113.5"]},
        {"forwarded": ["for=203.0.113.5"]},
        {"x-forwarded-for": [""]},
    ],
)
def test_proxy_on_this_machine_does_not_make_its_browsers_local(
    headers: dict[str, list[str]],
) -> None:
    assert not is_local(None, HERE | headers)


def test_local_browser_through_a_proxy_is_local() -> None:
    assert is_local("127.0.0.1", HERE | {"x-forwarded-for": ["127.0.0.1"], "x-real-ip": ["::1"]})


def test_forwarding_header_cannot_make_a_remote_browser_local() -> None:
    assert not is_local("203.0.113.5", HERE | {"x-forwarded-for": ["127.0.0.1"]})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST:8501"])
def test_own_names_are_local(host: str) -> None:
    assert is_local(None, {"host": [host]})


@pytest.mark.parametrize("hosts", [[], ["evil.test:8501"], ["localhost", "evil.test"], ["[::1"]])
def test_foreign_name_pointing_here_is_not_local(hosts: list[str]) -> None:
    assert not is_local(None, {"host": hosts})


@pytest.mark.parametrize(
    ("local", "anonymous", "api_wants_key", "signed_in", "expected"),
    [
        (True, False, False, "", Decision(access=Access.SHOWN, key="own")),
        (True, False, False, "mine", Decision(access=Access.SHOWN, key="mine")),
        (False, False, False, "", Decision(access=Access.CLOSED)),
        # An API without keys takes any: typing one opens nothing.
        (False, False, False, "mine", Decision(access=Access.CLOSED)),
        (False, True, False, "", Decision(access=Access.SHOWN)),
        (False, True, True, "", Decision(access=Access.SIGN_IN)),
        (False, False, True, "", Decision(access=Access.SIGN_IN)),
        (False, False, True, "mine", Decision(access=Access.SHOWN, key="mine")),
    ],
)
def test_decision(
    local: bool, anonymous: bool, api_wants_key: bool, signed_in: str, expected: Decision
) -> None:
    made = decide(
        local=local,
        allow_anonymous=anonymous,
        api_wants_key=api_wants_key,
        signed_in=signed_in,
        own_key="own",
    )
    assert made == expected
