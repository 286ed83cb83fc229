"""Open orders, against which invoices are held."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from src.domain.errors import ConfigurationError
from src.domain.naming import compact

# Columns of the file; the first three of an order are needed, the rest may be left out.
COLUMNS = (
    *("number", "supplier", "supplier_tax_id", "currency", "total", "open"),
    *("line_code", "line_description", "line_quantity", "line_price"),
)
REQUIRED = ("number", "supplier")
_NO = frozenset({"no", "false", "0", "closed", "n"})
_YES = frozenset({"", "yes", "true", "1", "open", "y"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order; what is not known is None and not compared."""

    code: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    # Without tax, of one unit.
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    number: str
    supplier: str
    supplier_tax_id: str | None = None
    currency: str | None = None
    # Without tax.
    total: Decimal | None = None
    is_open: bool = True
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderMatch:
    """The order an invoice names, as far as it is known."""

    # As the invoice names it.
    number: str
    order: PurchaseOrder | None
    # Without tax, in the order's currency: what other invoices have charged for it already.
    invoiced_before: Decimal = Decimal(0)


class OrderBook:
    """All orders by their number; spaces, punctuation and case do not matter."""

    def __init__(self, orders: tuple[PurchaseOrder, ...] = ()) -> None:
        self._orders = {order_key(order.number): order for order in orders}

    def __len__(self) -> int:
        return len(self._orders)

    def find(self, number: str) -> PurchaseOrder | None:
        return self._orders.get(order_key(number))


def order_key(number: str) -> str:
    return compact(number)


def parse_orders(text: str, source: str) -> OrderBook:
    """The orders of a CSV file: a heading with names of `COLUMNS`, one row an order or one row
    a line of it (rows of one order have the same number). Separated by commas or semicolons,
    decimal points.

    Raises `ConfigurationError` naming `source`, the row and the column.
    """
    heading = text.split("\n", 1)[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter, strict=True)
    given = [name.strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in REQUIRED if name not in given]
    unknown = [name for name in given if name not in COLUMNS]
    if missing or unknown:
        raise ConfigurationError(
            f"{source}: the first row must name the columns. "
            + (f"Missing: {', '.join(missing)}. " if missing else "")
            + (f"Unknown: {', '.join(unknown)}. " if unknown else "")
            + f"There are: {', '.join(COLUMNS)}."
        )
    rows.fieldnames = given
    orders: dict[str, PurchaseOrder] = {}
    try:
        for number, row in enumerate(rows, start=2):
            if None in row:
                raise ConfigurationError(
                    f"{source}, row {number} has more cells than the first row. Put texts that "
                    "hold the separator into quotes, and write numbers as 1234.50."
                )
            _add(orders, _Row(row, f"{source}, row {number}"))
    except csv.Error as error:
        raise ConfigurationError(f"{source}, row {rows.line_num}: {error}.") from error
    return OrderBook(tuple(orders.values()))


@dataclass(frozen=True, slots=True)
class _Row:
    cells: dict[str, str | None]
    place: str

    def text(self, name: str) -> str | None:
        return (self.cells.get(name) or "").strip() or None

    def number(self, name: str) -> Decimal | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
            raise ConfigurationError(
                f"{self.place}: {name} is '{text[:40]}', not a number such as 1234.50."
            )
        return value

    def is_open(self) -> bool:
        text = (self.text("open") or "").lower()
        if text in _YES | _NO:
            return text in _YES
        raise ConfigurationError(f"{self.place}: open is '{text[:40]}'; write yes or no.")


def _add(orders: dict[str, PurchaseOrder], row: _Row) -> None:
    number, supplier = row.text("number"), row.text("supplier")
    if number is None and supplier is None:
        return
    if number is None or supplier is None:
        raise ConfigurationError(f"{row.place}: an order needs a number and a supplier.")
    line = OrderLine(
        code=row.text("line_code"),
        description=row.text("line_description"),
        quantity=row.number("line_quantity"),
        price=row.number("line_price"),
    )
    lines: tuple[OrderLine, ...] = () if line == OrderLine() else (line,)
    first = orders.get(order_key(number), PurchaseOrder(number=number, supplier=supplier))
    # What the first row of an order says need not be repeated.
    orders[order_key(number)] = PurchaseOrder(
        number=first.number,
        supplier=first.supplier,
        supplier_tax_id=first.supplier_tax_id or row.text("supplier_tax_id"),
        currency=first.currency or row.text("currency"),
        total=row.number("total") if first.total is None else first.total,
        is_open=first.is_open and row.is_open(),
        lines=first.lines + lines,
    )
