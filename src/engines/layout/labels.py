"""Finds the labels on the pages: which words name which field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from src.engines.layout import lexicon
from src.engines.layout.model import DocumentLayout, LabelHit, Line, Segment, Token

# Longest label in printed words; longer runs are prose.
MOST_WORDS = 9
# A fuzzy match changes one letter; shorter words would match anything.
LEAST_FUZZY = 7
# Concepts that head a block about a party.
PARTY_CONCEPTS = frozenset(
    {"seller", "buyer", "ship_to", "ship_from", "payee", "service_address", "representative"}
)
# Brackets behind these hold an area code, not a remark.
_DIALLED = frozenset({"phone", "fax"})
_DIGIT = re.compile(r"\d")
# Numbers of orders, delivery notes and accounts are labels of their own.
_UNNUMBERED = frozenset({"other", "statement"})
# Shorter titles ("bon") begin too many other words.
_SHORTEST_TITLE = 6
_SEPARATORS = frozenset(":;.#-–=_*|>")


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    # One past the last token.
    end: int
    concepts: tuple[str, ...]
    exact: bool
    # Two labels with a slash between them.
    joined: bool = False


def find_labels(layout: DocumentLayout) -> tuple[LabelHit, ...]:
    """All labels in reading order; one place may name several concepts ("Customer")."""
    known = _known()
    hits: list[LabelHit] = []
    for line in layout.lines:
        for segment in line.segments:
            for match in _matches(segment.tokens, known):
                hits += _hits(match, segment, line)
    return tuple(hits + list(_stacked(layout, known)))


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """The labels of the lexicon, and the number of whatever a title calls the document."""
    numbered = {
        key: ("invoice_number",)
        for title, kinds in lexicon.index("titles").items()
        if kinds[0] not in _UNNUMBERED and len(title) >= _SHORTEST_TITLE
        for key in (f"{title}#", f"#{title}")
    }
    return {**numbered, **lexicon.index("labels")}


def _matches(tokens: Sequence[Token], known: Mapping[str, tuple[str, ...]]) -> list[_Match]:
    # "Käufer/Kunde" holds two labels: the parts between slashes match by themselves. "AC/5491"
    # is a number.
    parts = [
        (
            position,
            _word(part, alone=len(tokens) == 1 or token.text[-1] == ":"),
            token.text[-1] == ":",
        )
        for position, token in enumerate(tokens)
        for part in ([token.text] if _DIGIT.search(token.text) else token.text.split("/"))
    ]
    matches: list[_Match] = []
    start = 0
    while start < len(parts):
        found = _longest(parts, start, known) if parts[start][1] else None
        if found is None:
            start += 1
            continue
        match, start = found
        if matches and _says_again(matches[-1], match, tokens):
            # "Sold by / Vendu par:" is one label in two languages.
            match = replace(matches.pop(), end=match.end)
        elif matches and match.start == matches[-1].start and "/" in tokens[match.start].text:
            match = replace(match, joined=True)
            matches[-1] = replace(matches[-1], joined=True)
        matches.append(match)
    return matches


def _word(part: str, *, alone: bool) -> str:
    """The key of one printed word; an article counts as a word only where it stands alone."""
    word = "".join(lexicon.label_words(part))
    return word or (lexicon.label_key(part) if alone else "")


def _says_again(first: _Match, second: _Match, tokens: Sequence[Token]) -> bool:
    between = {token.text for token in tokens[first.end : second.start]}
    return between == {"/"} and not set(first.concepts).isdisjoint(second.concepts)


def _longest(
    parts: Sequence[tuple[int, str, bool]], start: int, known: Mapping[str, tuple[str, ...]]
) -> tuple[_Match, int] | None:
    """The longest label that begins with part `start`, and the part after it."""
    best: tuple[_Match, int] | None = None
    key = ""
    for end in range(start, min(len(parts), start + MOST_WORDS)):
        token, word, closed = parts[end]
        # "Receipt # No." says number twice.
        key += word.lstrip("#") if key.endswith("#") else word
        # "N° Facture #" says it before and after.
        concepts = known.get(key) or (known.get(key[:-1]) if key[0] == "#" == key[-1] else None)
        exact = concepts is not None
        if concepts is None and not (best and best[0].exact):
            concepts = _fuzzy(key)
        if concepts is not None and word:
            best = (_Match(parts[start][0], token + 1, concepts, exact), end + 1)
        if closed:
            break
    return best


@cache
def _deletions() -> Mapping[str, tuple[str, ...]]:
    """Each label key with one letter left out -> concepts: finds one-letter slips."""
    found: dict[str, tuple[str, ...]] = {}
    for key, concepts in lexicon.index("labels").items():
        if len(key) >= LEAST_FUZZY:
            for left_out in _without_one(key):
                found.setdefault(left_out, concepts)
    return found


def _without_one(key: str) -> Iterable[str]:
    """`key` with one letter left out; "#" stays, it tells a number from a date."""
    return (key[:i] + key[i + 1 :] for i, letter in enumerate(key) if letter != "#")


def _fuzzy(key: str) -> tuple[str, ...] | None:
    """Concepts of the label that differs from `key` by one letter."""
    if len(key) < LEAST_FUZZY or key[0].isdigit() or sum(c.isdigit() for c in key) > 1:
        return None
    table = _deletions()
    if (concepts := table.get(key)) is not None:
        return concepts
    known = lexicon.index("labels")
    for shorter in _without_one(key):
        concepts = known.get(shorter) if len(shorter) >= LEAST_FUZZY else None
        concepts = concepts or table.get(shorter)
        if concepts is not None:
            return concepts
    return None


def _hits(match: _Match, segment: Segment, line: Line) -> list[LabelHit]:
    if all(lexicon.is_article(t.text.rstrip(":")) for t in segment.tokens[match.end :]):
        # "Vence el", "Pagar antes del:" end in an article.
        match = replace(match, end=len(segment.tokens))
    tokens = segment.tokens[match.start : match.end]
    rest = _strip(segment.tokens[match.end :])
    if _DIALLED.isdisjoint(match.concepts):
        rest = _strip(_without_remark(rest))
    after_colon = tokens[-1].text.endswith(":") or _starts_with_colon(segment, match.end)
    confidence = 1.0
    whole = not rest or after_colon
    if match.start and not _ends_phrase(segment.tokens[match.start - 1]):
        # In running text: a label only where a colon says so.
        confidence = 0.8 if after_colon else 0.5
    elif rest and not after_colon:
        confidence = 0.9
    if not match.exact:
        confidence *= 0.85
    if len(tokens) == 1 and rest and not after_colon and rest[0].text.strip(",.").isalpha():
        # "Station Road", "Mobile Home Parks": one word of a name, not a label.
        confidence *= 0.65
    return [
        LabelHit(
            c,
            tokens,
            segment,
            line,
            rest,
            confidence * _of_party(c, match, whole=whole),
            colon=after_colon,
        )
        for c in match.concepts
    ]


def _without_remark(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without a remark in brackets: "Date (dd/mm/yyyy): …", "Buyer (bill to)"."""
    if tokens and tokens[0].text.startswith("("):
        for position, token in enumerate(tokens):
            if token.text.rstrip(":").endswith(")"):
                return tokens[position + 1 :]
    return tokens


