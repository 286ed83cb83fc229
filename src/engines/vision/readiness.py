"""Whether the model's server can really answer, looked at in the background.

A listed model is no proof: llama3.2-vision is pulled, listed and shown by servers that cannot
load it. So it is loaded, by a chat without messages, which asks nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from src.domain.candidate import EngineState, Readiness
from src.engines.vision.profiles import Profile
from src.engines.vision.reply import FlawedAnswer
from src.engines.vision.server import KEEP_ALIVE, ModelServer, Provider
from src.engines.vision.server_errors import load_problem, pull_remedy, refusal

CONNECT_SECONDS = 3.0
QUICK_SECONDS = 10.0
# Reading some gigabytes from a slow disk; Ollama itself gives up after 5 minutes.
LOAD_SECONDS = 310.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at the server found."""

    readiness: Readiness
    # Whether it answered at all.
    reached: bool = False
    # None where the server does not tell.
    version: str | None = None
    digest: str | None = None
    vision: bool = True
    # Whether it was seen to load the model, which is more than listing it.
    loaded: bool = False
    # Whether the server says that the model can think aloud before it answers.
    thinking: bool = False


class NotReady(Exception):
    """Ends a look at the first thing that is wrong; stays inside this room."""

    def __init__(self, detail: str, remedy: str, *, reached: bool = True) -> None:
        super().__init__(detail)
        self.seen = Seen(
            readiness=Readiness(state=EngineState.UNAVAILABLE, detail=detail, remedy=remedy),
            reached=reached,
        )


