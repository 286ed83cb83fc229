"""From a model's reply to a validated `PageAnswer`, strictly.

Nothing is repaired: a cut-off answer parses as plausible JSON with a shortened amount.
"""

from __future__ import annotations

import json
import re

from pydantic import ValidationError

from src.engines.vision.reply import Flaw, FlawedAnswer, Reply
from src.engines.vision.schema import PageAnswer

# A fence around the whole answer changes nothing of it, so it may go.
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n?```\Z", re.DOTALL | re.IGNORECASE)
# Thoughts in front of the answer, from servers that do not set them apart. The template of the
# model may have opened them in the question.
_THOUGHTS = re.compile(r"\A[^{`].*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_SCHEMA_WORDS = frozenset({"properties", "$defs", "$schema", "additionalProperties", "required"})
# Identical lines in a row: more than any real invoice repeats.
_MOST_REPEATS = 8
# A tail made of one piece over and over: a word many times, or a line of an invoice some times.
_LOOP = re.compile(r"(?:(.{1,40}?)\1{19,}|(.{41,400}?)\2{4,}).{0,400}\Z", re.DOTALL)
_LOOP_TAIL = 4000


def take(reply: Reply) -> PageAnswer:
    """Raises `FlawedAnswer` saying what is wrong."""
    text = _THOUGHTS.sub("", reply.text.strip(), count=1).strip()
    if reply.ended_by != "stop":
        raise _broken_off(reply, text)
    if not text:
        text = _from_thinking(reply.thinking)
    fenced = _FENCE.match(text)
    answer = _validated(_parsed(fenced[1] if fenced else text))
    _refuse_loops(answer)
    return answer


def _broken_off(reply: Reply, text: str) -> FlawedAnswer:
    if _LOOP.search(text[-_LOOP_TAIL:]) or _LOOP.search(reply.thinking[-_LOOP_TAIL:]):
        return FlawedAnswer(Flaw.LOOPING, "It repeated itself until it was stopped.")
    if reply.ended_by == "length":
        return FlawedAnswer(Flaw.TRUNCATED, "It was cut off: it was longer than allowed.")
    ended = f"it ended by '{reply.ended_by}'" if reply.ended_by else "its end never came"
    return FlawedAnswer(Flaw.UNFINISHED, f"It is not whole: {ended}.")


def _from_thinking(thinking: str) -> str:
    """Some servers deliver a schema-bound answer in the field for thoughts."""
    text = thinking.strip()
    if not text:
        raise FlawedAnswer(Flaw.EMPTY, "It was empty.")
    if not text.startswith(("{", "```")):
        raise FlawedAnswer(Flaw.EMPTY, "It held thoughts and no answer.")
    return text


def _parsed(text: str) -> object:
    try:
        # Not the constants NaN and Infinity, which are no JSON.
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise FlawedAnswer(Flaw.NOT_JSON, "It was no JSON object.") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _validated(found: object) -> PageAnswer:
    if not isinstance(found, dict):
        raise FlawedAnswer(Flaw.WRONG_SHAPE, "It was JSON but no object.")
    if _SCHEMA_WORDS & found.keys():
        raise FlawedAnswer(
            Flaw.SCHEMA_ECHO, "It repeated the schema instead of filling in what the page says."
        )
    try:
        return PageAnswer.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FlawedAnswer(
            Flaw.WRONG_SHAPE, f"The field {place[:80]} does not fit: {first['msg']}."
        ) from error


def _refuse_loops(answer: PageAnswer) -> None:
    repeats = 1
    for before, line in zip(answer.line_items, answer.line_items[1:], strict=False):
        repeats = repeats + 1 if line == before else 1
        if repeats > _MOST_REPEATS:
            raise FlawedAnswer(Flaw.LOOPING, "It repeated one line over and over.")
