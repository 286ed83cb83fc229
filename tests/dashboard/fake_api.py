"""An invoice API in memory, behind `httpx.MockTransport`: it answers what it was given."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.dashboard.documents import FILE_ID, ITEM, MISMATCH, NEXT_ID, detail, invoice

KEY = "the-key-of-a-person"
NOW = datetime(2026, 3, 30, tzinfo=UTC)

STATS: dict[str, Any] = {
    "total_processed": 150,
    "successful": 142,
    "failed": 8,
    "pending": 3,
    "processing": 1,
    "average_processing_time": 2.5,
    "uptime": "2 days, 14:30:25",
}
EMPTY_STATS = dict.fromkeys(STATS, 0) | {"uptime": "0:00:05"}


def bucket(start: datetime, processed: int = 4) -> dict[str, Any]:
    return {
        "start": start.isoformat(),
        "processed": processed,
        "successful": max(0, processed - 1),
        "failed": min(processed, 1),
        "accepted": max(0, processed - 2),
        "needs_review": min(max(0, processed - 1), 1),
        "seconds_mean": 2.0,
        "seconds_p95": 4.5,
        "engines": {"layout": processed} if processed else {},
    }


ERRORS: dict[str, Any] = {
    "items": [
        {
            "error_type": "EncryptedDocument",
            "count": 3,
            "latest_at": "2026-03-29T09:00:00Z",
            "remedy": "Ask for the file without a password.",
            "file_ids": [FILE_ID],
        }
    ],
    "by_day": [{"start": "2026-03-29T00:00:00Z", "counts": {"EncryptedDocument": 3}}],
}
AMOUNTS: dict[str, Any] = {
    "by_currency": [{"currency": "EUR", "count": 12, "total": "45678.90"}],
    "by_vendor": [
        {"vendor_name": "Example & Sons", "currency": "EUR", "count": 7, "total": "30000.00"}
    ],
}
STATUS: dict[str, Any] = {
    "status": "degraded",
    "version": "1.0.0",
    "started_at": "2026-03-28T08:00:00Z",
    "uptime": "2 days, 14:30:25",
    "services": {
        "invoice_processor": {"state": "healthy", "detail": "Two workers", "remedy": None},
        "ai_model": {
            "state": "degraded",
            "detail": "The model server does not answer",
            "remedy": "Start it with `ollama serve`",
        },
    },
    "engines": {"layout": {"state": "ready", "detail": "Works without a model", "remedy": None}},
    "watch": {
        "running": True,
        "mode": "events",
        "detail": "Watching incoming/",
        "last_scan_at": "2026-03-30T08:00:00Z",
    },
    "configuration": {
        "incoming_folder": "incoming",
        "supported_formats": ["pdf", "png"],
        "max_file_size_mb": 50,
    },
    "metrics": {
        "disk_free_bytes": 123456789,
        "memory_rss_bytes": 4567890,
        "python": "3.11.2",
        "platform": "Linux",
    },
}
SETTINGS: dict[str, Any] = {
    "items": [
        {
            "name": "batch_size",
            "value": 20,
            "default": 10,
            "description": "Documents at once",
            "changed": True,
        },
        {
            "name": "api_keys",
            "value": "••••",
            "default": "",
            "description": "Keys",
            "changed": False,
        },
    ]
}
LOG: dict[str, Any] = {
    "items": [
        {
            "at": "2026-03-30T08:00:00Z",
            "level": "WARNING",
            "channel": "app",
            "message": "Folder is slow",
        }
    ]
}
HISTORY: dict[str, Any] = {
    "items": [
        {"at": "2026-03-02T10:00:00Z", "by": None, "action": "received", "changes": []},
        {
            "at": "2026-03-02T11:00:00Z",
            "by": "desk-2",
            "action": "corrected",
            "version": 2,
            "changes": [{"field": "totals.total", "before": "129.00", "after": "120.00"}],
        },
    ]
}
# A PNG of one white pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082"
)


class FakeApi:
    """`wants_key`: refuses calls without `KEY`. `answer`: replaces every answer. `documents`: what
    `GET /results/{id}` answers; decisions change it as the service would."""

    def __init__(
        self,
        *,
        items: tuple[dict[str, Any], ...] = (ITEM,),
        stats: dict[str, Any] | None = None,
        wants_key: bool = False,
        answer: Callable[[httpx.Request], httpx.Response] | None = None,
    ) -> None:
        self.items = items
        self.stats = stats or STATS
        self.wants_key = wants_key
        self.answer = answer
        self.requests: list[httpx.Request] = []
        self.documents = {
            FILE_ID: detail(),
            NEXT_ID: detail(file_id=NEXT_ID, vendor_name="Second Ltd", file_name="second.pdf"),
        }
        # Paths that answer something else than below.
        self.special: dict[str, httpx.Response] = {}
        self.errors = ERRORS

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    @property
    def keys_used(self) -> set[str]:
        return {request.headers.get("authorization", "") for request in self.requests}

    def sent(self, path: str) -> list[Any]:
        """Bodies of the requests to the path."""
        return [
            json.loads(request.content)
            for request in self.requests
            if request.url.path == path and request.content
        ]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.answer is not None:
            return self.answer(request)
        if self.wants_key and request.headers.get("authorization") != f"Bearer {KEY}":
            return httpx.Response(401, json={"detail": "Send a key."})
        path = request.url.path
        if path in self.special:
            return self.special[path]
        plain = self._plain(request)
        if path in plain:
            return httpx.Response(200, json=plain[path]())
        parts = path.strip("/").split("/")
        if parts[0] == "results" and len(parts) > 1 and parts[1] in self.documents:
            return self._document(request, self.documents[parts[1]], parts[2:])
        return httpx.Response(404, json={"detail": "No such path."})

    def _plain(self, request: httpx.Request) -> dict[str, Callable[[], Any]]:
        return {
            "/stats": lambda: self.stats,
            "/stats/timeseries": lambda: self._series(request),
            "/stats/errors": lambda: self.errors,
            "/stats/amounts": lambda: AMOUNTS,
            "/status": lambda: STATUS,
            "/settings": lambda: SETTINGS,
            "/logs/recent": lambda: LOG,
            "/results": lambda: self._listed(request),
            "/results/next": lambda: self._next(request),
            "/upload": lambda: {"file_id": NEXT_ID, "state": "queued", "duplicate_of": None},
        }

    def _listed(self, request: httpx.Request) -> dict[str, Any]:
        wanted = request.url.params
        items = [
            item
            for item in self.items
            if wanted.get("state", item["state"]) == item["state"]
            and wanted.get("review_status", item["review_status"]) == item["review_status"]
            and wanted.get("vendor", "").lower() in item["vendor_name"].lower()
        ]
        size, start = int(wanted.get("limit", "50")), int(wanted.get("cursor", "0"))
        more = str(start + size) if start + size < len(items) else None
        return {
            "items": items[start : start + size],
            "next_cursor": more,
            "total": len(items),
        }

    @staticmethod
    def _series(request: httpx.Request) -> dict[str, Any]:
        by_day = request.url.params["by"] == "day"
        step = timedelta(days=1) if by_day else timedelta(hours=1)
        return {"items": [bucket(NOW - step * (ago - 1), ago % 3) for ago in range(30, 0, -1)]}

    def _next(self, request: httpx.Request) -> dict[str, Any]:
        waiting = [
            key for key, value in self.documents.items() if value["review_status"] == "needs_review"
        ]
        others = [key for key in waiting if key != request.url.params.get("after")]
        return {"file_id": others[0] if others else None, "remaining": len(waiting)}

    def _document(
        self, request: httpx.Request, document: dict[str, Any], rest: list[str]
    ) -> httpx.Response:
        what = rest[0] if rest else request.method
        body = json.loads(request.content) if request.content else {}
        if "version" in body and body["version"] != document["version"]:
            return httpx.Response(409, json={"detail": "It was changed by somebody else."})
        if what in ("check", "PATCH"):
            document = document if what == "PATCH" else dict(document)
            self._correct(document, body)
        elif what == "approve":
            document["review_status"] = "accepted"
        elif what == "reject":
            document["review_status"] = "rejected"
        elif what in ("reprocess", "retry"):
            document.update(state="queued", invoice=None)
        elif what == "history":
            return httpx.Response(200, json=HISTORY)
        elif what == "pages":
            return httpx.Response(200, content=PIXEL, headers={"Content-Type": "image/png"})
        return httpx.Response(200, json=document)

    @staticmethod
    def _correct(document: dict[str, Any], body: dict[str, Any]) -> None:
        for change in body["changes"]:
            if change["field"] == "totals.total":
                total = change["value"]
                document["invoice"] = invoice(total).model_dump(mode="json")
                document["total"] = total
                document["findings"] = [] if total == "120.00" else [MISMATCH]
                document["version"] += 1
