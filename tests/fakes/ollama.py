"""An Ollama that follows the wire contract, and every way it is known to fail.

    with FakeOllama() as ollama:            # answers well
    with FakeOllama("truncated") as ollama: # cuts every answer off
    with FakeOllama("loop", times=1) as ollama:  # only the first one

`SCENARIOS` names the failures. Run as a program it serves until it is ended:

    python -m tests.fakes.ollama --latency 2 --capacity 8
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from src.engines.vision.schema import answer_schema
from tests.fakes.http_server import Exchange, HttpServer, Request
from tests.fakes.truths import answer_to

MODEL = "llama3.2-vision"
DIGEST = "6f2f9757ae97e8a3f8ea33d6adb2b11d93d9a35bef277cd2c0b1b5af8e8d0b1e"
UNKNOWN_ARCHITECTURE = (
    "llama-server process has terminated: exit status 1: error loading model: "
    "unknown model architecture: 'mllama'"
)
CRASHED = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an "
    "internal error, check ollama server logs for details"
)
BUSY = "server busy, please try again.  maximum pending requests exceeded"
TOO_LONG = "request (4165 tokens) exceeds the available context size (4096 tokens)"
# Pieces that a stream is sent in.
_PIECE = 400

Answer = Callable[[str], dict[str, Any]]


@dataclass
class FakeOllama:
    """`asked` holds every question; `planted` is put over each answer."""

    scenario: str = "good"
    # How many questions fail; None: all.
    times: int | None = None
    model: str = MODEL
    capabilities: tuple[str, ...] = ("completion", "vision")
    latency: float = 0.0
    # Questions answered at a time, as OLLAMA_NUM_PARALLEL.
    capacity: int = 1
    answer: Answer = answer_to
    planted: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    loads: list[dict[str, Any]] = field(default_factory=list)
    # (start, end) of the work on each question, seconds of the monotonic clock.
    worked: list[tuple[float, float]] = field(default_factory=list)
    cancelled: int = 0
    _places: asyncio.Semaphore | None = None

    def __post_init__(self) -> None:
        assert self.scenario in {"good", *SCENARIOS}, self.scenario
        self.server = HttpServer(self._handle)

    @property
    def url(self) -> str:
        return self.server.url

    def __enter__(self) -> FakeOllama:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Nobody listens on the port in the block."""
        self.server.stop()
        try:
            yield
        finally:
            self._places = None
            self.server.start()

    async def _handle(self, request: Request, exchange: Exchange) -> None:
        if request.path == "/api/version":
            mllama_gone = self.scenario == "mllama_on_new_ollama"
            await exchange.answer({"version": "0.33.0" if mllama_gone else "0.24.0"})
        elif request.path == "/api/tags":
            names = [] if self.scenario == "missing_model" else [f"{self.model}:latest"]
            found = [{"name": name, "model": name, "digest": DIGEST} for name in names]
            await exchange.answer({"models": found})
        elif request.path == "/api/show":
            await self._show(request, exchange)
        elif request.path == "/api/chat":
            await self._chat(request.json(), exchange)
        elif request.path == "/fake/worked":
            await exchange.answer(
                {"worked": self.worked, "asked": len(self.worked), "cancelled": self.cancelled}
            )
        else:
            await exchange.answer({"error": "not found"}, 404)

    async def _show(self, request: Request, exchange: Exchange) -> None:
        wanted = request.json()["model"]
        if self.scenario == "missing_model" or wanted != self.model:
            await exchange.answer({"error": f"model '{wanted}' not found"}, 404)
            return
        await exchange.answer({"capabilities": list(self.capabilities), "details": {}})

    async def _chat(self, body: dict[str, Any], exchange: Exchange) -> None:
        if not body["messages"]:
            self.loads.append(body)
            await self._load(body, exchange)
            return
        self.asked.append(body)
        assert body["stream"] is True
        _check_images(body)
        if self._places is None:
            self._places = asyncio.Semaphore(self.capacity)
        fails = self.scenario != "good" and (self.times is None or len(self.asked) <= self.times)
        play = SCENARIOS[self.scenario] if fails else good
        try:
            async with self._places:
                started = time.monotonic()
                if self.latency:
                    # Thinking is part of the latency.
                    body["prepared"] = self.reply(body)
                    spent = time.monotonic() - started
                    await asyncio.sleep(max(0.0, self.latency - spent))
                await play(self, body, exchange)
                self.worked.append((started, time.monotonic()))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def _load(self, body: dict[str, Any], exchange: Exchange) -> None:
        if self.scenario == "mllama_on_new_ollama":
            await exchange.answer({"error": UNKNOWN_ARCHITECTURE}, 500)
        elif self.scenario == "missing_model":
            await exchange.answer({"error": f"model '{body['model']}' not found"}, 404)
        elif self.scenario == "no_memory":
            said = "model requires more system memory (11.3 GiB) than is available (3.8 GiB)"
            await exchange.answer({"error": said}, 500)
        else:
            await exchange.answer(_last(body, "load"))

    def reply(self, body: dict[str, Any]) -> str:
        if "prepared" in body:
            return str(body["prepared"])
        question = body["messages"][-1]["content"]
        return json.dumps(self.answer(question) | self.planted)


