"""What the exceptions of LangChain, Ollama's and OpenAI's libraries mean."""

from __future__ import annotations

import httpx

from src.domain.errors import EngineTimeout
from src.engines.vision.client import ServerDown
from src.engines.vision.profiles import Profile
from src.engines.vision.reply import Flaw, FlawedAnswer
from src.engines.vision.server import ModelServer, Provider
from src.engines.vision.server_errors import refusal

_BROKE = "The connection broke during it."
_UNREADABLE = "The server sent something unreadable."
# What the libraries run into when a body is not what they expect, such as a page of HTML.
_ODD_BODIES = (ValueError, TypeError, AttributeError, KeyError)
_UNREACHABLE = frozenset({"ConnectError", "ConnectTimeout"})


class LibraryErrors:
    """`known` is what the libraries raise about a server, once they are loaded; anything else is
    a bug of ours and is not caught."""

    def __init__(self, server: ModelServer, profile: Profile) -> None:
        self._server = server
        self._profile = profile
        self.known: tuple[type[Exception], ...] = ()

    def load(self) -> None:
        """Imports the provider's library: call it outside the event loop."""
        library: type[Exception]
        if self._server.provider is Provider.OLLAMA:
            import ollama  # noqa: PLC0415 - not before a server was found

            library = ollama.ResponseError
        else:
            import openai  # noqa: PLC0415 - not before a server was found

            library = openai.OpenAIError
        self.known = (TimeoutError, httpx.HTTPError, ConnectionError, library, *_ODD_BODIES)

    def translated(self, error: Exception) -> Exception:
        """The error of `ChatClient.ask` for one of `known`."""
        if isinstance(error, TimeoutError | httpx.TimeoutException | httpx.HTTPError):
            return self._of_transport(error)
        if isinstance(error, ConnectionError):
            return self._unreachable()
        if isinstance(error, _ODD_BODIES):
            if "No data received" in str(error):
                return FlawedAnswer(Flaw.EMPTY, "It was empty.")
            return FlawedAnswer(Flaw.SERVER_ERROR, _UNREADABLE)
        if self._server.provider is Provider.OLLAMA:
            return self._of_ollama(error)
        return self._of_openai(error)

    def _of_transport(self, error: Exception) -> Exception:
        if type(error).__name__ in _UNREACHABLE:
            return self._unreachable()
        if isinstance(error, TimeoutError | httpx.TimeoutException):
            return self._too_late()
        return FlawedAnswer(Flaw.SERVER_ERROR, _BROKE)

    def _of_ollama(self, error: Exception) -> Exception:
        # Negative where the error came in the middle of a stream.
        status = getattr(error, "status_code", -1)
        said = getattr(error, "error", "") or str(error)
        return refusal(status, said, self._server, self._profile)

    def _of_openai(self, error: Exception) -> Exception:
        import openai  # noqa: PLC0415 - not before a server was found

        if isinstance(error, openai.LengthFinishReasonError):
            return FlawedAnswer(Flaw.TRUNCATED, "It was cut off: it was longer than allowed.")
        if isinstance(error, openai.APITimeoutError):
            return self._too_late()
        if isinstance(error, openai.APIStatusError):
            said = str(error.body or error.message)
            return refusal(error.status_code, said, self._server, self._profile)
        if isinstance(error, openai.APIConnectionError):
            return self._connection_error(error)
        return FlawedAnswer(Flaw.SERVER_ERROR, _UNREADABLE)

    def _connection_error(self, error: BaseException) -> Exception:
        """Tell a server that is not there from one that broke off."""
        cause: BaseException | None = error
        while cause is not None:
            if type(cause).__name__ in _UNREACHABLE:
                return self._unreachable()
            cause = cause.__cause__
        return FlawedAnswer(Flaw.SERVER_ERROR, _BROKE)

    def _unreachable(self) -> ServerDown:
        return ServerDown(f"The model's server {self._server} cannot be reached.")

    def _too_late(self) -> EngineTimeout:
        return EngineTimeout(
            f"{self._server.model} did not answer within {self._server.timeout_seconds:g} s. "
            "Raise VISION_TIMEOUT_SECONDS, or take a smaller model or a faster machine."
        )
