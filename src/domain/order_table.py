"""Orders as the rows of a CSV file: one row an order, or one a line of it.

Rows of one order have the same number; what its first row says need not be repeated, but must
not be contradicted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from src.domain.errors import InvalidInput
from src.domain.purchase_orders import OrderBook, OrderLine, PurchaseOrder, order_key, refuse

# The first two are needed, the rest may be left out.
COLUMNS = (
    *("number", "supplier", "supplier_tax_id", "currency", "total", "open"),
    *("line_code", "line_description", "line_quantity", "line_price"),
)
REQUIRED = ("number", "supplier")
_NO = frozenset({"no", "false", "0", "closed", "n"})
_YES = frozenset({"", "yes", "true", "1", "open", "y"})
_LONGEST_TEXT = 500
LARGEST = Decimal(10) ** 15


def clean_text(text: str) -> str:
    """On one line, with single spaces. Raises `ValueError` for what a table does not keep."""
    text = " ".join(text.split())
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"must not be longer than {_LONGEST_TEXT} characters")
    if not text.isprintable():
        raise ValueError("must not hold characters that cannot be printed")
    return text


def parse_orders(text: str) -> OrderBook:
    """The orders of a table whose heading has names of `COLUMNS`; separated by commas or
    semicolons, decimal points.

    Raises `InvalidInput` with every row and column at fault.
    """
    text = text.lstrip("\ufeff")
    heading = text.split("\n", 1)[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
    orders: dict[str, PurchaseOrder] = {}
    problems: list[str] = []
    try:
        rows.fieldnames = _columns(rows.fieldnames)
        for cells in rows:
            row = _Row(cells, f"row {rows.line_num}")
            try:
                _add(orders, row)
            except InvalidInput as problem:
                problems.append(problem.message)
    except csv.Error as error:
        problems.append(f"row {rows.reader.line_num}: {error}")
    refuse(problems)
    return OrderBook(orders.values())


def _columns(heading: Iterable[str] | None) -> list[str]:
    given = [name.strip().lower() for name in heading or ()]
    missing = [name for name in REQUIRED if name not in given]
    unknown = [name[:40] for name in given if name not in COLUMNS]
    if missing or unknown or len(set(given)) < len(given):
        raise InvalidInput(
            "The first row must name the columns, each once. "
            + (f"Missing: {', '.join(missing)}. " if missing else "")
            + (f"Unknown: {', '.join(unknown[:10])}. " if unknown else "")
            + f"There are: {', '.join(COLUMNS)}."
        )
    return given


def orders_as_table(orders: Iterable[PurchaseOrder]) -> str:
    """What `parse_orders` makes the same orders of."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for order in orders:
        for position, line in enumerate(order.lines or (OrderLine(),)):
            cells: dict[str, object] = {
                "number": order.number,
                "supplier": order.supplier,
                "line_code": line.code,
                "line_description": line.description,
                "line_quantity": _plain(line.quantity),
                "line_price": _plain(line.price),
            }
            if position == 0:
                cells |= {
                    "supplier_tax_id": order.supplier_tax_id,
                    "currency": order.currency,
                    "total": _plain(order.total),
                    "open": "yes" if order.is_open else "no",
                }
            rows.writerow(cells)
    return text.getvalue()


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


@dataclass(frozen=True, slots=True)
class _Row:
    # Under None what is behind the last column.
    cells: dict[str, str | None]
    place: str

    def problem(self, words: str) -> InvalidInput:
        return InvalidInput(f"{self.place}: {words}")

    def text(self, name: str) -> str | None:
        try:
            return clean_text(self.cells.get(name) or "") or None
        except ValueError as error:
            raise self.problem(f"{name} {error}") from error

    def number(self, name: str) -> Decimal | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= LARGEST:
            raise self.problem(f"{name} is '{text[:40]}', not a number such as 1234.50")
        return value

    def currency(self) -> str | None:
        code = (self.text("currency") or "").upper()
        if code and (len(code) != 3 or not code.isascii() or not code.isalpha()):
            raise self.problem(f"currency is '{code[:40]}', not a code such as EUR")
        return code or None

    def is_open(self) -> bool:
        text = (self.text("open") or "").lower()
        if text in _YES | _NO:
            return text in _YES
        raise self.problem(f"open is '{text[:40]}'; write yes or no")


def _add(orders: dict[str, PurchaseOrder], row: _Row) -> None:
    if None in row.cells:
        raise row.problem(
            "more cells than the first row; put texts that hold the separator into quotes, and "
            "write numbers as 1234.50"
        )
    number, supplier = row.text("number"), row.text("supplier")
    if number is None and supplier is None:
        return
    if number is None or supplier is None:
        raise row.problem("an order needs a number and a supplier")
    key = order_key(number)
    if not key:
        raise row.problem("the number has neither letters nor digits")
    line = OrderLine(
        code=row.text("line_code"),
        description=row.text("line_description"),
        quantity=row.number("line_quantity"),
        price=row.number("line_price"),
    )
    said = PurchaseOrder(
        number=number,
        supplier=supplier,
        supplier_tax_id=row.text("supplier_tax_id"),
        currency=row.currency(),
        total=row.number("total"),
        is_open=row.is_open(),
        lines=() if line == OrderLine() else (line,),
    )
    known = orders.get(key)
    orders[key] = said if known is None else _continued(known, said, row)


def _continued(known: PurchaseOrder, said: PurchaseOrder, row: _Row) -> PurchaseOrder:
    """A further row of an order."""
    for name in ("supplier", "supplier_tax_id", "currency", "total"):
        first, again = getattr(known, name), getattr(said, name)
        if first is not None and again is not None and first != again:
            raise row.problem(
                f"{name} is '{again}', but an earlier row of order {known.number} says '{first}'"
            )
    return replace(
        known,
        supplier_tax_id=known.supplier_tax_id or said.supplier_tax_id,
        currency=known.currency or said.currency,
        total=said.total if known.total is None else known.total,
        is_open=known.is_open and said.is_open,
        lines=known.lines + said.lines,
    )
