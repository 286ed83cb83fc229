"""The one door to the model's server: how many ask at a time, and whether anybody may."""

from __future__ import annotations

import asyncio
import time

from src.domain.errors import EngineTimeout, EngineUnavailable, UnusableAnswer
from src.engines.vision.breaker import CircuitBreaker
from src.engines.vision.client import ChatClient, ModelMissing, Question, ServerDown
from src.engines.vision.reply import Flaw, FlawedAnswer, Reply


class Gate:
    """Waiting happens here, in order of arrival, where it is cancelled with its document:
    Ollama queues without a bound and works for callers that are gone."""

    def __init__(self, client: ChatClient, parallel: int, breaker: CircuitBreaker) -> None:
        self._client = client
        self._places = asyncio.Semaphore(parallel)
        self._breaker = breaker
        self._answered_at: float | None = None

    @property
    def breaker(self) -> CircuitBreaker:
        return self._breaker

    def answered_within(self, seconds: float) -> bool:
        """Whether the server has answered that recently: a proof that it works."""
        return self._answered_at is not None and time.monotonic() - self._answered_at <= seconds

    async def ask(self, question: Question) -> Reply:
        """See `ChatClient.ask`; raises `EngineUnavailable` without asking while it is down."""
        async with self._places:
            if not self._breaker.may_ask():
                raise EngineUnavailable(
                    "The model's server failed just now and is not asked again yet."
                )
            try:
                reply = await self._client.ask(question)
            except (ServerDown, ModelMissing):
                self._breaker.failed(down=True)
                raise
            except EngineTimeout:
                self._breaker.failed()
                raise
            except FlawedAnswer as flaw:
                self._judge(flaw)
                raise
            except UnusableAnswer:
                # It answers, though not this request.
                self._alive()
                raise
            except BaseException:
                # Cancelled: nothing is known of the server.
                self._breaker.abandoned()
                raise
            self._alive()
            return reply

    def _judge(self, flaw: FlawedAnswer) -> None:
        if flaw.flaw is Flaw.SERVER_ERROR:
            self._breaker.failed()
        else:
            self._alive()

    def _alive(self) -> None:
        self._answered_at = time.monotonic()
        self._breaker.succeeded()
