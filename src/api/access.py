"""Who may call: pure decisions over what a request shows of itself.

Three ways to run, in this order: `ALLOW_ANONYMOUS=true` serves everybody; with `API_KEYS` a
caller shows a key; without either, only programs and browsers of this machine are served.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

REMEDY = "Set API_KEYS in .env and send a key, or set ALLOW_ANONYMOUS=true to serve everybody."


class Openness(Enum):
    """Who a route is for."""

    # Probes of the machinery: everybody, always; they tell nothing about invoices.
    OPEN = "open"
    # The same for every installation (documentation, schema): no key needed, but an
    # installation without keys shows it to this machine only.
    KEYLESS = "keyless"
    # Everything else.
    GUARDED = "guarded"


_OPEN = frozenset({"/health/live", "/health/ready"})
_KEYLESS = frozenset({"/docs", "/openapi.json", "/schema/invoice"})
# The script and style of the documentation page.
_KEYLESS_FOLDER = "/docs/"


def openness(path: str) -> Openness:
    """The declaration for a route path; whatever is not named here is guarded."""
    if path in _OPEN:
        return Openness.OPEN
    if path in _KEYLESS or path.startswith(_KEYLESS_FOLDER):
        return Openness.KEYLESS
    return Openness.GUARDED


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRules:
    """What the settings say about access."""

    # SHA-256 of each key.
    key_digests: tuple[bytes, ...]
    allow_anonymous: bool
    trusted_proxies: tuple[Network, ...]
    # Names a browser on this machine may call the service by, lower case.
    host_names: frozenset[str]

    @classmethod
    def of(
        cls,
        *,
        keys: Sequence[str],
        allow_anonymous: bool,
        trusted_proxies: Sequence[str],
        host: str,
    ) -> AccessRules:
        return cls(
            key_digests=tuple(_digest(key.encode()) for key in keys),
            allow_anonymous=allow_anonymous,
            trusted_proxies=tuple(ipaddress.ip_network(p, strict=False) for p in trusted_proxies),
            # "Listen everywhere" is no name of this machine.
            host_names=LOOPBACK_NAMES | ({host.lower()} - {"0.0.0.0", "::"}),  # noqa: S104
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a request shows of itself; every part but `peer` is the caller's own claim."""

    method: str
    # Route path, without the prefix of a reverse proxy.
    path: str
    # Address of the other end of the connection.
    peer: str | None
    # Entries of X-Forwarded-For, left to right.
    forwarded: tuple[str, ...] = ()
    # Another header shows that a proxy was on the way.
    proxied: bool = False
    host: str | None = None
    origin: str | None = None
    fetch_site: str | None = None
    keys: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An admitted caller."""

    # Names the key or the address; for rate limits.
    identity: str
    # Who acts, for the history: "key", "local" (this machine) or "anonymous".
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    # 401: show a key; 403: not from there.
    status: int
    detail: str


def decide(arrival: Arrival, rules: AccessRules) -> Caller | Refusal:
    """Admit or refuse one request."""
    declared = openness(arrival.path)
    address = client_address(arrival.peer, arrival.forwarded, rules.trusted_proxies)
    here = address is not None and address.is_loopback
    caller = Caller(identity=f"address {address}", name="local" if here else "anonymous")
    if declared is Openness.OPEN:
        return caller
    if rules.allow_anonymous:
        return _from_another_site(arrival) or caller
    if rules.key_digests:
        return caller if declared is Openness.KEYLESS else _by_key(arrival, rules)
    return _not_from_here(arrival, rules) or _from_another_site(arrival) or caller


def client_address(
    peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]
) -> Address | None:
    """The nearest address that is not a trusted proxy; None when it cannot be told.

    X-Forwarded-For counts from right to left and only as far as each hop is trusted: what
    stands further left was written by the caller.
    """
    address = parse_address(peer)
    for entry in reversed(forwarded):
        if address is None or not any(address in network for network in trusted):
            break
        address = parse_address(entry)
    return address


def parse_address(text: str | None) -> Address | None:
    """An address, also with a port or in brackets; None for anything else."""
    if text is None:
        return None
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _by_key(arrival: Arrival, rules: AccessRules) -> Caller | Refusal:
    for key in arrival.keys:
        digest = _digest(key)
        # Every known key is compared, so that the time tells nothing.
        matches = [hmac.compare_digest(digest, known) for known in rules.key_digests]
        if any(matches):
            return Caller(identity=f"key {digest.hex()[:16]}", name="key")
    told = "This key is not known." if arrival.keys else "A key is needed."
    return Refusal(
        status=401,
        detail=f"{told} Send one of API_KEYS as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.",
    )


def _not_from_here(arrival: Arrival, rules: AccessRules) -> Refusal | None:
    """Every hop must be this machine, whoever claims it, and so must the name called."""
    hops = [parse_address(hop) for hop in (arrival.peer, *arrival.forwarded)]
    if any(hop is None or not hop.is_loopback for hop in hops):
        return Refusal(
            status=403,
            detail=f"Without keys this service answers programs on its own machine only. {REMEDY}",
        )
    if arrival.proxied and not arrival.forwarded:
        return Refusal(
            status=403,
            detail="A proxy passed this request on without telling for whom. Let it set "
            f"X-Forwarded-For. {REMEDY}",
        )
    if host_name(arrival.host) not in rules.host_names:
        # A foreign web page can make its own name point to 127.0.0.1 (DNS rebinding).
        return Refusal(
            status=403,
            detail="Without keys this service answers to the names localhost and 127.0.0.1 only. "
            f"{REMEDY}",
        )
    return None


def _from_another_site(arrival: Arrival) -> Refusal | None:
    """A browser sends along what a foreign page posts; without keys nothing else tells it."""
    if arrival.method in SAFE_METHODS:
        return None
    if arrival.fetch_site is not None:
        foreign = arrival.fetch_site not in {"same-origin", "none"}
    elif arrival.origin is not None:
        foreign = not _same_site(arrival.origin, arrival.host)
    else:
        foreign = False
    if not foreign:
        return None
    return Refusal(
        status=403,
        detail="A web page of another site sent this request. Call the service from its own "
        "pages or from a program, or set API_KEYS.",
    )


def _same_site(origin: str, host: str | None) -> bool:
    try:
        named = urlsplit(origin).hostname
    except ValueError:
        return False
    return named is not None and named.lower() == host_name(host)


def host_name(host: str | None) -> str | None:
    """The Host header without port and brackets, lower case."""
    if not host:
        return None
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    return name.lower() if name else None


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
