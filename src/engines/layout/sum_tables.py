"""Sums in tables: tax by rate, a row "Net | Tax | Gross", and the last row below goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column, Role, classes_of, roles_of
from src.engines.layout.labelled_amounts import Candidate, TaxRow, base_and_tax
from src.engines.layout.model import Line
from src.engines.layout.sum_lines import left_label, names_sums
from src.engines.layout.table_columns import headed_clusters
from src.engines.layout.tables import Band

# The rows of a table of sums follow each other closer than this (em).
_SUMS_LEADING = 4.5
_MOST_SUM_ROWS = 14
# Percent; no country taxes goods higher.
_HIGHEST_RATE = 30
# Sums under a column heading are less sure than sums beside their own label.
_HEADED = 0.85

_COLUMN_ROLES: Mapping[Column, Mapping[Role, float]] = {
    Column.BASE: {Role.SUBTOTAL: 0.7},
    Column.TAX_AMOUNT: {Role.TAX: 0.85},
    Column.TAX_RATE: {Role.TAX: 0.6},
    Column.GROSS_AMOUNT: {Role.TOTAL: 0.8},
    Column.AMOUNT: {Role.SUBTOTAL: 0.6, Role.TOTAL: 0.4},
}


def sums_under(
    band: Band, numbers: Numbers, item_lines: frozenset[int]
) -> tuple[list[Candidate], list[TaxRow]]:
    """Sums in a table: tax by rate, or a row Net | Tax | Gross with values beneath."""
    goods = any(line.number in item_lines for line in band.body)
    if band.is_item_table and (goods or not band.is_tax_table):
        return _column_sums(band, numbers, item_lines), []
    rows = _sum_rows(band, numbers, item_lines)
    if not rows:
        return [], []
    by_cell: dict[int, tuple[Column | None, str]] = {}
    for cluster, heading in headed_clusters(band, [line for line, _ in rows], numbers):
        if heading is not None:
            for cell in cluster.cells:
                if not _within(band, cell):
                    continue
                by_cell[id(cell)] = heading.column, heading.text
    candidates: list[Candidate] = []
    tax_rows: list[TaxRow] = []
    table = [
        _tax_row(line, cells, by_cell) if band.is_tax_table or _is_proven(cells) else None
        for line, cells in rows
    ]
    single = sum(row is not None for row in table) <= 1
    for (_, cells), tax_row in zip(rows, table, strict=True):
        # A single row of tax by rate also states the sums of the document.
        alone = single or tax_row is None
        if alone:
            candidates += _proven_roles(tax_row, cells) or _headed_roles(cells, by_cell)
    tax_rows += [row for row in table if row is not None]
    return candidates, tax_rows


def _is_proven(cells: Sequence[AmountCell]) -> bool:
    """A rate, its base and its tax, whatever the headings say."""
    rate = next((cell for cell in cells if cell.number.percent), None)
    return base_and_tax(rate, cells) is not None


def _headed_roles(
    cells: Sequence[AmountCell], by_cell: Mapping[int, tuple[Column | None, str]]
) -> list[Candidate]:
    """The sums of one row by their headings."""
    candidates: list[Candidate] = []
    for cell in cells:
        if id(cell) not in by_cell or cell.number.percent:
            continue
        column, text = by_cell[id(cell)]
        if column is Column.TAX_RATE and not cell.number.is_money_like:
            continue
        roles = _heading_roles(column, text)
        if roles:
            scaled = {role: weight * _HEADED for role, weight in roles.items()}
            candidates.append(Candidate(cell, scaled, text))
    return candidates


def _proven_roles(row: TaxRow | None, cells: Sequence[AmountCell]) -> list[Candidate]:
    """Net, tax and gross of a row whose rate proves them, whatever the headings say."""
    if row is None or row.base is None or row.tax is None:
        return []
    if base_and_tax(row.rate, cells) != (row.base, row.tax):
        return []
    gross = row.base.number.value + row.tax.number.value
    roles: list[tuple[AmountCell, Column]] = [
        (row.base, Column.BASE),
        (row.tax, Column.TAX_AMOUNT),
        *((cell, Column.GROSS_AMOUNT) for cell in cells if cell.number.value == gross),
    ]
    return [Candidate(cell, _COLUMN_ROLES[column], row.label) for cell, column in roles]


def _within(band: Band, cell: AmountCell) -> bool:
    """Not a number far beside the table, and none with a label of its own right before it."""
    right = max(heading.rect.x1 for heading in band.headings)
    left = min(heading.rect.x0 for heading in band.headings)
    return left - 6 * band.em < cell.rect.cx < right + 4 * band.em


def _heading_roles(column: Column | None, text: str) -> Mapping[Role, float]:
    roles = roles_of(text)
    if (
        column is not None
        and column in _COLUMN_ROLES
        and (not roles or column is Column.TAX_AMOUNT)
    ):
        return _COLUMN_ROLES[column]
    return roles


def _sum_rows(
    band: Band, numbers: Numbers, item_lines: frozenset[int]
) -> list[tuple[Line, tuple[AmountCell, ...]]]:
    """The rows with figures directly below the heading."""
    rows: list[tuple[Line, tuple[AmountCell, ...]]] = []
    bottom = max(heading.rect.y1 for heading in band.headings)
    for line in band.body:
        if line.rect.y0 - bottom > _SUMS_LEADING * band.em or len(rows) >= _MOST_SUM_ROWS:
            break
        if line.number in item_lines:
            break
        cells = numbers.on(line)
        if names_sums(line) and all(cell.number.percent for cell in cells):
            # Sums side by side, with labels of their own.
            break
        # A line with a label of its own for a single amount ends the table.
        if rows and len(cells) == 1 and roles_of(left_label(cells[0], cells)):
            break
        if rows and cells and not _has_money(cells) and _has_money(rows[0][1]):
            # Account numbers below the table.
            break
        if cells:
            rows.append((line, cells))
            bottom = line.rect.y1
    return rows


def _has_money(cells: Sequence[AmountCell]) -> bool:
    return any(cell.number.is_money_like for cell in cells)


def _tax_row(
    line: Line,
    cells: Sequence[AmountCell],
    by_cell: Mapping[int, tuple[Column | None, str]],
) -> TaxRow | None:
    """The figures of one rate; None for a row of sums."""
    base = tax = None
    rate = _unmarked_rate(cells, by_cell)
    has_base = any(column is Column.BASE for column, _ in by_cell.values())
    for cell in cells:
        column = by_cell.get(id(cell), (None, ""))[0]
        if cell is rate:
            continue
        if cell.number.percent or (column is Column.TAX_RATE and not cell.number.is_money_like):
            rate = rate or cell
        elif column in {Column.TAX_AMOUNT, Column.TAX_RATE}:
            tax = tax or cell
        elif column is Column.BASE:
            base = cell
        elif column is Column.AMOUNT and has_base:
            tax = tax or cell
        elif column is Column.AMOUNT:
            base = base or cell
    base, tax = base_and_tax(rate, cells) or (base, tax)
    first = next((cell.start for cell in cells), 0)
    label = " ".join(token.text for token in line.tokens[:first])
    if rate is None and {"total", "sub", "grand"} & classes_of(label):
        return None
    if rate is None and (tax is None or base is None or not label):
        return None
    if tax is None and (rate is None or rate.number.value != 0):
        return None
    if classes_of(label) & {"discount", "charge", "shipping", "skonto"}:
        return None
    return TaxRow(rate, base, tax, label)


def _unmarked_rate(
    cells: Sequence[AmountCell], by_cell: Mapping[int, tuple[Column | None, str]]
) -> AmountCell | None:
    """A rate without a percent sign under a heading of tax, which the row's amounts prove."""
    if any(cell.number.percent for cell in cells):
        return None
    for cell in cells:
        column = by_cell.get(id(cell), (None, ""))[0]
        taxed = column in {Column.TAX_RATE, Column.TAX_AMOUNT}
        if taxed and 0 < cell.number.value < _HIGHEST_RATE and base_and_tax(cell, cells):
            return cell
    return None


def _column_sums(band: Band, numbers: Numbers, item_lines: frozenset[int]) -> list[Candidate]:
    """A row of sums below goods, read by its columns: "Total  100.00  19.00  119.00"."""
    lines = [
        line
        for line in band.body
        if line.number not in item_lines
        and sum(cell.number.is_money_like for cell in numbers.on(line)) >= 2
    ]
    lines = [
        line
        for line in lines
        if {"total", "sub", "grand"} & classes_of(_first_words(line, numbers))
    ]
    if not lines:
        return []
    candidates: list[Candidate] = []
    for cluster, heading in headed_clusters(band, band.body, numbers):
        roles = _COLUMN_ROLES.get(heading.column) if heading and heading.column else None
        for cell in cluster.cells:
            if cell.line in lines and roles and cell.number.is_money_like and heading:
                candidates.append(Candidate(cell, roles, heading.text))
    return candidates if len(candidates) >= 2 else []


def _first_words(line: Line, numbers: Numbers) -> str:
    return " ".join(token.text for token in line.tokens[: numbers.on(line)[0].start])
