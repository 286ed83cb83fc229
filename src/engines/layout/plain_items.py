"""Goods without a table heading: receipts and plain lists, an amount at the right of each.

Quantity and unit price may stand on the same line or on a line of their own ("2 x 4.50")
below or above the description.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.column_check import multiplies
from src.engines.layout.model import DocumentLayout, Line, Token
from src.engines.layout.sum_lines import is_charge_line, is_totals_line, names_sums

# Amounts of one list end within this distance (em) of each other.
_ALIGNED = 2.2
# At most this many lines without an amount stand between two goods.
_MOST_BETWEEN = 3
_MOST_ROWS = 200
_TIMES = frozenset("xX×*@")


@dataclass
class PlainRow:
    """One row of a list without headings."""

    amount: AmountCell
    lines: list[Line]
    quantity: AmountCell | None = None
    price: AmountCell | None = None
    words: list[Token] = field(default_factory=list)


def plain_rows(layout: DocumentLayout, numbers: Numbers, headings: Sequence[int]) -> list[PlainRow]:
    """The goods above the first sum of the document; empty where there is no list.

    `headings` are the lines at which tables of sums begin.
    """
    lines = layout.lines
    end = next((i for i, line in enumerate(lines) if _is_sum(line, numbers)), None)
    if end is None:
        end = _first_of_sums(lines, numbers)
    end = min(
        [i for i in headings if _anchors(lines[:i], numbers)] + ([] if end is None else [end]),
        default=None,
    )
    if end is None:
        return []
    anchors = _anchors(lines[:end], numbers)
    rows: list[PlainRow] = []
    for position, (index, amount) in enumerate(anchors):
        below = anchors[position + 1][0] if position + 1 < len(anchors) else end
        above = anchors[position - 1][0] + 1 if position else max(0, index - 2)
        row = PlainRow(amount, [lines[index]])
        _take_figures(row, [*lines[index : min(below, index + 3)], *lines[above:index]], numbers)
        _take_words(row, lines[above:index], lines[index + 1 : min(below, index + 3)])
        if len(row.words) > 1 and row.words[0].text.strip(".") == str(len(rows) + 1):
            # The number of the row, not part of its description.
            row.words = row.words[1:]
        if row.words:
            rows.append(row)
    priced = [index for index, row in enumerate(rows) if row.price is not None]
    # Below the last goods with a price come discounts and charges, whatever they are called.
    return rows[: priced[-1] + 1] if len(priced) >= 2 else rows


def _first_of_sums(lines: Sequence[Line], numbers: Numbers) -> int | None:
    """Where a run of single amounts begins of which one is the sum of those before it.

    That finds the sums of a page in a language that nobody has listed.
    """
    run: list[tuple[int, AmountCell]] = []
    for index, line in enumerate(lines):
        cells = [cell for cell in numbers.on(line) if cell.number.is_money_like]
        if len(cells) != 1 or len(numbers.on(line)) > 2:
            if cells:
                run = []
            continue
        run.append((index, cells[0]))
        values = [cell.number.value for _, cell in run]
        if len(values) >= 3 and values[-1] and values[-1] == sum(values[-3:-1]):
            return run[-3][0]
    return None


def _is_sum(line: Line, numbers: Numbers) -> bool:
    money = [cell for cell in numbers.on(line) if cell.number.is_money_like]
    if not money:
        return names_sums(line)
    return is_totals_line(line, numbers)


def _anchors(lines: Sequence[Line], numbers: Numbers) -> list[tuple[int, AmountCell]]:
    """The run of lines that end in an amount, nearest above the first sum."""
    found: list[tuple[int, AmountCell]] = []
    for index in range(len(lines) - 1, -1, -1):
        if found and found[0][0] - index > _MOST_BETWEEN + 1:
            break
        if len(found) >= _MOST_ROWS or (not found and len(lines) - index > 2 * _MOST_BETWEEN):
            break
        cell = _amount_of(lines[index], numbers)
        if cell is not None and not is_charge_line(lines[index], numbers):
            found.insert(0, (index, cell))
    if not found:
        return []
    em = median(cell.rect.height for _, cell in found)
    edge = median(cell.rect.x1 for _, cell in found)
    return [entry for entry in found if abs(entry[1].rect.x1 - edge) < _ALIGNED * em]


def _amount_of(line: Line, numbers: Numbers) -> AmountCell | None:
    """The last number of the line, if it is money and nothing but a tax mark follows."""
    cells = [cell for cell in numbers.on(line) if not cell.number.percent]
    if not cells or not (cells[-1].number.is_money_like or cells[-1].number.decimals == 1):
        return None
    after = "".join(token.text for token in line.tokens[cells[-1].end :])
    if len(after) > 3:
        return None
    # "2 x 4.50" alone is a quantity and a price, not an amount.
    before = [token.text for token in line.tokens[: cells[-1].start]]
    if len(cells) >= 2 and before and before[-1] in _TIMES and len(line.tokens) <= 5:
        return None
    return cells[-1]


def _take_figures(row: PlainRow, lines: Sequence[Line], numbers: Numbers) -> None:
    """Find the two numbers on the row's lines of which the amount is the product."""
    amount = row.amount.number.value
    for line in lines:
        cells = [c for c in numbers.on(line) if c is not row.amount and not c.number.percent]
        for i, first in enumerate(cells):
            for second in cells[i + 1 :]:
                if not multiplies(first.number.value, second.number.value, amount):
                    continue
                swap = first.number.is_money_like and not second.number.is_money_like
                row.quantity, row.price = (second, first) if swap else (first, second)
                return
    leading = numbers.on(row.lines[0])
    if leading and leading[0].start == 0 and leading[0] is not row.amount:
        number = leading[0].number
        if not number.decimals and not number.has_currency and 0 < number.value < 1000:
            row.quantity = leading[0]


def _take_words(row: PlainRow, above: Sequence[Line], below: Sequence[Line]) -> None:
    """The description: words before the amount, else those of the line above."""
    used = {
        id(token)
        for cell in (row.amount, row.quantity, row.price)
        if cell is not None
        for token in cell.tokens
    }

    def words(line: Line) -> list[Token]:
        limit = row.amount.rect.x0 if line is row.lines[0] else float("inf")
        return [t for t in line.tokens if id(t) not in used and t.rect.x0 < limit]

    own = [token for token in words(row.lines[0]) if token.text not in _TIMES]
    if not any(c.isalpha() for token in own for c in token.text) and above:
        row.lines.insert(0, above[-1])
        own = words(above[-1]) + own
    row.words = own
    for line in below:
        mine = {id(token) for cell in (row.quantity, row.price) if cell for token in cell.tokens}
        if any(id(token) in mine for token in line.tokens):
            row.lines.append(line)
    if not any(c.isalpha() for token in row.words for c in token.text):
        row.words = []
