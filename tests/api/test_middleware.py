"""What wraps every request, where the routes don't show it."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from src.api.middleware import BodyLimit, ErrorBoundary, PathPrefix
from src.notifying.log_files import close_logs

Message = MutableMapping[str, Any]
HTTP: dict[str, Any] = {"type": "http", "method": "GET", "path": "/x", "headers": []}


async def nothing_more() -> Message:
    return {"type": "http.disconnect"}


class Sent(list[Message]):
    async def __call__(self, message: Message) -> None:
        self.append(message)


async def test_an_answer_that_breaks_off_breaks_the_connection(errors_log: Path) -> None:
    async def broken(scope: object, receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    sent = Sent()
    with pytest.raises(RuntimeError, match="in the middle"):
        await ErrorBoundary(broken)(HTTP, nothing_more, sent)
    assert [message["type"] for message in sent] == ["http.response.start"]
    await asyncio.to_thread(close_logs)
    assert "in the middle" in await asyncio.to_thread(errors_log.read_text)


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
async def test_other_protocols_pass_untouched(kind: str) -> None:
    seen: list[object] = []

    async def inner(scope: Message, receive: object, send: object) -> None:
        seen.append((scope["type"], "root_path" in scope))

    for wrapped in (ErrorBoundary(inner), BodyLimit(inner, 1), PathPrefix(inner, "/api")):
        await wrapped({"type": kind}, nothing_more, Sent())
    assert seen == [(kind, False)] * 3


def test_the_server_s_entry_holds_the_application() -> None:
    main = importlib.import_module("src.api.main")
    assert isinstance(main.app, FastAPI)


def test_a_start_without_settings_is_recorded_on_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = importlib.import_module("src.api.main")
    monkeypatch.setenv("LOG_FOLDER", str(tmp_path / "gone"))
    main._record_failed_start("no folder, no file")
    assert not (tmp_path / "gone").exists()
    monkeypatch.setenv("LOG_FOLDER", str(tmp_path))
    main._record_failed_start("The configuration\n  PORT='x': wrong")
    (line,) = (tmp_path / "errors.log").read_text().splitlines()
    assert line.endswith("| ERROR | general | The configuration PORT='x': wrong")
