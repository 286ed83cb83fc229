"""The country the seller is at home in: everything on the page that one country uses, weighed.

What stands in the buyer's labelled block counts little, and the first place of the first page
(the letterhead, on most pages) counts a little more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from src.engines.layout.identifiers import Identifier
from src.engines.layout.lexicon import fold, read_lexicon
from src.engines.layout.locale import CurrencyDecision, country_names, currencies_of
from src.engines.layout.model import DocumentLayout, LabelHit, Line
from src.engines.layout.party_blocks import BlockReader

# Postal codes with something beside them that only one country prints.
_PLACES = {
    "US": re.compile(
        r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA"
        r"|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),?\s+\d{5}(?:-\d{4})?\b"
    ),
    "CA": re.compile(
        r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b"
        r"|\b(?:ON|QC|BC|AB|MB|NB|NL|NS|PE|SK|YT|NT|NU),?\s+[A-Z]\d[A-Z] ?\d[A-Z]\d\b"
        r"|\b\d{9}\s?RT\s?\d{4}\b"
    ),
    "GB": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),
    "AU": re.compile(r"\b(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),?\s+\d{4}\b"),
    "SG": re.compile(r"\bSingapore,?\s+\(?\d{6}\b|\bS\(?\d{6}\)"),
    "MX": re.compile(r"\bC\.?P\.? \d{5}\b"),
    "NL": re.compile(r"\b\d{4} [A-Z]{2}\b(?= {1,2}[A-Z][a-z])"),
    "PL": re.compile(r"(?<![\d-])\d{2}-\d{3} [A-ZŁŚŻŹĆ][a-ząćęłńóśźż]"),
    "PT": re.compile(r"(?<![\d-])\d{4}-\d{3} [A-ZÀ-Ö][a-zà-ö]"),
    "BR": re.compile(r"(?<![\d-])\d{5}-\d{3}(?![\d-])"),
}
_TLDS = re.compile(
    r"\.(?P<tld>de|fr|at|ch|it|es|nl|be|pl|se|dk|no|fi|uk|ie|pt|cz|au|nz|ca|in|my|sg|mx|br)\b"
)
_CALLING = {"49": "DE", "33": "FR", "43": "AT", "41": "CH", "39": "IT", "34": "ES", "31": "NL"}
_CALLING |= {"32": "BE", "48": "PL", "46": "SE", "45": "DK", "47": "NO", "358": "FI", "44": "GB"}
_CALLING |= {"353": "IE", "351": "PT", "61": "AU", "64": "NZ", "91": "IN", "60": "MY", "65": "SG"}
_CALLING |= {"52": "MX", "55": "BR"}
_PLUS = re.compile(r"(?<![\d\w])(?:\+|00)(?P<n>[1-9]\d{1,2})")
_LANGUAGE_COUNTRY = {"de": "DE", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pt": "PT"}
_LANGUAGE_COUNTRY |= {"pl": "PL", "sv": "SE", "da": "DK", "nb": "NO", "fi": "FI", "cs": "CZ"}
_LANGUAGE_COUNTRY |= {"ro": "RO", "hu": "HU", "ms": "MY"}
_WORD = re.compile(r"[^\s,;:()|]+")
# Share of a vote that counts when it stands in a block about the buyer.
_OF_BUYER = 0.3
# The same word on every page is one fact, said often.
_MOST_A_WORD = 2
_PLACE, _WORD_VOTE, _NAME = 2.0, 1.5, 1.5
# What the first place on the page counts for more, and what all places and words may count: a
# customer abroad has a long address.
_FIRST, _MOST_PLACES = 2.5, 4.0


def rank_countries(
    layout: DocumentLayout,
    identifiers: Sequence[Identifier],
    language: str,
    hits: Sequence[LabelHit] = (),
) -> tuple[str, ...]:
    """Countries (ISO 3166-1 alpha-2) the seller may be in, likeliest first; empty: no evidence."""
    votes: defaultdict[str, float] = defaultdict(float)
    places: defaultdict[str, float] = defaultdict(float)
    said: Counter[tuple[str, str]] = Counter()
    of_buyer = _buyer_lines(layout, hits)
    seen_place = False
    for identifier in identifiers:
        if identifier.country:
            share = _share(identifier.line, identifier.tokens[0].rect.x0, of_buyer)
            votes[identifier.country] += share * (3 if identifier.kind == "vat" else 2)
    for line in layout.lines:
        for segment in line.segments:
            share = _share(line, segment.rect.x0, of_buyer)
            for country, fact, weight in _facts(segment.text):
                said[country, fact] += 1
                if said[country, fact] > _MOST_A_WORD:
                    continue
                first = _FIRST if not seen_place and weight == _PLACE and share == 1.0 else 0.0
                seen_place = seen_place or bool(first)
                places[country] = min(_MOST_PLACES, places[country] + weight * share)
                votes[country] += first
    for country, count in places.items():
        votes[country] += count
    if (home := _LANGUAGE_COUNTRY.get(language)) is not None:
        votes[home] += 2
    return tuple(sorted(votes, key=lambda country: -votes[country]))


def settle_country(ranked: Sequence[str], currency: CurrencyDecision | None) -> str | None:
    """The likeliest country whose money the page is in; else the likeliest one."""
    if currency is not None and currency.tokens:
        for country in ranked[:4]:
            if currency.code in currencies_of(country):
                return country
    return ranked[0] if ranked else None


def _buyer_lines(
    layout: DocumentLayout, hits: Sequence[LabelHit]
) -> Mapping[int, Sequence[tuple[float, float]]]:
    """Line number -> horizontal extents of the buyer's blocks there."""
    reader = BlockReader(layout, hits)
    places: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for hit in hits:
        if hit.concept not in {"buyer", "ship_to"} or hit.confidence < 0.75:
            continue
        block = reader.labelled(hit)
        if block is None:
            continue
        for line in layout.page(block.page).lines:
            if block.area.y0 <= line.rect.cy <= block.area.y1:
                places[line.number].append((block.area.x0, block.area.x1))
    return places


