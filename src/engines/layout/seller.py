"""The seller: all places that may show its name, weighed together.

Each place (labelled block, letterhead, sender line, footer, bank account, e-mail domain) is weak
evidence; agreement between them is strong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from src.engines.layout.addresses import (
    LineKind,
    clean_name,
    is_name,
    legal_form,
    line_kind,
    strong_legal_form,
)
from src.engines.layout.identifiers import Identifier
from src.engines.layout.lexicon import fold
from src.engines.layout.model import DocumentLayout, LabelHit, Line, Rect, Token, around
from src.engines.layout.party_blocks import value_tokens
from src.engines.layout.party_lines import (
    PartyBlock,
    PartyLine,
    address_lines,
    name_lines,
    plain_line,
)
from src.engines.layout.structure import is_receipt
from src.engines.layout.titles import Title

# Share of the page height that counts as its head.
_HEAD = 0.3
_PLACES = frozenset({LineKind.STREET, LineKind.CITY, LineKind.COUNTRY, LineKind.NUMBERED})
_MOST_BETWEEN = 2
# Mail hosts whose name says nothing about the company.
_PUBLIC_MAIL = frozenset(
    {"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "aol", "icloud", "live", "mail"}
)


@dataclass(frozen=True)
class Facts:
    """What earlier stages found, as the search for the parties needs it."""

    layout: DocumentLayout
    hits: Sequence[LabelHit]
    identifiers: Sequence[Identifier]
    titles: Sequence[Title]
    # ISO 639-1.
    language: str
    # Line item tables, as in `AmountsReading.table_areas`.
    tables: Sequence[tuple[int, Rect]] = ()


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """One place that shows a possible seller."""

    text: str
    tokens: tuple[Token, ...]
    # Probability that this place alone names the seller.
    weight: float
    block: PartyBlock | None


@dataclass(frozen=True)
class PartyRead:
    name: str | None = None
    name_tokens: tuple[Token, ...] = ()
    name_confidence: float = 0.0
    address: tuple[PartyLine, ...] = ()
    address_confidence: float = 0.0
    block: PartyBlock | None = None
    # Other names considered, best first.
    others: tuple[NameEvidence, ...] = ()


def seller_evidence(
    facts: Facts,
    labelled: Sequence[PartyBlock],
    free: Sequence[PartyBlock],
    buyer: PartyBlock | None,
) -> Iterator[NameEvidence]:
    """Every place that may name the seller."""
    for block in labelled:
        if block.role == "seller":
            yield from _of_block(block, 0.85 * block.confidence)
        elif block.role == "payee":
            yield from _of_block(block, 0.5)
    for block in free:
        if block is buyer:
            continue
        owned = any(
            i.kind != "email" and block.holds(t) for i in facts.identifiers for t in i.tokens
        )
        owned = owned or any(line.kind is LineKind.CONTACT for line in block.lines)
        page = facts.layout.page(block.page)
        # Higher on the page is likelier the sender, down to the end of the head.
        height = max(0.0, 1.0 - block.area.y0 / page.height / _HEAD)
        weight = 0.75 if block.one_line else 0.42 + 0.25 * height + 0.15 * owned
        yield from _of_block(block, weight)
    yield from _head_lines(facts, buyer)
    yield from _legal_forms(facts.layout, labelled, buyer)
    for hit in facts.hits:
        if hit.concept == "account_holder" and hit.rest and is_name(_text(hit.rest)):
            yield NameEvidence(_text(hit.rest), hit.rest, 0.4, None)


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _of_block(block: PartyBlock, weight: float) -> Iterator[NameEvidence]:
    names = name_lines(block)
    if names:
        tokens = tuple(token for line in names for token in line.tokens)
        yield NameEvidence(clean_name(_text(tokens)), tokens, weight, block)


def _head_lines(facts: Facts, buyer: PartyBlock | None) -> Iterator[NameEvidence]:
    """The first names of the first page: a letterhead or the top of a receipt."""
    page = facts.layout.pages[0]
    receipt = is_receipt(facts.layout)
    taken = {id(h.tokens[0]) for h in facts.hits if h.confidence >= 0.75}
    taken |= {id(token) for title in facts.titles for token in title.tokens}
    # What follows a colon is the value of something else.
    taken |= value_tokens(facts.layout, facts.hits)
    table = min((area.y0 for number, area in facts.tables if number == page.number), default=1e9)
    weight = 0.75 if receipt else 0.55
    lines = page.lines[:10]
    for position, line in enumerate(lines):
        if line.rect.y0 > table - 5 * page.em:
            return
        if not receipt and line.rect.y0 > _HEAD * page.height:
            return
        for tokens in _name_runs(line, receipt=receipt):
            text = _text(tokens)
            if buyer is not None and any(buyer.holds(token) for token in tokens):
                continue
            if any(id(token) in taken for token in tokens):
                continue
            if line_kind(text) in {LineKind.STREET, LineKind.CITY} and receipt:
                # The vendor's name stands above the address.
                weight *= 0.4
            if not is_name(text):
                continue
            whole, joined = _joined(tokens, lines[position + 1 : position + 3], page.em)
            size = min(2.0, line.rect.height / page.em)
            found = weight * (0.8 + 0.2 * size if size >= 1 else 0.8)
            found *= min(1.0, sum(c.isalpha() for c in text) / 5)
            found *= 0.5 + 0.5 * min(token.confidence for token in tokens)
            found += 0.12 if legal_form(joined) else 0.0
            yield NameEvidence(clean_name(joined), whole, min(0.92, found), None)
            weight *= 0.6


def _name_runs(line: Line, *, receipt: bool) -> Iterator[tuple[Token, ...]]:
    """The cells of a line; on a receipt, spaced large print is one name."""
    heights = [segment.height for segment in line.segments]
    even = max(heights) < 1.4 * min(heights)
    words = all(segment.text.isupper() for segment in line.segments)
    if receipt and even and words and 1 < len(line.segments) < 5:
        yield line.tokens
        return
    for segment in line.segments:
        yield segment.tokens


def _joined(
    tokens: tuple[Token, ...], following: Sequence[Line], em: float
) -> tuple[tuple[Token, ...], str]:
    """A name with its continuation: "NORTH WIND" above "TRADING SDN BHD"."""
    if strong_legal_form(_text(tokens)):
        return tokens, _text(tokens)
    grown = tokens
    bottom = max(token.rect.y1 for token in tokens)
    name = around([token.rect for token in tokens])
    for line in following:
        # What stands beside it is another column.
        below = [t for s in line.segments if s.rect.overlap_x(name) for t in s.tokens]
        if not below:
            continue
        text, place = _text(below), around([token.rect for token in below])
        centred = abs(place.cx - name.cx) < 3 * em or abs(place.x0 - name.x0) < em
        near = place.y0 - bottom < 0.8 * em
        if not (near and centred) or line_kind(text) is not LineKind.TEXT or ":" in text:
            break
        grown += tuple(below)
        bottom = place.y1
        if strong_legal_form("x " + text):
            # "NORTH WIND" above "NORTH WIND LTD" is a logo above the name.
            whole = tuple(below) if contains(text, _text(tokens)) else grown
            return whole, _text(whole)
    return tokens, _text(tokens)


def _legal_forms(
    layout: DocumentLayout, labelled: Sequence[PartyBlock], buyer: PartyBlock | None
) -> Iterator[NameEvidence]:
    """Company names anywhere that no other party claims; weak, but they repeat."""
    others = [block for block in labelled if block.role != "seller"]
    if buyer is not None:
        others.append(buyer)
    for segment in layout.segments:
        if len(segment.tokens) > 8 or not legal_form(segment.text) or not is_name(segment.text):
            continue
        if any(block.holds(segment.tokens[0]) for block in others):
            continue
        yield NameEvidence(clean_name(segment.text), segment.tokens, 0.25, None)


def choose_seller(
    facts: Facts,
    evidence: Sequence[NameEvidence],
    free: Sequence[PartyBlock],
    buyer: PartyRead,
) -> PartyRead:
    """The name with the most evidence, and the address that stands with it."""
    groups: list[list[NameEvidence]] = []
    others = [
        item
        for item in evidence
        if not buyer.name or item.weight >= 0.8 or not alike(item.text, buyer.name)
    ]
    # A company may invoice itself; another name is likelier where there is one.
    for item in sorted(others or evidence, key=lambda e: -e.weight):
        for group in groups:
            if alike(item.text, group[0].text) or contains(group[0].text, item.text):
                group.append(item)
                break
        else:
            groups.append([item])
    if not groups:
        return replace(_address_only(free, buyer.block), name=None)
    domains = _domains(facts.identifiers)
    weighed = [(_group_weight(group, domains, buyer), group) for group in groups]
    weighed.sort(key=lambda pair: -pair[0])
    ranked = [group for _, group in weighed]
    weight, best = weighed[0]
    second = weighed[1][0] if len(weighed) > 1 else 0.0
    block = next((item.block for item in best if item.block is not None), None)
    address = next(
        (lines for item in best if item.block and (lines := address_lines(item.block))), ()
    )
    sure = 0.9
    if not address:
        address = _address_near(best[0], facts.layout, buyer.block, free)
        sure = 0.6
    confidence = weight * (0.6 + 0.4 * min(1.0, max(0.0, (weight - second) / 0.4)))
    # Of several spellings the one with the legal form, or above the address, is the name.
    fullest = max(best, key=lambda e: (strong_legal_form(e.text), e.block is not None, e.weight))
    for item in best:
        # "Example Pty." in a narrow logo is "Example Pty. Ltd." in the footer.
        added = _name_key(item.text).removeprefix(_name_key(fullest.text) + " ")
        if added in {"ltd", "limited", "kg", "co kg"} and strong_legal_form(fullest.text):
            fullest = item
    return PartyRead(
        name=fullest.text,
        name_tokens=fullest.tokens,
        name_confidence=confidence,
        address=tuple(address),
        address_confidence=sure * confidence,
        block=block,
        others=tuple(group[0] for group in ranked[1:4]),
    )


def contains(left: str, right: str) -> bool:
    """One is the other with words added ("Example" / "Example GmbH")."""
    a, b = _name_key(left), _name_key(right)
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and (long.startswith(short + " ") or long.endswith(" " + short))


def _group_weight(
    group: Sequence[NameEvidence], domains: frozenset[str], buyer: PartyRead
) -> float:
    doubt = 1.0
    for item in group[:5]:
        doubt *= 1.0 - min(0.95, item.weight)
    key = _name_key(group[0].text).replace(" ", "")
    if any(domain in key or (len(key) > 4 and key in domain) for domain in domains):
        doubt *= 0.4
    weight = 1.0 - doubt
    first = _name_key(group[0].text).split(" ")[0]
    labelled = any(item.block is not None and item.block.role == "seller" for item in group)
    if (
        buyer.name
        and not labelled
        and len(first) > 3
        and first == _name_key(buyer.name).split(" ")[0]
    ):
        # A branch or address of the buyer.
        weight *= 0.6
    return weight


def _domains(identifiers: Sequence[Identifier]) -> frozenset[str]:
    """Names in e-mail and web addresses, folded: "info@blue-fox.de" -> bluefox."""
    names: set[str] = set()
    for identifier in identifiers:
        if identifier.kind not in {"email", "website"}:
            continue
        host = identifier.value.rsplit("@", 1)[-1].split("//")[-1].split("/")[0]
        parts = [part for part in host.casefold().split(".") if part != "www"]
        core = re.sub(r"[^a-z0-9]", "", parts[-2]) if len(parts) > 1 else ""
        if len(core) > 3 and core not in _PUBLIC_MAIL:
            names.add(core)
    return frozenset(names)


def _address_only(free: Sequence[PartyBlock], buyer: PartyBlock | None) -> PartyRead:
    towns = {line.text for line in address_lines(buyer)} if buyer else set()
    for block in sorted(free, key=lambda block: not block.one_line):
        address = address_lines(block)
        if block is not buyer and address and not towns & {line.text for line in address}:
            return PartyRead(address=address, address_confidence=0.4, block=block)
    return PartyRead()


def _address_near(
    item: NameEvidence,
    layout: DocumentLayout,
    buyer: PartyBlock | None,
    free: Sequence[PartyBlock],
) -> tuple[PartyLine, ...]:
    """Address lines just below a name that stands by itself; else a free block's address."""
    page = layout.page(item.tokens[0].page)
    bottom = max(token.rect.y1 for token in item.tokens)
    lines: list[PartyLine] = []
    # Districts and the like: part of the address if more of it follows.
    between: list[PartyLine] = []
    for line in page.lines:
        if line.rect.y0 < bottom - 0.3 * page.em:
            continue
        if line.rect.y0 - bottom > 2.5 * page.em or len(lines) >= 6:
            break
        for segment in line.segments:
            if buyer is not None and buyer.holds(segment.tokens[0]):
                continue
            part = plain_line(segment.tokens)
            if part.kind in _PLACES:
                lines += [*between, part]
                between = []
            elif lines and (part.kind is not LineKind.TEXT or len(between) == _MOST_BETWEEN):
                return tuple(lines)
            elif lines:
                between.append(part)
            bottom = max(bottom, segment.rect.y1)
            break
    return tuple(lines) or _address_only(free, buyer).address


def alike(left: str, right: str) -> bool:
    """The same name, but for spelling and slips."""
    return fuzz.ratio(_name_key(left), _name_key(right)) >= 85


def _name_key(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(clean_name(text))))
