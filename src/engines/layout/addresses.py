"""Postal addresses and names: what a line of an address block is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from src.domain.invoice import Address
from src.engines.layout.dates import scan
from src.engines.layout.identifiers import EMAIL, WEBSITE
from src.engines.layout.lexicon import fold, is_article, label_key, read_lexicon
from src.engines.layout.lexicon import index as lexicon_index
from src.engines.layout.locale import country_names


class LineKind(StrEnum):
    STREET = "street"
    CITY = "city"
    COUNTRY = "country"
    # E-mail, web, telephone, bank, tax: belongs to the party, not to its address.
    CONTACT = "contact"
    # Dates, amounts, page numbers.
    OTHER = "other"
    # "Ecke 12", "Customer 7": a street where an address is expected, else a name.
    NUMBERED = "numbered"
    # A name, or an address line that shows no form of its own.
    TEXT = "text"


_UPPER = "A-ZÀ-ÖØ-ÞŁŚŻŹČŘŠŽ"
_START = r"(?:^|[,;·•|]\s*)"
_CITY_LAST = rf"\s+(?P<city>[{_UPPER}].*)$"
_CITY_FIRST = rf"(?P<city>[{_UPPER}][\w.'’ -]*?),?\s+"
_CITY_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # 12345 City, D-12345 City, DE 12345 City, 53100, City
        rf"(?:{_START}|\s|[–-]\s*)(?:[A-Z]{{1,3}}[- ])?(?P<zip>\d{{4,5}})[.,]?\s?"
        rf"(?P<city>[{_UPPER}'’][\w'’.-]+.*)$",
        # 1234 AB City, 12-345 City, 1234-123 City, 123 45 City
        rf"{_START}(?:NL[- ])?(?P<zip>\d{{4}}\s?[A-Z]{{2}}){_CITY_LAST}",
        rf"{_START}(?:PL[- ])?(?P<zip>\d{{2}}-\d{{3}}){_CITY_LAST}",
        rf"{_START}(?:PT[- ])?(?P<zip>\d{{4}}-\d{{3}}){_CITY_LAST}",
        rf"{_START}(?:[A-Z]{{1,2}}[- ])?(?P<zip>\d{{3}}\s\d{{2}}){_CITY_LAST}",
        # City, ST 12345; City ST, 12345-6789; City VIC 3000
        rf"{_CITY_FIRST}(?P<region>[A-Z]{{2}}),?\s+(?P<zip>\d{{4,5}}(?:-\d{{4}})?)\b",
        rf"{_CITY_FIRST}(?P<region>NSW|VIC|QLD|TAS|ACT),?\s+(?P<zip>\d{{4}})\b",
        # London SW1A 1AA; Toronto ON M5V 2T6
        rf"(?:{_CITY_FIRST})?(?P<zip>[A-Z]{{1,2}}\d[A-Z\d]?\s\d[A-Z]{{2}})\b",
        rf"{_CITY_FIRST}(?:(?P<region>[A-Z]{{2}}),?\s+)?(?P<zip>[A-Z]\d[A-Z]\s?\d[A-Z]\d)\b",
        # Irish routing keys: "Dublin D02 X285", alone or with the town.
        rf"(?:^|{_CITY_FIRST})(?P<zip>[A-Z]\d[\dW]\s?[A-Z\d]{{4}})$",
        # City - 560001; Singapore 123456; City, State, 12345
        rf"(?P<city>[{_UPPER}][\w.'’ ]{{3,}}?)\s*[-–,]\s*(?P<zip>\d{{6}})\b",
        r"(?P<city>Singapore)\s+(?P<zip>\d{6})\b",
        rf"(?P<city>[{_UPPER}][\w.'’ ]+?),\s*(?P<region>[{_UPPER}][\w.'’ ]+?),?\s+"
        r"(?P<zip>\d{5})\b",
    )
)
# Longer lines are prose; the bound also keeps the patterns cheap on hostile text.
_LONGEST_LINE = 160
_MOST_STREET_WORDS = 12
_MOST_CITY_WORDS = 14
_NUMBER_FIRST = re.compile(
    r"^(?:no\.?\s*|lot\s*|#)?\d{1,5}[A-Za-z]?(?:[-–/]\d+[A-Za-z]?)?,?\s+[^\W\d]", re.I
)
_NUMBER_LAST = re.compile(r"[^\W\d]{3,}\.?,?\s+\d{1,5}\s?[A-Za-z]?(?:[-–/]\s?\d{1,4}[A-Za-z]?)?$")
# "4557 Oak St" looks like a postal code with a city.
_NUMBER_AND_STREET = re.compile(
    r"^\d{1,5}\s+[^\d,]+\s(?:st|dr|rd|ave|ln|blvd|way|ct|pl|sq|pkwy|hwy|cir|street|drive|road|avenue"
    r"|lane|boulevard|court|place|square|parkway|highway|circle|terrace|trail|loop|run|trace|crossing)\.?$",
    re.I,
)
_PHONE_LIKE = re.compile(
    r"^[\s(+]*\d[\d\s()+./–-]{6,}$|\b(?:tel|fon|fax|phone|tél|mob)\b[.:]?", re.I
)
_MONEY_OR_DATE = re.compile(
    r"[€$£]\s?\d|\d[.,]\d{2}\s?(?:€|$|%)|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"
)
# "7,5 kg", "250 Stück": a cell of a table.
_QUANTITY = re.compile(r"^\d{1,3}(?:[.,]\d+)?\s?[^\W\d]{1,7}\.?$")
# Sizes of goods; "kg" is also short for a village.
_SIZE = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:kg|g|m|cm|mm|km|l|ml)\b")
_STATE_LAST = re.compile(r"\s[A-Z]{2},?\s+\d{5}(?:-\d{4})?$")
# "Example e.K. - Street 5 - 12345 Town": a sender's whole address in one line.
_IN_ONE_LINE = re.compile(r"\s[-–·•|]\s.*\b\d{4,5}\b")
# Five words or more that end like a sentence: "Please return this slip with payment."
_SENTENCE = re.compile(r"^(?:\S+\s+){4,}[a-zà-öø-ÿ]{4,}[.!?]$")
_INNER_COLON = re.compile(r"\w\s?:\s?\w")
_WORDS = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?|\d+")

_TRAILING_ID = re.compile(
    r"\s*[(\[][\w\s./·-]*\d[\w\s./·-]*[)\]]?\s*$|\s+\(?\d{5,12}\s?-\s?[A-Z]\)?$"
)
# How a letter addresses a company before its name.
_ADDRESSING = re.compile(
    r"^(?:spett(?:abile|\.?\s?le)?\.?|egr\.?|gent\.?\s?m[oa]|exm[oa]s?\.?(?:\(s\))?(?:\s?srs?\.?(?:\(s\))?)?"
    r"|m/s\.?)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_LEADING_ID = re.compile(r"^#\s?\d+\s+")


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {
        key: frozenset(fold(word).replace(".", "") for word in words)
        for key, words in read_lexicon("addresses").items()
    }


@lru_cache(maxsize=4096)
def line_kind(text: str) -> LineKind:
    """What a printed line is when it stands in an address block."""
    stripped = text.strip(" ,;.·•|-–")
    folded = fold(stripped)
    if len(stripped) > _LONGEST_LINE:
        return LineKind.OTHER
    is_date = bool(scan(text))
    phone = not is_date and _PHONE_LIKE.search(stripped)
    if phone or EMAIL.search(text) or WEBSITE.search(text):
        return LineKind.CONTACT
    if folded in country_names():
        return LineKind.COUNTRY
    if _QUANTITY.match(stripped) and not legal_form(stripped):
        return LineKind.OTHER
    if is_date or _MONEY_OR_DATE.search(text) or sum(c.isalpha() for c in stripped) < 2:
        return LineKind.OTHER
    return _place_kind(stripped)


def _place_kind(text: str) -> LineKind:
    # "Boulder, CO 80301" names a state, no company.
    company = legal_form(text) and not text[0].isdigit() and not _STATE_LAST.search(text)
    # "3300 Dock Street, Suite B" begins with a house number.
    numbered = _NUMBER_AND_STREET.match(text.split(",", maxsplit=1)[0])
    if is_city(text) and not numbered and not company:
        return LineKind.CITY
    if is_street(text):
        return LineKind.STREET
    return LineKind.NUMBERED if _is_numbered(text) else LineKind.TEXT


def is_city(text: str) -> bool:
    """The line ends or begins with a postal code and its town."""
    if ":" in text or len(text.split()) > _MOST_CITY_WORDS:
        return False
    town, _, last = text.rpartition(",")
    if town and town[-1].isalpha() and fold(last.strip(" .")) in country_names():
        return not is_street(text)
    for pattern in _CITY_FORMS:
        match = pattern.search(text)
        if match is not None and not re.search(r"\d{3}", match.groupdict().get("city") or ""):
            return True
    return False


def is_street(text: str) -> bool:
    folded = _SIZE.sub(" ", fold(text))
    words = [word.strip(".").replace(".", "") for word in _WORDS.findall(folded)]
    if not words or len(words) > _MOST_STREET_WORDS:
        return False
    digits = any(c.isdigit() for c in folded)
    lists = _lists()
    apart = {word.strip(".,").replace(".", "") for word in folded.split()}
    named = any(
        # Short words must stand apart: "CS 40" is a street line, "CS00040" is a number.
        word in lists["street_words"] and (len(word) > 3 or word in apart)
        for word in (*words, *apart)
    ) or any(
        word.endswith(ending) and len(word) > len(ending) + 1
        for word in words
        for ending in lists["street_endings"]
    )
    if "box" in words and digits:
        return True
    return named and digits and not legal_form(text)


def _is_numbered(text: str) -> bool:
    """Words and a house number without a word for a street."""
    if legal_form(text) or len(text.split()) > 7:
        return False
    if label_key(text.rsplit(maxsplit=1)[0]) in lexicon_index("titles"):
        # "Invoice 4711".
        return False
    return bool(_NUMBER_FIRST.match(text) or _NUMBER_LAST.search(text))


@lru_cache(maxsize=4096)
def legal_form(text: str) -> bool:
    """The text names a legal form ("GmbH", "Sdn. Bhd.", "S.A.R.L.")."""
    words = re.findall(r"[a-z/&]+", fold(text).replace(".", ""))
    words = fold(text).replace(".", "").split()
    return strong_legal_form(text) or any(
        word.strip(",()") in _lists()["trade_words"] for word in words[1:] or words
    )


@lru_cache(maxsize=4096)
def strong_legal_form(text: str) -> bool:
    """The text names a form of company law, not just a trade ("hardware")."""
    forms = _lists()["legal_forms"]
    printed = [word.strip(".,;:()-") for word in text.replace("(", " ").split()]
    words = [fold(word).replace(".", "") for word in printed]
    for start in range(1 if len(words) > 1 else 0, len(words)):
        # "AG", "S.A." stand in capitals; "as" and "se" are words.
        if words[start] in forms and (
            len(words[start]) > 2 or printed[start].isupper() or printed[start] == "Co"
        ):
            return True
        # "Sp. z o.o.", "Pty Ltd", "S. A. R. L."
        for end in range(start + 2, min(start + 5, len(words) + 1)):
            if "".join(words[start:end]) in forms or " ".join(words[start:end]) in forms:
                return True
    return False


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """The text can be the name of a company or person."""
    stripped = clean_name(text).strip(" ,;:.·•|-–*#")
    letters = sum(c.isalpha() for c in stripped)
    if letters < 2 or letters < 0.5 * len(stripped.replace(" ", "")) or len(stripped) > 80:
        return False
    if len(stripped.split()) > 9 or line_kind(text) in {
        LineKind.CONTACT,
        LineKind.OTHER,
        LineKind.CITY,
        LineKind.COUNTRY,
    }:
        return False
    if line_kind(text) is LineKind.STREET and not legal_form(text):
        return False
    if _IN_ONE_LINE.search(stripped) or _SENTENCE.search(text.strip()):
        return False
    if _INNER_COLON.search(stripped) and not strong_legal_form(stripped):
        return False
    if set(fold(stripped).replace(".", "").split()) <= _lists()["salutations"]:
        return False
    if is_article(stripped.split()[0]):
        # "Le Vendeur" is how a party is called, "Vendeur" a label.
        return True
    whose, _, what = stripped.partition(" ")
    # "Your account number" is a label as well.
    named = what if fold(whose) in _lists()["possessives"] else stripped
    key = label_key(named)
    return key not in lexicon_index("titles") and key not in lexicon_index("labels")


def is_shop(text: str) -> bool:
    """The text says what a shop sells and not whose it is."""
    return fold(text.strip(" .:,;*-")).replace(".", "") in _lists()["shops"]


def clean_name(text: str) -> str:
    """Without what is not part of a name: marks around it, a number in brackets behind it."""
    bare = _ADDRESSING.sub("", _LEADING_ID.sub("", text.strip(" ,;:·•|-–*")))
    return _TRAILING_ID.sub("", bare).strip(" ,;:·•|-–*") or text


@dataclass(frozen=True, slots=True)
class _City:
    postal_code: str
    city: str | None
    region: str | None


def parse_address(lines: tuple[str, ...]) -> Address:
    """The parts of an address given as printed lines (not empty)."""
    cleaned = [line.strip(" ,;·•|") for line in lines if line.strip(" ,;·•|")]
    street = next((line for line in cleaned if line_kind(line) is LineKind.STREET), None)
    city = next((found for line in cleaned if (found := _city(line)) is not None), None)
    names = country_names()
    country = next((names[fold(line)] for line in cleaned if fold(line) in names), None)
    return Address(
        text=", ".join(cleaned),
        street=street,
        city=city.city if city else None,
        postal_code=city.postal_code if city else None,
        region=city.region if city else None,
        country=country,
    )


def _city(line: str) -> _City | None:
    for pattern in _CITY_FORMS:
        if match := pattern.search(line):
            groups = match.groupdict()
            city = (groups.get("city") or "").strip(" ,.-") or None
            return _City(groups["zip"], city, groups.get("region"))
    return None
