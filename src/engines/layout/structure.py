"""From words to tokens, segments and lines.

Only geometry decides: words of OCR come line by line, those of a text layer in any order, and
both go through here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from src.domain.page import Box, Page, TextSource
from src.engines.layout.model import (
    DocumentLayout,
    Line,
    PageLayout,
    Rect,
    Segment,
    Token,
    around,
)

# A gap wider than this many em parts two cells; spaces of justified prose stay below it.
CELL_GAP = 0.95
# Chains of one row a token is compared with; more stand there only on hostile pages.
_MOST_OPEN = 60
# Skew below a tenth of a degree moves a line by less than a point over the page.
LEAST_SKEW = 0.0015
# Steeper "lines" than this are not skew but unrelated words (reading turned the page upright).
MOST_SKEW = 0.12

# OCR and text layers write "No:12345", "Nr.471102" and "vom13.11.2019" as one word. A time
# (12:30) and an address (http://x) stay whole.
_GLUE = re.compile(
    r"(?:(?<=[^\W\d])|(?<=[.)])):(?=[^\s/:])"
    r"|\b(?:nr|no|n°|nº|num)[.:](?=[a-z]{0,4}[-/]?\d)"
    r"|\b(?:vom|du|del|of|dated)(?=\d{1,2}[./-])",
    re.IGNORECASE,
)


# Print narrower than this, in em, is a till receipt, alone on its page or scanned on a sheet.
_RECEIPT_WIDTH = 27
_RECEIPT_WIDTH_ON_SHEET = 22


def build_layout(pages: Sequence[Page]) -> DocumentLayout:
    """The structure of all pages; pages without words give empty layouts."""
    layouts: list[PageLayout] = []
    first_line = 0
    for page in pages:
        layout = _page_layout(page, first_line)
        first_line += len(layout.lines)
        layouts.append(layout)
    return DocumentLayout(pages=tuple(layouts))


def is_receipt(layout: DocumentLayout) -> bool:
    """The print of the first page is a narrow strip."""
    page = layout.pages[0]
    if not page.lines:
        return False
    printed = around([line.rect for line in page.lines])
    limit = _RECEIPT_WIDTH if page.width / page.em < 40 else _RECEIPT_WIDTH_ON_SHEET
    return printed.width / page.em < limit


def _page_layout(page: Page, first_line: int) -> PageLayout:
    tokens = _tokens(page)
    if not tokens:
        return PageLayout(page.number, page.width, page.height, 10.0, ())
    em = median(token.rect.height for token in tokens)
    segments = _segments(tokens, em)
    lines = _lines(segments, first_line)
    return PageLayout(page.number, page.width, page.height, em, lines)


def _tokens(page: Page) -> list[Token]:
    """Words as tokens in points, upright, without skew, each printed place once."""
    tokens: list[Token] = []
    seen: set[tuple[str, int, int]] = set()
    for index, word in enumerate(page.words):
        text = word.text.strip()
        if not text or not _is_horizontal(text, word.box, page):
            continue
        # Fake bold is drawn as the same word twice, half a point apart.
        place = (text, round(word.box.x0 * page.width / 2), round(word.box.y0 * page.height / 2))
        if place in seen:
            continue
        seen.add(place)
        cuts = [match.end() for match in _GLUE.finditer(text)]
        if not cuts:
            tokens.append(_token(text, word.box, page, index, word.confidence))
            continue
        tokens += _split_word(text, cuts, word.box, page, index, word.confidence)
    slope = _skew(tokens) if page.source is TextSource.OCR else 0.0
    if abs(slope) < LEAST_SKEW:
        return tokens
    return [_without_skew(token, slope, page.width / 2) for token in tokens]


def _is_horizontal(text: str, box: Box, page: Page) -> bool:
    width = (box.x1 - box.x0) * page.width
    height = (box.y1 - box.y0) * page.height
    if height <= 0 or width <= 0:
        return False
    return len(text) < 3 or height < width * 2


def _token(text: str, box: Box, page: Page, index: int, confidence: float) -> Token:
    rect = Rect(
        box.x0 * page.width, box.y0 * page.height, box.x1 * page.width, box.y1 * page.height
    )
    return Token(text, rect, page.number, confidence, index, box)


def _split_word(
    text: str, cuts: list[int], box: Box, page: Page, index: int, confidence: float
) -> list[Token]:
    """A word cut before the positions `cuts`, each part with its share of the box."""
    tokens: list[Token] = []
    width = (box.x1 - box.x0) / len(text)
    for start, end in pairwise([0, *cuts, len(text)]):
        part = Box(box.x0 + start * width, box.y0, box.x0 + end * width, box.y1)
        tokens.append(_token(text[start:end], part, page, index, confidence))
    return tokens


def _skew(tokens: list[Token]) -> float:
    """Slope of the lines of text: the median over pairs of neighbours, weighted by distance."""
    slopes: list[tuple[float, float]] = []
    by_row: dict[int, list[Token]] = defaultdict(list)
    em = median(token.rect.height for token in tokens) if tokens else 1.0
    for token in tokens:
        by_row[int(token.rect.cy / (2 * em))].append(token)
    for row in by_row.values():
        row.sort(key=lambda token: token.rect.x0)
        for i, left in enumerate(row):
            for right in row[i + 1 : i + 6]:
                run = right.rect.cx - left.rect.cx
                rise = right.rect.cy - left.rect.cy
                similar = 0.8 < right.rect.height / left.rect.height < 1.25
                if similar and run > 4 * em and abs(rise) < 0.5 * em + 0.03 * run:
                    slopes.append((rise / run, run))
    if len(slopes) < 8:
        return 0.0
    slopes.sort()
    half = sum(weight for _, weight in slopes) / 2
    for slope, weight in slopes:
        half -= weight
        if half <= 0:
            return slope if abs(slope) <= MOST_SKEW else 0.0
    return 0.0


def _without_skew(token: Token, slope: float, middle: float) -> Token:
    rect = token.rect
    shift = slope * (rect.cx - middle)
    moved = Rect(rect.x0, rect.y0 - shift, rect.x1, rect.y1 - shift)
    return Token(token.text, moved, token.page, token.confidence, token.word, token.where)


def _segments(tokens: list[Token], em: float) -> list[Segment]:
    """Chains of tokens, each the right-hand neighbour of the one before."""
    chains: list[list[Token]] = []
    # Chains by the row of their last token, so that a token looks at its own height only.
    open_chains: dict[int, list[int]] = defaultdict(list)
    for token in sorted(tokens, key=lambda t: (t.rect.x0, t.rect.y0)):
        row = int(token.rect.cy / em)
        best, best_gap = -1, float("inf")
        for near in (row - 1, row, row + 1):
            for index in open_chains[near][-_MOST_OPEN:]:
                last = chains[index][-1]
                gap = _gap(last, token)
                if gap is not None and abs(gap) < best_gap:
                    best, best_gap = index, abs(gap)
        if best < 0:
            chains.append([token])
            open_chains[row].append(len(chains) - 1)
            continue
        old_row = int(chains[best][-1].rect.cy / em)
        chains[best].append(token)
        if old_row != row:
            open_chains[old_row].remove(best)
            open_chains[row].append(best)
    return [_segment(chain) for chain in chains]


def _gap(last: Token, token: Token) -> float | None:
    """Distance in points if `token` continues the cell of `last`, else None."""
    height = min(last.rect.height, token.rect.height)
    tall = max(last.rect.height, token.rect.height)
    gap = token.rect.x0 - last.rect.x1
    if gap > CELL_GAP * tall or gap < -0.6 * tall:
        return None
    if last.rect.overlap_y(token.rect) < 0.5 * height:
        return None
    return gap


def _segment(tokens: Sequence[Token]) -> Segment:
    return Segment(tuple(tokens), around([token.rect for token in tokens]), tokens[0].page)


def _lines(segments: list[Segment], first: int) -> tuple[Line, ...]:
    """Group segments by baseline; a line's band is that of its widest segment."""
    rows: list[list[Segment]] = []
    bands: list[Rect] = []
    for segment in sorted(segments, key=lambda s: (s.rect.cy, s.rect.x0)):
        best, best_share = -1, 0.5
        for index in range(max(0, len(rows) - 6), len(rows)):
            band = bands[index]
            share = band.overlap_y(segment.rect) / min(band.height, segment.height)
            if share > best_share and not _covers(rows[index], segment):
                best, best_share = index, share
        if best < 0:
            rows.append([segment])
            bands.append(segment.rect)
            continue
        rows[best].append(segment)
        if segment.rect.width > bands[best].width:
            bands[best] = segment.rect
    rows = [sorted(row, key=lambda s: s.rect.x0) for row in rows]
    rows.sort(key=lambda row: median(s.rect.cy for s in row))
    return tuple(
        Line(tuple(row), around([s.rect for s in row]), row[0].page, first + position)
        for position, row in enumerate(rows)
    )


def _covers(row: Iterable[Segment], segment: Segment) -> bool:
    return any(
        other.rect.overlap_x(segment.rect) > 0.3 * min(other.rect.width, segment.rect.width)
        for other in row
    )
