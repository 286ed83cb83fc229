"""What a printed text can mean. Independent of the engines' parsers, which it checks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations

_MADE_ONE = {
    **dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-"),
    **dict.fromkeys(map(ord, "’‘´ʼ＇"), "'"),
    # Arabic decimal and thousands signs.
    **{ord("٫"): ".", ord("٬"): ","},
}
# A number: digits with separators, perhaps starting with the decimal sign.
_NUMBER = re.compile(r"[.,]?[0-9][0-9.,']*")
_GROUPED_BY_SPACES = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)?")
# An amount with cents in a normalised text; groups of three digits, or of two before the last
# three (lakh and crore).
MONEY = re.compile(
    r"(?<![0-9.,])(?:[0-9]{1,3}(?:[.,' ]?[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})"
    r"[.,][0-9]{2}(?![0-9.,]?[0-9])"
)
_SEPARATORS = ".,'"
_SEPARATOR = re.compile(r"[.,']")
# Three letters tell the month in these languages, after accents are removed.
_MONTHS = (
    ("jan", "ene", "gen", "sty", "led"),
    ("feb", "fev", "lut", "uno", "helm"),
    ("mar", "mrt", "maerz", "brez", "maal"),
    ("apr", "avr", "abr", "kwi", "dub", "huht"),
    ("may", "mai", "mag", "mei", "maj", "kve", "touk"),
    ("jun", "juin", "giu", "cze", "cerven", "kesa"),
    ("jul", "juil", "lug", "lip", "cervenec", "hein"),
    ("aug", "aou", "ago", "sie", "srp", "elo"),
    ("sep", "set", "wrz", "zar", "syys"),
    ("oct", "okt", "out", "ott", "paz", "rij", "loka"),
    ("nov", "lis", "marras"),
    ("dec", "dez", "dic", "des", "gru", "pro", "joulu"),
)
_WORD = re.compile(r"[^\W\d_]{3,}")
# More numbers than a date with a time can have; the rest is not looked at.
_MOST_NUMBERS = 8


def normalise(text: str) -> str:
    """Compatibility forms, case, digits, dashes and quotes made one; white space is one space."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = "".join(
            str(unicodedata.decimal(character)) if character.isdecimal() else character
            for character in unicodedata.normalize("NFKC", text).casefold().translate(_MADE_ONE)
        )
    return " ".join(folded.replace("`", "'").split())


def compact(text: str) -> str:
    """Letters and digits only, of the normalised text."""
    return "".join(character for character in normalise(text) if character.isalnum())


def amounts_in(text: str) -> frozenset[Decimal]:
    """Every amount, without sign, that the text can mean under any convention.

    "1.234" is 1234 or 1.234; "1 234,56" is 1234.56 (or 1 and 234.56 side by side).
    """
    plain = normalise(text)
    runs = _NUMBER.findall(plain)
    runs += [run.replace(" ", "") for run in _GROUPED_BY_SPACES.findall(plain)]
    return frozenset(value for run in runs for value in _values(run.rstrip(_SEPARATORS)))


def says_amount(text: str, amount: Decimal) -> bool:
    """Signs are left out: a discount or credit may be printed without one."""
    return abs(amount) in amounts_in(text)


def says_text(text: str, value: str) -> bool:
    """Whether the text is the value, apart from spacing, punctuation and a label around it.

    What is left of the text may hold no digits: "12" is not what "INV-2024-0012" says.
    """
    wanted = compact(value)
    if not wanted:
        return normalise(value) == normalise(text) != ""
    before, found, after = compact(text).partition(wanted)
    return bool(found) and not any(character.isdigit() for character in before + after)


def says_date(text: str, day: date) -> bool:
    """Whether the text can mean that day, in any order of its parts.

    The year has two or four digits; the month is a number or a name. A name in a language that
    is not known here is taken for any month.
    """
    plain = _without_accents(normalise(text))
    numbers = [int(run) for run in re.findall(r"(?<![0-9])[0-9]{1,4}(?![0-9])", plain)]
    del numbers[_MOST_NUMBERS:]
    years = {day.year, day.year % 100}
    words = _WORD.findall(plain)
    months = {month for word in words for month in _months_of(word)}
    unknown_month = bool(words) and not months and len(numbers) == 2
    if (day.month in months or unknown_month) and any(
        first == day.day and second in years for first, second in permutations(numbers, 2)
    ):
        return True
    wanted = {(day.day, day.month, year) for year in years}
    if not wanted.isdisjoint(permutations(numbers, 3)):
        return True
    return re.sub(r"[^0-9]", "", plain) in _without_separators(day)


def _values(run: str) -> Iterator[Decimal]:
    """The meanings of one run of digits and separators."""
    groups = _SEPARATOR.split(run)
    digits = "".join(groups)
    # Longer ones are no amounts, and would be slow to convert.
    if not digits or len(digits) > 28:
        return
    if len(groups) == 1:
        yield Decimal(digits)
        return
    used = _SEPARATOR.findall(run)
    grouped = len(groups[-1]) == 3 and all(len(group) in {2, 3} for group in groups[1:])
    if grouped and groups[0] and len(set(used)) == 1:
        yield Decimal(digits)
    # The decimal sign comes once, unless the reading garbled the grouping before it.
    if used[-1] != "'" and (used.count(used[-1]) == 1 or not grouped):
        yield Decimal(f"{''.join(groups[:-1]) or 0}.{groups[-1]}")


def _months_of(word: str) -> Iterator[int]:
    for number, stems in enumerate(_MONTHS, start=1):
        if word.startswith(stems):
            yield number


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _without_separators(day: date) -> frozenset[str]:
    forms = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%y%m%d", "%d%m%y", "%m%d%y")
    return frozenset(day.strftime(form) for form in forms)