def _of_party(concept: str, match: _Match, *, whole: bool) -> float:
    """Party labels are common words of names ("Customer Care Ltd"): doubt those amid text."""
    if concept not in PARTY_CONCEPTS:
        return 1.0
    # "Seller/Service provider" is no word of a name.
    single = match.end - match.start == 1 and not match.joined
    if single and not match.exact:
        return 0.6
    return 0.6 if single and not whole else 1.0


def _ends_phrase(token: Token) -> bool:
    return token.text[-1] in ":;|,-–—●•·)" or token.text.replace(".", "").isdigit()


def _starts_with_colon(segment: Segment, position: int) -> bool:
    return position < len(segment.tokens) and segment.tokens[position].text.startswith(":")


def _strip(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Without the colons and dashes that part label and value."""
    start = 0
    while start < len(tokens) and set(tokens[start].text) <= _SEPARATORS:
        start += 1
    return tuple(tokens[start:])


def _stacked(layout: DocumentLayout, known: Mapping[str, tuple[str, ...]]) -> Iterable[LabelHit]:
    """Labels broken over two lines of a narrow cell: "Invoice" above "Number"."""
    for page in layout.pages:
        for above, below in zip(page.lines, page.lines[1:], strict=False):
            if below.rect.y0 - above.rect.y1 > 0.8 * page.em:
                continue
            for upper in above.segments:
                for lower in below.segments:
                    if len(upper.tokens) + len(lower.tokens) > 5 or not _same_cell(upper, lower):
                        continue
                    key = lexicon.label_key(upper.text) + lexicon.label_key(lower.text)
                    for concept in known.get(key, ()):
                        tokens = upper.tokens + lower.tokens
                        yield LabelHit(concept, tokens, lower, below, (), 0.95)


def _same_cell(upper: Segment, lower: Segment) -> bool:
    shared = upper.rect.overlap_x(lower.rect)
    return shared > 0.5 * min(upper.rect.width, lower.rect.width)