class ServerProbe:
    """Looks at one server; every look opens its own connection and closes it again."""

    def __init__(self, server: ModelServer, profile: Profile) -> None:
        self._server = server
        self._profile = profile

    async def look(self, *, load: bool = True) -> Seen:
        """Never raises for what a server does. With `load` it waits until the model is loaded,
        which may take minutes; without, the model is only looked up."""
        try:
            async with self._client() as client:
                if self._server.provider is Provider.OLLAMA:
                    return await self._ollama(client, load=load)
                return await self._openai(client, load=load)
        except NotReady as problem:
            return problem.seen
        except httpx.TimeoutException:
            return NotReady(
                f"{self._server} did not answer in time.", "Look at its log; it may be overloaded."
            ).seen
        except httpx.HTTPError as error:
            return NotReady(
                f"The model's server {self._server} cannot be reached ({_reason(error)}).",
                self._start_remedy(),
                reached=False,
            ).seen
        except ValueError:
            return NotReady(
                f"{self._server} answers, but not like a model server.",
                "Check the address in OLLAMA_BASE_URL or VISION_BASE_URL.",
            ).seen

    def _client(self) -> httpx.AsyncClient:
        key = self._server.api_key
        return httpx.AsyncClient(
            base_url=self._server.base_url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(QUICK_SECONDS, connect=CONNECT_SECONDS),
            trust_env=not self._server.is_near,
            # Certificates are read from disk: only where the address needs them.
            verify=self._server.base_url.startswith("https://"),
        )

    async def _ollama(self, client: httpx.AsyncClient, *, load: bool) -> Seen:
        version = str((await self._json(client, "GET", "/api/version")).get("version", ""))
        shown = await self._json(client, "POST", "/api/show", {"model": self._server.model})
        capabilities = shown.get("capabilities")
        # Old servers tell no capabilities; then the family decides.
        told = capabilities if isinstance(capabilities, list) else None
        vision = "vision" in told if told is not None else True
        digest = await self._digest(client)
        if load:
            await self._load(client, version)
        return Seen(
            readiness=self._ready(version, vision=vision),
            reached=True,
            version=version,
            digest=digest,
            vision=vision,
            thinking="thinking" in (told or ()),
            loaded=load,
        )

    async def _openai(self, client: httpx.AsyncClient, *, load: bool) -> Seen:
        listed = (await self._json(client, "GET", "/models")).get("data")
        models = {str(one.get("id")): one for one in listed or () if isinstance(one, dict)}
        names = sorted(models)
        # llama.cpp serves its one model under any name.
        if names and self._server.model not in names and len(names) > 1:
            raise NotReady(
                f"{self._server} has no model {self._server.model}; it lists "
                f"{', '.join(names[:8])}.",
                pull_remedy(self._server),
            )
        if load:
            await self._one_token(client)
        known = models.get(self._server.model) or next(iter(models.values()), {})
        vision = _takes_pictures(known)
        return Seen(
            readiness=self._ready("", vision=vision), reached=True, vision=vision, loaded=load
        )

    async def _one_token(self, client: httpx.AsyncClient) -> None:
        """The protocol has no way to load a model but to ask it something."""
        body = {
            "model": self._server.model,
            "messages": [{"role": "user", "content": "Say ok."}],
            "max_tokens": 1,
        }
        await self._json(client, "POST", "/chat/completions", body, seconds=LOAD_SECONDS)

    async def _load(self, client: httpx.AsyncClient, version: str) -> None:
        """The same options as in a question: others would make the server load it again."""
        body = {
            "model": self._server.model,
            "messages": [],
            "stream": False,
            "keep_alive": KEEP_ALIVE,
            "options": {"num_ctx": self._profile.num_ctx},
        }
        answer = await self._json(client, "POST", "/api/chat", body, seconds=LOAD_SECONDS)
        if answer.get("done_reason") != "load":
            raise NotReady(
                f"{self._server.model} did not say that it is loaded on {self._server} "
                f"(Ollama {version}).",
                "Look at the log of Ollama.",
            )

    async def _digest(self, client: httpx.AsyncClient) -> str | None:
        """A model that was pulled anew gives other answers under the same name."""
        listed = (await self._json(client, "GET", "/api/tags")).get("models")
        names = {self._server.model, f"{self._server.model}:latest"}
        for model in listed or ():
            if isinstance(model, dict) and model.get("name") in names:
                return str(model.get("digest", "")) or None
        return None

    async def _json(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        seconds: float = QUICK_SECONDS,
    ) -> dict[str, Any]:
        """Raises `NotReady` for an error status, `httpx.HTTPError`, `ValueError`."""
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        response = await client.request(method, path, json=body, timeout=timeout)
        if response.is_error:
            raise self._problem(response)
        found = response.json()
        if not isinstance(found, dict):
            raise ValueError("not an object")
        if isinstance(said := found.get("error"), str):
            raise self._problem(response, said)
        return found

    def _problem(self, response: httpx.Response, said: str | None = None) -> NotReady:
        text = said if said is not None else _error_text(response)
        status = response.status_code if response.is_error else 0
        problem = load_problem(text, self._server, self._profile)
        if problem is not None:
            return NotReady(*problem)
        if status == 404:
            return NotReady(
                f"{self._server} has no model {self._server.model}.", pull_remedy(self._server)
            )
        error = refusal(status, text, self._server, self._profile)
        detail = error.detail if isinstance(error, FlawedAnswer) else str(error)
        return NotReady(detail, "Look at the log of the model's server.")

    def _ready(self, version: str, *, vision: bool) -> Readiness:
        where = f"{self._server.model} on {self._server}"
        told = f"{where} (Ollama {version})" if version else where
        if vision:
            return Readiness(state=EngineState.READY, detail=f"{told} answers.")
        return Readiness(
            state=EngineState.READY,
            detail=f"{told} answers; it sees no pictures and gets the text of pages alone.",
            remedy=f"Set {self._variable} to a vision model to have pictures read.",
        )

    @property
    def _variable(self) -> str:
        return "OLLAMA_MODEL" if self._server.provider is Provider.OLLAMA else "VISION_MODEL"

    def _start_remedy(self) -> str:
        if self._server.provider is Provider.OLLAMA:
            return (
                f"Start Ollama (ollama serve) and run: ollama pull {self._server.model}; or set "
                "OLLAMA_BASE_URL. To work without a model, set EXTRACTION_ENGINE=layout."
            )
        return "Start it or correct VISION_BASE_URL. Without a model: EXTRACTION_ENGINE=layout."


def _takes_pictures(model: Mapping[str, Any]) -> bool:
    """llama.cpp tells in its list what goes into a model; where nothing is told it takes them."""
    architecture = model.get("architecture")
    inputs = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    return "image" in inputs if isinstance(inputs, list) else True


def _error_text(response: httpx.Response) -> str:
    try:
        found = response.json()
    except ValueError:
        return response.reason_phrase
    said = found.get("error") if isinstance(found, dict) else None
    if isinstance(said, dict):
        said = said.get("message")
    return said if isinstance(said, str) else response.reason_phrase


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ConnectError):
        return "connection refused or no such host"
    return type(error).__name__
