"""A server of the OpenAI protocol (vLLM, llama.cpp, Ollama's /v1), and ways it fails."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import Exchange, HttpServer, Request
from tests.fakes.truths import answer_to

MODEL = "Qwen/Qwen2.5-VL-7B-Instruct"


@dataclass
class FakeOpenAI:
    """`asked` holds every question with a schema; `authorised` the keys that were shown."""

    scenario: str = "good"
    times: int | None = None
    models: tuple[str, ...] = (MODEL,)
    # As llama.cpp tells it; None: not told, as by vLLM.
    inputs: tuple[str, ...] | None = None
    key: str | None = None
    answer: Callable[[str], dict[str, Any]] = answer_to
    planted: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    authorised: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.scenario in {"good", *SCENARIOS}, self.scenario
        self.server = HttpServer(self._handle)

    @property
    def url(self) -> str:
        return f"{self.server.url}/v1"

    def __enter__(self) -> FakeOpenAI:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    async def _handle(self, request: Request, exchange: Exchange) -> None:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.authorised.append(shown)
        if self.key is not None and shown != self.key:
            await exchange.answer(_error("Incorrect API key provided"), 401)
        elif request.path == "/v1/models":
            told = {"architecture": {"input_modalities": self.inputs}} if self.inputs else {}
            listed = [{"id": one, **told} for one in self.models]
            await exchange.answer({"object": "list", "data": listed})
        elif request.path == "/v1/chat/completions":
            await self._chat(request.json(), exchange)
        else:
            await exchange.answer(_error("not found"), 404)

    async def _chat(self, body: dict[str, Any], exchange: Exchange) -> None:
        if body["model"] not in self.models:
            said = f"The model `{body['model']}` does not exist."
            await exchange.answer(_error(said), 404)
            return
        if "response_format" not in body:
            await exchange.answer(_completion(body, "ok", "length"))
            return
        self.asked.append(body)
        if self.inputs == ("text",) and images_of(body):
            await exchange.answer(_error("image input is not supported"), 500)
            return
        schema = body["response_format"]["json_schema"]["schema"]
        assert set(schema["required"]) == set(schema["properties"])
        fails = self.scenario != "good" and (self.times is None or len(self.asked) <= self.times)
        await (SCENARIOS[self.scenario] if fails else good)(self, body, exchange)

    def reply(self, body: dict[str, Any]) -> str:
        (text,) = [p["text"] for p in body["messages"][-1]["content"] if p["type"] == "text"]
        return json.dumps(self.answer(text) | self.planted)


def images_of(body: dict[str, Any]) -> list[bytes]:
    """The pictures of a question; only data URIs are taken."""
    found = []
    for part in body["messages"][-1]["content"]:
        if part["type"] == "image_url":
            kind, _, data = part["image_url"]["url"].partition(",")
            assert kind == "data:image/png;base64"
            found.append(base64.b64decode(data, validate=True))
    return found


def _error(said: str) -> dict[str, Any]:
    return {"error": {"message": said, "type": "invalid_request_error", "code": None}}


def _completion(body: dict[str, Any], text: str, reason: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_800_000_000,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500},
    }


Play = Callable[[FakeOpenAI, dict[str, Any], Exchange], Awaitable[None]]


async def good(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.answer(_completion(body, fake.reply(body), "stop"))


def _says(text: str, reason: str = "stop") -> Play:
    async def play(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
        await exchange.answer(_completion(body, text, reason))

    return play


def _refuses(status: int, said: str) -> Play:
    async def play(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
        await exchange.answer(_error(said), status)

    return play


async def _truncated(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.answer(_completion(body, fake.reply(body)[:200], "length"))


async def _reset(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
    exchange.reset()


async def _silent(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
    await asyncio.sleep(3600)


async def _html(fake: FakeOpenAI, body: dict[str, Any], exchange: Exchange) -> None:
    await exchange.answer(b"<html>hello</html>", 200)


SCENARIOS: dict[str, Play] = {
    "busy": _refuses(503, "no capacity"),
    "rate_limited": _refuses(429, "too many requests"),
    "crash": _refuses(500, "engine core died"),
    "too_long": _refuses(400, "This model's maximum context length is 4096 tokens."),
    "refused": _refuses(400, "image is malformed"),
    "truncated": _truncated,
    "filtered": _says("", "content_filter"),
    "prose": _says("Sure! Here is the invoice."),
    "empty": _says(""),
    "reset": _reset,
    "silent": _silent,
    "html": _html,
}
