"""An invoice API in memory, behind `httpx.MockTransport`: it answers what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

KEY = "the-key-of-a-person"

STATS: dict[str, Any] = {
    "total_processed": 150,
    "successful": 142,
    "failed": 8,
    "pending": 3,
    "processing": 1,
    "average_processing_time": 2.5,
    "uptime": "2 days, 14:30:25",
}

ITEM: dict[str, Any] = {
    "file_id": "0001",
    "file_name": "march.pdf",
    "state": "succeeded",
    "review_status": "needs_review",
    "vendor_name": "Example & Sons",
    "invoice_number": "2024-17",
    "invoice_date": "2024-03-01",
    "currency": "EUR",
    "total": "1234.50",
    "finding_codes": ["total-mismatch"],
    "engine": "layout",
    "received_at": "2024-03-02T10:00:00Z",
}


class FakeApi:
    """`wants_key`: refuses calls without `KEY`. `answer`: replaces every answer."""

    def __init__(
        self,
        *,
        items: tuple[dict[str, Any], ...] = (ITEM,),
        wants_key: bool = False,
        answer: Callable[[httpx.Request], httpx.Response] | None = None,
    ) -> None:
        self.items = items
        self.wants_key = wants_key
        self.answer = answer
        self.requests: list[httpx.Request] = []

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    @property
    def keys_used(self) -> set[str]:
        return {request.headers.get("authorization", "") for request in self.requests}

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.answer is not None:
            return self.answer(request)
        if self.wants_key and request.headers.get("authorization") != f"Bearer {KEY}":
            return httpx.Response(401, json={"detail": "Send a key."})
        if request.url.path == "/stats":
            return httpx.Response(200, json=STATS)
        if request.url.path == "/results":
            return httpx.Response(200, json={"items": list(self.items), "total": len(self.items)})
        return httpx.Response(404, json={"detail": "No such path."})
