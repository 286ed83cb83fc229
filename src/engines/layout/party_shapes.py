"""Where the lines of a party block stand, and how one printed line holds several of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from src.engines.layout.addresses import LineKind, line_kind
from src.engines.layout.model import Line, PageLayout, Rect, Segment, Token

# Separators of a one-line sender address.
_DOTS = frozenset("·•●|–-—*")
# Dashes beside these are part of the text.
BARS = frozenset("·•●|")


def column_segment(
    line: Line, left: float, right: float, value_left: float | None, em: float
) -> Segment | None:
    """The segment of `line` that stands in the block's column."""
    best: Segment | None = None
    for segment in line.segments:
        x0 = segment.rect.x0
        at_value = value_left is not None and abs(x0 - value_left) < 1.2 * em
        in_column = left - 1.2 * em <= x0 < min(right, left + 6 * em)
        if (at_value or in_column) and (best is None or x0 < best.rect.x0):
            best = segment
    return best


def city_near(street: Segment, line: Line, page: PageLayout) -> Segment | None:
    """The town below a street, in its column."""
    start = line.number - page.lines[0].number
    for other in page.lines[start + 1 : start + 5]:
        for segment in other.segments:
            near = other.rect.y0 - street.rect.y1 < 4 * page.em
            aligned_below = aligned(segment.rect, street.rect, page.em) and near
            if aligned_below and line_kind(segment.text) is LineKind.CITY:
                return segment
    return None


def aligned(rect: Rect, other: Rect, em: float) -> bool:
    """Common left edge, right edge or centre."""
    off = min(abs(rect.x0 - other.x0), abs(rect.x1 - other.x1), abs(rect.cx - other.cx))
    return off < 0.8 * em


def runs(line: Line, em: float) -> Iterator[tuple[Token, ...]]:
    """Tokens of neighbouring segments, parted at gaps that no separator explains."""
    run: list[Token] = []
    for segment in line.segments:
        if run and not (
            segment.rect.x0 - run[-1].rect.x1 < 1.6 * em
            and (set(run[-1].text) <= _DOTS or set(segment.tokens[0].text) <= _DOTS)
        ):
            yield tuple(run)
            run = []
        run += segment.tokens
    if run:
        yield tuple(run)


def split_at_dots(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """Parts between separators; commas count where no other separator stands."""
    strong = any(set(token.text) <= BARS for token in tokens)
    separators = BARS if strong else _DOTS
    dotted = strong or any(set(token.text) <= _DOTS for token in tokens)
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if set(token.text) <= separators:
            parts.append([])
            continue
        if dotted and token.text[0] in separators:
            # "-99084 Erfurt": the blank was lost.
            parts.append([])
        parts[-1].append(token)
        if not dotted and token.text.endswith((",", ";")):
            parts.append([])
    return [tuple(part) for part in parts if part]


def is_street_above(text: str, town: str) -> bool:
    """ "2214 Harbor" above "Portland, OR 97217": a house number, not a postal code."""
    return text[0].isdigit() and not town[0].isdigit() and line_kind(town) is LineKind.CITY


def split_whole(tokens: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """A part that holds a name, a street and a town, cut at its commas; others as they are."""
    parts = split_at_dots(tokens)
    kinds = {line_kind(" ".join(token.text for token in part)) for part in parts}
    whole = LineKind.CITY in kinds and not kinds.isdisjoint({LineKind.STREET, LineKind.NUMBERED})
    return parts if whole and len(parts) > 2 else [tokens]


def without_colons(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without the marks between a label and its value."""
    start = next((i for i, token in enumerate(tokens) if not set(token.text) <= set(":-.|")), 0)
    return tokens[start:]
