"""Blocks of text that hold a party: below or beside a label, or shaped like an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from src.engines.layout.addresses import LineKind, is_city, is_name, is_street, line_kind
from src.engines.layout.labels import PARTY_CONCEPTS
from src.engines.layout.model import (
    DocumentLayout,
    LabelHit,
    Line,
    PageLayout,
    Rect,
    Segment,
    Token,
    around,
)
from src.engines.layout.party_lines import PartyBlock, PartyLine, plain_line
from src.engines.layout.party_shapes import (
    aligned,
    city_near,
    column_segment,
    is_street_above,
    runs,
    split_at_dots,
    split_whole,
    without_colons,
)
from src.engines.layout.structure import is_receipt

# Labels that belong inside a party block; any other label ends it.
_INSIDE = frozenset(
    {
        *("name", "address", "contact", "phone", "fax", "email", "website"),
        *("vat_id", "customer_vat_id", "tax_number", "registration"),
        *("customer_id", "vendor_id", "other_number", "buyer_reference", "number"),
    }
)
# Labels that follow an address and do not lead to the next one's name.
_CLOSING = frozenset({"phone", "fax", "email", "website", "vat_id", "tax_number"})
_IN_LISTS = _CLOSING | {"name", "address"}
# Largest gap between two lines of a block, in em of the page.
_BLOCK_GAP = 2.3
# Lines of one block do not stand this many times further apart than others of it.
_MOST_PITCHES = 3.0
# After the town an address is complete: only what follows closely belongs to it.
_AFTER_TOWN = 1.0
# The same between the rows of a list of labels and values.
_LIST_GAP = 3.2
_MOST_LINES = 14
_FEWEST_LETTERS = 4
_SURE_LABEL = 0.8
# Lines above or below a city line that may belong to its address.
_MOST_AROUND = 5
# How far right of its label the first line of a block may stand, in em.
_REACH_BESIDE = 24
# Cells of a row of column headings, and how far above the goods it may stand, in em.
_HEADINGS, _ABOVE_GOODS = 3, 4


class BlockReader:
    """Reads party blocks of one document."""

    def __init__(
        self,
        layout: DocumentLayout,
        hits: Sequence[LabelHit],
        tables: Sequence[tuple[int, Rect]] = (),
    ) -> None:
        self._layout = layout
        self._goods = goods_lines(layout, tables)
        self._by_segment: dict[int, list[LabelHit]] = {}
        for hit in hits:
            if hit.confidence >= 0.6:
                self._by_segment.setdefault(id(hit.segment), []).append(hit)
        self._party_labels = {
            id(hit.tokens[0]) for hit in hits if hit.concept in PARTY_CONCEPTS and hit.colon
        }
        self._values = value_tokens(layout, hits)
        self._loose = is_receipt(layout)

    def labelled(self, hit: LabelHit) -> PartyBlock | None:
        """The block a party label heads; None when no text belongs to it."""
        page = self._layout.page(hit.segment.page)
        lines = tuple(self._lines_of(hit, page))
        if not lines:
            return None
        area = around([hit.rect, *(line.rect for line in lines)])
        return PartyBlock(hit.concept, lines, page.number, hit.confidence, label=hit, area=area)

    def _lines_of(self, hit: LabelHit, page: PageLayout) -> Iterator[PartyLine]:
        rest = self._own(hit)
        count = 0
        left, right = hit.rect.x0, self._right_border(hit, page)
        value_left: float | None = None
        if rest:
            yield from _parted(rest, None)
            value_left = rest[0].rect.x0
            count += 1
        elif (beside := self._beside(hit, page)) is not None:
            yield from _parted(without_colons(beside.tokens), None)
            left = value_left = beside.rect.x0
            right = page.width
            count += 1
        bottom = hit.rect.y1
        in_address = town = False
        for line in _lines_after(page, hit.line):
            gap = line.rect.y0 - bottom
            if gap > _LIST_GAP * page.em or count >= _MOST_LINES:
                return
            if count and (line.number in self._goods or self._is_next_party(line, hit)):
                return
            segment = column_segment(line, left, right, value_left, page.em)
            if segment is None or segment.rect.y0 < hit.rect.y0 + 0.3 * page.em:
                continue
            label = self._first_label(segment) or self._label_before(line, segment)
            if label is not None and label.concept not in _INSIDE:
                return
            if label is None and count and id(segment.tokens[0]) in self._values:
                # The value of another label: "Comments:  …".
                return
            if label is None and gap > (_AFTER_TOWN if town else _BLOCK_GAP) * page.em:
                return
            bottom = max(bottom, segment.rect.y1)
            if label is None:
                kind = line_kind(segment.text)
                town = town or kind is LineKind.CITY
                yield PartyLine(segment.tokens, kind, "address" if in_address else None)
                count += 1
                continue
            in_address = label.concept == "address"
            value = self._value_of(label, line, segment)
            if value:
                value_left = value[0].rect.x0
                yield from _parted(tuple(value), label.concept)
                count += 1

    def _label_before(self, line: Line, segment: Segment) -> LabelHit | None:
        """The label in the cell before, in a list of facts about the party."""
        place = next(i for i, other in enumerate(line.segments) if other is segment)
        label = self._first_label(line.segments[place - 1]) if place else None
        known = label is not None and label.concept in _IN_LISTS and not label.rest
        return label if known else None

    def _is_next_party(self, line: Line, hit: LabelHit) -> bool:
        """Another label stands below the block's own, whose value is in the same column."""
        return any(
            (abs(s.rect.x0 - hit.rect.x0) < s.height or abs(s.rect.x1 - hit.rect.x1) < s.height)
            and s.rect.y0 > hit.rect.y0 + s.height
            and any(
                label.concept in PARTY_CONCEPTS and label.tokens[0] is s.tokens[0]
                for label in self._by_segment.get(id(s), ())
            )
            for s in line.segments
        )

    def _own(self, hit: LabelHit) -> tuple[Token, ...]:
        """The words behind the label, up to the next one: "Buyer: Example Ltd  VAT: …"."""
        labels = self._by_segment.get(id(hit.segment), ())
        starts = {id(other.tokens[0]) for other in labels if other.colon and other is not hit}
        tokens = tuple(takewhile(lambda token: id(token) not in starts, hit.rest))
        text = " ".join(token.text for token in tokens)
        return tokens if any(c.isalnum() for c in text) else ()

    def _first_label(self, segment: Segment) -> LabelHit | None:
        for hit in self._by_segment.get(id(segment), ()):
            if hit.concept == "number" and hit.rest and not hit.colon:
                # "No. 290, Long Road" is a street line.
                continue
            if hit.confidence < _SURE_LABEL and line_kind(segment.text) is LineKind.STREET:
                # "Rue du Marché 12" is nearly the label of a contract.
                continue
            if hit.tokens[0] is segment.tokens[0]:
                return hit
            # "Differing invoice recipient:" begins another party all the same.
            second = len(segment.tokens) > 1 and hit.tokens[0] is segment.tokens[1]
            if second and hit.concept in PARTY_CONCEPTS and not hit.rest:
                return hit
        return None

    def _right_border(self, hit: LabelHit, page: PageLayout) -> float:
        """A block ends where the next label of its line begins."""
        border = page.width
        for segment in hit.line.segments:
            if segment.rect.x0 > hit.segment.rect.x1 and self._first_label(segment) is not None:
                return segment.rect.x0 - 0.3 * page.em
        return border

    def _beside(self, hit: LabelHit, page: PageLayout) -> Segment | None:
        """The text right of a label that has its value there and not below."""
        following = [s for s in hit.line.segments if s.rect.x0 > hit.segment.rect.x1]
        if not following or self._first_label(following[0]) is not None:
            return None
        labels = sum(self._first_label(s) is not None for s in hit.line.segments)
        if following[0].text.endswith(":") or labels >= _HEADINGS:
            # The label of something else, known or not.
            return None
        segment = following[0]
        if segment.rect.x0 - hit.segment.rect.x1 > _REACH_BESIDE * page.em:
            return None
        colon = hit.tokens[-1].text.endswith(":") or segment.text.startswith(":")
        if colon or not self._has_text_below(hit, page):
            return segment if self._plausible(segment, hit) else None
        return None

    def _plausible(self, segment: Segment, hit: LabelHit) -> bool:
        if not hit.colon and sum(c.isalpha() for c in segment.text) < _FEWEST_LETTERS:
            # Another heading, cut short.
            return False
        parts = split_whole(segment.tokens)
        first = " ".join(token.text for token in parts[0])
        return is_name(first) or line_kind(first) in {LineKind.STREET, LineKind.NUMBERED}

    def _has_text_below(self, hit: LabelHit, page: PageLayout) -> bool:
        for line in _lines_after(page, hit.line):
            if line.rect.y0 - hit.rect.y1 > 1.5 * page.em:
                return False
            for segment in line.segments:
                below = segment.rect.y0 > hit.rect.y0 + 0.3 * page.em
                if below and abs(segment.rect.x0 - hit.rect.x0) < 1.5 * page.em:
                    return self._first_label(segment) is None
        return False

    def _value_of(self, label: LabelHit, line: Line, segment: Segment) -> tuple[Token, ...]:
        """What `label` is about: the cell itself where the label stands in the one before."""
        if label.segment is not segment:
            return segment.tokens
        return label.rest or self._value_right(line, segment)

    def _value_right(self, line: Line, segment: Segment) -> tuple[Token, ...]:
        for other in line.segments:
            if other.rect.x0 > segment.rect.x1:
                return without_colons(other.tokens) if self._first_label(other) is None else ()
        return ()

    def unlabelled(self) -> Iterator[PartyBlock]:
        """Address-shaped blocks anywhere on the first and last page."""
        pages = self._layout.pages
        chosen = pages[:1] if len(pages) == 1 else (pages[0], pages[-1])
        for page in chosen:
            senders = list(self._sender_lines(page))
            yield from senders
            self._values |= {
                id(token) for block in senders for part in block.lines for token in part.tokens
            }
            for line in page.lines:
                for segment in line.segments:
                    kind = line_kind(segment.text)
                    town = city_near(segment, line, page)
                    if (kind is LineKind.STREET and town is None) or (
                        kind is LineKind.CITY
                        and not (town and is_street_above(segment.text, town.text))
                    ):
                        yield self._around(segment, line, page)

    def _around(self, city: Segment, line: Line, page: PageLayout) -> PartyBlock:
        """The lines above and below a city line that stand in its column."""
        start = line.number - page.lines[0].number
        before = page.lines[start - 1 :: -1] if start else ()
        above = list(self._walk(city, before, page.em, up=True))
        below = list(self._walk(city, page.lines[start + 1 :], page.em, up=False))
        lines = (*reversed(above), plain_line(city.tokens), *below)
        area = around([part.rect for part in lines])
        return PartyBlock(None, lines, page.number, area=area)

    def _walk(
        self, city: Segment, lines: Iterable[Line], em: float, *, up: bool
    ) -> Iterator[PartyLine]:
        edge = city.rect
        places = 0
        pitch = float("inf")
        for line in lines:
            segment = next((s for s in line.segments if aligned(s.rect, city.rect, em)), None)
            if segment is None and self._loose and len(line.segments) == 1:
                segment = line.segments[0]
            gap = edge.y0 - line.rect.y1 if up else line.rect.y0 - edge.y1
            if gap > (_BLOCK_GAP if up else 1.2) * em:
                return
            if segment is None:
                continue
            kind = line_kind(segment.text)
            label = self._first_label(segment)
            if up and kind is LineKind.CITY and is_street_above(segment.text, city.text):
                kind = LineKind.STREET
            outside = label is not None and label.concept not in _INSIDE
            known = id(segment.tokens[0]) in self._values
            if outside or known or kind is LineKind.CITY or places >= _MOST_AROUND:
                return
            if up and (kind is LineKind.OTHER or (not self._loose and _ends_upwards(kind, label))):
                return
            step = abs(segment.rect.cy - edge.cy)
            if places > 1 and step > _MOST_PITCHES * pitch:
                # Far above an address that is set tightly.
                return
            edge, pitch = segment.rect, min(pitch, step)
            places += 1
            if label is None:
                yield plain_line(segment.tokens)
            elif label.rest and label.concept not in {"number", "other_number"}:
                yield PartyLine(label.rest, kind, label.concept)

    def _sender_lines(self, page: PageLayout) -> Iterator[PartyBlock]:
        """ "Company · Street 1 · 12345 City" printed as one line."""
        for line in page.lines:
            for run in runs(line, page.em):
                parts = [line for part in split_at_dots(run) for line in split_whole(part)]
                if not 2 <= len(parts) <= 9:
                    continue
                lines = tuple(
                    PartyLine(part, line_kind(" ".join(token.text for token in part)))
                    for part in parts
                )
                kinds = [part.kind for part in lines]
                if id(lines[0].tokens[0]) in self._party_labels:
                    continue
                apart = LineKind.CITY in kinds[1:] and (
                    LineKind.STREET in kinds or LineKind.NUMBERED in kinds
                )
                together = any(is_city(part.text) and is_street(part.text) for part in lines)
                if (apart and len(parts) > 2) or together:
                    area = around([part.rect for part in lines])
                    yield PartyBlock(None, lines, page.number, one_line=True, area=area)


