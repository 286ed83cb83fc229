"""The table of lines, which runs on over as many pages as it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from samples.layouts.sheet import BLACK, Sheet
from samples.model import SampleInvoice, SampleLine
from samples.wording import Wording


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    # Points.
    width: float
    align: str
    # (position from 1, line) -> text of the cell.
    cell: Callable[[int, SampleLine], str]
    # Long text goes on in the next row of print.
    wraps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStyle:
    size: float = 9
    leading: float = 12
    # Points between the rows.
    gap: float = 5
    head_fill: str | None = None
    head_color: str = BLACK
    stripe: str | None = None
    rule_rows: bool = False
    # Vertical rules between the columns, and a frame.
    grid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    sheet: Sheet
    wording: Wording
    invoice: SampleInvoice
    columns: tuple[Column, ...]
    x: float
    style: TableStyle
    # Where rows must end, and what draws the head of a further page and answers where to go on.
    bottom: float
    further_page: Callable[[], float]

    def draw(self, y: float) -> float:
        """Draw from `y` down; answers where the table ends on its last page."""
        top = y
        y = self._head(y)
        carried = Decimal(0)
        for position, line in enumerate(self.invoice.lines, start=1):
            cells = list(self._cells(position, line))
            height = max(len(cell) for cell in cells) * self.style.leading + self.style.gap
            if y + height > self.bottom:
                self._frame(top, y)
                self._carry(y, carried)
                self.sheet.next_page()
                top = self.further_page()
                y = self._head(top)
            if self.style.stripe and position % 2 == 0:
                self.sheet.box(self.x, y, self.width, height, fill=self.style.stripe, stroke=None)
            self._row(y + self.style.leading - 1, cells)
            y += height
            carried += line.amount
            if self.style.rule_rows:
                self.sheet.rule(self.x, y, self.x + self.width, width=0.3, color="#999999")
        self._frame(top, y)
        return y

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)

    def _cells(self, position: int, line: SampleLine) -> Iterator[list[str]]:
        for column in self.columns:
            text = column.cell(position, line)
            if column.wraps:
                yield self.sheet.wrapped(text, column.width - 8, self.style.size)
            else:
                yield [text]

    def _head(self, y: float) -> float:
        height = self.style.leading + 6
        if self.style.head_fill:
            self.sheet.box(self.x, y, self.width, height, fill=self.style.head_fill, stroke=None)
        for left, column in self._placed():
            self.sheet.text(
                _anchor(left, column),
                y + self.style.leading,
                column.title,
                size=self.style.size,
                bold=True,
                align=column.align,
                color=self.style.head_color,
            )
        self.sheet.rule(self.x, y + height, self.x + self.width, width=0.8)
        return y + height + 3

    def _row(self, y: float, cells: list[list[str]]) -> None:
        for (left, column), texts in zip(self._placed(), cells, strict=True):
            self.sheet.lines(
                _anchor(left, column),
                y,
                texts,
                size=self.style.size,
                leading=self.style.leading,
                align=column.align,
            )

    def _frame(self, top: float, y: float) -> None:
        self.sheet.rule(self.x, y, self.x + self.width, width=0.8)
        if self.style.grid:
            for left, _ in self._placed():
                self.sheet.upright(left, top, y)
            self.sheet.upright(self.x + self.width, top, y)
            self.sheet.rule(self.x, top, self.x + self.width)

    def _carry(self, y: float, carried: Decimal) -> None:
        right = self.x + self.width - 4
        text = f"{self.wording.carried_forward}: {self.wording.decimal(carried)}"
        self.sheet.text(right, y + 16, text, size=self.style.size, bold=True, align="right")

    def _placed(self) -> Iterator[tuple[float, Column]]:
        left = self.x
        for column in self.columns:
            yield left, column
            left += column.width


def _anchor(left: float, column: Column) -> float:
    if column.align == "right":
        return left + column.width - 4
    return left + column.width / 2 if column.align == "center" else left + 4
