"""Rows under a heading band: which number belongs to which column, which lines to which row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column
from src.engines.layout.column_check import columns_by_product
from src.engines.layout.model import Line, Rect, Token, around
from src.engines.layout.sum_lines import is_charge_line, is_free, is_totals_line
from src.engines.layout.tables import (
    MONEY_COLUMNS,
    NUMERIC_COLUMNS,
    Band,
    Heading,
    Piece,
    pieces_of,
)

# Numbers whose edges or centres differ less than this (em) line up.
_ALIGNED = 0.75
# A column may stand this far (em) from its heading.
_MOST_OFFSET = 7.0
# Cells closer than this (em, centre to centre) to a row belong to it.
_ROW_TOLERANCE = 0.75
# Lines of one description follow each other closer than this (em).
_TEXT_LEADING = 2.1
_MOST_TEXT_LINES = 12

# Figures that a discount or charge between the goods has as well.
_SUM_COLUMNS = frozenset(
    {Column.AMOUNT, Column.GROSS_AMOUNT, Column.TAX_RATE, Column.TAX_AMOUNT, Column.DISCOUNT}
)
_ROW_MAKERS = (Column.AMOUNT, Column.GROSS_AMOUNT, Column.UNIT_PRICE)


@dataclass
class Cluster:
    """Numbers of different rows that line up: one column of figures."""

    cells: list[AmountCell]

    @property
    def rect(self) -> Rect:
        return Rect(
            median(cell.rect.x0 for cell in self.cells),
            self.cells[0].rect.y0,
            median(cell.rect.x1 for cell in self.cells),
            self.cells[-1].rect.y1,
        )

    def takes(self, cell: AmountCell, em: float) -> bool:
        if cell.number.percent != self.cells[0].number.percent:
            return False
        mine, other = self.rect, cell.rect
        limit = _ALIGNED * em
        return (
            abs(mine.x1 - other.x1) < limit
            or abs(mine.x0 - other.x0) < limit * 0.6
            or abs(mine.cx - other.cx) < limit * 0.6
        )


@dataclass
class Row:
    """One row of a table while it is put together."""

    lines: list[Line]
    cells: dict[Column, AmountCell] = field(default_factory=dict)
    texts: dict[Column, list[Piece]] = field(default_factory=dict)
    # Numbers that line up in a column without a heading, left to right.
    loose: list[AmountCell] = field(default_factory=list)

    @property
    def amount(self) -> AmountCell | None:
        for column in _ROW_MAKERS:
            if column in self.cells:
                return self.cells[column]
        return None

    def text(self, column: Column) -> str:
        return " ".join(piece.text for piece in self.texts.get(column, ()))

    @property
    def is_full(self) -> bool:
        """Several figures in their columns: certainly goods, not a sum."""
        return len(self.cells.keys() & NUMERIC_COLUMNS) >= 2 and self.amount is not None


def rows_of(band: Band, body: Sequence[Line], numbers: Numbers) -> list[Row]:
    """The rows of goods under `band` in `body`, in order; sums and carry-overs are left out."""
    columns = _column_of_cells(band, body, numbers)
    makers = _row_makers(band, columns)
    rows: list[Row] = []
    pending: list[Line] = []
    ended = False
    for position, line in enumerate(body):
        hits = [(cell, columns[id(cell)]) for cell in numbers.on(line) if id(cell) in columns]
        named = {column: cell for cell, column in hits if column is not None}
        is_sum = is_totals_line(line, numbers) and not _is_goods(named, line, numbers.on(line))
        amounts_only = named.keys() <= _SUM_COLUMNS
        if is_sum or (named and amounts_only and is_charge_line(line, numbers)):
            if rows and not ended:
                _share_text(rows[-1], pending, None, None, band)
            ended = ended or (is_sum and bool(rows))
            pending = []
            continue
        if not named:
            if not ended:
                pending.append(line)
            continue
        if _belongs_to(rows[-1] if rows else None, line, named, band.em):
            _add_line(rows[-1], line, named)
            continue
        if named.keys().isdisjoint(makers) and not _amount_follows(
            body, position, columns, numbers, band.em
        ):
            if not ended:
                pending.append(line)
            continue
        row = Row([])
        if ended and len(named.keys() & NUMERIC_COLUMNS) < 2:
            continue
        ended = False
        _share_text(rows[-1] if rows else None, pending, row, line, band)
        pending = []
        _add_line(row, line, named)
        row.loose = [cell for cell, column in hits if column is None]
        rows.append(row)
    if rows and not ended:
        _share_text(rows[-1], pending, None, None, band)
    rows = [row for row in rows if not row.cells.keys().isdisjoint(makers)]
    for row in rows:
        _fill_texts(row, band, columns)
    return rows


def _row_makers(band: Band, columns: Mapping[int, Column | None]) -> frozenset[Column]:
    """The columns a row must have: an amount, or a price where no amounts are printed."""
    amounts = frozenset({Column.AMOUNT, Column.GROSS_AMOUNT})
    found = band.kinds | {column for column in columns.values() if column is not None}
    return amounts if amounts & found else frozenset({Column.UNIT_PRICE})


def _is_goods(named: Mapping[Column, AmountCell], line: Line, cells: Sequence[AmountCell]) -> bool:
    """Whether the figures make goods of a line that a word of it calls a sum or a tax."""
    if Column.UNIT_PRICE in named and Column.QUANTITY in named and len(cells) >= 3:
        return True
    if Column.TAX_RATE not in named or named.keys().isdisjoint(_ROW_MAKERS):
        return False
    # "Service   19 % VAT   100.00": the tax is a column, the description stands before it.
    words = pieces_of(line.tokens[: named[Column.TAX_RATE].start], 1.6)
    return len(words) >= 2 or bool(words and named[Column.TAX_RATE].number.percent)


def _amount_follows(
    body: Sequence[Line],
    position: int,
    columns: Mapping[int, Column | None],
    numbers: Numbers,
    em: float,
) -> bool:
    """Whether the amount of this row stands some points below its other figures."""
    line = body[position]
    for other in body[position + 1 : position + 3]:
        if other.page != line.page or other.rect.cy - line.rect.cy > 1.4 * em:
            return False
        kinds = {columns.get(id(cell)) for cell in numbers.on(other)}
        if kinds & set(_ROW_MAKERS):
            return kinds <= {Column.AMOUNT, Column.GROSS_AMOUNT, Column.TAX_AMOUNT}
    return False


def _belongs_to(row: Row | None, line: Line, named: Mapping[Column, AmountCell], em: float) -> bool:
    """Whether the figures of `line` complete `row` instead of starting the next one."""
    if row is None or row.lines[0].page != line.page:
        return False
    if any(column in row.cells for column in named):
        return False
    distance = line.rect.cy - row.lines[-1].rect.cy
    if row.amount is None or row.cells.keys().isdisjoint({Column.AMOUNT, Column.GROSS_AMOUNT}):
        return distance < 1.6 * em
    return distance < _ROW_TOLERANCE * em


def _add_line(row: Row, line: Line, named: Mapping[Column, AmountCell]) -> None:
    row.lines.append(line)
    for column, cell in named.items():
        row.cells.setdefault(column, cell)


def _share_text(
    before: Row | None, pending: list[Line], row: Row | None, line: Line | None, band: Band
) -> None:
    """Give lines without figures to the row above or to the one that begins at `line`."""
    rest = list(pending)
    if before is not None and line is not None and _is_bare(before.lines[0]) and _is_bare(line):
        # Descriptions stand above their figures: nothing here belongs to the row before.
        before = None
    while before is not None and rest:
        first, last = rest[0], before.lines[-1]
        gap = first.rect.cy - last.rect.cy
        if first.page != last.page or gap > _TEXT_LEADING * band.em:
            break
        if len(before.lines) > _MOST_TEXT_LINES:
            break
        below = line.rect.cy - first.rect.cy if line is not None else float("inf")
        # Text that stands clearly closer to the next figures begins the next row.
        if len(rest) == 1 and line is not None and line.page == first.page and below < 0.7 * gap:
            break
        before.lines.append(rest.pop(0))
    if row is None or line is None:
        return
    keep: list[Line] = []
    anchor = line
    for text in reversed(rest):
        if text.page != anchor.page or anchor.rect.cy - text.rect.cy > 1.5 * band.em:
            break
        keep.insert(0, text)
        anchor = text
    row.lines.extend(keep[-3:])


def _is_bare(line: Line) -> bool:
    """A line of figures without words."""
    return not any(c.isalpha() for token in line.tokens for c in token.text[2:])


def _column_of_cells(
    band: Band, body: Sequence[Line], numbers: Numbers
) -> dict[int, Column | None]:
    """Column by `id` of the number cell; None marks a lined-up column without a heading."""
    result: dict[int, Column | None] = {}
    headed = headed_clusters(band, body, numbers)
    named = [heading.column if heading is not None else None for _, heading in headed]
    moved = columns_by_product([_by_line(cluster) for cluster, _ in headed], named) or {}
    for index, (cluster, heading) in enumerate(headed):
        column = named[index]
        if index in moved:
            result.update((id(cell), moved[index]) for cell in cluster.cells)
            continue
        if column in moved.values():
            continue
        if heading is not None and column not in NUMERIC_COLUMNS:
            continue
        if heading is None and (len(cluster.cells) < 2):
            continue
        for cell in cluster.cells:
            if column in MONEY_COLUMNS and cell.number.percent:
                continue
            result[id(cell)] = column
    return result


def _by_line(cluster: Cluster) -> dict[int, AmountCell]:
    return {cell.line.number: cell for cell in cluster.cells}


def headed_clusters(
    band: Band, body: Sequence[Line], numbers: Numbers
) -> list[tuple[Cluster, Heading | None]]:
    """The columns of figures in `body` with their headings, left to right."""
    free = [cell for line in body for cell in numbers.on(line) if is_free(cell)]
    clusters = _clusters(free, band.em)
    headings = [heading for heading in band.headings if heading.column is not None]
    matched = _match(clusters, headings, band.em)
    return [(cluster, matched.get(index)) for index, cluster in enumerate(clusters)]


def _clusters(cells: Iterable[AmountCell], em: float) -> list[Cluster]:
    clusters: list[Cluster] = []
    for cell in sorted(cells, key=lambda cell: cell.rect.x1):
        for cluster in clusters[-4:]:
            if cluster.takes(cell, em):
                cluster.cells.append(cell)
                break
        else:
            clusters.append(Cluster([cell]))
    return sorted(clusters, key=lambda cluster: cluster.rect.cx)


def _match(
    clusters: Sequence[Cluster], headings: Sequence[Heading], em: float
) -> dict[int, Heading]:
    """The order-keeping assignment of number columns to headings with the least distance.

    Larger columns weigh more, so that stray numbers cannot push a real column off its heading.
    """
    rows, cols = len(clusters), len(headings)
    skip = _MOST_OFFSET
    cost = [[0.0] * (cols + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        cost[i][0] = cost[i - 1][0] + skip * len(clusters[i - 1].cells)
        for j in range(1, cols + 1):
            weight = len(clusters[i - 1].cells)
            # Two aligned runs of figures may share a heading (left and right aligned rows).
            before = cost[i - 1][j - 1]
            if i > 1 and not _share_lines(clusters[i - 2], clusters[i - 1]):
                before = min(before, cost[i - 1][j] + 0.8 * weight)
            cost[i][j] = min(
                cost[i][j - 1],
                cost[i - 1][j] + skip * weight,
                before + _distance(clusters[i - 1], headings[j - 1], em) * weight,
            )
    return _trace(cost, clusters, headings, em)


def _trace(
    cost: list[list[float]],
    clusters: Sequence[Cluster],
    headings: Sequence[Heading],
    em: float,
) -> dict[int, Heading]:
    matched: dict[int, Heading] = {}
    i, j = len(clusters), len(headings)
    while i > 0 and j > 0:
        weight = len(clusters[i - 1].cells)
        here = cost[i][j]
        if here == cost[i][j - 1]:
            j -= 1
            continue
        if here == cost[i - 1][j] + _MOST_OFFSET * weight:
            i -= 1
            continue
        matched[i - 1] = headings[j - 1]
        step = _distance(clusters[i - 1], headings[j - 1], em) * weight
        if here == cost[i - 1][j - 1] + step:
            j -= 1
        i -= 1
    return matched


def _share_lines(one: Cluster, other: Cluster) -> bool:
    lines = {cell.line.number for cell in one.cells}
    return any(cell.line.number in lines for cell in other.cells)


def _distance(cluster: Cluster, heading: Heading, em: float) -> float:
    """Distance in em between a column of figures and a heading; 0 when well aligned."""
    mine, other = cluster.rect, heading.rect
    overlap = mine.overlap_x(other)
    if overlap <= 0:
        gap = max(mine.x0, other.x0) - min(mine.x1, other.x1)
        distance = 0.6 + gap / em
    else:
        distance = 0.5 * (1 - overlap / min(mine.width, other.width or 1.0))
    return distance + _unlikeness(cluster, heading)


def _unlikeness(cluster: Cluster, heading: Heading) -> float:
    """How odd such figures are under such a heading, in em of distance."""
    size = len(cluster.cells)
    percents = sum(cell.number.percent for cell in cluster.cells)
    money = sum(cell.number.is_money_like for cell in cluster.cells)
    rates = {Column.TAX_RATE, Column.DISCOUNT}
    if percents * 2 > size:
        return 0.0 if heading.column in rates else _MOST_OFFSET
    if heading.column is Column.TAX_RATE:
        return 1.0 if money * 2 > size else 0.0
    if heading.column is Column.QUANTITY:
        return 1.5 if sum(c.number.has_currency for c in cluster.cells) * 2 > size else 0.0
    if heading.column not in NUMERIC_COLUMNS:
        return 2.5 if money * 2 > size else 0.3
    return 0.0


def _fill_texts(row: Row, band: Band, columns: Mapping[int, Column | None]) -> None:
    """Sort the words of a row's lines into its columns."""
    taken: set[int] = {
        id(token)
        for line_cells in (row.cells.values(), row.loose)
        for cell in line_cells
        for token in cell.tokens
    }
    row.lines.sort(key=lambda line: (line.page, line.rect.cy))
    for line in row.lines:
        tokens: list[Token] = [token for token in line.tokens if id(token) not in taken]
        quantity = row.cells.get(Column.QUANTITY)
        for piece in _cut_at_headings(pieces_of(tokens), band):
            column = _text_column(piece, band)
            if quantity is not None and _follows(piece, quantity):
                column = Column.UNIT
            row.texts.setdefault(column, []).append(piece)


