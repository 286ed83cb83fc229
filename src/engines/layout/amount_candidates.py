"""Amounts with labels: every number that a label claims for a role of the totals block."""

from __future__ import annotations

from collections.abc import Sequence

from src.engines.layout.amount_cells import AmountCell, Numbers
from src.engines.layout.amount_labels import Role, classes_of, roles_of
from src.engines.layout.labelled_amounts import (
    TAX_TOLERANCE,
    Candidate,
    LabelledAmounts,
    TaxRow,
    base_and_tax,
)
from src.engines.layout.model import DocumentLayout, Line
from src.engines.layout.sum_lines import (
    MOST_LABEL_WORDS,
    has_words,
    is_free,
    left_label,
    names_total,
)
from src.engines.layout.sum_rows import paired_sums
from src.engines.layout.sum_tables import sums_under
from src.engines.layout.tables import Band, pieces_of

# A label stands at most this far (em) above its amount, line to line.
_LABEL_LEADING = 1.9
# A label this far (em) off the line of its amount is still beside it.
_BESIDE = 0.95
_BARE_INTEGER = 0.75
_MOST_UNLABELLED = 6
_MOST_TAXES = 4
_MOST_NEIGHBOURS = 40
_ANYTHING = {Role.TOTAL: 0.25, Role.SUBTOTAL: 0.2, Role.TAX: 0.15}
_NEVER_A_SUM = frozenset({"saving", "carry", "skonto", "count", "identifier", "date", "price"})
_MOST_BARE = 10_000_000


def find_candidates(
    layout: DocumentLayout,
    numbers: Numbers,
    bands: Sequence[Band],
    item_lines: frozenset[int],
) -> LabelledAmounts:
    """Labelled amounts outside the rows of goods, in page order."""
    candidates = paired_sums(layout, numbers, item_lines)
    tax_rows: list[TaxRow] = []
    used = {id(candidate.cell) for candidate in candidates}
    for band in bands:
        found, rows = sums_under(band, numbers, item_lines)
        candidates += [candidate for candidate in found if id(candidate.cell) not in used]
        tax_rows += rows
        used |= {id(candidate.cell) for candidate in found}
        # The other figures of a row of tax are no sums of the document.
        used |= {id(cell) for row in rows for cell in _row_cells(row, numbers)}
    found, rows = _rate_lines(layout, numbers, item_lines, used)
    candidates += found
    tax_rows += rows
    for page in layout.pages:
        for position, line in enumerate(page.lines):
            if line.number in item_lines or not numbers.on(line):
                continue
            around = page.lines[max(0, position - 3) : position + 2]
            candidates += _on_line(line, around, numbers, used, page.em)
    candidates += _unlabelled(layout, numbers, candidates, item_lines, used)
    tax_rows += _unrated_taxes(candidates)
    known = {id(row.rate) for row in tax_rows if row.rate is not None}
    labelled = (_labelled_tax(candidate, numbers) for candidate in candidates)
    tax_rows += [row for row in labelled if row is not None and id(row.rate) not in known]
    candidates.sort(key=lambda candidate: (candidate.cell.line.number, candidate.cell.start))
    return LabelledAmounts(tuple(candidates), tuple(tax_rows))


def _row_cells(row: TaxRow, numbers: Numbers) -> tuple[AmountCell, ...]:
    """All figures in line with those of `row` that have no label of their own."""
    first = row.rate or row.tax or row.base
    cells = numbers.on(first.line) if first is not None else ()
    return tuple(cell for cell in cells if not roles_of(left_label(cell, cells)))


def _unrated_taxes(candidates: Sequence[Candidate]) -> list[TaxRow]:
    """Several taxes below each other without their rates ("GST 5.00", "PST 7.00")."""
    taxes = [c for c in candidates if c.roles.get(Role.TAX, 0.0) >= 0.9]
    values = [tax.value for tax in taxes]
    names = {tax.label.casefold() for tax in taxes}
    if not 2 <= len(taxes) <= _MOST_TAXES or len(names) != len(taxes):
        return []
    lines = [tax.cell.line.number for tax in taxes]
    apart = lines[-1] - lines[0] > 2 * len(lines)
    # Of two halves neither is the sum.
    summed = len(set(values)) > 1 and any(2 * value == sum(values) for value in values)
    if apart or summed or any("%" in tax.label or "total" in tax.label.lower() for tax in taxes):
        return []
    return [TaxRow(None, None, tax.cell, tax.label) for tax in taxes]


