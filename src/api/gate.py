"""Lets a request in or not, before anything of it is read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from config.settings import Settings
from src.api.access import AccessRules, Arrival, Caller, Refusal, decide
from src.api.errors import ApiError, error_response
from src.api.middleware import route_path

# Any of these shows a proxy; a client of this machine sends none.
_PROXY_HEADERS = ("forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto", "via")


def rules_of(settings: Settings) -> AccessRules:
    return AccessRules.of(
        keys=[key.get_secret_value() for key in settings.api_keys],
        allow_anonymous=settings.allow_anonymous,
        trusted_proxies=settings.trusted_proxies,
        host=settings.host,
    )


class Gate:
    """Refuses by default: every path that is not declared open passes here."""

    def __init__(self, app: ASGIApp, rules: AccessRules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        decision = decide(arrival_of(scope), self._rules)
        if isinstance(decision, Refusal):
            refusal = ApiError(decision.status, decision.detail)
            response = error_response(
                refusal.status, refusal.detail, refusal.error_type, refusal.headers
            )
            await response(scope, receive, send)
            return
        scope["invoice_agent.caller"] = decision
        await self._app(scope, receive, send)


def arrival_of(scope: Scope) -> Arrival:
    headers = Headers(scope=scope)
    client = scope.get("client")
    entries = ",".join(headers.getlist("x-forwarded-for")).split(",")
    return Arrival(
        method=scope["method"],
        path=route_path(scope),
        peer=client[0] if client else None,
        forwarded=tuple(entry.strip() for entry in entries if entry.strip()),
        proxied=any(name in headers for name in _PROXY_HEADERS),
        host=headers.get("host"),
        origin=headers.get("origin"),
        fetch_site=headers.get("sec-fetch-site"),
        keys=_keys(headers),
    )


def _keys(headers: Headers) -> tuple[bytes, ...]:
    # Header text is latin-1; keys are compared as the bytes that were sent.
    keys = [key.encode("latin-1") for key in headers.getlist("x-api-key")]
    for authorization in headers.getlist("authorization"):
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer":
            keys.append(value.strip().encode("latin-1"))
    return tuple(keys)


_bearer = HTTPBearer(auto_error=False, description="One of API_KEYS")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="One of API_KEYS")


async def admitted(
    request: Request,
    _by_bearer: Annotated[object, Security(_bearer)] = None,
    _by_header: Annotated[object, Security(_header)] = None,
) -> Caller:
    """The caller the gate let in; it also tells OpenAPI how to show a key."""
    caller = request.scope.get("invoice_agent.caller")
    if not isinstance(caller, Caller):
        # The gate is not in front of this route: rather serve nobody.
        raise ApiError(403, "This address is not served.")
    return caller


Admitted = Annotated[Caller, Depends(admitted)]
