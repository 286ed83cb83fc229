"""The seller: all places that may show its name, weighed together.

Each place (labelled block, letterhead, sender line, footer, bank account, e-mail domain) is weak
evidence; agreement between them is strong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.engines.layout.addresses import (
    LineKind,
    clean_name,
    is_name,
    is_shop,
    legal_form,
    line_kind,
    strong_legal_form,
)
from src.engines.layout.identifiers import Identifier
from src.engines.layout.model import DocumentLayout, LabelHit, Line, PageLayout, Rect, Token, around
from src.engines.layout.names import contains
from src.engines.layout.party_blocks import value_tokens
from src.engines.layout.party_lines import (
    PartyBlock,
    PartyLine,
    address_lines,
    name_above_street,
    name_lines,
)
from src.engines.layout.structure import is_receipt
from src.engines.layout.titles import Title

# Share of the page height that counts as its head.
_HEAD = 0.3
# What a second name above an address is worth beside the first.
_SECOND_NAME = 0.75
# The same for a motto below a name, and how far (em) below it stands.
_MOTTO, _MOTTO_GAP = 0.5, 1.0
# What "BAKERY" above a name is worth beside a name.
_SHOP = 0.6


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
            # "Sold by" on a till receipt is who stood at the till.
            at_till = is_receipt(facts.layout) and not address_lines(block)
            yield from _of_block(block, (0.4 if at_till else 0.85) * block.confidence)
        elif block.role == "payee":
            yield from _of_block(block, 0.6)
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
        if block.one_line and _is_motto(block, page):
            weight *= _MOTTO
        yield from _of_block(block, weight)
    yield from _head_lines(facts, buyer)
    yield from _legal_forms(facts.layout, labelled, buyer)
    for hit in facts.hits:
        if hit.concept == "account_holder" and hit.rest and is_name(_text(hit.rest)):
            yield NameEvidence(_text(hit.rest), hit.rest, 0.4, None)


def _is_motto(block: PartyBlock, page: PageLayout) -> bool:
    """ "Attorneys at Law · 900 Tower …" below the company's name says what it does."""
    first = block.lines[0].text
    if strong_legal_form(first):
        return False
    return any(
        -0.6 * page.em < block.area.y0 - segment.rect.y1 < _MOTTO_GAP * page.em
        and segment.rect.overlap_x(block.area) > 0
        and strong_legal_form(segment.text)
        and is_name(segment.text)
        for line in page.lines
        for segment in line.segments
    )


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _of_block(block: PartyBlock, weight: float) -> Iterator[NameEvidence]:
    names = name_lines(block)
    if names:
        tokens = tuple(token for line in names for token in line.tokens)
        yield NameEvidence(clean_name(_text(tokens)), tokens, weight, block)
    if (second := name_above_street(block, names)) is not None:
        # A trade name above the registered one: the rest of the page tells which is meant.
        text = clean_name(second.text)
        yield NameEvidence(text, second.tokens, _SECOND_NAME * weight, block)


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
            if is_shop(joined):
                # The name follows.
                yield NameEvidence(clean_name(joined), whole, _SHOP * found, None)
                continue
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
