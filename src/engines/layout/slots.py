"""Where the value of a label may stand: after it, to its right, or below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from src.engines.layout.model import DocumentLayout, LabelHit, Line, Rect, Segment, Token

# How far below a label its value may start, in em of the page.
REACH_BELOW = 3.2
# Cells to the right of a label that are looked at.
REACH_RIGHT = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where the value of `hit` may stand."""

    hit: LabelHit
    tokens: tuple[Token, ...]
    segment: Segment
    line: Line
    # "inline", "right" or "below".
    direction: str
    # 0..1: how well this place fits, before anything is known of its content.
    affinity: float


class SlotFinder:
    """Knows all labels of a document, so that a label's reach ends at the next label."""

    def __init__(self, layout: DocumentLayout, hits: Sequence[LabelHit]) -> None:
        self._layout = layout
        # First token of a segment's labels by segment: a cell that begins with a label.
        self._label_starts: Mapping[int, set[int]] = _starts(hits)

    def slots(self, hit: LabelHit) -> Iterator[Slot]:
        """Places for the value, best first."""
        found = False
        if tokens := self._inline(hit):
            found = True
            tokens = self._with_next_row(tokens, hit.segment, hit.line)
            yield Slot(hit, tokens, hit.segment, hit.line, "inline", 1.0)
        for place, slot in enumerate(self._right(hit)):
            # The neighbour of a column heading is another heading; cells beyond are not its own.
            found = found or (place == 0 and any(c.isdigit() for c in slot.segment.text))
            yield slot
        yield from self._below(hit, found)

    def begins_with_label(self, segment: Segment) -> bool:
        return id(segment.tokens[0]) in self._label_starts.get(id(segment), ())

    def _inline(self, hit: LabelHit) -> tuple[Token, ...]:
        starts = self._label_starts.get(id(hit.segment), ())
        tokens: list[Token] = []
        for token in hit.rest:
            if id(token) in starts:
                break
            tokens.append(token)
        return tuple(tokens)

    def _right(self, hit: LabelHit) -> Iterator[Slot]:
        if hit.rest and hit.rest[-1] is hit.segment.tokens[-1] and self._inline(hit) != hit.rest:
            return
        em = max(hit.segment.height, 1.0)
        position = next((i for i, s in enumerate(hit.line.segments) if s is hit.segment), None)
        if position is None:
            return
        edge = hit.segment.rect.x1
        for count, segment in enumerate(
            hit.line.segments[position + 1 : position + 1 + REACH_RIGHT]
        ):
            if self.begins_with_label(segment):
                return
            gap = (segment.rect.x0 - edge) / em
            tokens = _without_separators(segment.tokens)
            affinity = 0.97 - 0.2 * count - 0.006 * max(0.0, gap) - (0.15 if hit.rest else 0.0)
            if tokens and affinity > 0.1:
                tokens = self._with_next_row(tokens, segment, hit.line)
                yield Slot(hit, tokens, segment, hit.line, "right", affinity)

    def _below(self, hit: LabelHit, has_other: bool) -> Iterator[Slot]:
        page = self._layout.page(hit.segment.page)
        place = hit.rect
        seen = 0
        for line in _following(page.lines, hit.line):
            gap = (line.rect.y0 - place.y1) / page.em
            if gap > REACH_BELOW or seen >= 2:
                return
            for segment in line.segments:
                if not _under(place.x0, place.x1, segment, page.em):
                    continue
                if self.begins_with_label(segment):
                    return
                drop = (segment.rect.y0 - place.y1) / page.em
                if drop < -0.6:
                    continue
                affinity = 0.88 - 0.09 * max(0.0, drop) - 0.25 * seen
                if has_other:
                    affinity *= 0.6
                if hit.tokens[-1].text.endswith(":"):
                    affinity *= 0.9
                seen += 1
                tokens = _without_separators(_own_column(hit, segment))
                if tokens and affinity > 0.1:
                    tokens = self._with_next_row(tokens, segment, line)
                    yield Slot(hit, tokens, segment, line, "below", affinity)
                break

    def _with_next_row(
        self, tokens: tuple[Token, ...], segment: Segment, line: Line
    ) -> tuple[Token, ...]:
        """With the rest of a code that a narrow cell broke behind a hyphen: "DS-2025-" "0331"."""
        last = tokens[-1]
        if len(last.text) < 3 or last.text[-1] not in "-/" or last is not segment.tokens[-1]:
            return tokens
        page = self._layout.page(segment.page)
        for below in _following(page.lines, line)[:1]:
            for other in below.segments:
                em = max(segment.height, 1.0)
                aligned = min(
                    abs(other.rect.x0 - segment.rect.x0), abs(other.rect.x1 - segment.rect.x1)
                )
                near = other.rect.y0 - segment.rect.y1 < em and aligned < 0.6 * em
                if near and len(other.tokens) == 1 and any(c.isdigit() for c in other.text):
                    return (*tokens, *other.tokens)
        return tokens


def _starts(hits: Sequence[LabelHit]) -> Mapping[int, set[int]]:
    starts: dict[int, set[int]] = defaultdict(set)
    for hit in hits:
        # A doubtful hit in running text is no border, nor is a mere "#" before a number.
        if hit.confidence >= 0.6 and hit.concept != "number":
            starts[id(hit.segment)].add(id(hit.tokens[0]))
    return starts


def _following(lines: Sequence[Line], line: Line) -> Sequence[Line]:
    first = lines[0].number if lines else 0
    return lines[line.number - first + 1 :]


def _under(x0: float, x1: float, segment: Segment, em: float) -> bool:
    rect = segment.rect
    shared = min(x1, rect.x1) - max(x0, rect.x0)
    if shared > 0.3 * min(x1 - x0, rect.width):
        return True
    return abs(rect.x0 - x0) < 1.2 * em or abs(rect.x1 - x1) < 1.2 * em


def _own_column(hit: LabelHit, segment: Segment) -> tuple[Token, ...]:
    """The tokens of `segment` that stand under this heading and not under its neighbours."""
    headings = [s.rect for s in hit.line.segments if s.rect.overlap_x(segment.rect) > 0]
    own = hit.segment.rect
    if len(headings) < 2 or own not in headings:
        return segment.tokens

    def distance(token: Token, heading: Rect) -> float:
        rect = token.rect
        return min(
            abs(rect.x0 - heading.x0), abs(rect.cx - heading.cx), abs(rect.x1 - heading.x1)
        ) - heading.overlap_x(rect)

    return tuple(
        token
        for token in segment.tokens
        if min(headings, key=lambda heading: distance(token, heading)) == own
    )


def _without_separators(tokens: Sequence[Token]) -> tuple[Token, ...]:
    start = 0
    while start < len(tokens) and set(tokens[start].text) <= set(":=-–|."):
        start += 1
    return tuple(tokens[start:])
