"""The dashboard's only way to the service: every question a page asks, with a typed answer.

Every method raises an `ApiProblem` when there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import httpx

from dashboard.answers.results import (
    Checked,
    Correcting,
    History,
    NextInQueue,
    Receipt,
    ResultDetail,
    ResultItem,
    ResultList,
)
from dashboard.answers.service import (
    Amounts,
    ErrorStats,
    LogLines,
    Settings,
    Stats,
    Status,
    TimeSeries,
)
from dashboard.http import Http

# Pixels of the long side; text of a full page can be read at it, also magnified.
PICTURE_PIXELS = 1600


class ApiClient:
    """Asks with the key of one session, over connections that all share."""

    def __init__(self, client: httpx.Client, key: str = "") -> None:
        self._http = Http(client, key)
        # Whose answers these are; what is kept for one is not shown to another.
        self.whose = (str(client.base_url), key)

    # How the service is and was

    def stats(self) -> Stats:
        return self._http.get("/stats", Stats)

    def status(self) -> Status:
        return self._http.get("/status", Status)

    def timeseries(self, days: int, by: str) -> TimeSeries:
        """`by`: day or hour."""
        return self._http.get("/stats/timeseries", TimeSeries, {"days": days, "by": by})

    def errors(self, days: int) -> ErrorStats:
        return self._http.get("/stats/errors", ErrorStats, {"days": days})

    def amounts(self, days: int) -> Amounts:
        return self._http.get("/stats/amounts", Amounts, {"days": days})

    def log_lines(self, level: str, limit: int = 100) -> LogLines:
        """The newest lines of at least this level."""
        return self._http.get("/logs/recent", LogLines, {"limit": limit, "level": level})

    def settings(self) -> Settings:
        return self._http.get("/settings", Settings)

    # Results

    def results(
        self, limit: int = 50, cursor: str | None = None, filters: Mapping[str, str] | None = None
    ) -> ResultList:
        """`filters` are parameters of `GET /results`; the newest come first without any."""
        query: dict[str, str | int] = {**(filters or {}), "limit": limit}
        if cursor:
            query["cursor"] = cursor
        return self._http.get("/results", ResultList, query)

    def result(self, file_id: str) -> ResultDetail:
        return self._http.get(_of(file_id), ResultDetail)

    def history(self, file_id: str) -> History:
        return self._http.get(_of(file_id, "history"), History)

    def next_in_queue(self, after: str | None) -> NextInQueue:
        query: dict[str, str | int] = {"review_status": "needs_review"}
        if after:
            query["after"] = after
        return self._http.get("/results/next", NextInQueue, query)

    def page_picture(self, file_id: str, number: int) -> bytes:
        """PNG of a page, upright."""
        return self._http.content(_of(file_id, "pages", str(number)), {"long_side": PICTURE_PIXELS})

    def export(self, wanted: Mapping[str, str], filters: Mapping[str, str]) -> Iterator[bytes]:
        """Exactly the results that `filters` let through. `wanted`: `format`, and `lines` for a
        row a line item."""
        return self._http.chunks("/results/export", {**filters, **wanted})

    # What a person does

    def upload(self, name: str, content: bytes) -> Receipt:
        return self._http.upload("/upload", Receipt, name, content)

    def check(self, file_id: str, correcting: Correcting) -> Checked:
        """What the checks would say; saves nothing."""
        return self._http.send("POST", _of(file_id, "check"), Checked, _body(correcting))

    def correct(self, file_id: str, correcting: Correcting) -> ResultDetail:
        return self._http.send("PATCH", _of(file_id), ResultDetail, _body(correcting))

    def approve(self, file_id: str, version: int) -> ResultItem:
        return self._decide(file_id, "approve", {"version": version})

    def reject(self, file_id: str, version: int, reason: str) -> ResultItem:
        return self._decide(file_id, "reject", {"version": version, "reason": reason})

    def reprocess(self, file_id: str, engine: str | None) -> ResultItem:
        """`engine` None: as configured."""
        return self._decide(file_id, "reprocess", {"engine": engine})

    def retry(self, file_id: str) -> ResultItem:
        return self._decide(file_id, "retry", {})

    def cancel(self, file_id: str) -> ResultItem:
        return self._decide(file_id, "cancel", {})

    def prioritise(self, file_id: str, priority: int) -> ResultItem:
        """Higher first; 0 is where everything starts."""
        return self._decide(file_id, "priority", {"priority": priority})

    def _decide(self, file_id: str, what: str, body: object) -> ResultItem:
        return self._http.send("POST", _of(file_id, what), ResultItem, body)


def _of(file_id: str, *parts: str) -> str:
    """The path of a result. The id may come out of the browser's address line: it stays one part
    of the path, whatever it holds."""
    return "/".join(("/results", *(quote(part, safe="") for part in (file_id, *parts))))


def _body(correcting: Correcting) -> object:
    # Lines that are not sent stay as they are; a null would be taken for a value.
    left_out = None if correcting.line_items is not None else {"line_items"}
    return correcting.model_dump(mode="json", exclude=left_out)
