"""What the words beside an amount, or above a column, mean.

A label is understood by the classes of its words (`lexicon/amounts.toml`): "total" + "tax" +
"excl" is a subtotal in any language. Compounds, accents and scanner slips are dealt with per
word, so each distinct label costs its analysis once.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import fuzz, process

# Digits that scanners read in words.
_DIGIT_SLIPS = str.maketrans("015", "ols")
_MIN_FUZZY_LENGTH = 5
_LEAST_NAMED = 4
_FUZZY_CUTOFF = 86
_MAX_LABEL_LENGTH = 120


class Role(StrEnum):
    """What an amount of the totals block can be."""

    LINE_TOTAL = "line_total"
    DISCOUNT = "discount"
    SHIPPING = "shipping"
    CHARGE = "charge"
    SUBTOTAL = "subtotal"
    TAX = "tax"
    TOTAL = "total"
    GROSS_BILLING = "gross_billing"
    COMMISSION = "commission"
    ROUNDING = "rounding"
    TIP = "tip"
    PREPAID = "prepaid"
    PREVIOUS = "previous"
    DUE = "due"
    CASH = "cash"
    CHANGE = "change"


class Column(StrEnum):
    """What a column of a table can hold."""

    POSITION = "position"
    CODE = "code"
    DESCRIPTION = "description"
    DATE = "date"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    DISCOUNT = "discount"
    TAX_RATE = "tax_rate"
    TAX_AMOUNT = "tax_amount"
    AMOUNT = "amount"
    GROSS_AMOUNT = "gross_amount"
    BASE = "base"


class _Vocabulary(NamedTuple):
    words: dict[str, frozenset[str]]
    # By first word: (phrase between spaces, class).
    phrases: dict[str, tuple[tuple[str, str], ...]]
    prefixes: tuple[tuple[str, str], ...]
    suffixes: tuple[tuple[str, str], ...]
    infixes: tuple[tuple[str, str], ...]
    fuzzy: tuple[str, ...]


def normalised(text: str) -> str:
    """Lower case without accents; everything but letters, digits and % becomes one space."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("ł", "l").replace("ø", "o")
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^\w%]+|_", " ", plain.replace("æ", "ae").replace("%", " % ")).strip()


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    text = files("src.engines.layout").joinpath("lexicon/amounts.toml").read_text("utf-8")
    words: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[str, str]]] = {}
    prefixes, suffixes, infixes = [], [], []
    for name, entry in tomllib.loads(text).items():
        for term in entry["words"]:
            stem = term.strip("-")
            if " " in stem:
                phrases.setdefault(stem.split()[0], []).append((f" {stem} ", name))
            elif term.startswith("-") and term.endswith("-"):
                infixes.append((stem, name))
            elif term.endswith("-"):
                prefixes.append((stem, name))
            elif term.startswith("-"):
                suffixes.append((stem, name))
            else:
                words.setdefault(stem, set()).add(name)
    return _Vocabulary(
        words={word: frozenset(names) for word, names in words.items()},
        phrases={first: tuple(entries) for first, entries in phrases.items()},
        prefixes=tuple(prefixes),
        suffixes=tuple(suffixes),
        infixes=tuple(infixes),
        fuzzy=tuple(word for word in words if len(word) >= _MIN_FUZZY_LENGTH),
    )


@lru_cache(maxsize=8192)
def _word_classes(word: str) -> frozenset[str]:
    vocabulary = _vocabulary()
    known = set(vocabulary.words.get(word, ()))
    if len(word) < 4:
        return frozenset(known)
    if any(c.isdigit() for c in word):
        mended = word.translate(_DIGIT_SLIPS)
        if mended.isalpha() and not word[0].isdigit():
            return _word_classes(mended)
        # "CGST9" is the tax at nine percent.
        name = word.rstrip("0123456789")
        return _word_classes(name) if name.isalpha() and len(name) >= _LEAST_NAMED else frozenset()
    if not known and len(word) >= _MIN_FUZZY_LENGTH:
        near = process.extractOne(
            word, vocabulary.fuzzy, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF
        )
        # Scanners rarely lose a first letter, while "compte" and "acompte" are two words.
        if near and near[0][0] == word[0]:
            known |= vocabulary.words[near[0]]
    known |= {name for stem, name in vocabulary.prefixes if word.startswith(stem)}
    known |= {name for stem, name in vocabulary.suffixes if word.endswith(stem)}
    known |= {name for stem, name in vocabulary.infixes if stem in word}
    return frozenset(known)


