"""Sums side by side: a row of labels without figures, and their amounts in the row below.

"Subtotal   VAT 20 %   Total" over "100.00   20.00   120.00": as many amounts as labels are
paired in their order, so that neither wide labels nor centred amounts shift them.
"""

from __future__ import annotations

from collections.abc import Sequence

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Role, roles_of
from src.engines.layout.labelled_amounts import Candidate
from src.engines.layout.model import DocumentLayout, Line
from src.engines.layout.sum_lines import names_sums
from src.engines.layout.tables import Piece, pieces_of

# The amounts follow their labels within this distance (em), line to line.
_LEADING = 2.6
# Labels stand closer than columns of figures, but wider apart than words.
_GAPS = (0.95, 0.62)
_MOST_SUMS = 9
_PAIRED = 0.97
_NO_ROLES: dict[Role, float] = {}


def paired_sums(
    layout: DocumentLayout, numbers: Numbers, item_lines: frozenset[int]
) -> list[Candidate]:
    """The amounts of every row of labels that has as many amounts below."""
    found: list[Candidate] = []
    for page in layout.pages:
        for labels, amounts in zip(page.lines, page.lines[1:], strict=False):
            if amounts.number in item_lines or not names_sums(labels):
                continue
            if not all(cell.number.percent for cell in numbers.on(labels)):
                continue
            if amounts.rect.cy - labels.rect.cy < _LEADING * page.em:
                found += _pairs(labels, amounts, numbers)
    return found


def _pairs(labels: Line, amounts: Line, numbers: Numbers) -> list[Candidate]:
    cells = numbers.on(amounts)
    if not 2 <= len(cells) <= _MOST_SUMS or any(cell.number.percent for cell in cells):
        return []
    for gap in _GAPS:
        pieces = pieces_of(labels.tokens, gap)
        if len(pieces) == len(cells) and _stand_below(pieces, cells):
            return [
                Candidate(cell, {r: w * _PAIRED for r, w in roles.items()}, piece.text)
                for piece, cell in zip(pieces, cells, strict=True)
                if (roles := _NO_ROLES if _names_rate(piece) else roles_of(piece.text))
            ]
    return []


def _names_rate(piece: Piece) -> bool:
    """ "VAT %" heads the rate; "VAT 20 %" heads the tax of that rate."""
    return "%" in piece.text and not any(c.isdigit() for c in piece.text)


def _stand_below(pieces: Sequence[Piece], cells: Sequence[AmountCell]) -> bool:
    """No amount stands below another label alone."""
    for index, cell in enumerate(cells):
        under = [i for i, piece in enumerate(pieces) if piece.rect.overlap_x(cell.rect) > 0]
        if under and index not in under:
            return False
    return True
