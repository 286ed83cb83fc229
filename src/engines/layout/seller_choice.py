"""The seller out of all that names it: evidence of one name is weighed together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from src.engines.layout.addresses import LineKind, is_city, strong_legal_form
from src.engines.layout.identifiers import Identifier
from src.engines.layout.model import Rect, Segment, Token, around
from src.engines.layout.names import alike, contains, name_key
from src.engines.layout.party_lines import PartyBlock, PartyLine, address_lines, plain_line
from src.engines.layout.party_shapes import BARS, split_at_dots
from src.engines.layout.seller import Facts, NameEvidence, PartyRead

_PLACES = frozenset({LineKind.STREET, LineKind.CITY, LineKind.COUNTRY, LineKind.NUMBERED})
_MOST_BETWEEN = 2
_MOST_ADDRESS_LINES = 6
# Labels that follow an address in its line.
_CONTACTS = frozenset({"phone", "fax", "email", "website", "vat_id", "tax_number", "registration"})
# Mail hosts whose name says nothing about the company.
_PUBLIC_MAIL = frozenset(
    {"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "aol", "icloud", "live", "mail"}
)


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
        address = _address_near(best[0], facts, buyer.block, free)
        sure = 0.6
    confidence = weight * (0.6 + 0.4 * min(1.0, max(0.0, (weight - second) / 0.4)))
    fullest = _fullest(best)
    for item in best:
        # "Example Pty." in a narrow logo is "Example Pty. Ltd." in the footer.
        added = name_key(item.text).removeprefix(name_key(fullest.text) + " ")
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


def _fullest(group: Sequence[NameEvidence]) -> NameEvidence:
    """Of several spellings the one with the legal form, above the address, printed most often."""
    printed = Counter(name_key(item.text) for item in _places(group))
    return max(
        group,
        key=lambda e: (
            strong_legal_form(e.text),
            e.block is not None,
            printed[name_key(e.text)],
            e.weight,
        ),
    )


def _group_weight(
    group: Sequence[NameEvidence], domains: frozenset[str], buyer: PartyRead
) -> float:
    doubt = 1.0
    for item in _places(group)[:5]:
        doubt *= 1.0 - min(0.95, item.weight)
    key = name_key(group[0].text).replace(" ", "")
    shared = [d for d in domains if d in key or (len(key) > 4 and key in d)]
    if shared:
        doubt *= 0.4 if 2 * len(max(shared, key=len)) >= len(key) else 0.65
    if _is_paid(group):
        doubt *= 0.5
    weight = 1.0 - doubt
    first = name_key(group[0].text).split(" ")[0]
    labelled = any(item.block is not None and item.block.role == "seller" for item in group)
    if (
        buyer.name
        and not labelled
        and len(first) > 3
        and first == name_key(buyer.name).split(" ")[0]
    ):
        # A branch or address of the buyer.
        weight *= 0.6
    return weight


def _is_paid(group: Sequence[NameEvidence]) -> bool:
    """The payee bears a name of the sender's block: the registered one, not a trade name."""
    roles = {item.block.role for item in group if item.block is not None}
    return "payee" in roles and len(roles) > 1


def _places(group: Sequence[NameEvidence]) -> list[NameEvidence]:
    """The evidence of each printed place once: a letterhead that is an address too is one."""
    kept: list[NameEvidence] = []
    taken: set[int] = set()
    for item in sorted(group, key=lambda e: -e.weight):
        tokens = {id(token) for token in item.tokens}
        if tokens.isdisjoint(taken):
            kept.append(item)
            taken |= tokens
    return kept


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
    shared = address_lines(buyer) if buyer else ()
    towns = {line.text for line in shared if line.kind is not LineKind.COUNTRY}
    for block in sorted(free, key=lambda block: not block.one_line):
        address = address_lines(block)
        if block is not buyer and address and not towns & {line.text for line in address}:
            return PartyRead(address=address, address_confidence=0.4, block=block)
    return PartyRead()


def _address_near(
    item: NameEvidence, facts: Facts, buyer: PartyBlock | None, free: Sequence[PartyBlock]
) -> tuple[PartyLine, ...]:
    """Address lines just below a name that stands by itself; else a free block's address."""
    page = facts.layout.page(item.tokens[0].page)
    name = around([token.rect for token in item.tokens])
    bottom = name.y1
    lines: list[PartyLine] = []
    # Districts and the like: part of the address if more of it follows.
    between: list[PartyLine] = []
    for line in page.lines:
        if line.rect.y0 < bottom - 0.3 * page.em:
            continue
        if line.rect.y0 - bottom > 2.5 * page.em or len(lines) >= _MOST_ADDRESS_LINES:
            break
        for segment in line.segments:
            if buyer is not None and buyer.holds(segment.tokens[0]):
                continue
            if not _in_column(segment.rect, name, page.em):
                continue
            part = plain_line(segment.tokens)
            inside = _places_in(segment, facts)
            if inside and not lines:
                # "1 Quay Street, Bath BA1 2QS · +44 1225 …"
                return inside
            if _holds_identifier(segment, facts.identifiers) and lines:
                return tuple(lines)
            if part.kind in _PLACES:
                lines += [*between, part]
                between = []
            elif lines and (part.kind is not LineKind.TEXT or len(between) == _MOST_BETWEEN):
                return tuple(lines)
            elif lines:
                between.append(part)
            bottom = max(bottom, segment.rect.y1)
            break
    return tuple(lines) or _registered_office(facts) or _address_only(free, buyer).address


def _in_column(rect: Rect, name: Rect, em: float) -> bool:
    """Below the name, or centred with it."""
    wide = Rect(name.x0 - 3 * em, name.y0, name.x1 + 3 * em, name.y1)
    return rect.overlap_x(wide) > 0


def _holds_identifier(segment: Segment, identifiers: Sequence[Identifier]) -> bool:
    mine = {id(token) for token in segment.tokens}
    return any(id(token) in mine for i in identifiers for token in i.tokens)


def _places_in(segment: Segment, facts: Facts) -> tuple[PartyLine, ...]:
    """The address in a line that also holds telephones and the like."""
    contacts = {id(token) for i in facts.identifiers for token in i.tokens}
    contacts |= {id(hit.tokens[0]) for hit in facts.hits if hit.concept in _CONTACTS}
    if not any(id(token) in contacts for token in segment.tokens):
        return ()
    parts: list[tuple[Token, ...]] = [segment.tokens]
    if any(set(token.text) <= BARS for token in segment.tokens):
        parts = split_at_dots(segment.tokens)
    heads = [tuple(takewhile(lambda token: id(token) not in contacts, part)) for part in parts]
    lines = [plain_line(head) for head in heads if head]
    places = [line for line in lines if line.kind in _PLACES or is_city(line.text)]
    return tuple(places) if any(is_city(line.text) for line in places) else ()


def _registered_office(facts: Facts) -> tuple[PartyLine, ...]:
    """ "Registered office: 1 Turbine Way, Reading RG2 0QX." at the foot of the page."""
    for hit in facts.hits:
        if hit.concept != "address" or not hit.colon or len(hit.tokens) < 2:
            continue
        tokens: list[Token] = []
        for token in hit.rest:
            tokens.append(token)
            if token.text.endswith(".") and is_city(" ".join(t.text for t in tokens)):
                break
        if tokens and is_city(" ".join(token.text for token in tokens)):
            return (plain_line(tokens),)
    return ()