@lru_cache(maxsize=8192)
def classes_of(text: str) -> frozenset[str]:
    """The word classes in `text`; empty for prose too long to be a label."""
    if len(text) > _MAX_LABEL_LENGTH:
        return frozenset()
    plain = normalised(text)
    found: set[str] = set()
    phrases = _vocabulary().phrases
    padded = f" {plain} "
    words = _without_torn_words(plain.split())
    for word in words:
        found |= _word_classes(word)
        for phrase, name in phrases.get(word, ()):
            if phrase in padded:
                found.add(name)
    return frozenset(found)


def is_phrase(text: str) -> bool:
    """Whether `text` is one term of several words, such as "unit price"."""
    plain = normalised(text)
    terms = _vocabulary().phrases.get(plain.split(" ")[0], ())
    return any(term == f" {plain} " for term, _ in terms)


def _without_torn_words(words: list[str]) -> list[str]:
    """Mend words that letter spacing tore apart ("br uttosumme")."""
    vocabulary = _vocabulary().words
    mended: list[str] = []
    for word in words:
        if mended and len(mended[-1]) <= 3 and mended[-1].isalpha() and word.isalpha():
            torn = mended[-1] not in vocabulary and word not in vocabulary
            if torn and mended[-1] + word in vocabulary:
                mended[-1] += word
                continue
        mended.append(word)
    return mended


@lru_cache(maxsize=8192)
def roles_of(text: str) -> MappingProxyType[Role, float]:
    """How well `text` names each role, 0..1; empty if it names none."""
    return MappingProxyType(_roles(classes_of(text)))


# One label decides between a dozen roles; the order below is the precedence.
def _roles(c: frozenset[str]) -> dict[Role, float]:  # noqa: C901, PLR0911, PLR0912
    if not c or c & {"saving", "skonto"} or ("carry" in c and not c & {"previous", "shipping"}):
        return {}
    summing = bool(c & {"total", "grand", "amount", "sub"})
    if c & {"price", "unit_price"} and not c & {"total", "amount", "due", "sub"}:
        return {}
    if "tax" in c and "identifier" in c and not summing:
        return {}
    if "date" in c and not summing:
        return {}
    if "count" in c and not c & {"due", "tax"}:
        return {}
    if "quantity" in c and not c & {"amount", "due", "tax"} and "total" in c:
        return {}
    if "change" in c and not c & {"discount", "tax"}:
        return {Role.CHANGE: 1.0}
    if "rounding" in c:
        return {Role.TOTAL: 0.95, Role.ROUNDING: 0.3} if "total" in c else {Role.ROUNDING: 1.0}
    if "previous" in c:
        return {Role.PREVIOUS: 1.0}
    if "commission" in c and "net" not in c:
        return {Role.COMMISSION: 1.0}
    if "tip" in c:
        return {Role.TIP: 1.0}
    if "due" not in c and "prepaid" in c:
        return {Role.PREPAID: 1.0}
    if "due" in c and "prepaid" in c and "total" not in c and "net_strict" not in c:
        return {Role.DUE: 0.6, Role.PREPAID: 0.5}
    if "discount" in c:
        if c & {"sub", "net_strict", "net"} or ("total" in c and c & {"excl", "after"}):
            return {Role.SUBTOTAL: 0.9, Role.TOTAL: 0.2}
        return {Role.DISCOUNT: 1.0}
    if "due" in c and "tax" in c and not summing and not c & {"incl", "gross", "gross_strict"}:
        return {Role.TAX: 0.9}
    if "due" in c:
        whole = 0.75 if c & {"total", "grand"} else 0.6
        return {Role.DUE: 1.0, Role.TOTAL: whole}
    if "shipping" in c and "sub" not in c and "tax" not in c:
        return {Role.SHIPPING: 1.0}
    if "charge" in c and "tax" not in c and "sub" not in c:
        return {Role.CHARGE: 0.9}
    if "cash" in c and not c & {"tax", "sub"}:
        return {Role.CASH: 0.6, Role.TOTAL: 0.35} if summing else {Role.CASH: 0.9}
    if "tax" in c:
        return _tax_roles(c, summing=summing)
    if c == {"line"}:
        return {Role.LINE_TOTAL: 0.55, Role.SUBTOTAL: 0.3}
    if "line" in c and summing:
        return {Role.LINE_TOTAL: 0.9, Role.SUBTOTAL: 0.4, Role.TOTAL: 0.1}
    return _sum_roles(c)


def _tax_roles(c: frozenset[str], *, summing: bool) -> dict[Role, float]:
    """Labels that speak of tax: the tax itself, or a sum with or without it."""
    if "plus" in c and not summing:
        return {Role.TAX: 0.95}
    if c & {"excl", "net_strict", "base", "plus"}:
        return {Role.SUBTOTAL: 0.95}
    if c & {"incl", "gross_strict", "gross"}:
        if c & {"total", "grand", "sub"} or ("amount" in c and "rate" not in c):
            return {Role.TOTAL: 0.95, Role.TAX: 0.15}
        return {Role.TAX: 0.8, Role.TOTAL: 0.2} if not summing else {Role.TOTAL: 0.6}
    if "net" in c and summing:
        return {Role.SUBTOTAL: 0.8, Role.TAX: 0.3}
    return {Role.TAX: 0.95}


