"""What a look at a server tells, and what to do about it."""

from __future__ import annotations

import pytest

from src.domain.candidate import EngineState
from src.engines.vision.profiles import profile_of
from src.engines.vision.readiness import Seen, ServerProbe
from src.engines.vision.server import ModelServer, Provider
from tests.engines.vision.conftest import server_of
from tests.fakes.http_server import Exchange, HttpServer, Request
from tests.fakes.ollama import DIGEST, FakeOllama
from tests.fakes.openai import FakeOpenAI


async def look(server: ModelServer, *, load: bool = True) -> Seen:
    return await ServerProbe(server, profile_of(server.model)).look(load=load)


async def test_a_server_that_loads_the_model_is_ready() -> None:
    with FakeOllama() as ollama:
        seen = await look(server_of(ollama))
    assert seen.readiness.state is EngineState.READY
    assert seen.readiness.detail == f"llama3.2-vision on {ollama.url} (Ollama 0.24.0) answers."
    assert (seen.version, seen.digest, seen.vision) == ("0.24.0", DIGEST, True)
    (load,) = ollama.loads
    assert (load["messages"], load["keep_alive"]) == ([], "30m")


async def test_a_short_look_loads_nothing() -> None:
    with FakeOllama() as ollama:
        assert (await look(server_of(ollama), load=False)).readiness.state is EngineState.READY
    assert not ollama.loads


@pytest.mark.parametrize(
    ("scenario", "detail", "remedy"),
    [
        ("missing_model", "has no model llama3.2-vision", "ollama pull llama3.2-vision"),
        # Listed, shown, and still of no use.
        ("mllama_on_new_ollama", "unknown model architecture", "Pin the image ollama/ollama:0.24"),
        ("no_memory", "11.3 GiB", "smaller model"),
    ],
)
async def test_a_model_that_does_not_load_is_told_with_a_remedy(
    scenario: str, detail: str, remedy: str
) -> None:
    with FakeOllama(scenario) as ollama:
        seen = await look(server_of(ollama))
    assert seen.reached
    assert seen.readiness.state is EngineState.UNAVAILABLE
    assert detail in seen.readiness.detail
    assert remedy in str(seen.readiness.remedy)


@pytest.mark.parametrize(
    ("provider", "remedy"),
    [(Provider.OLLAMA, "ollama serve"), (Provider.OPENAI, "VISION_BASE_URL")],
)
async def test_nobody_there(provider: Provider, remedy: str) -> None:
    with FakeOllama() as gone:
        url = gone.url
    seen = await look(ModelServer(provider=provider, base_url=url, model="llama3.2-vision"))
    assert not seen.reached
    assert seen.readiness.state is EngineState.UNAVAILABLE
    assert "connection refused" in seen.readiness.detail
    assert remedy in str(seen.readiness.remedy)
    assert "EXTRACTION_ENGINE=layout" in str(seen.readiness.remedy)


@pytest.mark.parametrize("body", [b"<html>It works!</html>", b"[]"])
async def test_something_else_listens_there(body: bytes) -> None:
    async def handle(request: Request, exchange: Exchange) -> None:
        await exchange.answer(body)

    with HttpServer(handle) as server:
        seen = await look(
            ModelServer(provider=Provider.OLLAMA, base_url=server.url, model="llama3.2-vision")
        )
    assert "not like a model server" in seen.readiness.detail
    assert "OLLAMA_BASE_URL" in str(seen.readiness.remedy)


@pytest.mark.parametrize(
    ("load", "detail"),
    [
        ({"done": True, "done_reason": "stop"}, "did not say that it is loaded"),
        ({"error": "something is wrong"}, "something is wrong"),
    ],
)
async def test_a_load_that_was_none(load: dict[str, object], detail: str) -> None:
    async def handle(request: Request, exchange: Exchange) -> None:
        bodies = {
            "/api/version": {"version": "0.5.0"},
            # An old server tells no capabilities.
            "/api/show": {"details": {}},
            "/api/tags": {"models": None},
            "/api/chat": load,
        }
        await exchange.answer(bodies[request.path])

    with HttpServer(handle) as server:
        where = ModelServer(provider=Provider.OLLAMA, base_url=server.url, model="x")
        short, whole = await look(where, load=False), await look(where)
    assert short.vision
    assert short.digest is None
    assert detail in whole.readiness.detail


async def test_an_openai_server_is_asked_for_a_word() -> None:
    with FakeOpenAI(key="secret") as server:
        denied = await look(server_of(server))
        ready = await look(server_of(server, api_key="secret"))
    assert "VISION_API_KEY" in denied.readiness.detail
    assert ready.readiness.state is EngineState.READY


async def test_a_server_of_one_model_has_it_under_any_name() -> None:
    """llama.cpp serves what it was started with, whatever it is called."""
    with FakeOpenAI(models=("/models/qwen.gguf",)) as server:
        seen = await look(server_of(server, model="qwen"), load=False)
    assert seen.readiness.state is EngineState.READY
