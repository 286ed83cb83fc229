"""Month names of the languages invoices come in, folded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.dates import get_month_names

from src.engines.layout.lexicon import fold

_LANGUAGES = (
    *("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "sk"),
    *("ro", "hu", "ms", "id", "tr", "sl", "et", "lv", "lt", "ca"),
)
# Spellings that the locale data lack.
_MORE = {"sept": 9, "jänner": 1, "janner": 1, "feber": 2, "maerz": 3, "mrz": 3, "ogo": 8, "ogos": 8}
_SHORTEST = 3


@cache
def month_numbers() -> Mapping[str, int]:
    """Folded month name or abbreviation (no dot) -> 1..12.

    A name that two languages use for different months ("listopad") is the first one's.
    """
    found: dict[str, int] = {}
    for language in _LANGUAGES:
        locale = Locale(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(fold(name).strip(". "), number)
    found.update({fold(name): number for name, number in _MORE.items()})
    return {name: n for name, n in found.items() if len(name) >= _SHORTEST and name.isalpha()}
