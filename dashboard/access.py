"""Who may see the pages, decided from where a browser connects and what it signed in with.

Without a key, pages are for browsers on this machine. Other browsers sign in with an API key of
their own and act with its rights; the dashboard's key is never lent to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

# Set by reverse proxies to the address of the browser they speak for.
FORWARDING_HEADERS = ("x-forwarded-for", "x-real-ip", "forwarded")
HOST_HEADER = "host"
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Access(StrEnum):
    """SHOWN: pages, asked for with `Decision.key`. SIGN_IN: a key is wanted first. CLOSED: this
    service has no keys, so nobody but this machine sees it."""

    SHOWN = "shown"
    SIGN_IN = "sign_in"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    access: Access
    # What the API is asked with; empty: without a key.
    key: str = ""


def is_local(peer: str | None, headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether the browser is on this machine and means to be here.

    `peer` None stands for loopback, as Streamlit says. A reverse proxy on this machine makes every
    browser's connection come from loopback, so each address it forwards has to be loopback too. A
    foreign web page can make its own name point to 127.0.0.1 (DNS rebinding), so the name counts.
    What cannot be understood is not local.
    """
    if peer is not None and not _is_loopback(peer):
        return False
    names = [_host_name(value) for value in headers.get(HOST_HEADER, ())]
    if len(names) != 1 or names[0] not in LOCAL_NAMES:
        return False
    values = [value for name in FORWARDING_HEADERS for value in headers.get(name, ())]
    addresses = [part.strip() for value in values for part in value.split(",")]
    return all(_is_loopback(address) for address in addresses)


def decide(
    *, local: bool, allow_anonymous: bool, api_wants_key: bool, signed_in: str, own_key: str
) -> Decision:
    """`signed_in` is the key this browser gave, `own_key` the dashboard's.

    `api_wants_key`: the API refused a call without a key. Where it did not, a key that somebody
    types proves nothing, because the API would take any.
    """
    if local:
        return Decision(access=Access.SHOWN, key=signed_in or own_key)
    if not api_wants_key:
        return Decision(access=Access.SHOWN if allow_anonymous else Access.CLOSED)
    if signed_in:
        return Decision(access=Access.SHOWN, key=signed_in)
    return Decision(access=Access.SIGN_IN)


def _host_name(host: str) -> str | None:
    """A Host header without its port, lower case."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