def _unlabelled(
    layout: DocumentLayout,
    numbers: Numbers,
    known: Sequence[Candidate],
    item_lines: frozenset[int],
    used: set[int],
) -> list[Candidate]:
    """Amounts in the column of the sums whose labels nobody can read.

    They count little by themselves; that the sums work out with them is what speaks for them.
    """
    if any(candidate.roles.get(Role.TOTAL, 0.0) >= 0.7 for candidate in known):
        return []
    nearest = known[-_MOST_NEIGHBOURS:]
    taken = {candidate.cell.line.number for candidate in known}
    after = max(item_lines, default=-1)
    found: list[Candidate] = []
    for line in layout.lines:
        money = [
            cell
            for cell in numbers.on(line)
            if cell.number.is_money_like
            and id(cell) not in used
            and has_words(left_label(cell, numbers.on(line)))
        ]
        if line.number in taken or line.number <= after or len(money) != 1:
            continue
        label = left_label(money[0], numbers.on(line))
        if not has_words(label) or len(label.split()) > 5 or classes_of(label) & _NEVER_A_SUM:
            continue
        if nearest and not any(_in_column(money[0], other.cell) for other in nearest):
            continue
        if roles_of(label):
            continue
        found.append(Candidate(money[0], _ANYTHING, label))
    return found[:_MOST_UNLABELLED]


def _in_column(cell: AmountCell, other: AmountCell) -> bool:
    return cell.page == other.page and abs(cell.rect.x1 - other.rect.x1) < cell.rect.height


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
        if not roles or _contradicts_rate(cell, label, cells):
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


def _contradicts_rate(cell: AmountCell, label: str, cells: Sequence[AmountCell]) -> bool:
    """A rate of tax that only marks a row ("… 10.00   19 % VAT   -1.00") is no label."""
    rate = next((c for c in reversed(cells) if c.end <= cell.start and c.number.percent), None)
    if rate is None or not rate.number.value or "tax" not in classes_of(label):
        return False
    base = next((c for c in reversed(cells) if c.end <= rate.start), None)
    if base is None or not base.number.is_money_like or base.end < rate.start:
        # Words between them: the amount before is of another column.
        return False
    expected = base.number.value * rate.number.value / 100
    return abs(expected - cell.number.value) > TAX_TOLERANCE


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
    lines = layout.lines
    for position, line in enumerate(lines):
        cells = numbers.on(line)
        if len(cells) < 3 or line.number in skip:
            continue
        rate = next((cell for cell in cells if cell.number.percent), None)
        label = " ".join(token.text for token in line.tokens[: cells[-1].start])
        if rate is None or id(rate) in used:
            continue
        above = " ".join(other.text for other in lines[max(0, position - 3) : position])
        if "tax" not in classes_of(label) and "tax" not in classes_of(above):
            continue
        pair = base_and_tax(rate, cells)
        if pair is None or id(pair[1]) in used:
            continue
        rows.append(TaxRow(rate, *pair, label))
        candidates.append(Candidate(pair[1], {Role.TAX: 0.95}, label))
        places = {cell.start for cell in (rate, *pair)}
        used |= {id(cell) for cell in cells if cell.start in places}
    return candidates, rows


def _label_apart(
    cell: AmountCell, label: str, nearby: Sequence[Line], em: float
) -> tuple[str, float]:
    """A label some points off the line of its amount, or above it, with its worth."""
    beside = "" if label else _label_beside(cell, nearby, em)
    if beside:
        return beside, 0.95
    above = _label_above(cell, [line for line in nearby if line.number < cell.line.number], em)
    if not has_words(label):
        return above or _total_over(cell, nearby, em), 0.95
    before = cell.line.tokens[cell.start - 1]
    # Words stand before it, but in another column.
    far = cell.rect.x0 - before.rect.x1 > 1.5 * em
    return (above, 0.8) if far else ("", 0.0)


def _label_beside(cell: AmountCell, nearby: Sequence[Line], em: float) -> str:
    for line in nearby:
        if line is cell.line or abs(line.rect.cy - cell.rect.cy) > _BESIDE * em:
            continue
        left = [token for token in line.tokens if token.rect.x1 <= cell.rect.x0]
        for piece in reversed(pieces_of(left, 0.7)[-3:]):
            if roles_of(piece.text) and not piece.text[-1].isdigit():
                return piece.text
    return ""


def _total_over(cell: AmountCell, nearby: Sequence[Line], em: float) -> str:
    """A line that says "Total …" and nothing else, over an amount alone, wherever they begin."""
    above = [line for line in nearby if line.number < cell.line.number]
    if not above or cell.start or cell.line.rect.cy - above[-1].rect.cy > _LABEL_LEADING * em:
        return ""
    return above[-1].text if names_total(above[-1]) else ""


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


def _labelled_tax(candidate: Candidate, numbers: Numbers) -> TaxRow | None:
    """ "19 % VAT on 100.00   19.00" and "VAT 19 %   19.00" state the tax of one rate."""
    if candidate.roles.get(Role.TAX, 0.0) < 0.6:
        return None
    cells = numbers.on(candidate.cell.line)
    before = [cell for cell in cells if cell.end <= candidate.cell.start]
    rate = next((cell for cell in before if cell.number.percent), None)
    if rate is None:
        return None
    # An amount before the rate with words between them is of another column.
    base = next((c for c in before if c.number.is_money_like and c.end >= rate.start), None)
    return TaxRow(rate, base, candidate.cell, candidate.label)
