"""`ChatClient` over LangChain: Ollama's own protocol, or OpenAI's.

LangChain's structured output is not used: it takes a cut-off answer for a whole one. The schema
is bound to the request, the reply is judged by `answers.py`.
"""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import httpx

from src.engines.vision.client import Question
from src.engines.vision.client_errors import LibraryErrors
from src.engines.vision.profiles import Profile, Structure
from src.engines.vision.reply import Reply
from src.engines.vision.schema import SCHEMA_NAME, answer_schema
from src.engines.vision.server import KEEP_ALIVE, ModelServer, Provider

if TYPE_CHECKING:
    import openai
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

CONNECT_SECONDS = 10.0


class LangChainClient:
    """One chat model of `init_chat_model`; belongs to the event loop that first uses it."""

    def __init__(self, server: ModelServer, profile: Profile) -> None:
        self._server = server
        self._profile = profile
        self._model: BaseChatModel | None = None
        # The web client of OpenAI's library, which it leaves to us to close.
        self._web: openai.DefaultAsyncHttpxClient | None = None
        self._errors = LibraryErrors(server, profile)
        self._making = asyncio.Lock()

    async def ask(self, question: Question) -> Reply:
        """See `ChatClient.ask`."""
        model = await self._made()
        messages = _messages(question)
        options = self._options(question)
        try:
            async with asyncio.timeout(self._server.timeout_seconds):
                message = await model.bind(**options).ainvoke(messages)
        except self._errors.known as error:
            raise self._errors.translated(error) from error
        return _reply(message)

    async def close(self) -> None:
        """The next question makes everything anew."""
        web, self._web, self._model = self._web, None, None
        if web is not None:
            await web.aclose()

    async def _made(self) -> BaseChatModel:
        async with self._making:
            if self._model is None:
                # Imports two seconds of libraries and reads certificates: not in the loop.
                self._model = await asyncio.to_thread(self._make)
            return self._model

    def _make(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model  # noqa: PLC0415 - see module docstring

        arguments = self._of_ollama() if self._is_ollama else self._of_openai()
        self._errors.load()
        model: BaseChatModel = init_chat_model(
            self._server.model, model_provider=self._server.provider.value, **arguments
        )
        return model

    @property
    def _is_ollama(self) -> bool:
        return self._server.provider is Provider.OLLAMA

    @property
    def _timeout(self) -> dict[str, float]:
        return {
            "connect": CONNECT_SECONDS,
            "read": self._server.stall_seconds,
            "write": self._server.stall_seconds,
            "pool": self._server.timeout_seconds,
        }

    def _of_ollama(self) -> dict[str, Any]:
        client: dict[str, Any] = {
            "timeout": httpx.Timeout(**self._timeout),
            "trust_env": not self._server.is_near,
            # LangChain gives no way to close its client. Beside a question to a model a new
            # connection is nothing, and none stays open.
            "limits": httpx.Limits(max_keepalive_connections=0),
        }
        if self._server.api_key:
            client["headers"] = {"Authorization": f"Bearer {self._server.api_key}"}
        return {
            "base_url": self._server.base_url,
            "client_kwargs": client,
            "num_ctx": self._profile.num_ctx,
            "num_predict": self._profile.num_predict,
            "keep_alive": KEEP_ALIVE,
            # Models that can think do so unless told not to.
            "reasoning": False,
        }

    def _of_openai(self) -> dict[str, Any]:
        import openai  # noqa: PLC0415 - see module docstring

        self._web = openai.DefaultAsyncHttpxClient(trust_env=not self._server.is_near)
        arguments: dict[str, Any] = {
            "base_url": self._server.base_url,
            # The library insists on one; servers without keys ignore it.
            "api_key": self._server.api_key or "none",
            "timeout": openai.Timeout(**self._timeout),
            "max_retries": 0,
            "max_tokens": self._profile.num_predict,
            "use_responses_api": False,
            "http_async_client": self._web,
        }
        if self._profile.can_think:
            arguments["extra_body"] = {"chat_template_kwargs": {"enable_thinking": False}}
        return arguments

    def _options(self, question: Question) -> dict[str, Any]:
        schema = self._profile.structure is Structure.SCHEMA
        if self._is_ollama:
            # Some servers put an answer where thoughts belong; LangChain hands those out only
            # when thinking was asked for.
            thoughts = {"reasoning": True} if question.thoughts else {}
            return thoughts | {
                "format": answer_schema() if schema else "json",
                "options": {
                    "num_ctx": self._profile.num_ctx,
                    "num_predict": self._profile.num_predict,
                    "temperature": question.temperature,
                    "repeat_penalty": question.repeat_penalty,
                    "seed": question.seed,
                },
            }
        strict = {"name": SCHEMA_NAME, "strict": True, "schema": answer_schema()}
        return {
            "response_format": {"type": "json_schema", "json_schema": strict}
            if schema
            else {"type": "json_object"},
            "temperature": question.temperature,
            "seed": question.seed,
        }


def _messages(question: Question) -> list[BaseMessage]:
    from langchain_core.messages import (  # noqa: PLC0415 - see module docstring
        HumanMessage,
        SystemMessage,
    )

    content: list[str | dict[Any, Any]] = [{"type": "text", "text": question.text}]
    for image in question.images:
        # Always a data URI: LangChain opens an `image_url` that is a path of this machine.
        uri = f"data:image/png;base64,{base64.b64encode(image).decode('ascii')}"
        content.append({"type": "image_url", "image_url": {"url": uri}})
    return [SystemMessage(question.system), HumanMessage(content)]


def _reply(message: BaseMessage) -> Reply:
    metadata = message.response_metadata
    usage = getattr(message, "usage_metadata", None) or {}
    content = message.content
    return Reply(
        text=content if isinstance(content, str) else str(message.text),
        ended_by=metadata.get("done_reason") or metadata.get("finish_reason"),
        thinking=str(message.additional_kwargs.get("reasoning_content") or ""),
        input_tokens=usage.get("input_tokens", 0),
        output_tokens=usage.get("output_tokens", 0),
    )
