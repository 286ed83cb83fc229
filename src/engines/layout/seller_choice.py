"""The seller out of all that names it: evidence of one name is weighed together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from src.engines.layout.addresses import LineKind, strong_legal_form
from src.engines.layout.identifiers import Identifier
from src.engines.layout.model import DocumentLayout
from src.engines.layout.names import alike, contains, name_key
from src.engines.layout.party_lines import PartyBlock, PartyLine, address_lines, plain_line
from src.engines.layout.party_shapes import split_at_dots
from src.engines.layout.seller import Facts, NameEvidence, PartyRead

_PLACES = frozenset({LineKind.STREET, LineKind.CITY, LineKind.COUNTRY, LineKind.NUMBERED})
_MOST_BETWEEN = 2
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
        address = _address_near(best[0], facts.layout, buyer.block, free)
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
            if part.kind is LineKind.CONTACT and not lines:
                # "1 Quay Street, Bath BA1 2QS · +44 1225 …"
                parts = [plain_line(tokens) for tokens in split_at_dots(segment.tokens)]
                lines += [one for one in parts if one.kind in _PLACES]
                bottom = max(bottom, segment.rect.y1)
                break
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
