"""What a family of models can do, and how it is best asked.

Sources of the figures: docs/engines.md. A name that fits no family gets `UNKNOWN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum


class Structure(StrEnum):
    """How the server is made to answer in the schema."""

    # `format` of Ollama or `response_format: json_schema` of the OpenAI protocol.
    SCHEMA = "schema"
    # Any JSON; the schema stands in the prompt only.
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Defaults for one family of models."""

    family: str
    # Whether pictures are sent at all; a model without vision gets the text of the page.
    vision: bool = True
    # Pictures of one request; a family that takes one gets a dense page in several requests.
    images_per_request: int = 4
    # Long side in pixels beyond which the model shrinks a picture.
    long_side: int = 1600
    # Requests of ours at a time. More wait here, where they can be counted and cancelled.
    parallel: int = 2
    # Tokens of prompt, pictures and answer together.
    num_ctx: int = 16_384
    # Tokens of an answer.
    num_predict: int = 4096
    # Characters of the page's text in the prompt.
    text_characters: int = 8000
    temperature: float = 0.0
    # 1.0 is Ollama's default since 0.30, 1.1 before: said explicitly.
    repeat_penalty: float = 1.0
    structure: Structure = Structure.SCHEMA
    # Told not to, and asked for its thoughts where an answer is missing: some servers put a
    # schema-bound answer there. Ollama says of each model whether it can; elsewhere the name does.
    can_think: bool = False
    # What to tell when the server does not know the architecture.
    load_remedy: str | None = None


UNKNOWN = Profile(family="unknown", images_per_request=1)

_MLLAMA = Profile(
    family="mllama",
    # One request, one picture; four tiles of 560 pixels: a full page is read at 96 dpi.
    images_per_request=1,
    long_side=1120,
    # Ollama runs this family with one request at a time, whatever OLLAMA_NUM_PARALLEL says.
    parallel=1,
    # A picture costs one token of context.
    num_ctx=8192,
    num_predict=3072,
    text_characters=6000,
    repeat_penalty=1.05,
    load_remedy="llama3.2-vision needs Ollama 0.24 or older: newer ones dropped its "
    "architecture. Pin the image ollama/ollama:0.24.0 or set OLLAMA_MODEL to another vision "
    "model, such as qwen2.5vl",
)

# Tried in order: the first pattern found in the name of the model decides.
_FAMILIES: tuple[tuple[re.Pattern[str], Profile], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), profile)
    for pattern, profile in (
        (r"llama-?3\.2.*vision|mllama", _MLLAMA),
        (r"llama-?4", Profile(family="llama4", long_side=1344)),
        # Ollama serves qwen3-vl and qwen3.5 one request at a time.
        (
            r"qwen-?3(-?vl|\.[5-9])",
            Profile(family="qwen3vl", long_side=1792, parallel=1, can_think=True),
        ),
        (r"qwen-?2(\.5)?-?vl", Profile(family="qwen2vl", long_side=1792)),
        # Gemma shrinks pictures to 896 pixels and reads crops beside them.
        (r"gemma-?[34]", Profile(family="gemma", long_side=1344, repeat_penalty=1.05)),
        (
            r"granite.*vision|granite-?vision",
            Profile(family="granite", images_per_request=1, long_side=1152),
        ),
        (r"mistral-?small|ministral|pixtral", Profile(family="mistral", long_side=1540)),
        (
            r"glm-?ocr",
            Profile(family="glm-ocr", images_per_request=1, long_side=1792),
        ),
        (r"glm-?4.*v", Profile(family="glm-v", long_side=1792, can_think=True)),
        (r"minicpm", Profile(family="minicpm", images_per_request=1, long_side=1344)),
        (r"llava|bakllava", Profile(family="llava", images_per_request=1, long_side=672)),
        (r"internvl", Profile(family="internvl", long_side=1792)),
        (
            r"moondream|smolvlm",
            Profile(
                family="small",
                images_per_request=1,
                num_ctx=4096,
                num_predict=1024,
                text_characters=2000,
            ),
        ),
    )
)


def profile_of(model: str) -> Profile:
    """The profile of a model by its name, such as "llama3.2-vision:11b"."""
    for pattern, profile in _FAMILIES:
        if pattern.search(model):
            return profile
    return UNKNOWN


def as_seen(profile: Profile, *, vision: bool, thinking: bool) -> Profile:
    """The same family with what the server says of the model: one without vision is asked with
    the text of the page alone."""
    return replace(profile, vision=vision, can_think=profile.can_think or thinking)