def _check_images(body: dict[str, Any]) -> None:
    """As the server: base64 without a data prefix, and one picture at most for mllama."""
    images = [image for message in body["messages"] for image in message.get("images") or ()]
    assert len(images) <= 1 or "llama3.2" not in body["model"], "one image a request"
    for image in images:
        assert base64.b64decode(image, validate=True).startswith(b"\x89PNG")


def _line(body: dict[str, Any], content: str, **more: Any) -> bytes:
    message = {"role": "assistant", "content": content, **more}
    part = {"model": body["model"], "created_at": "2026-11-22T10:00:00Z", "message": message}
    return json.dumps(part | {"done": False}).encode() + b"\n"


def _last(body: dict[str, Any], reason: str) -> dict[str, Any]:
    return {
        "model": body["model"],
        "created_at": "2026-11-22T10:00:00Z",
        "message": {"role": "assistant", "content": ""},
        "done": True,
        "done_reason": reason,
        "total_duration": 5_000_000,
        "prompt_eval_count": 1200,
        "eval_count": 300,
    }


async def _stream(
    body: dict[str, Any], exchange: Exchange, text: str, reason: str | None, thinking: str = ""
) -> None:
    """NDJSON as Ollama sends it; without a reason the last line is missing."""
    await exchange.start_stream("application/x-ndjson")
    if thinking:
        await exchange.chunk(_line(body, "", thinking=thinking))
    for start in range(0, len(text), _PIECE):
        await exchange.chunk(_line(body, text[start : start + _PIECE]))
    if reason is not None:
        await exchange.chunk(json.dumps(_last(body, reason)).encode() + b"\n")
    await exchange.end_stream()


Play = Callable[[FakeOllama, dict[str, Any], Exchange], Awaitable[None]]


