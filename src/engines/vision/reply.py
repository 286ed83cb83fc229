"""What comes back from a chat model, whatever server it runs on, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One finished or broken-off answer."""

    text: str
    # Why the model stopped: "stop" is the only good one. None: the stream ended without saying.
    ended_by: str | None
    # Some models put their answer here, or talk here until their budget is spent.
    thinking: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


class Flaw(StrEnum):
    """Why an answer cannot be used; the model is told and asked again."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    UNFINISHED = "unfinished"
    NOT_JSON = "not_json"
    SCHEMA_ECHO = "schema_echo"
    WRONG_SHAPE = "wrong_shape"
    LOOPING = "looping"
    # The server failed on this request; the same request may succeed.
    SERVER_ERROR = "server_error"
    # Page text and picture do not fit the model's context.
    TOO_LONG = "too_long"


class FlawedAnswer(Exception):
    """An answer arrived that is no usable one; stays inside this room."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        """`detail` says what is wrong with it, for the model and for people."""
        super().__init__(detail)
        self.flaw = flaw
        self.detail = detail
