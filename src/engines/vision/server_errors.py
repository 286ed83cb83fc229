"""What a model server's refusal means. The texts are those of Ollama, llama.cpp and vLLM."""

from __future__ import annotations

import re

from src.domain.errors import UnusableAnswer
from src.engines.vision.client import ModelMissing, ServerDown
from src.engines.vision.profiles import Profile
from src.engines.vision.reply import Flaw, FlawedAnswer
from src.engines.vision.server import ModelServer, Provider

_UNKNOWN_ARCHITECTURE = re.compile(r"unknown model architecture", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"exceeds? the available context|maximum context length|context (?:size|length|window)"
    r"|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_NO_MEMORY = re.compile(r"requires more (?:system )?memory|out of memory", re.IGNORECASE)
_BUSY = frozenset({408, 429, 502, 503, 504})
_DENIED = frozenset({401, 403})
_LONGEST = 200


def refusal(status: int, said: str, server: ModelServer, profile: Profile) -> Exception:
    """The error for an HTTP status and message; a status below 100 is an error mid-stream."""
    told = shorten(said)
    problem = load_problem(said, server, profile)
    if problem is not None:
        return ModelMissing(" ".join(problem))
    if status in _DENIED:
        return ServerDown(f"{server} refuses the key: {told} Set VISION_API_KEY.")
    if status == 404:
        return ModelMissing(f"{server} has no model {server.model}. {pull_remedy(server)}")
    if status in _BUSY:
        return ServerDown(f"{server} is busy or going down: {told} It is asked again later.")
    if _TOO_LONG.search(said):
        return FlawedAnswer(Flaw.TOO_LONG, "The page did not fit into the model's context.")
    if status >= 500 or status < 100:
        return FlawedAnswer(Flaw.SERVER_ERROR, f"The server failed on it: {told}")
    return UnusableAnswer(f"{server} refused the request ({status}): {told}")


def load_problem(said: str, server: ModelServer, profile: Profile) -> tuple[str, str] | None:
    """(what is wrong, what to do) when a server says that it cannot load the model."""
    told = shorten(said)
    if _UNKNOWN_ARCHITECTURE.search(said):
        return (
            f"{server.model} does not load on {server}: {told}",
            f"{profile.load_remedy or 'This server cannot load it; choose another model'}.",
        )
    if _NO_MEMORY.search(said):
        return (
            f"{server.model} does not fit into the memory of {server}: {told}",
            "Choose a smaller model or give the server more memory.",
        )
    return None


def pull_remedy(server: ModelServer) -> str:
    if server.provider is Provider.OLLAMA:
        return f"Run: ollama pull {server.model}"
    return "Set VISION_MODEL to a name that GET /models of the server lists."


def shorten(said: str) -> str:
    """One line that ends like a sentence."""
    line = " ".join(said.split())[:_LONGEST].rstrip(".")
    return f"{line}." if line else "no reason given."
