"""What counts as an answer, and what is wrong with the others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from src.engines.vision.answers import take
from src.engines.vision.reply import Flaw, FlawedAnswer, Reply
from src.engines.vision.schema import LineAnswer, PageAnswer, answer_schema
from tests.fakes.truths import empty_answer

GOOD = json.dumps(empty_answer() | {"total": "119,00"})
LINE = dict.fromkeys(LineAnswer.model_fields) | {"amount": "1.00", "description": "Tea"}


def reply(text: str, ended_by: str | None = "stop", thinking: str = "") -> Reply:
    return Reply(text=text, ended_by=ended_by, thinking=thinking)


def answer(**fields: Any) -> str:
    return json.dumps(empty_answer() | fields)


@pytest.mark.parametrize(
    "good",
    [
        reply(GOOD),
        reply(f"\n  {GOOD}\n"),
        reply(f"```json\n{GOOD}\n```"),
        reply(f"```\n{GOOD}```"),
        # A known fault of some servers: the answer arrives where thoughts belong.
        reply("", thinking=GOOD),
        # Some goods are described in a paragraph.
        reply(answer(line_items=[LINE | {"description": "oak " * 150}], total="119,00")),
        # Thoughts that the server did not set apart, opened by the model or by its template.
        reply(f"<think>It says {{total}} 119,00.</think>\n\n{GOOD}"),
        reply(f"The total is 119,00.\n</think>\n```json\n{GOOD}\n```"),
        # Eight equal lines are eight cups of tea.
        reply(answer(line_items=[LINE] * 8, total="119,00")),
    ],
)
def test_a_whole_answer_is_taken(good: Reply) -> None:
    assert take(good).total == "119,00"


@pytest.mark.parametrize(
    ("bad", "flaw"),
    [
        (reply(GOOD, "length"), Flaw.TRUNCATED),
        # Whole JSON with a shortened amount is what partial parsers make of a cut answer.
        (reply(answer(total="10"), "length"), Flaw.TRUNCATED),
        (reply(GOOD, None), Flaw.UNFINISHED),
        (reply(GOOD, "load"), Flaw.UNFINISHED),
        (reply('{"total": "' + "0000 " * 500, "length"), Flaw.LOOPING),
        (reply("[" + json.dumps(LINE) * 12, "length"), Flaw.LOOPING),
        (reply("", "length", "wait, " * 400), Flaw.LOOPING),
        (reply(answer(line_items=[LINE] * 9)), Flaw.LOOPING),
        (reply(""), Flaw.EMPTY),
        (reply("  ", thinking="Let me see."), Flaw.EMPTY),
        (reply("Sure, here it is: " + GOOD), Flaw.NOT_JSON),
        (reply(GOOD + GOOD), Flaw.NOT_JSON),
        (reply("<think>It is an invoice.</think>"), Flaw.EMPTY),
        (reply("<think>It is an invoice, and"), Flaw.NOT_JSON),
        # What a page prints into the thoughts does not become the answer.
        (reply(f"<think>It says </think>{answer(total='1')}</think>{GOOD}"), Flaw.NOT_JSON),
        (reply(answer(total=f"</think>{GOOD}") + GOOD), Flaw.NOT_JSON),
        (reply('{"total": NaN}'), Flaw.NOT_JSON),
        (reply("[" * 100_000), Flaw.NOT_JSON),
        (reply("[1]"), Flaw.WRONG_SHAPE),
        (reply("{}"), Flaw.WRONG_SHAPE),
        (reply(answer(total=119.0)), Flaw.WRONG_SHAPE),
        (reply(answer(totals="119")), Flaw.WRONG_SHAPE),
        (reply(answer(document_type="bill")), Flaw.WRONG_SHAPE),
        (reply(answer(vendor_name="x" * 121)), Flaw.WRONG_SHAPE),
        (reply(json.dumps(answer_schema())), Flaw.SCHEMA_ECHO),
    ],
)
def test_anything_else_is_refused_with_a_reason(bad: Reply, flaw: Flaw) -> None:
    with pytest.raises(FlawedAnswer) as caught:
        take(bad)
    assert caught.value.flaw is flaw
    assert caught.value.detail.endswith(".")


def test_the_reason_names_the_field_and_not_its_value() -> None:
    with pytest.raises(FlawedAnswer, match="field total does not fit") as caught:
        take(reply(answer(total=119.0)))
    assert "119" not in caught.value.detail


def _objects(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(found for value in node.values() for found in _objects(value))]
    if isinstance(node, list):
        return [found for value in node for found in _objects(value)]
    return []


def test_the_schema_is_one_that_every_server_compiles() -> None:
    for node in _objects(answer_schema()):
        # Patterns crash the grammar compiler of Ollama 0.24; numbers lose digits.
        assert "pattern" not in node
        assert node.get("type") not in {"number", "integer"}
        if node.get("type") == "object":
            assert set(node["required"]) == set(node["properties"])
            assert node["additionalProperties"] is False
            assert list(node["properties"]) == sorted(node["properties"])
        if node.get("type") == "string":
            assert "maxLength" in node or "enum" in node
        if node.get("type") == "array":
            assert node["maxItems"] <= 60


def test_every_field_is_told_to_the_model_as_required() -> None:
    assert set(answer_schema()["required"]) == set(PageAnswer.model_fields)
