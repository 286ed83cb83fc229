"""Tables by their columns: heading bands, column anchors, and what stands under each heading.

A column is anchored by its heading and by where the numbers beneath it line up, never by shared
baselines: cells may stand some points off their row, headings may take several rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column, classes_of, column_of, is_phrase, roles_of
from src.engines.layout.model import DocumentLayout, Line, PageLayout, Rect, Token, around

# A gap wider than this many em may part two headings or two cells of text.
_PIECE_GAP = 0.62
# A heading is short; longer runs of words are prose.
_MOST_HEADING_WORDS = 7
_MOST_HEADING_PIECES = 24
# Rows of one heading follow each other closer than this (em, from baseline to baseline).
_HEADING_LEADING = 1.9
_MOST_HEADING_ROWS = 4

MONEY_COLUMNS = frozenset(
    {Column.AMOUNT, Column.GROSS_AMOUNT, Column.UNIT_PRICE, Column.TAX_AMOUNT, Column.BASE}
)
_SUMS = frozenset({Column.AMOUNT, Column.GROSS_AMOUNT, Column.BASE})
_QUALIFIERS = frozenset({"net_strict", "gross_strict", "net", "gross", "incl", "excl"})
_TAXES = frozenset({Column.TAX_AMOUNT, Column.TAX_RATE})
_GOODS = frozenset({Column.DESCRIPTION, Column.QUANTITY, Column.UNIT_PRICE})
NUMERIC_COLUMNS = MONEY_COLUMNS | {Column.QUANTITY, Column.TAX_RATE, Column.DISCOUNT}


@dataclass(frozen=True)
class Piece:
    """Tokens of one line that stand close together."""

    tokens: tuple[Token, ...]

    @cached_property
    def rect(self) -> Rect:
        return around([token.rect for token in self.tokens])

    @cached_property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)


@dataclass(frozen=True)
class Heading:
    """The heading of one column; its text may come from several rows."""

    pieces: tuple[Piece, ...]
    column: Column | None

    @cached_property
    def rect(self) -> Rect:
        return around([piece.rect for piece in self.pieces])

    @cached_property
    def text(self) -> str:
        """Rows joined; a hyphen at the end of a row is a word break."""
        text = ""
        for piece in self.pieces:
            text = text[:-1] + piece.text if text.endswith("-") else f"{text} {piece.text}"
        return text.strip()


@dataclass(frozen=True)
class Band:
    """A heading row (or several) and the lines below it up to the next one."""

    headings: tuple[Heading, ...]
    page: int
    # Positions in `DocumentLayout.lines`.
    first_line: int
    last_line: int
    body: tuple[Line, ...]
    em: float

    @cached_property
    def kinds(self) -> frozenset[Column]:
        return frozenset(h.column for h in self.headings if h.column is not None)

    @property
    def is_item_table(self) -> bool:
        """Goods and services: an amount or price beside a description or quantity."""
        first = next((h.column for h in self.headings if h.column is not None), None)
        if first in {Column.TAX_RATE, Column.TAX_AMOUNT, Column.BASE} and self.is_tax_table:
            return False
        money = self.kinds & {Column.AMOUNT, Column.GROSS_AMOUNT, Column.UNIT_PRICE}
        if money and Column.QUANTITY in self.kinds and self._names_goods:
            return True
        goods = self.kinds & {Column.DESCRIPTION, Column.QUANTITY, Column.UNIT_PRICE}
        return bool(money) and (
            len(goods) >= 2
            or Column.DESCRIPTION in goods
            or (Column.QUANTITY in goods and len(self.kinds) >= 3)
        )

    @property
    def _names_goods(self) -> bool:
        """A heading speaks of descriptions, also one that stands over another column as well."""
        return any("description" in classes_of(heading.text) for heading in self.headings)

    @property
    def is_tax_table(self) -> bool:
        """Tax by rate: rates or tax amounts beside sums, without goods."""
        goods = self.kinds & {Column.QUANTITY, Column.UNIT_PRICE}
        sums = self.kinds & {Column.BASE, Column.AMOUNT, Column.GROSS_AMOUNT, Column.TAX_AMOUNT}
        tax = self.kinds & {Column.TAX_AMOUNT, Column.TAX_RATE}
        return not goods and bool(tax) and len(self.kinds & NUMERIC_COLUMNS) >= 2 and bool(sums)


def pieces_of(tokens: Sequence[Token], gap: float = _PIECE_GAP) -> list[Piece]:
    """Split at gaps wider than `gap` em."""
    pieces: list[list[Token]] = []
    for token in tokens:
        if pieces:
            last = pieces[-1][-1]
            em = max(last.rect.height, token.rect.height)
            if token.rect.x0 - last.rect.x1 <= gap * em:
                pieces[-1].append(token)
                continue
        pieces.append([token])
    return [Piece(tuple(piece)) for piece in pieces]


def find_bands(layout: DocumentLayout, numbers: Numbers) -> list[Band]:
    """All heading bands in page order, each with the lines below it on its page."""
    bands: list[Band] = []
    for page in layout.pages:
        bands += _bands_of(page, numbers)
    return bands


def _bands_of(page: PageLayout, numbers: Numbers) -> list[Band]:
    lines = page.lines
    found: list[tuple[int, int, tuple[Heading, ...]]] = []
    index = 0
    while index < len(lines):
        if not _is_heading_row(lines[index], numbers):
            index += 1
            continue
        first, last = _heading_rows(lines, index, numbers, page.em)
        if found:
            first = max(first, found[-1][1] + 1)
        rows = lines[first : last + 1]
        core = max(rows, key=lambda row: len(heading_pieces(_heading_tokens(row, numbers))))
        headings = _headings(rows, core, numbers)
        found.append((first, last, headings))
        index = last + 1
    bands: list[Band] = []
    for position, (first, last, headings) in enumerate(found):
        end = found[position + 1][0] if position + 1 < len(found) else len(lines)
        body = lines[last + 1 : end]
        band = Band(headings, page.number, lines[first].number, lines[last].number, body, page.em)
        bands.append(_split_headings(band, numbers))
    return bands


def _is_heading_row(line: Line, numbers: Numbers) -> bool:
    """Two or more different column names, one of them numeric, and hardly anything else."""
    pieces = heading_pieces(_heading_tokens(line, numbers))
    if not 2 <= len(pieces) <= _MOST_HEADING_PIECES:
        return False
    columns = [
        column_of(piece.text) if len(piece.tokens) <= _MOST_HEADING_WORDS else None
        for piece in pieces
    ]
    known = [column for column in columns if column is not None]
    kinds = set(known)
    if len(kinds) < 2 or not kinds & NUMERIC_COLUMNS:
        return False
    strong = len(kinds & NUMERIC_COLUMNS) >= 2 or Column.DESCRIPTION in kinds
    digits = sum(any(c.isdigit() for c in piece.text) for piece in pieces)
    colons = sum(piece.text.endswith(":") for piece in pieces)
    if digits > len(pieces) // 3 or colons > (len(pieces) // 2 if len(pieces) > 3 else 0):
        return False
    if len(known) * 2 < len(pieces):
        return False
    return strong or len(kinds) >= 3 or (len(known) >= 3 and len(known) * 5 >= len(pieces) * 3)


def _heading_tokens(line: Line, numbers: Numbers) -> tuple[Token, ...]:
    """The tokens that can be headings: a sum printed beside them ("Total  9.99") is left out.

    Empty when the line holds several amounts: then it is a row.
    """
    money = [cell for cell in numbers.on(line) if cell.number.is_money_like]
    if not money:
        return line.tokens
    if len(money) > 1 or money[0].end < len(line.tokens):
        return ()
    before = pieces_of(line.tokens[: money[0].start], 0.95)
    if len(before) < 3 or not any(w >= 0.6 for w in roles_of(before[-1].text).values()):
        return ()
    return line.tokens[: money[0].start - len(before[-1].tokens)]


def _heading_rows(lines: Sequence[Line], core: int, numbers: Numbers, em: float) -> tuple[int, int]:
    """First and last row of the heading around its main row."""
    first = last = core
    while first > 0 and core - first < _MOST_HEADING_ROWS:
        row = lines[first - 1]
        if lines[first].rect.cy - row.rect.cy > _HEADING_LEADING * em:
            break
        if not _continues_heading(row, lines[core], numbers):
            break
        first -= 1
    while last + 1 < len(lines) and last - core < _MOST_HEADING_ROWS:
        row = lines[last + 1]
        if row.rect.cy - lines[last].rect.cy > _HEADING_LEADING * em:
            break
        if not _continues_heading(row, lines[core], numbers):
            break
        last += 1
    return first, last


def _continues_heading(row: Line, core: Line, numbers: Numbers) -> bool:
    if numbers.on(row) or any(c.isdigit() for c in row.text):
        return False
    pieces = heading_pieces(row.tokens)
    if any(len(piece.tokens) > _MOST_HEADING_WORDS for piece in pieces):
        return False
    if _is_heading_row(row, numbers):
        return True
    if row.rect.x0 < core.rect.x0 - core.rect.height * 8:
        return False
    named = sum(column_of(piece.text) is not None for piece in pieces)
    hyphen = any(token.text.endswith("-") and len(token.text) > 2 for token in core.tokens)
    return named * 2 >= len(pieces) or (hyphen and len(pieces) <= 2)


def _headings(rows: Sequence[Line], core: Line, numbers: Numbers) -> tuple[Heading, ...]:
    """Stack the pieces of all rows into headings by horizontal overlap."""
    stacks = [[piece] for piece in heading_pieces(_heading_tokens(core, numbers))]
    for row in rows:
        if row is core:
            continue
        for piece in heading_pieces(_heading_tokens(row, numbers)):
            best, shared = None, 0.0
            for stack in stacks:
                overlap = max(piece.rect.overlap_x(other.rect) for other in stack)
                if overlap > shared:
                    best, shared = stack, overlap
            if best is None:
                stacks.append([piece])
            else:
                best.append(piece)
    headings = []
    for stack in stacks:
        stack.sort(key=lambda piece: piece.rect.cy)
        heading = Heading(tuple(stack), None)
        headings.append(replace(heading, column=_column_of_stack(heading)))
    return _settled(sorted(headings, key=lambda heading: heading.rect.x0))


def _settled(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """A bare "Tax" beside a column of rates, or after sums without goods, heads tax amounts."""
    kinds = {heading.column for heading in headings}
    named = any(
        heading.column is Column.TAX_RATE and "rate" in classes_of(heading.text)
        for heading in headings
    )
    prices = [heading for heading in headings if heading.column is Column.UNIT_PRICE]
    if len(prices) > 1 and prices[-1] is headings[-1] and kinds.isdisjoint(_SUMS):
        # "Unit price   Discount   Price": the last price is the amount.
        headings = [*headings[:-1], replace(headings[-1], column=Column.AMOUNT)]
    settled: list[Heading] = []
    for heading in headings:
        bare = heading.column is Column.TAX_RATE and "rate" not in classes_of(heading.text)
        after_sums = any(h.column in _SUMS for h in settled) and kinds.isdisjoint(_GOODS)
        taxed = any(h.column in _TAXES for h in settled)
        second = heading.column is Column.AMOUNT and any(h.column in _SUMS for h in settled)
        if bare and (named or after_sums):
            settled.append(replace(heading, column=Column.TAX_AMOUNT))
        elif taxed and second:
            # Net amount, tax, and then the amount with tax.
            settled.append(replace(heading, column=Column.GROSS_AMOUNT))
        else:
            settled.append(heading)
    return tuple(settled)


def _column_of_stack(heading: Heading) -> Column | None:
    whole = column_of(heading.text)
    kinds = {column_of(piece.text) for piece in heading.pieces}
    # "Article no. / Description" stacked in one column: the column holds both.
    if Column.DESCRIPTION in kinds and whole in {Column.CODE, Column.POSITION, None}:
        return Column.DESCRIPTION
    return whole


def _split_headings(band: Band, numbers: Numbers) -> Band:
    """Part a heading that stands over two columns of numbers, where its words allow it."""
    headings: list[Heading] = []
    cells = [cell for line in band.body[:12] for cell in numbers.on(line)]
    for heading in band.headings:
        if len(heading.pieces) == 1 and len(heading.pieces[0].tokens) >= 2:
            headings += _parted(heading, cells)
        else:
            headings.append(heading)
    return replace(band, headings=tuple(headings))


def _parted(heading: Heading, cells: Iterable[AmountCell]) -> list[Heading]:
    tokens = heading.pieces[0].tokens
    under = sorted(
        {
            (round(cell.rect.x0), round(cell.rect.x1))
            for cell in cells
            if cell.rect.overlap_x(heading.rect) > 0
        }
    )
    gaps = [
        (right[0] + left[1]) / 2
        for left, right in pairwise(under)
        if right[0] > left[1] + heading.rect.height * 0.5
    ]
    for split in gaps:
        left = tuple(token for token in tokens if token.rect.cx < split)
        right = tokens[len(left) :]
        if not left or not right or is_phrase(f"{left[-1].text} {right[0].text}"):
            continue
        first, second = Piece(left), Piece(right)
        kinds = column_of(first.text), column_of(second.text)
        if None not in kinds and kinds[0] != kinds[1]:
            return [Heading((first,), kinds[0]), Heading((second,), kinds[1])]
    return [heading]


def heading_pieces(tokens: Sequence[Token]) -> list[Piece]:
    """The headings of one row: parted at wide gaps, and at narrower ones between known words."""
    pieces = pieces_of(tokens)
    spaces = [gap for piece in pieces for gap in _gaps(piece)]
    usual = min(spaces, default=0.0)
    return [part for piece in pieces for part in _parts_of(piece, usual)]


def _gaps(piece: Piece) -> list[float]:
    return [right.rect.x0 - left.rect.x1 for left, right in pairwise(piece.tokens)]


def _only_qualifies(piece: Piece) -> bool:
    """A lone "net" or "incl." belongs to the heading before it."""
    return len(piece.tokens) == 1 and bool(classes_of(piece.text) & _QUALIFIERS)


def _parts_of(piece: Piece, usual: float) -> list[Piece]:
    """Part headings that nearly touch, where the gap is wider than the `usual` space of the row.

    "Unit Price Taxes" is two headings if the space before "Taxes" is the widest and both parts
    name a column.
    """
    gaps = _gaps(piece)
    widest = max(gaps, default=0.0)
    if not gaps or widest < 1.3 * usual or widest < 0.2 * piece.rect.height:
        return [piece]
    cut = gaps.index(widest) + 1
    if is_phrase(f"{piece.tokens[cut - 1].text} {piece.tokens[cut].text}"):
        return [piece]
    left, right = Piece(piece.tokens[:cut]), Piece(piece.tokens[cut:])
    kinds = column_of(left.text), column_of(right.text)
    if None in kinds or kinds[0] == kinds[1] or set(kinds) <= _SUMS or _only_qualifies(right):
        return [piece]
    return [*_parts_of(left, usual), *_parts_of(right, usual)]
