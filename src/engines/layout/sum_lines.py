"""Labels beside amounts, and the lines that state sums of the document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Role, classes_of, roles_of
from src.engines.layout.model import Line
from src.engines.layout.numbers import CURRENCY_PATTERN
from src.engines.layout.tables import pieces_of

MOST_LABEL_WORDS = 8
# Dots that lead from a label to its amount.
_LEADER = ".·…_"
_CLEAR = 0.55
_CURRENCY = re.compile(CURRENCY_PATTERN)
# What a label must be worth to make money of a bare number.
_VERY_CLEAR = 0.8

# Roles of a line that ends the goods.
_ENDING = frozenset(
    {
        Role.LINE_TOTAL,
        Role.SUBTOTAL,
        Role.TAX,
        Role.TOTAL,
        Role.GROSS_BILLING,
        Role.DUE,
        Role.ROUNDING,
        Role.PREPAID,
        Role.PREVIOUS,
    }
)
# Roles of a line that may stand among the goods without being goods.
_BETWEEN = frozenset({Role.DISCOUNT, Role.SHIPPING, Role.CHARGE, Role.COMMISSION, Role.TIP})


def left_label(cell: AmountCell, cells: Sequence[AmountCell]) -> str:
    """The words between the amount before and this one; the nearest run if they are many."""
    start = 0
    for other in cells:
        # "VAT 20 % on 100.00   20.00": an amount within words is part of the label.
        if other.end <= cell.start and other.number.is_money_like and is_free(other):
            start = other.end
    tokens = tuple(t for t in cell.line.tokens[start : cell.start] if t.text.strip(_LEADER))
    text = " ".join([*(token.text for token in tokens), cell.glued]).strip()
    if not tokens or cell.glued:
        return text
    # "Notes: …      Total" on one line: the run next to the amount is the label.
    for piece in reversed(pieces_of(tokens, 1.6)):
        if roles_of(piece.text) and classes_of(piece.text) != {"amount"}:
            return piece.text
    if len(tokens) <= MOST_LABEL_WORDS and text.count(":") <= 1:
        return text
    for piece in reversed(pieces_of(tokens, 0.95)):
        if has_words(piece.text):
            return " ".join(token.text for token in piece.tokens[-MOST_LABEL_WORDS:])
    return text


def is_free(cell: AmountCell) -> bool:
    """A cell of its own: not a number within words."""
    tokens = cell.line.tokens
    if cell.start == 0:
        return True
    before = tokens[cell.start - 1]
    gap = cell.rect.x0 - before.rect.x1
    em = max(before.rect.height, cell.rect.height)
    own = before.text[-1].isdigit() or before.text[-1] in "%€$£"
    return gap > 0.62 * em or own or _CURRENCY.fullmatch(before.text) is not None


def has_words(text: str) -> bool:
    """Whether there is more than a sign or a currency."""
    return sum(c.isalpha() for c in text) > 3


def is_totals_line(line: Line, numbers: Numbers) -> bool:
    """Whether the line states a sum of the document rather than goods."""
    return _has_role(line, numbers, _ENDING)


def is_carry_line(line: Line, numbers: Numbers) -> bool:
    """Whether the line only carries a sum over to or from another page."""
    cells = numbers.on(line)
    if not cells or len(cells) > 2:
        return False
    return any("carry" in classes_of(left_label(cell, cells)) for cell in cells)


def names_sums(line: Line) -> bool:
    """Whether the line is the heading of a row of sums ("Subtotal   VAT 20 %   Total")."""
    pieces = pieces_of(line.tokens, 0.95)
    sums = 0
    for piece in pieces if len(pieces) >= 2 else ():
        roles = roles_of(piece.text)
        sums += any(weight >= _CLEAR and role in _ENDING for role, weight in roles.items())
    return sums >= 2 and sums * 2 >= len(pieces)


def names_total(line: Line) -> bool:
    """Whether the line is the label of a total and nothing else."""
    if len(line.tokens) > MOST_LABEL_WORDS or any(t.text[-1].isdigit() for t in line.tokens):
        return False
    return roles_of(line.text).get(Role.TOTAL, 0.0) >= _VERY_CLEAR


def is_charge_line(line: Line, numbers: Numbers) -> bool:
    """Whether the line states a discount or charge of the document."""
    return _has_role(line, numbers, _BETWEEN)


def _has_role(line: Line, numbers: Numbers, wanted: frozenset[Role]) -> bool:
    cells = numbers.on(line)
    figures = [cell for cell in cells if not cell.number.percent and is_free(cell)]
    # Three figures in a row are goods, unless the row itself is called a sum.
    if len(figures) >= 3 and figures[0].start < 12:
        first = " ".join(token.text for token in line.tokens[: figures[0].start])
        if not classes_of(first) & {"total", "sub", "grand", "tax"}:
            return False
    for cell in cells:
        if cell.number.percent:
            continue
        label = left_label(cell, cells)
        if not label or len(label.split()) > MOST_LABEL_WORDS:
            continue
        least = _CLEAR if cell.number.is_money_like else _VERY_CLEAR
        if wanted is _ENDING and "count" in classes_of(label):
            return True
        roles = roles_of(label)
        if any(weight >= least and role in wanted for role, weight in roles.items()):
            return True
    return False
