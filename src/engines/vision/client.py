"""Asking one chat model one question; what it takes and raises, whatever library does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from src.domain.errors import EngineUnavailable, UnusableAnswer
from src.engines.vision.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that decides an answer, and nothing else."""

    system: str
    text: str
    # PNG bytes rendered by this service.
    images: tuple[bytes, ...]
    temperature: float
    repeat_penalty: float
    seed: int
    # Let a model that can think do so, and look for the answer there as well.
    thoughts: bool = False


class ServerDown(EngineUnavailable):
    """The server cannot be reached or cannot answer anybody now."""


class ModelMissing(EngineUnavailable):
    """The server works and does not have, or cannot load, this model."""


class KeptFailing(UnusableAnswer):
    """The server failed each time it was asked: because of the page, or for everybody."""


class ChatClient(Protocol):
    async def ask(self, question: Question) -> Reply:
        """One request, no retries.

        Raises `ServerDown`, `ModelMissing`, `EngineTimeout`, `UnusableAnswer` for a request the
        server refuses for good, and `FlawedAnswer` for one that may succeed when repeated.
        Cancelling it closes the connection, which stops the server's work.
        """
        ...

    async def close(self) -> None: ...