async def good(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await _stream(body, exchange, fake.reply(body), "stop")


def _says(text: str, reason: str | None = "stop", thinking: str = "") -> Play:
    async def play(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
        await _stream(body, exchange, text, reason, thinking)

    return play


def _refuses(status: int, said: str) -> Play:
    async def play(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
        await exchange.answer({"error": said}, status)

    return play


async def _truncated(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    text = fake.reply(body)
    await _stream(body, exchange, text[: len(text) * 2 // 3], "length")


async def _closed_but_truncated(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    """What a partial parser makes of a cut answer: whole JSON with a shortened amount."""
    answer = {"total": "10"}
    await _stream(body, exchange, json.dumps(answer), "length")


async def _no_done(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await _stream(body, exchange, fake.reply(body), None)


async def _fenced(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await _stream(body, exchange, f"```json\n{fake.reply(body)}\n```", "stop")


async def _in_thoughts(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await _stream(body, exchange, "", "stop", thinking=fake.reply(body))


async def _crash(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.start_stream("application/x-ndjson")
    await exchange.chunk(_line(body, '{"amount_due": "1'))
    await exchange.chunk(json.dumps({"error": CRASHED}).encode() + b"\n")
    await exchange.end_stream()


async def _drop(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.start_stream("application/x-ndjson")
    await exchange.chunk(_line(body, '{"amount_due": "1'))
    exchange.drop()


async def _reset(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    exchange.reset()


async def _slow_drip(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    """Always something, never an end: no pause is long enough for a read timeout."""
    await exchange.start_stream("application/x-ndjson")
    while True:
        await exchange.chunk(_line(body, " "))
        await asyncio.sleep(0.05)


async def _stall(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.start_stream("application/x-ndjson")
    await exchange.chunk(_line(body, "{"))
    await asyncio.sleep(3600)


async def _silent(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await asyncio.sleep(3600)


async def _html(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.answer(b"<html>502 Bad Gateway</html>", 502)


async def _broken_ndjson(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.start_stream("application/x-ndjson")
    await exchange.chunk(b'{"model": "x", "message": {"role"\n')
    await exchange.end_stream()


async def _empty_stream(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.start_stream("application/x-ndjson")
    await exchange.end_stream()


async def _repeats_a_line(fake: FakeOllama, body: dict[str, Any], exchange: Exchange) -> None:
    row = dict.fromkeys(answer_schema()["$defs"]["LineAnswer"]["properties"]) | {"amount": "1.00"}
    answer = json.loads(fake.reply(body)) | {"line_items": [row] * 30}
    await _stream(body, exchange, json.dumps(answer), "stop")


_LOOP = '{"amount_due": null, "bank_iban": "' + "0000 " * 400

# Name -> what the server does with a question. Loading fails only where a name says so.
SCENARIOS: dict[str, Play] = {
    "missing_model": _refuses(404, f"model '{MODEL}' not found"),
    "mllama_on_new_ollama": _refuses(500, UNKNOWN_ARCHITECTURE),
    "no_memory": _refuses(500, "model requires more system memory (11.3 GiB) than is available"),
    "busy": _refuses(503, BUSY),
    "runner_stopped": _refuses(500, CRASHED),
    "too_long": _refuses(400, TOO_LONG),
    "refused": _refuses(400, "illegal base64 data at input byte 4"),
    "denied": _refuses(401, "unauthorized"),
    "html_502": _html,
    "crash_mid_stream": _crash,
    "drop_mid_stream": _drop,
    "reset": _reset,
    "no_done_line": _no_done,
    "truncated": _truncated,
    "truncated_but_whole_json": _closed_but_truncated,
    "loop": _says(_LOOP, "length"),
    "repeats_a_line": _repeats_a_line,
    "slow_drip": _slow_drip,
    "stall": _stall,
    "silent": _silent,
    "empty": _says(""),
    "empty_stream": _empty_stream,
    "broken_ndjson": _broken_ndjson,
    "prose": _says("Sure! Here is the invoice you asked for."),
    "wrong_json": _says('{"invoice": {"total": 10}}'),
    "numbers_for_texts": _says('{"total": 10.5}'),
    "list": _says("[1, 2]"),
    "schema_echo": _says(json.dumps(answer_schema())),
    "fenced": _fenced,
    "in_thoughts": _in_thoughts,
    "only_thoughts": _says("", "stop", "Let me look at this page. It is an invoice."),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=2.0)
    parser.add_argument("--capacity", type=int, default=1)
    parser.add_argument("--truths", type=Path, help="folder of sets with what is right")
    parser.add_argument("--planted", type=json.loads, default={}, help="JSON put over each answer")
    arguments = parser.parse_args()
    with FakeOllama(
        latency=arguments.latency,
        capacity=arguments.capacity,
        answer=partial(answer_to, truths=arguments.truths),
        planted=arguments.planted,
    ) as fake:
        print(fake.url, flush=True)  # noqa: T201 - tells the caller where it is
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
