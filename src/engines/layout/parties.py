"""Who sells and who buys: the buyer by label or address window, then the seller by the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from src.engines.layout.addresses import LineKind, clean_name, is_name, strong_legal_form
from src.engines.layout.identifiers import Identifier
from src.engines.layout.labels import PARTY_CONCEPTS
from src.engines.layout.model import DocumentLayout, LabelHit, PageLayout, Rect, around
from src.engines.layout.names import alike, contains
from src.engines.layout.party_blocks import BlockReader, value_tokens
from src.engines.layout.party_lines import PartyBlock, PartyLine, address_lines, name_lines
from src.engines.layout.seller import Facts, PartyRead, seller_evidence
from src.engines.layout.seller_choice import choose_seller
from src.engines.layout.structure import is_receipt

# Labels below may be words of a name.
_CLEAR = 0.75
_LONGEST_NAME = 7
# Lines of a whole address: street and town.
_WHOLE = 2
# Where the foot of a page begins, as a share of its height.
_FOOT = 0.8
# Languages of countries whose envelopes have the window on the right.
_RECIPIENT_RIGHT = frozenset({"fr", "es", "it", "pt", "ro"})


@dataclass(frozen=True)
class Parties:
    seller: PartyRead = field(default_factory=PartyRead)
    buyer: PartyRead = field(default_factory=PartyRead)
    ship_to: PartyRead = field(default_factory=PartyRead)
    payee: PartyRead = field(default_factory=PartyRead)


def decide_parties(facts: Facts) -> Parties:
    """The parties of the document; a party without evidence is empty."""
    if not facts.layout.lines:
        return Parties()
    reader = BlockReader(facts.layout, facts.hits, facts.tables)
    labelled = _labelled_blocks(reader, facts)
    free = [
        block
        for block in reader.unlabelled()
        if not any(_overlaps(block, other) for other in labelled)
        and not _among_goods(block, facts.tables)
    ]
    labelled = [_with_address(block, free) for block in labelled]
    free = [block for block in free if not any(_overlaps(block, other) for other in labelled)]
    buyer_block = _buyer_block(facts, labelled, free)
    buyer = _read(buyer_block)
    evidence = list(seller_evidence(facts, labelled, free, buyer_block))
    seller = choose_seller(facts, evidence, free, buyer)
    if buyer.name is None and not is_receipt(facts.layout):
        buyer = _other_address(seller, free) or _other_company(facts, seller, labelled) or buyer
    return Parties(
        seller,
        buyer,
        _read(_best(labelled, "ship_to")),
        _read(_best(labelled, "payee")),
    )


def _buyer_block(
    facts: Facts, labelled: Sequence[PartyBlock], free: Sequence[PartyBlock]
) -> PartyBlock | None:
    """The labelled block; else the address window; else who the goods went to."""
    block = _best(labelled, "buyer")
    if is_receipt(facts.layout):
        return block
    if block is None or (block.confidence < 0.9 and not address_lines(block)):
        block = _window(facts, free, _best(labelled, "seller")) or block
    return block or _best(labelled, "ship_to")


def _labelled_blocks(reader: BlockReader, facts: Facts) -> list[PartyBlock]:
    blocks: list[PartyBlock] = []
    for hit in facts.hits:
        if hit.concept not in PARTY_CONCEPTS or hit.confidence < 0.75:
            continue
        if any(_in_table(hit, number, area) for number, area in facts.tables):
            continue
        block = reader.labelled(hit)
        if block is not None and (name_lines(block) or address_lines(block)):
            blocks.append(block)
    return blocks


def _with_address(block: PartyBlock, free: Sequence[PartyBlock]) -> PartyBlock:
    """A buyer named in a list of facts, with the address window that shows the name again."""
    if block.role != "buyer" or address_lines(block) or not name_lines(block):
        return block
    for other in free:
        if not other.one_line and address_lines(other) and _same_name(block, other):
            return replace(block, lines=other.lines, page=other.page, area=other.area)
    return block


def _other_address(seller: PartyRead, free: Sequence[PartyBlock]) -> PartyRead | None:
    """The one other name with a whole address, such as on the slip to pay with."""
    found: list[PartyBlock] = []
    for block in free:
        names, address = name_lines(block), address_lines(block)
        if block.one_line or not names or not _has_city(address) or len(address) < _WHOLE:
            continue
        known = seller.name is not None and (
            alike(names[0].text, seller.name) or contains(names[0].text, seller.name)
        )
        mine = {line.text for line in seller.address} & {line.text for line in address}
        if not known and not mine:
            found.append(block)
    same = all(_same_name(block, found[0]) for block in found[1:])
    return replace(_read(found[0]), name_confidence=0.45) if found and same else None


def _other_company(
    facts: Facts, seller: PartyRead, labelled: Sequence[PartyBlock]
) -> PartyRead | None:
    """The one other company that is named by itself in the head of the first page."""
    page = facts.layout.pages[0]
    goods = min((a.y0 for n, a in facts.tables if n == page.number), default=0.5 * page.height)
    claimed = value_tokens(facts.layout, facts.hits)
    claimed |= {id(t) for h in facts.hits if h.confidence >= _CLEAR for t in (*h.tokens, *h.rest)}
    for segment in (segment for line in page.lines for segment in line.segments):
        name, first = segment.text, segment.tokens[0]
        if segment.rect.y1 > goods or id(first) in claimed or not strong_legal_form(name):
            continue
        if not is_name(name) or len(segment.tokens) > _LONGEST_NAME:
            continue
        known = seller.name is not None and (
            alike(name, seller.name) or contains(name, seller.name)
        )
        if known or any(block.holds(first) for block in labelled):
            continue
        return PartyRead(clean_name(name), segment.tokens, 0.45)
    return None


def _in_table(hit: LabelHit, page: int, area: Rect) -> bool:
    """The label is a heading of the line item table or stands among its rows."""
    if page != hit.segment.page:
        return False
    heads = 5 * hit.segment.height if len(hit.line.segments) > 3 else 0.0
    return area.y0 - heads <= hit.rect.cy <= area.y1


def _among_goods(block: PartyBlock, tables: Sequence[tuple[int, Rect]]) -> bool:
    """Most of the block stands in the line item table, and it says nothing of telephones."""
    return not any(line.kind is LineKind.CONTACT for line in block.lines) and any(
        page == block.page and area.overlap_y(block.area) > 0.5 * block.area.height
        for page, area in tables
    )


def _overlaps(block: PartyBlock, other: PartyBlock) -> bool:
    taken = {id(token) for line in other.lines for token in line.tokens}
    return any(id(token) in taken for line in block.lines for token in line.tokens)


def _best(blocks: Sequence[PartyBlock], role: str) -> PartyBlock | None:
    fitting = [block for block in blocks if block.role == role]
    return max(fitting, key=_fullness, default=None)


def _fullness(block: PartyBlock) -> float:
    names, address = name_lines(block), address_lines(block)
    score = block.confidence + (1.0 if names else 0.0)
    score += 0.5 * any(line.kind is LineKind.CITY for line in address)
    score += 0.3 * bool(address)
    # Of equally full blocks the first on the page is meant.
    return score - 0.1 * block.page - 0.0002 * block.area.y0


def _read(block: PartyBlock | None) -> PartyRead:
    if block is None:
        return PartyRead()
    names = name_lines(block)
    address = address_lines(block)
    sure = 0.9 * block.confidence if block.role else 0.6
    if block.role == "ship_to":
        sure *= 0.6
    text = " ".join(line.text for line in names)
    tokens = tuple(token for line in names for token in line.tokens)
    return PartyRead(
        name=clean_name(text) if text else None,
        name_tokens=tokens,
        name_confidence=sure,
        address=address,
        address_confidence=sure * (1.0 if _has_city(address) else 0.7),
        block=block,
    )


def _has_city(lines: Sequence[PartyLine]) -> bool:
    return any(line.kind is LineKind.CITY for line in lines)


def _window(
    facts: Facts, free: Sequence[PartyBlock], seller: PartyBlock | None
) -> PartyBlock | None:
    """The block in the address window: a name and an address, nothing about banks or phones."""
    best: PartyBlock | None = None
    best_score = 0.45
    page = facts.layout.pages[0]
    senders = [block for block in free if block.one_line]
    goods = min((a.y0 for number, a in facts.tables if number == page.number), default=page.height)
    for block in free:
        if block.one_line or block.page != page.number or not name_lines(block):
            continue
        if seller is not None and _same_name(block, seller):
            continue
        score = _window_score(block, page, senders, facts.identifiers)
        if not _has_contacts(block, facts) and any(
            other is not block and other.page == block.page and _has_contacts(other, facts)
            for other in free
        ):
            # Beside a letterhead with telephone and mail, the other address is the customer's.
            score += 0.3
        if block.area.y0 > goods:
            score -= 0.5
        left = block.area.x0 < 0.4 * page.width
        if left != (facts.language in _RECIPIENT_RIGHT):
            score += 0.12
        if score > best_score:
            best, best_score = block, score
    return best and _without_sender(best, facts.layout)


def _without_sender(block: PartyBlock, layout: DocumentLayout) -> PartyBlock:
    """Without the sender's name above the recipient's: one that the foot of the page repeats."""
    first, *others = block.lines
    if not others or not is_name(first.text) or not is_name(others[0].text):
        return block
    foot = _FOOT * layout.page(block.page).height
    if not any(s.rect.y0 > foot and alike(s.text, first.text) for s in layout.segments):
        return block
    rest = tuple(others)
    return replace(block, lines=rest, area=around([line.rect for line in rest]))


def _has_contacts(block: PartyBlock, facts: Facts) -> bool:
    """A telephone, mail or web address stands in the block."""
    if block.one_line or any(line.kind is LineKind.CONTACT for line in block.lines):
        return True
    labels = {line.label for line in block.lines}
    return not labels.isdisjoint({"phone", "email", "website", "fax"}) or any(
        block.holds(i.tokens[0]) for i in facts.identifiers if i.kind in {"email", "website"}
    )


def _window_score(
    block: PartyBlock,
    page: PageLayout,
    senders: Sequence[PartyBlock],
    identifiers: Sequence[Identifier],
) -> float:
    y = block.area.y0 / page.height
    score = 0.5 if 0.09 <= y <= 0.4 else 0.4 if 0.05 <= y < 0.09 else 0.1 if y < 0.5 else -0.4
    for sender in senders:
        drop = (block.area.y0 - sender.area.y1) / page.em
        if -0.5 <= drop < 5 and abs(block.area.x0 - sender.area.x0) < 4 * page.em:
            score += 0.8
        if any(alike(line.text, name.text) for line in name_lines(block) for name in sender.lines):
            score -= 1.0
    owned = [i for i in identifiers if any(block.holds(token) for token in i.tokens)]
    score -= 0.25 * sum(i.kind in {"website", "phone", "fax", "iban", "email"} for i in owned)
    kinds = [line.kind for line in block.lines]
    score -= 0.2 * kinds.count(LineKind.CONTACT)
    # The very first text of a page is the sender's.
    first = min(line.rect.y0 for line in page.lines)
    if block.area.y0 - first < 1.5 * page.em:
        score -= 0.25
    return score


def _same_name(block: PartyBlock, other: PartyBlock) -> bool:
    names, others = name_lines(block), name_lines(other)
    return bool(names and others and alike(names[0].text, others[0].text))
