"""The words of a row of goods, by the columns they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from src.engines.layout.amount_cells import AmountCell
from src.engines.layout.amount_labels import Column, classes_of
from src.engines.layout.model import Line, Rect, Token
from src.engines.layout.tables import NUMERIC_COLUMNS, Band, Piece, pieces_of


def texts_of(
    lines: Sequence[Line], cells: Mapping[Column, AmountCell], band: Band
) -> dict[Column, list[Piece]]:
    """The words of a row's `lines` without its figures, sorted into columns."""
    texts: dict[Column, list[Piece]] = {}
    taken = {id(token) for cell in cells.values() for token in cell.tokens}
    quantity = cells.get(Column.QUANTITY)
    for line in lines:
        pieces = pieces_of([token for token in line.tokens if id(token) not in taken])
        if quantity is not None and _is_description(pieces, quantity, band):
            texts.setdefault(Column.DESCRIPTION, []).append(pieces[0])
            continue
        for piece in _cut_at_headings(pieces, band):
            column = _text_column(piece, band)
            if quantity is not None and _follows(piece, quantity):
                column = Column.UNIT
            texts.setdefault(column, []).append(piece)
    return texts


def _is_description(pieces: Sequence[Piece], quantity: AmountCell, band: Band) -> bool:
    """The only words of a line, right after its quantity, where that column is followed by texts.

    "12 Desk lamp" is no quantity of a unit called "Desk lamp".
    """
    if len(pieces) != 1 or Column.UNIT in band.kinds:
        return False
    first = pieces[0].tokens[0]
    if first.page != quantity.page or first.rect.overlap_y(quantity.rect) <= 0:
        return False
    columns = [heading.column for heading in band.headings]
    if Column.QUANTITY not in columns or first.rect.x0 < quantity.rect.x1:
        return False
    place = columns.index(Column.QUANTITY)
    if "description" in classes_of(band.headings[place].text):
        return True
    unknown = Column.DESCRIPTION not in columns
    return columns[place + 1 : place + 2] in ([Column.DESCRIPTION], [None] if unknown else [])


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