def _parted(tokens: tuple[Token, ...], label: str | None) -> Iterator[PartyLine]:
    """The lines in one print: "Company Ltd, 6 Wharf Street, Leeds LS2 7EQ" holds three."""
    parts = split_at_dots(tokens)
    if len(parts) > 2 and plain_line(parts[-1]).kind is LineKind.CITY:
        yield replace(plain_line(parts[0]), label=label)
        yield from (plain_line(part) for part in parts[1:])
    else:
        yield replace(plain_line(tokens), label=label)


def goods_lines(layout: DocumentLayout, tables: Sequence[tuple[int, Rect]]) -> frozenset[int]:
    """Numbers of the lines that hold line items, and of the column headings above them."""
    found: set[int] = set()
    for number, area in tables:
        page = layout.page(number)
        for line in page.lines:
            if area.y0 <= line.rect.cy <= area.y1:
                found.add(line.number)
            elif 0 <= area.y0 - line.rect.cy < _ABOVE_GOODS * page.em:
                heads = len(line.segments) >= _HEADINGS and not any(c.isdigit() for c in line.text)
                found |= {line.number} if heads else set()
    return frozenset(found)


def _ends_upwards(kind: LineKind, label: LabelHit | None) -> bool:
    """Telephones and tax ids close an address: what stands beneath is another party."""
    return kind is LineKind.CONTACT or (label is not None and label.concept in _CLOSING)


def value_tokens(layout: DocumentLayout, hits: Sequence[LabelHit]) -> set[int]:
    """First tokens (by id) of cells that are the value of something to their left.

    What stands behind a colon is a value, whether or not the label is known; labels of party
    blocks are no bar, their values are what is looked for.
    """
    wanted = {
        id(hit.segment)
        for hit in hits
        if hit.confidence >= 0.6 and hit.colon and hit.concept in _INSIDE | PARTY_CONCEPTS
    }
    labelled = {id(hit.segment) for hit in hits if hit.confidence >= 0.6}
    return {
        id(right.tokens[0])
        for line in layout.lines
        for left, right in pairwise(line.segments)
        if left.text.endswith(":") and id(left) not in wanted and id(right) not in labelled
    }


def _lines_after(page: PageLayout, line: Line) -> Sequence[Line]:
    first = page.lines[0].number
    # A line of another column may have been sorted just before the label's own.
    return page.lines[max(0, line.number - first - 1) :]
