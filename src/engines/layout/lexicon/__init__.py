"""Words invoices use, as data, and how a word is folded so that spellings of it meet."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

_HERE = Path(__file__).parent

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "þ": "th"})
# Letters that OCR takes for each other; keys know only one of them.
_LOOK_ALIKE = str.maketrans("l10", "iio")
_NUMBER_ENDING = re.compile(r"(?<=[a-z]{2})(?:nummer|number|numero|numer|nro|num|nr|no)$")
_ELISION = re.compile(r"^[dl]['’´`](?=\w)")
_NUMBER_SIGN = re.compile(r"^n[°º]\.?(?=[^\W\d_]{2})", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^a-z0-9#]+")
_SUBWORD = re.compile(r"[^\W_]+(?:['’´`.°º][^\W_]+)*[.°º#]*|#")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; length may change."""
    lowered = text.casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def label_words(token: str) -> tuple[str, ...]:
    """The words of a printed token as labels know them: "Käufer/Kunden-Nr.:" -> kaufer kunden #.

    Words for "number" become "#"; articles become "" (they are part of the label, but do not
    count).
    """
    return tuple(_label_word(match.group()) for match in _SUBWORD.finditer(token))


def _label_word(word: str) -> str:
    if (sign := _NUMBER_SIGN.match(word)) is not None:
        # "N°BC": the sign and the next word without a blank.
        return "#" + _label_word(word[sign.end() :])
    folded = _ELISION.sub("", fold(word).replace("°", "o").replace("№", "no"))
    folded = _NOT_WORD.sub("", folded)
    if folded in _small_words("number"):
        return "#"
    if folded in _small_words("article"):
        return ""
    return _NUMBER_ENDING.sub("#", folded).translate(_LOOK_ALIKE)


def label_key(text: str) -> str:
    """The key a label is looked up by: its folded words without spaces."""
    words = [word for token in text.split() for word in label_words(token)]
    # A label made of articles alone ("de", "le") keeps its letters.
    return "".join(words) or _NOT_WORD.sub("", fold(text)).translate(_LOOK_ALIKE)


@cache
def read_lexicon(name: str, section: str | None = None) -> Mapping[str, tuple[str, ...]]:
    """The lists of `<name>.toml` (or of one of its sections), read once a process."""
    with (_HERE / f"{name}.toml").open("rb") as file:
        table = tomllib.load(file)
    return {key: tuple(values) for key, values in (table[section] if section else table).items()}


def is_article(word: str) -> bool:
    """The word is one that labels are found without."""
    return fold(word) in _small_words("article")


@cache
def _small_words(kind: str) -> frozenset[str]:
    return frozenset(read_lexicon("words", "folding")[kind])


@cache
def index(name: str) -> Mapping[str, tuple[str, ...]]:
    """Label key -> concepts of `<name>.toml` that list it."""
    found: dict[str, list[str]] = {}
    for concept, labels in read_lexicon(name).items():
        for label in labels:
            concepts = found.setdefault(label_key(label), [])
            if concept not in concepts:
                concepts.append(concept)
    return {key: tuple(concepts) for key, concepts in found.items() if key}
