"""The table of lines, over as many pages as it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from training.bill import BillLine
from training.draft import Draft

_NUMERIC = frozenset({"quantity", "price", "discount", "rate", "amount"})
_WIDTHS = {
    "position": 0.06,
    "code": 0.13,
    "description": 0.36,
    "quantity": 0.10,
    "unit": 0.08,
    "price": 0.14,
    "discount": 0.09,
    "rate": 0.09,
    "amount": 0.16,
}
ORDERS = (
    "position description quantity price amount",
    "description quantity price amount",
    "quantity description price amount",
    "position code description quantity unit price amount",
    "code description quantity price amount",
    "description price quantity amount",
    "position description quantity unit price rate amount",
    "description quantity price rate amount",
    "quantity unit code description price amount",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableForm:
    """How one table is set."""

    columns: tuple[str, ...]
    # Of the numbers: "right" or "center".
    align: str
    # Headings stand like their numbers, or all at the left edge of their column.
    heads_like_cells: bool
    # Baselines apart, in leadings.
    pitch: float
    rules: bool
    grid: bool
    carries: bool


def make_form(draft: Draft, *, columns: str | None = None, rules: bool | None = None) -> TableForm:
    rng = draft.rng
    chosen = (columns or rng.choice(ORDERS)).split()
    if any(line.discount for line in draft.bill.lines) and "discount" not in chosen:
        chosen.insert(len(chosen) - 1, "discount")
    ruled = draft.style.rules if rules is None else rules
    return TableForm(
        columns=tuple(chosen),
        align=rng.choice(("right", "right", "right", "center")),
        heads_like_cells=draft.chance(0.7),
        pitch=rng.choice((1.0, 1.2, 1.6)),
        rules=ruled,
        grid=ruled and draft.chance(0.25),
        carries=draft.chance(0.5),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    x0: float
    x1: float

    def anchor(self, align: str) -> float:
        return {"left": self.x0 + 3, "right": self.x1 - 3, "center": (self.x0 + self.x1) / 2}[align]


def put_table(
    draft: Draft, x0: float, x1: float, y: float, *, bottom: float, form: TableForm
) -> float:
    """All lines from `y` down; rows end above `bottom`, further pages start near the top."""
    canvas, style = draft.canvas, draft.style
    columns = _columns(form, x0, x1)
    y = _head(draft, form, columns, y)
    carried = Decimal(0)
    for position, line in enumerate(draft.bill.lines, start=1):
        cells = [_cell(draft, column, position, line) for column in columns]
        rows = max(len(cell) for cell in cells)
        height = (rows - 1 + form.pitch) * style.leading
        if y + height > bottom:
            if form.carries:
                _carry(draft, "carried", carried, columns[-1], y + style.leading)
            canvas.new_page()
            y = _head(draft, form, columns, 78)
            if form.carries:
                _carry(draft, "brought", carried, columns[-1], y)
                y += style.leading
        for column, texts in zip(columns, cells, strict=True):
            align = form.align if column.name in _NUMERIC else "left"
            canvas.stack(column.anchor(align), y, texts, style.size, style.leading, align=align)
        y += height
        carried += line.amount
        if form.rules and form.pitch > 1:
            canvas.rule(x0, y - style.leading + 2, x1)
    draft.states("line_items")
    return y + style.leading * 0.6


def room_for(draft: Draft, y: float, height: float, *, bottom: float) -> float:
    """`y`, or the top of a further page where `height` points do not fit any more."""
    if y + height <= bottom:
        return y
    draft.canvas.new_page()
    return 90.0


def _columns(form: TableForm, x0: float, x1: float) -> list[_Column]:
    scale = (x1 - x0) / sum(_WIDTHS[name] for name in form.columns)
    columns = []
    for name in form.columns:
        width = _WIDTHS[name] * scale
        columns.append(_Column(name, x0, x0 + width))
        x0 += width
    return columns


def _head(draft: Draft, form: TableForm, columns: Sequence[_Column], y: float) -> float:
    """Headings, broken where they are wider than their column."""
    canvas, style = draft.canvas, draft.style
    deepest = 1
    for column in columns:
        right = column.name in _NUMERIC and form.heads_like_cells
        align = form.align if right else "left"
        rows = canvas.wrapped(head_of(draft, column.name), column.x1 - column.x0 - 2, style.size)
        for row, text in enumerate(rows):
            at = y + row * style.leading
            canvas.text(column.anchor(align), at, text, style.size, bold=True, align=align)
        deepest = max(deepest, len(rows))
    end = y + (deepest - 1) * style.leading
    if form.rules:
        canvas.rule(columns[0].x0, end + 4, columns[-1].x1)
    return end + style.leading + 5


def head_of(draft: Draft, name: str) -> str:
    """The heading of a column, of prices with tax where the bill's hold it."""
    if draft.bill.gross_prices:
        name = {"price": "gross_price", "amount": "gross_amount"}.get(name, name)
    return draft.label("line_discount" if name == "discount" else name)


def _cell(draft: Draft, column: _Column, position: int, line: BillLine) -> list[str]:
    canvas, style = draft.canvas, draft.style
    if column.name == "description":
        width = column.x1 - column.x0 - 6
        return [*canvas.wrapped(line.description, width, style.size), *line.extras]
    if column.name == "discount":
        return [f"{draft.quantity(line.discount)}%"] if line.discount else [""]
    texts = {
        "position": str(position),
        "code": line.code,
        "quantity": draft.quantity(line.quantity),
        "unit": line.unit,
        "price": draft.money(line.unit_price),
        "rate": f"{draft.quantity(line.tax_rate)}%",
        "amount": draft.money(line.amount),
    }
    return [texts[column.name]]


def _carry(draft: Draft, key: str, value: Decimal, last: _Column, y: float) -> None:
    canvas, style = draft.canvas, draft.style
    canvas.text(last.x1 - 3, y, draft.money(value), style.size, align="right")
    canvas.text(last.x0 - 8, y, draft.label(key), style.size, align="right")