def _sum_roles(c: frozenset[str]) -> dict[Role, float]:  # noqa: PLR0911
    """Labels that name a sum without naming tax."""
    if "sub" in c:
        return {Role.SUBTOTAL: 0.9, Role.LINE_TOTAL: 0.4}
    if "gross_strict" in c:
        return {Role.TOTAL: 0.95}
    if "net_strict" in c or "base" in c:
        return {Role.SUBTOTAL: 0.9, Role.LINE_TOTAL: 0.3}
    if "excl" in c and c & {"total", "amount"}:
        return {Role.SUBTOTAL: 0.8}
    if "net" in c:
        return (
            {Role.SUBTOTAL: 0.6, Role.TOTAL: 0.55}
            if c & {"total", "grand", "amount"}
            else {
                Role.SUBTOTAL: 0.7,
                Role.TOTAL: 0.4,
            }
        )
    if "gross" in c:
        return {Role.TOTAL: 0.75, Role.GROSS_BILLING: 0.6, Role.SUBTOTAL: 0.1}
    if "grand" in c:
        return {Role.TOTAL: 1.0}
    if "incl" in c and c & {"total", "amount"}:
        return {Role.TOTAL: 0.9}
    if "total" in c:
        return {Role.TOTAL: 0.8, Role.SUBTOTAL: 0.3, Role.LINE_TOTAL: 0.3}
    if "amount" in c:
        return {Role.TOTAL: 0.35, Role.SUBTOTAL: 0.1}
    return {}


@lru_cache(maxsize=8192)
def column_of(text: str) -> Column | None:
    """The kind of column that a heading names; None if it names none."""
    classes = classes_of(text)
    if "description" in classes and len(text.split()) > 1:
        # "Description of goods" names goods, "Goods" alone their value.
        classes -= {"base"}
    if classes == {"net"} and sum(word.isalpha() for word in text.split()) == 1:
        # "Net" alone is an amount, "net weight" is none.
        return Column.AMOUNT
    return _column(classes)


def _column(c: frozenset[str]) -> Column | None:  # noqa: C901, PLR0911, PLR0912
    if not c:
        return None
    if c & {"discount", "skonto"} and not c & {"total", "tax", "price"}:
        return Column.DISCOUNT
    if "tax" in c:
        if c & {"identifier", "code"} and not c & {"amount", "rate"}:
            return None
        return _tax_column(c)
    if c == {"rate"}:
        return Column.TAX_RATE
    if "quantity" in c and not c & {"unit_price", "price", "total", "amount"}:
        return Column.QUANTITY
    if "unit_price" in c and not c & {"grand"}:
        return Column.UNIT_PRICE
    if "price" in c and "total" not in c and "line_amount" not in c:
        return Column.UNIT_PRICE
    if "price" in c and "unit" in c:
        return Column.UNIT_PRICE
    if c & {"line_amount", "total", "amount"}:
        return Column.GROSS_AMOUNT if c & {"gross_strict", "gross"} else Column.AMOUNT
    if c & {"gross_strict", "gross"}:
        return Column.GROSS_AMOUNT
    if "base" in c:
        return Column.BASE
    if "net_strict" in c:
        return Column.AMOUNT
    if "date" in c:
        return Column.DATE
    if "described" in c:
        return Column.DESCRIPTION
    if "code" in c:
        return Column.CODE
    if "description" in c:
        return Column.DESCRIPTION
    if "unit" in c:
        return Column.UNIT
    if "position" in c:
        return Column.POSITION
    if "shipping" in c or "charge" in c:
        return None
    return None


def _tax_column(c: frozenset[str]) -> Column:
    """Columns that speak of tax: rate, amount, base, or another sum with or without it."""
    if c & {"base"}:
        return Column.BASE
    if c & {"excl", "net_strict", "net", "incl", "gross", "gross_strict"}:
        if c & {"unit_price", "price"} and not c & {"total", "amount"}:
            return Column.UNIT_PRICE
        if c & {"incl", "gross", "gross_strict"}:
            return Column.GROSS_AMOUNT
        return Column.AMOUNT
    if "rate" in c and not c & {"amount"}:
        return Column.TAX_RATE
    if c & {"amount", "total", "line_amount"}:
        return Column.TAX_AMOUNT
    return Column.TAX_RATE