def _share(line: Line, x0: float, of_buyer: Mapping[int, Sequence[tuple[float, float]]]) -> float:
    inside = any(left - 2 <= x0 <= right for left, right in of_buyer.get(line.number, ()))
    return _OF_BUYER if inside else 1.0


def _facts(text: str) -> Iterator[tuple[str, str, float]]:
    """(country, what says so, weight) for everything in one cell."""
    for country, pattern in _PLACES.items():
        if any(c.isdigit() for c in text):
            for match in pattern.finditer(text):
                yield country, match.group(), _PLACE
    for match in _PLUS.finditer(text):
        code = _CALLING.get(match["n"]) or _CALLING.get(match["n"][:2])
        if code:
            yield code, match.group(), 1.0
    for match in _TLDS.finditer(text):
        yield ("GB" if match["tld"] == "uk" else match["tld"].upper()), match.group(), 1.0
    folded = fold(text)
    last = folded.rsplit(",", 1)[-1].strip(" .•-·")
    if (named := country_names().get(last)) is not None:
        yield named, last, _NAME
    words = [word.replace(".", "") for word in _WORD.findall(folded)]
    known, longest = _words()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + longest) + 1):
            phrase = " ".join(words[start:end])
            for country in known.get(phrase, ()):
                yield country, phrase, _WORD_VOTE


@cache
def _words() -> tuple[Mapping[str, tuple[str, ...]], int]:
    """Phrase -> countries, and the most words of one phrase."""
    found: dict[str, tuple[str, ...]] = {}
    for country, phrases in read_lexicon("countries").items():
        for phrase in phrases:
            found[phrase] = (*found.get(phrase, ()), country)
    return found, max(len(phrase.split()) for phrase in found)
