"""What wraps every request, from outside to inside.

Plain ASGI: nothing here reads or buffers a body.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.api.errors import error_response, internal_error
from src.domain.errors import TooLarge

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # Invoices don't belong into a shared cache.
    "Cache-Control": "no-store",
}

# What a body may hold beside the files: boundaries, part headers, small fields.
MULTIPART_OVERHEAD = 1024 * 1024
# A table of purchase orders.
MAX_ORDERS_BYTES = 16 * 1024 * 1024
# Everything else is a small JSON object.
MAX_JSON_BYTES = 64 * 1024


class ErrorBoundary:
    """The process edge: an error nobody expected becomes a 500 that tells nothing inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            # The edge: log all, tell nothing.
            response = internal_error(error, f"{scope['method']} {scope['path']}")
            if started:
                # Half an answer is out; breaking the connection tells the caller.
                raise
            await response(scope, receive, send)


class SecurityHeaders:
    """Adds the headers that are the same for every answer; a route may set its own value."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class PathPrefix:
    """Tells the application the prefix a reverse proxy removes (`ROOT_PATH`)."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._prefix and scope["type"] == "http":
            scope["root_path"] = self._prefix
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large: by their announced length, else while they arrive."""

    def __init__(self, app: ASGIApp, max_file_bytes: int) -> None:
        self._app = app
        self._max_file_bytes = max_file_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isascii() or not announced.isdigit():
            response = error_response(400, "Content-Length is not a number.", "ValidationError")
            await response(scope, receive, send)
            return
        if int(announced) > limit:
            # The rest of the body is not read: the connection cannot be used again.
            close = {"Connection": "close"}
            refusal = self._refusal(limit)
            response = error_response(400, refusal.message, "TooLarge", close)
            await response(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise self._refusal(limit)
            return message

        await self._app(scope, counted, send)

    def _limit(self, scope: Scope) -> int:
        if route_path(scope) == "/upload":
            return self._max_file_bytes + MULTIPART_OVERHEAD
        return MAX_ORDERS_BYTES if route_path(scope) == "/purchase-orders" else MAX_JSON_BYTES

    def _refusal(self, limit: int) -> TooLarge:
        if limit in (MAX_JSON_BYTES, MAX_ORDERS_BYTES):
            return TooLarge(f"The request is larger than {limit} bytes.")
        return TooLarge(
            f"The upload is larger than MAX_FILE_SIZE_MB={self._max_file_bytes // 1024**2}. "
            "Send less at once, or raise the setting (and the limit of a proxy in front)."
        )


def route_path(scope: Scope) -> str:
    """The path as the routes know it, without the proxy's prefix."""
    path: str = scope["path"]
    prefix: str = scope.get("root_path", "")
    if prefix and path.startswith(prefix + "/"):
        return path[len(prefix) :]
    return path
