"""How much of a page's text was read: words and amounts, wherever they were found."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_AMOUNT = re.compile(r"[-+]?\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}")
# Typesetting that no reader is asked to tell apart.
_SAME = str.maketrans("‘’‚“”„–—−", "''," + '"""' + "---")
_EDGES = ".,;:|()[]\"'*•·"


def word_recall(truth: str, read: str) -> float:
    """Share of the words of `truth` that `read` has as often."""
    return _recall(_words(truth), _words(read))


def amount_recall(truth: str, read: str) -> float:
    """The same for amounts of money, which must be right to the cent and the separator."""
    return _recall(_amounts(truth), _amounts(read))


def _words(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", text).translate(_SAME)
    return Counter(word for raw in plain.split() if (word := raw.strip(_EDGES)))


def _amounts(text: str) -> Counter[str]:
    words = _words(text)
    return Counter({word: count for word, count in words.items() if _AMOUNT.fullmatch(word)})


def _recall(truth: Counter[str], read: Counter[str]) -> float:
    total = truth.total()
    return (truth & read).total() / total if total else 1.0
