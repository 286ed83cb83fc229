"""Numbers and codes of documents: "4711", "FT 2023/881", "RE-17-A"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from src.engines.layout.lexicon import label_words
from src.engines.layout.model import Token

_CODE = re.compile(r"^[#№]?[\w][\w./\\#&+_-]*[\w#]$|^[#№]?\d$", re.UNICODE)
_MONEY = re.compile(r"^[^\w]*\d{1,3}(?:[., ]?\d{3})*[.,]\d{2}[^\w]*$|[€$£%]")
# Groups of digits that fill a cell are one number, however long they are.
_MOST_GROUPS = 4
_LEAD = "#№:.-–=("
_TRAIL = ".,;:)"


def code_at(
    tokens: Sequence[Token], date_tokens: set[int]
) -> tuple[str, tuple[Token, ...], float] | None:
    """(code, its tokens, quality 0..1) at the start of `tokens`; None if there is no code.

    A code holds a digit and is neither a date nor an amount.
    """
    start = 0
    while start < len(tokens) and (
        set(tokens[start].text) <= set(_LEAD + "/|") or is_number_word(tokens[start].text)
    ):
        start += 1
    if start == len(tokens):
        return None
    taken: list[Token] = []
    for token in tokens[start : start + 5]:
        text = token.text.strip(_LEAD).rstrip(_TRAIL)
        if id(token) in date_tokens or not _CODE.match(text or "?"):
            break
        whole = len(tokens) - start <= _MOST_GROUPS and text.isdigit()
        continued = taken and (_continues(taken[-1].text, text) or _is_series(taken, text))
        if taken and not continued and not (whole and taken[-1].text[-1].isdigit()):
            break
        taken.append(token)
        if token.text[-1] in ",;":
            break
    value = _joined(taken).strip(_LEAD + " ").rstrip(_TRAIL)
    if not taken or not any(c.isdigit() for c in value):
        return None
    return value, tuple(taken), _quality(value, tokens[start:], taken)


def is_number_word(text: str) -> bool:
    """ "No.", "Nr.", "č." before a number; the last one only with its accent."""
    return label_words(text) == ("#",) or text.casefold().strip(".:") == "č"


def _joined(taken: Sequence[Token]) -> str:
    """The parts with blanks between them, but for the two rows of a broken code."""
    text = taken[0].text if taken else ""
    for before, token in pairwise(taken):
        broken = token.rect.y0 >= before.rect.y1 - 0.3 * before.rect.height
        text += token.text if broken else f" {token.text}"
    return text


def _is_series(taken: Sequence[Token], text: str) -> bool:
    """ "FT 2023/881": letters of a series before the number."""
    series = taken[0].text
    return (
        len(taken) == 1
        and series.isalpha()
        and series.isupper()
        and len(series) <= 4
        # "P.O. BOX 12" is a place.
        and series != "BOX"
        and text[:1].isdigit()
    )


def _continues(before: str, text: str) -> bool:
    """A code goes on behind a blank only where a mark or another group of digits says so."""
    if before[-1] in "-/" or text[0] in "-/":
        return True
    has_digits = any(c.isdigit() for c in text) and any(c.isdigit() for c in before)
    return has_digits and text.isdigit() and len(text) <= 5 and before.isdigit()


def _quality(value: str, around: Sequence[Token], taken: Sequence[Token]) -> float:
    quality = 1.0
    if _MONEY.search(value):
        quality *= 0.35
    if taken[0].text[0] in "([":
        quality *= 0.4
    if len(value) < 3:
        quality *= 0.75
    if len(around) > len(taken) + 3:
        quality *= 0.8
    return quality
