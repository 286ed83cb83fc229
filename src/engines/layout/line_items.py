"""Line items out of tables: the best item table, its rows over all pages, their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from src.domain.invoice import LineItem
from src.domain.readings import FieldReading
from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column
from src.engines.layout.column_check import multiplies
from src.engines.layout.evidence import read_value
from src.engines.layout.line_figures import (
    discount_of,
    discount_rate,
    figures_of,
    price_base_of,
    repeats_amount,
)
from src.engines.layout.model import DocumentLayout, Line, Rect, Token, around
from src.engines.layout.plain_items import plain_rows
from src.engines.layout.sum_lines import is_totals_line
from src.engines.layout.table_rows import Row, area_of, rows_of
from src.engines.layout.tables import Band

_SAME_TABLE = 0.6


@dataclass(frozen=True)
class ItemsReading:
    """The line items, where they stand, and the lines that are theirs alone."""

    items: tuple[LineItem, ...]
    areas: tuple[tuple[int, Rect], ...]
    # Numbers (`Line.number`) of lines of goods, and of rows of other tables with prices.
    line_numbers: frozenset[int]
    # Share of rows in which quantity x unit price = amount, among those with all three.
    consistency: float


def read_line_items(
    layout: DocumentLayout, numbers: Numbers, bands: Sequence[Band]
) -> ItemsReading:
    """The rows of the best item table and of its continuations."""
    tables = [
        (band, rows_of(band, _body_of(band, layout, bands, numbers), numbers))
        for band in bands
        if band.is_item_table and not _heads_sums(band, numbers)
    ]
    tables = [(band, rows) for band, rows in tables if rows]
    if not tables:
        return _without_headings(layout, numbers, bands)
    best, _ = max(tables, key=lambda table: _quality(*table))
    chosen = [(band, rows) for band, rows in tables if band is best or _similar(band, best)]
    rows = [row for _, group in chosen for row in group]
    checked = [row for row in rows if figures_of(row) is not None]
    right = sum(_multiplies(row) for row in checked)
    consistency = right / len(checked) if checked else 0.0
    areas = [area for band, group in chosen for area in area_of(group, band)]
    return ItemsReading(
        items=tuple(_item(row, numbers, i, 0.6 + 0.35 * consistency) for i, row in enumerate(rows)),
        areas=tuple(areas),
        line_numbers=frozenset(
            line.number for _, group in tables for row in group for line in row.lines
        ),
        consistency=consistency,
    )


def _heads_sums(band: Band, numbers: Numbers) -> bool:
    """A row of labels over a row of nothing but figures: sums, though "Labour" is a service too."""
    first = next((line for line in band.body if numbers.on(line)), None)
    if first is None or not band.is_tax_table:
        return False
    taken = {id(token) for cell in numbers.on(first) for token in cell.tokens}
    return all(id(token) in taken for token in first.tokens)


def _without_headings(
    layout: DocumentLayout, numbers: Numbers, bands: Sequence[Band]
) -> ItemsReading:
    """Receipts and plain lists."""
    rows = plain_rows(layout, numbers, [band.first_line for band in bands])
    proven = [row for row in rows if row.price is not None]
    items = tuple(
        LineItem(
            description=_tokens_text(row.words, 0.75),
            quantity=_money(row.quantity, 0.85 if row.price else 0.6),
            unit_price=_money(row.price, 0.85),
            amount=_money(row.amount, 0.7 + (0.2 if row.price else 0.0)),
        )
        for row in rows
    )
    by_page: dict[int, list[Rect]] = {}
    for row in rows:
        for line in row.lines:
            by_page.setdefault(line.page, []).append(line.rect)
    return ItemsReading(
        items,
        tuple((page, around(rects)) for page, rects in sorted(by_page.items())),
        frozenset(line.number for row in rows for line in row.lines),
        len(proven) / len(rows) if rows else 0.0,
    )


def _body_of(
    band: Band, layout: DocumentLayout, bands: Sequence[Band], numbers: Numbers
) -> tuple[Line, ...]:
    """Lines below the heading, going on over pages that do not repeat it."""
    body = list(band.body)
    on_page = [other for other in bands if other.page == band.page]
    if on_page[-1] is not band or any(is_totals_line(line, numbers) for line in band.body):
        return tuple(body)
    for page in layout.pages:
        if page.number <= band.page:
            continue
        first = next((b.first_line for b in bands if b.page == page.number), None)
        here = [line for line in page.lines if first is None or line.number < first]
        body += here
        if first is not None or any(is_totals_line(line, numbers) for line in here):
            break
    return tuple(body)


def _quality(band: Band, rows: Sequence[Row]) -> float:
    right = sum(_multiplies(row) for row in rows if figures_of(row) is not None)
    described = Column.DESCRIPTION in band.kinds
    goods = bool(band.kinds & {Column.QUANTITY, Column.UNIT_PRICE})
    return min(len(rows), 8) + 2 * right + 3 * described + 2 * goods


def _similar(band: Band, other: Band) -> bool:
    shared = len(band.kinds & other.kinds)
    return shared / max(1, len(band.kinds | other.kinds)) >= _SAME_TABLE


def _multiplies(row: Row) -> bool:
    figures = figures_of(row)
    return figures is not None and multiplies(*figures)


def _item(row: Row, numbers: Numbers, index: int, confidence: float) -> LineItem:
    cells = row.cells
    sure = min(0.98, confidence + (0.05 if _multiplies(row) else 0.0))
    quantity = cells.get(Column.QUANTITY)
    if quantity is not None and repeats_amount(row):
        quantity = None
    rate = cells.get(Column.TAX_RATE)
    if rate is not None and rate is discount_rate(row, numbers):
        rate = None
    unit = row.texts.get(Column.UNIT) or row.texts.get(Column.QUANTITY)
    return LineItem(
        position=_text(row, Column.POSITION, 0.8),
        description=_text(row, Column.DESCRIPTION, 0.85) or _text(row, Column.CODE, 0.6),
        product_code=_text(row, Column.CODE, 0.75),
        quantity=_money(quantity, sure),
        unit=_tokens_text([t for piece in unit for t in piece.tokens], 0.8) if unit else None,
        unit_price=_money(cells.get(Column.UNIT_PRICE), sure),
        price_base_quantity=price_base_of(row, index),
        discount=discount_of(row, numbers, index),
        amount=_money(cells.get(Column.AMOUNT) or row.amount, sure),
        gross_amount=_money(cells.get(Column.GROSS_AMOUNT), sure),
        tax_rate=_money(rate, 0.85),
        tax_amount=_money(cells.get(Column.TAX_AMOUNT), 0.8),
    )


def _money(cell: AmountCell | None, confidence: float) -> FieldReading[Decimal] | None:
    return None if cell is None else read_value(cell.number.value, cell.tokens, confidence)


def _text(row: Row, column: Column, confidence: float) -> FieldReading[str] | None:
    pieces = row.texts.get(column)
    if not pieces:
        return None
    return _tokens_text([token for piece in pieces for token in piece.tokens], confidence)


def _tokens_text(tokens: list[Token], confidence: float) -> FieldReading[str]:
    return read_value(" ".join(token.text for token in tokens), tokens, confidence)
