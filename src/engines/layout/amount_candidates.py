"""Amounts with labels: every number that a label claims for a role of the totals block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Column, Role, classes_of, roles_of
from src.engines.layout.model import DocumentLayout, Line
from src.engines.layout.sum_lines import MOST_LABEL_WORDS, has_words, is_free, left_label
from src.engines.layout.table_columns import headed_clusters
from src.engines.layout.tables import Band, pieces_of

# A label stands at most this far (em) above its amount, line to line.
_LABEL_LEADING = 1.9
# A label this far (em) off the line of its amount is still beside it.
_BESIDE = 0.95
# The rows of a table of sums follow each other closer than this (em).
_SUMS_LEADING = 4.5
_MOST_SUM_ROWS = 14
# Sums under a column heading are less sure than sums beside their own label.
_HEADED = 0.85
_BARE_INTEGER = 0.75
_TAX_TOLERANCE = Decimal("0.015")
_MOST_BARE = 10_000_000

_COLUMN_ROLES: Mapping[Column, Mapping[Role, float]] = {
    Column.BASE: {Role.SUBTOTAL: 0.7},
    Column.TAX_AMOUNT: {Role.TAX: 0.85},
    Column.TAX_RATE: {Role.TAX: 0.6},
    Column.GROSS_AMOUNT: {Role.TOTAL: 0.8},
    Column.AMOUNT: {Role.SUBTOTAL: 0.6, Role.TOTAL: 0.4},
}


@dataclass(frozen=True)
class Candidate:
    """An amount and how well its label names each role (0..1)."""

    cell: AmountCell
    roles: Mapping[Role, float]
    label: str

    @property
    def value(self) -> Decimal:
        return self.cell.number.value


@dataclass(frozen=True)
class TaxRow:
    """The tax of one rate, from a table or from one labelled line."""

    rate: AmountCell | None
    base: AmountCell | None
    tax: AmountCell | None
    label: str


@dataclass(frozen=True)
class LabelledAmounts:
    candidates: tuple[Candidate, ...]
    tax_rows: tuple[TaxRow, ...]


def find_candidates(
    layout: DocumentLayout,
    numbers: Numbers,
    bands: Sequence[Band],
    item_lines: frozenset[int],
) -> LabelledAmounts:
    """Labelled amounts outside the rows of goods, in page order."""
    candidates: list[Candidate] = []
    tax_rows: list[TaxRow] = []
    used: set[int] = set()
    for band in bands:
        found, rows = _under_headings(band, numbers, item_lines)
        candidates += found
        tax_rows += rows
        used |= {id(candidate.cell) for candidate in found}
        used |= {id(c) for row in rows for c in (row.rate, row.base, row.tax) if c is not None}
    found, rows = _rate_lines(layout, numbers, item_lines, used)
    candidates += found
    tax_rows += rows
    for page in layout.pages:
        for position, line in enumerate(page.lines):
            if line.number in item_lines or not numbers.on(line):
                continue
            around = page.lines[max(0, position - 3) : position + 2]
            candidates += _on_line(line, around, numbers, used, page.em)
    tax_rows += [row for c in candidates if (row := _labelled_tax(c, numbers)) is not None]
    candidates.sort(key=lambda candidate: (candidate.cell.line.number, candidate.cell.start))
    return LabelledAmounts(tuple(candidates), tuple(tax_rows))


def _on_line(
    line: Line, nearby: Sequence[Line], numbers: Numbers, used: set[int], em: float
) -> list[Candidate]:
    """The labelled amounts of `line`; `nearby` are the lines around it, itself included."""
    found: list[Candidate] = []
    cells = numbers.on(line)
    above = [other for other in nearby if other.number < line.number]
    for cell in cells:
        if cell.number.percent or id(cell) in used or _is_base(cell, cells):
            continue
        label = left_label(cell, cells)
        joined = _joined_label(label, cell, above, numbers, em) if has_words(label) else ""
        label, factor = joined or label, 1.0
        roles = roles_of(label) if label else {}
        if not roles and cell.number.is_money_like:
            label, factor = _label_apart(cell, label, nearby, em)
            roles = roles_of(label) if label else {}
        if not roles:
            continue
        if not cell.number.is_money_like:
            if not _plain_integer_ok(cell, label):
                continue
            factor *= _BARE_INTEGER
        if Role.ROUNDING in roles and abs(cell.number.value) >= 1:
            # Too much for a rounding: the rounded total.
            roles = {Role.TOTAL: 0.9}
        found.append(Candidate(cell, {r: w * factor for r, w in roles.items()}, label))
    return found


def _is_base(cell: AmountCell, cells: Sequence[AmountCell]) -> bool:
    """An amount within words before the amount of the line: what a tax is levied on."""
    if is_free(cell) or cell.start == 0:
        return False
    following = next((other for other in cells if other.start >= cell.end), None)
    return (
        following is not None
        and following.start == cell.end
        and following.number.is_money_like
        and following.rect.x0 - cell.rect.x1 > cell.rect.height
        and not cell.line.tokens[cell.start - 1].text.endswith(":")
    )


def _rate_lines(
    layout: DocumentLayout, numbers: Numbers, skip: frozenset[int], used: set[int]
) -> tuple[list[Candidate], list[TaxRow]]:
    """Lines that state rate, base and tax together, proven by the rate."""
    candidates: list[Candidate] = []
    rows: list[TaxRow] = []
    for line in layout.lines:
        cells = numbers.on(line)
        if len(cells) < 3 or line.number in skip:
            continue
        rate = next((cell for cell in cells if cell.number.percent), None)
        label = " ".join(token.text for token in line.tokens[: cells[-1].start])
        if rate is None or id(rate) in used or "tax" not in classes_of(label):
            continue
        pair = _base_and_tax(rate, cells)
        if pair is None or id(pair[1]) in used:
            continue
        rows.append(TaxRow(rate, *pair, label))
        candidates.append(Candidate(pair[1], {Role.TAX: 0.95}, label))
        used |= {id(cell) for cell in (rate, *pair)}
    return candidates, rows


def _label_apart(
    cell: AmountCell, label: str, nearby: Sequence[Line], em: float
) -> tuple[str, float]:
    """A label some points off the line of its amount, or above it, with its worth."""
    if not label:
        for line in nearby:
            if line is cell.line or abs(line.rect.cy - cell.rect.cy) > _BESIDE * em:
                continue
            left = [token for token in line.tokens if token.rect.x1 <= cell.rect.x0]
            pieces = pieces_of(left, 0.95)
            if pieces and roles_of(pieces[-1].text) and not pieces[-1].text[-1].isdigit():
                return pieces[-1].text, 0.95
    above = _label_above(cell, [line for line in nearby if line.number < cell.line.number], em)
    if not has_words(label):
        return above, 0.95
    before = cell.line.tokens[cell.start - 1]
    # Words stand before it, but in another column.
    far = cell.rect.x0 - before.rect.x1 > 1.5 * em
    return (above, 0.8) if far else ("", 0.0)


def _plain_integer_ok(cell: AmountCell, label: str) -> bool:
    """A whole number without currency is money only right after a clear label."""
    if cell.end < len(cell.line.tokens):
        following = cell.line.tokens[cell.end]
        if following.rect.x0 - cell.rect.x1 < following.rect.height:
            return False
    # "Payment due: 13 April 2026": the label must end right before the number.
    last = label.rstrip(" :.-").rsplit(maxsplit=1)[-1:] or [""]
    if not classes_of(last[0]) and not label.rstrip().endswith((":", ")", "$", "€", "£")):
        return False
    best = max(roles_of(label).items(), key=lambda entry: entry[1], default=(None, 0.0))
    return (
        best[1] >= 0.8
        and best[0] not in {Role.CASH, Role.PREPAID, Role.CHANGE, Role.TAX, Role.PREVIOUS}
        and abs(cell.number.value) < _MOST_BARE
    ) or (best[0] is Role.TAX and cell.number.value == 0)


def _joined_label(
    label: str, cell: AmountCell, above: Sequence[Line], numbers: Numbers, em: float
) -> str:
    """The label with its first row, when it began on a line above that has no amount.

    Only a label that means nothing alone, or goes on with "less …" or "excl. …", is joined.
    """
    if not label or not above or cell.start == 0:
        return ""
    if roles_of(label) and not classes_of(label.split(maxsplit=1)[0]) & {"after", "excl", "incl"}:
        return ""
    line = above[-1]
    if numbers.on(line) or cell.line.rect.cy - line.rect.cy > _LABEL_LEADING * em:
        return ""
    before = cell.line.tokens[cell.start - 1]
    for piece in pieces_of(line.tokens, 0.95):
        close = piece.rect.x0 < before.rect.x1 and before.rect.x0 < piece.rect.x1 + em
        if close and len(piece.tokens) <= 4 and roles_of(piece.text):
            return f"{piece.text} {label}"
    return ""


def _label_above(cell: AmountCell, above: Sequence[Line], em: float) -> str:
    for line in reversed(above):
        if cell.line.rect.cy - line.rect.cy > 2.6 * em:
            break
        for piece in pieces_of(line.tokens, 0.7):
            if piece.rect.overlap_x(cell.rect) > 0:
                return piece.text if len(piece.tokens) <= MOST_LABEL_WORDS else ""
    return ""


def _under_headings(
    band: Band, numbers: Numbers, item_lines: frozenset[int]
) -> tuple[list[Candidate], list[TaxRow]]:
    """Sums in a table: tax by rate, or a row Net | Tax | Gross with values beneath."""
    if band.is_item_table and not band.is_tax_table:
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
    table = [_tax_row(line, cells, by_cell) if band.is_tax_table else None for line, cells in rows]
    single = sum(row is not None for row in table) <= 1
    for (_, cells), tax_row in zip(rows, table, strict=True):
        # A single row of tax by rate also states the sums of the document.
        alone = single or tax_row is None
        for cell in cells:
            if id(cell) not in by_cell or cell.number.percent:
                continue
            column, text = by_cell[id(cell)]
            roles = _heading_roles(column, text)
            if roles and alone:
                scaled = {role: weight * _HEADED for role, weight in roles.items()}
                candidates.append(Candidate(cell, scaled, text))
    tax_rows += [row for row in table if row is not None]
    return candidates, tax_rows


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
        # A line with a label of its own for a single amount ends the table.
        if rows and len(cells) == 1 and roles_of(left_label(cells[0], cells)):
            break
        if cells:
            rows.append((line, cells))
            bottom = line.rect.y1
    return rows


def _tax_row(
    line: Line,
    cells: Sequence[AmountCell],
    by_cell: Mapping[int, tuple[Column | None, str]],
) -> TaxRow | None:
    """The figures of one rate; None for a row of sums."""
    rate = base = tax = None
    has_base = any(column is Column.BASE for column, _ in by_cell.values())
    for cell in cells:
        column = by_cell.get(id(cell), (None, ""))[0]
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
    base, tax = _base_and_tax(rate, cells) or (base, tax)
    first = next((cell.start for cell in cells), 0)
    label = " ".join(token.text for token in line.tokens[:first])
    if rate is None and {"total", "sub", "grand"} & classes_of(label):
        return None
    if rate is None and (tax is None or base is None or not label):
        return None
    if tax is None and base is None:
        return None
    return TaxRow(rate, base, tax, label)


def _base_and_tax(
    rate: AmountCell | None, cells: Sequence[AmountCell]
) -> tuple[AmountCell, AmountCell] | None:
    """The two amounts of a row of which one is the rate of the other, whatever the headings."""
    if rate is None or not rate.number.value:
        return None
    money = [cell for cell in cells if cell is not rate and cell.number.is_money_like]
    for base in money:
        for tax in money:
            if base is tax or not tax.number.value:
                continue
            expected = base.number.value * rate.number.value / 100
            if abs(expected - tax.number.value) <= _TAX_TOLERANCE:
                return base, tax
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


def _labelled_tax(candidate: Candidate, numbers: Numbers) -> TaxRow | None:
    """ "19 % VAT on 100.00   19.00" and "VAT 19 %   19.00" state the tax of one rate."""
    if candidate.roles.get(Role.TAX, 0.0) < 0.6:
        return None
    cells = numbers.on(candidate.cell.line)
    before = [cell for cell in cells if cell.end <= candidate.cell.start]
    rate = next((cell for cell in before if cell.number.percent), None)
    base = next((cell for cell in before if cell.number.is_money_like), None)
    if rate is None:
        return None
    return TaxRow(rate, base, candidate.cell, candidate.label)