def _cut_at_headings(pieces: Iterable[Piece], band: Band) -> list[Piece]:
    """Cells of text that touch are parted where one begins exactly below a heading."""
    starts = [h.rect.x0 for h in band.headings if h.column not in NUMERIC_COLUMNS]
    cut: list[Piece] = []
    for piece in pieces:
        parts: list[list[Token]] = [[piece.tokens[0]]]
        for token in piece.tokens[1:]:
            if any(abs(token.rect.x0 - start) < 0.35 * band.em for start in starts):
                parts.append([token])
            else:
                parts[-1].append(token)
        cut += [Piece(tuple(part)) for part in parts]
    return cut


def _follows(piece: Piece, cell: AmountCell) -> bool:
    """A unit right after its quantity: "20 Stk"."""
    first = piece.tokens[0]
    if first.page != cell.page or len(piece.tokens) > 2 or not piece.text[0].isalpha():
        return False
    gap = first.rect.x0 - cell.rect.x1
    near = 0 <= gap < 1.3 * cell.rect.height
    return near and first.rect.overlap_y(cell.rect) > 0.4 * cell.rect.height


def _text_column(piece: Piece, band: Band) -> Column:
    """The column that words belong to: the heading above, else the description."""
    best, best_overlap = None, 0.0
    for heading in band.headings:
        overlap = heading.rect.overlap_x(piece.rect)
        if overlap > best_overlap:
            best, best_overlap = heading, overlap
    texts = [h for h in band.headings if h.column not in NUMERIC_COLUMNS]
    if best is not None and best.column is not None:
        wide = piece.rect.width > 3 * best.rect.width and len(piece.tokens) > 2
        if best.column not in NUMERIC_COLUMNS and not wide:
            return best.column
        if best.column in NUMERIC_COLUMNS and best_overlap > 0.5 * piece.rect.width:
            return best.column
    if not texts:
        return Column.DESCRIPTION
    nearest = min(texts, key=lambda heading: _gap(heading.rect, piece.rect))
    described = any(h.column is Column.DESCRIPTION for h in texts)
    if len(piece.tokens) > 2 or nearest.column is None:
        return Column.DESCRIPTION
    if _gap(nearest.rect, piece.rect) > 2 * band.em and described:
        return Column.DESCRIPTION
    return nearest.column


def _gap(one: Rect, other: Rect) -> float:
    return max(0.0, max(one.x0, other.x0) - min(one.x1, other.x1))


def area_of(rows: Iterable[Row], band: Band) -> list[tuple[int, Rect]]:
    """Where the rows stand, one rectangle a page."""
    by_page: dict[int, list[Rect]] = {}
    for row in rows:
        for line in row.lines:
            by_page.setdefault(line.page, []).append(line.rect)
    return [(page, around(rects)) for page, rects in sorted(by_page.items())]
