"""Rows under a heading band: which number belongs to which column, which lines to which row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column, classes_of
from src.engines.layout.column_check import multiplies
from src.engines.layout.model import Line, Rect, around
from src.engines.layout.row_texts import texts_of
from src.engines.layout.sum_lines import is_carry_line, is_charge_line, is_totals_line, names_total
from src.engines.layout.table_columns import column_of_cells
from src.engines.layout.tables import Band, Piece, pieces_of

# Cells closer than this (em, centre to centre) to a row belong to it.
_ROW_TOLERANCE = 0.75
# Lines of one description follow each other closer than this (em).
_TEXT_LEADING = 2.1
_MOST_TEXT_LINES = 12
# Longer tables are not added up line by line, which would cost the square of their length.
_MOST_SUMMED = 300

# Figures that a discount or charge between the goods has as well.
_SUM_COLUMNS = frozenset(
    {Column.AMOUNT, Column.GROSS_AMOUNT, Column.TAX_RATE, Column.TAX_AMOUNT, Column.DISCOUNT}
)
_FACTORS = frozenset({Column.QUANTITY, Column.UNIT_PRICE})
_AMOUNTS = (Column.AMOUNT, Column.GROSS_AMOUNT)
_ROW_MAKERS = (Column.AMOUNT, Column.GROSS_AMOUNT, Column.UNIT_PRICE)


@dataclass
class Row:
    """One row of a table while it is put together."""

    lines: list[Line]
    cells: dict[Column, AmountCell] = field(default_factory=dict)
    texts: dict[Column, list[Piece]] = field(default_factory=dict)

    @property
    def amount(self) -> AmountCell | None:
        for column in _ROW_MAKERS:
            if column in self.cells:
                return self.cells[column]
        return None

    @property
    def anchor(self) -> Line:
        """The line of its figures."""
        return self.amount.line if self.amount is not None else self.lines[0]


def rows_of(band: Band, body: Sequence[Line], numbers: Numbers) -> list[Row]:
    """The rows of goods under `band` in `body`, in order; sums and carry-overs are left out."""
    columns = column_of_cells(band, _without_footer(body, numbers), numbers)
    makers = _row_makers(band, columns)
    reader = _Reader(band, numbers, columns)
    for position, line in enumerate(body):
        kind, named = reader.kind_of(line)
        if kind is _Kind.FIGURES and named.keys().isdisjoint(makers):
            follows = _amount_follows(body, position, columns, numbers, band.em)
            kind = kind if follows else _Kind.TEXT
        reader.take(line, kind, named)
    reader.end()
    rows = _alike([row for row in reader.rows if not row.cells.keys().isdisjoint(makers)])
    for row in rows:
        row.lines.sort(key=lambda line: (line.page, line.rect.cy))
        row.texts = texts_of(row.lines, row.cells, band)
    # In a credit note all goods are taken off.
    taken_off = sum(row.amount is not None and row.amount.number.value < 0 for row in rows)
    credit = taken_off * 2 > len(rows)
    return [row for row in rows if not _is_foreign(row, band, credit=credit)]


def _without_footer(body: Sequence[Line], numbers: Numbers) -> Sequence[Line]:
    """The lines down to the last money: account and register numbers below make no columns."""
    if not any(is_totals_line(line, numbers) for line in body):
        return body
    last = max(
        index
        for index, line in enumerate(body)
        if is_totals_line(line, numbers)
        or any(cell.number.is_money_like for cell in numbers.on(line))
    )
    return body[: last + 1]


class _Kind(Enum):
    """What a line below a heading is."""

    # A sum carried over between pages: as if it were not there.
    CARRY = auto()
    # A sum of the document: the goods are over, unless proven figures follow.
    SUM = auto()
    # A discount or charge between the goods.
    CHARGE = auto()
    TEXT = auto()
    FIGURES = auto()


@dataclass
class _Reader:
    """Goes down the lines of one table and puts its rows together."""

    band: Band
    numbers: Numbers
    columns: Mapping[int, Column]
    rows: list[Row] = field(default_factory=list)
    # Lines of text whose row is not decided yet.
    pending: list[Line] = field(default_factory=list)
    ended: bool = False

    def kind_of(self, line: Line) -> tuple[_Kind, dict[Column, AmountCell]]:
        """The kind of `line`, and its figures by the column they stand in."""
        cells = self.numbers.on(line)
        named: dict[Column, AmountCell] = {}
        for cell in cells:
            column = self.columns.get(id(cell))
            if column is not None:
                named[column] = cell
        if len(named) <= 1 and is_carry_line(line, self.numbers):
            return _Kind.CARRY, named
        if is_totals_line(line, self.numbers) and not _is_goods(named, line, cells):
            return _Kind.SUM, named
        if len(cells) == 1 and self._is_labelled_above(line):
            return _Kind.SUM, named
        if self._sums_up(named):
            return _Kind.SUM, named
        if named and named.keys() <= _SUM_COLUMNS and is_charge_line(line, self.numbers):
            return _Kind.CHARGE, named
        return (_Kind.FIGURES if named else _Kind.TEXT), named

    def _is_labelled_above(self, line: Line) -> bool:
        """A lone amount below a line that only says "Total …"."""
        above = self.pending[-1] if self.pending else None
        if above is None or above.page != line.page or not _is_bare(line):
            return False
        near = line.rect.cy - above.rect.cy < _TEXT_LEADING * self.band.em
        return near and names_total(above)

    def _sums_up(self, named: Mapping[Column, AmountCell]) -> bool:
        """An amount alone that is the sum of the amounts above, whatever its label says."""
        column = next((c for c in _AMOUNTS if c in named), Column.AMOUNT)
        amount = named.get(column)
        if amount is None or not 0 < len(self.rows) <= _MOST_SUMMED:
            return False
        alone = len(named) == 1 and any(row.cells.keys() & _FACTORS for row in self.rows)
        if not alone and not self._says_total(amount.line):
            return False
        above = [row.cells.get(column) for row in self.rows]
        if above[-1] is None:
            # The last row still waits for its amount.
            return False
        return amount.number.value == sum(c.number.value for c in above if c is not None)

    def _says_total(self, line: Line) -> bool:
        """The line begins with "Total": its figures are the sums of their columns."""
        first = next((cell.start for cell in self.numbers.on(line)), 0)
        words = pieces_of(line.tokens[:first], 0.95)
        return len(words) == 1 and bool({"total", "grand"} & classes_of(words[0].text))

    def take(self, line: Line, kind: _Kind, named: Mapping[Column, AmountCell]) -> None:
        if kind in {_Kind.SUM, _Kind.CHARGE}:
            self.end()
            self.pending = []
            self.ended = self.ended or (kind is _Kind.SUM and bool(self.rows))
        elif kind is _Kind.TEXT:
            if not self.ended:
                self.pending.append(line)
        elif kind is _Kind.FIGURES:
            self._take_figures(line, named)

    def _take_figures(self, line: Line, named: Mapping[Column, AmountCell]) -> None:
        last = self.rows[-1] if self.rows else None
        if _belongs_to(last, line, named, self.band.em) and last is not None:
            _add_line(last, line, named)
            return
        if self.ended and not _proves_goods(named):
            return
        self.ended = False
        row = Row([])
        _share_text(last, self.pending, row, line, self.band)
        self.pending = []
        _add_line(row, line, named)
        self.rows.append(row)

    def end(self) -> None:
        """Text below the last row is its description."""
        if self.rows and not self.ended:
            _share_text(self.rows[-1], self.pending, None, None, self.band)


def _row_makers(band: Band, columns: Mapping[int, Column]) -> frozenset[Column]:
    """The columns a row must have: an amount, or a price where no amounts are printed."""
    amounts = frozenset({Column.AMOUNT, Column.GROSS_AMOUNT})
    found = band.kinds | set(columns.values())
    return amounts if amounts & found else frozenset({Column.UNIT_PRICE})


def _proves_goods(named: Mapping[Column, AmountCell]) -> bool:
    """Below a sum, only figures that multiply out are goods again."""
    if not named.keys() >= {Column.QUANTITY, Column.UNIT_PRICE, Column.AMOUNT}:
        return False
    quantity, price, amount = (
        named[column].number.value for column in (Column.QUANTITY, Column.UNIT_PRICE, Column.AMOUNT)
    )
    return amount != 0 and multiplies(quantity, price, amount)


def _alike(rows: list[Row]) -> list[Row]:
    """Without the rows whose amount is a bare number where amounts are printed as money."""
    money = sum(row.amount is not None and row.amount.number.is_money_like for row in rows)
    if money * 5 < len(rows) * 3:
        return rows
    return [
        row
        for row in rows
        if row.amount is not None and (row.amount.number.is_money_like or _proves_goods(row.cells))
    ]


def _is_foreign(row: Row, band: Band, *, credit: bool) -> bool:
    """An amount alone whose words stand outside the columns of text, or that is taken off."""
    if row.cells.keys() & _FACTORS or not band.kinds & _FACTORS or row.amount is None:
        return False
    if (row.amount.number.value < 0 and not credit) or _begins_right_of_text(row, band):
        return True
    described = row.texts.keys() & {Column.DESCRIPTION, Column.CODE, Column.DATE}
    return Column.DESCRIPTION in band.kinds and not described


def _begins_right_of_text(row: Row, band: Band) -> bool:
    """The words begin where the figures of goods stand: a label of a sum."""
    starts = [h.rect.x0 for h in band.headings if h.column is Column.DESCRIPTION]
    figures = [
        h.rect.x0
        for h in band.headings
        if h.column in _FACTORS and h.rect.x0 > min(starts, default=0)
    ]
    return bool(starts and figures) and row.anchor.rect.x0 > min(figures) - band.em


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
    columns: Mapping[int, Column],
    numbers: Numbers,
    em: float,
) -> bool:
    """Whether the amount of this row stands some points below its other figures."""
    line = body[position]
    for other in body[position + 1 : position + 3]:
        if other.page != line.page or other.rect.cy - line.rect.cy > 1.4 * em:
            return False
        kinds = {columns.get(id(cell)) for cell in numbers.on(other)} - {None}
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
    if before is not None and line is not None and _is_bare(before.anchor) and _is_bare(line):
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


def area_of(rows: Iterable[Row], band: Band) -> list[tuple[int, Rect]]:
    """Where the rows stand, one rectangle a page."""
    by_page: dict[int, list[Rect]] = {}
    for row in rows:
        for line in row.lines:
            by_page.setdefault(line.page, []).append(line.rect)
    return [(page, around(rects)) for page, rects in sorted(by_page.items())]
