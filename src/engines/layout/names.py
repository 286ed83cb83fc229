"""When two printed names are of the same company."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from src.engines.layout.addresses import clean_name
from src.engines.layout.lexicon import fold


def contains(left: str, right: str) -> bool:
    """One is the other with words added ("Example" / "Example GmbH")."""
    a, b = name_key(left), name_key(right)
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and (long.startswith(short + " ") or long.endswith(" " + short))


def alike(left: str, right: str) -> bool:
    """The same name, but for spelling and slips."""
    return fuzz.ratio(name_key(left), name_key(right)) >= 85


def name_key(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(clean_name(text))))
