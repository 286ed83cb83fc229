"""Line items: quantity x price, tax of a line, and their sum."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import (
    Figures,
    amount_of,
    document_type_of,
    line_product,
    line_sum_explanations,
    tax_within,
    views,
)
from src.domain.checks.printed import amounts_in
from src.domain.checks.sums import (
    LOOK_AGAIN,
    Explanation,
    PrintedAmount,
    Rounding,
    Term,
    decimals_of,
    judge,
    mildest,
    rounding_of,
    show,
)
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, LineItem

LINE_AMOUNT = "line-amount-mismatch"
LINE_TAX = "line-tax-mismatch"
LINE_SUM = "line-sum-mismatch"

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]{1,3})?")


def check_line_amounts(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Quantity x price / base quantity - discount + charge = amount (BT-131).

    Prices and amounts may be with or without tax. In a credit note signs are ignored.
    """
    rounding = rounding_of(invoice, context.settings)
    unsigned = document_type_of(invoice) is DocumentType.CREDIT_NOTE
    for position, read in enumerate(invoice.line_items):
        line = _counted(read, position)
        expected = line_product(line)
        if expected is None or line.amount is None:
            continue
        printed = line.amount.value
        tolerance = product_tolerance(line, rounding)
        values = tuple(_worths(line, expected))
        if unsigned:
            printed, values = abs(printed), tuple(abs(value) for value in values)
        if all(abs(value - printed) > tolerance for value in values):
            yield _line_amount_finding(position, line, expected, rounding.minor)


def _counted(line: LineItem, position: int) -> LineItem:
    """A line whose quantity was read as the start of its description, as engines do where it
    does not fit, with that quantity. Not where price and amount are right by a whole quantity,
    nor where the number counts the lines."""
    if line.quantity is not None or not (line.unit_price and line.amount and line.description):
        return line
    price, amount = line.unit_price.value, line.amount.value
    first = line.description.value.split(" ", 1)[0]
    numbers = amounts_in(first) if _NUMBER.fullmatch(first) else frozenset()
    if not price or not numbers or amount % price == 0 or position + 1 in numbers:
        return line
    nearest = min(numbers, key=lambda number: abs(number * price - amount))
    quantity = line.unit_price.model_copy(update={"value": nearest, "text": first})
    return line.model_copy(update={"quantity": quantity})


def product_tolerance(line: LineItem, rounding: Rounding) -> Decimal:
    """How far an amount may be from quantity x price because these are printed rounded.

    A price of 0.33 can stand for anything from 0.325 to 0.335, also if an e-invoice pads it to
    0.3300; a whole quantity and a price without decimals are exact. The allowance ends at a
    share of the amount (`CheckSettings.product_tolerance_share`).
    """
    if line.quantity is None or line.unit_price is None:
        return rounding.silent
    quantity, price = line.quantity.value, line.unit_price.value
    base_quantity = amount_of(line.price_base_quantity) or Decimal(1)
    imprecision = (
        abs(quantity) * _imprecision(price) + abs(price) * _imprecision(quantity.normalize())
    ) / abs(base_quantity)
    most = abs(quantity * price / base_quantity) * rounding.settings.product_tolerance_share
    return rounding.silent + min(imprecision, most)


def check_line_taxes(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Amount x rate = tax, and amount + tax = gross amount, where a line prints them."""
    rounding = rounding_of(invoice, context.settings)
    unsigned = document_type_of(invoice) is DocumentType.CREDIT_NOTE
    for position, line in enumerate(invoice.line_items):
        for words, printed, expected, field in _line_tax_sums(line):
            pairs = [(value, printed) for value in expected]
            if unsigned:
                pairs = [(abs(value), abs(printed)) for value in expected]
            if all(abs(value - shown) > rounding.minor for value, shown in pairs):
                yield Finding(
                    code=LINE_TAX,
                    severity=Severity.ERROR,
                    message=f"Line {position + 1}: {words} = {show(expected[0], rounding.minor)}, "
                    f"but the line says {show(printed, rounding.minor)}.",
                    fields=(f"line_items.{position}.amount", f"line_items.{position}.{field}"),
                    remedy=LOOK_AGAIN,
                )


def check_line_sum(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The lines add up to the line total (BR-CO-10), else to what the totals say.

    A line without an amount counts with quantity x price; if that is unknown too, the sum is
    not checked.
    """
    rounding = rounding_of(invoice, context.settings)
    finding = mildest(_line_sum(view, rounding) for view in views(invoice))
    if finding is not None:
        yield finding


def _line_sum(view: Figures, rounding: Rounding) -> Finding | None:
    if view.line_sum is None:
        return None
    if view.line_total is not None:
        explanations = [Explanation((Term("line total", view.line_total),))]
        field = "totals.line_total"
    else:
        explanations = list(line_sum_explanations(view))
        field = "totals.subtotal" if view.subtotal is not None else "totals.total"
    return judge(
        LINE_SUM,
        PrintedAmount("the lines add up to", view.line_sum),
        explanations,
        rounding,
        rounding.of_sum(view.line_count),
        ("line_items", field),
    )


def _worths(line: LineItem, expected: Decimal) -> Iterator[Decimal]:
    """What the amount of a line may be: as computed, before its discount, with or without tax."""
    yield expected
    discount = amount_of(line.discount)
    if discount:
        yield expected + abs(discount)
    if line.tax_amount is not None:
        yield expected + line.tax_amount.value
        yield expected - line.tax_amount.value
    rate = amount_of(line.tax_rate)
    if rate:
        yield expected * (100 + rate) / 100
        contained = tax_within(expected, rate)
        if contained is not None:
            yield expected - contained


def _line_tax_sums(line: LineItem) -> Iterable[tuple[str, Decimal, tuple[Decimal, ...], str]]:
    """(words, printed, possible values, field) of each sum the line allows."""
    amount, rate, tax = amount_of(line.amount), amount_of(line.tax_rate), amount_of(line.tax_amount)
    gross = amount_of(line.gross_amount)
    if amount is not None and rate is not None and tax is not None:
        contained = tax_within(amount, rate)
        values = (amount * rate / 100, *(() if contained is None else (contained,)))
        yield f"amount {amount:f} x {rate.normalize():f} %", tax, values, "tax_amount"
    if amount is not None and gross is not None:
        # The amount itself may be printed with tax.
        if tax is not None:
            yield f"amount {amount:f} + tax {tax:f}", gross, (amount + tax, amount), "gross_amount"
        elif rate is not None:
            values = (amount * (100 + rate) / 100, amount)
            yield f"amount {amount:f} + {rate.normalize():f} %", gross, values, "gross_amount"


def _imprecision(value: Decimal) -> Decimal:
    """Half of the last place that is known: at least the second decimal, zeros not counted."""
    if decimals_of(value) == 0:
        return Decimal(0)
    return Decimal("0.5").scaleb(-max(decimals_of(value.normalize()), 2))


def _line_amount_finding(
    position: int, line: LineItem, expected: Decimal, minor: Decimal
) -> Finding:
    path = f"line_items.{position}"
    words, fields = _product_in_words(line, path)
    printed = amount_of(line.amount) or Decimal(0)
    return Finding(
        code=LINE_AMOUNT,
        severity=Severity.ERROR,
        message=f"Line {position + 1}: {words} = {show(expected, minor)}, "
        f"but the line says {show(printed, minor)}.",
        fields=(*fields, f"{path}.amount"),
        remedy=LOOK_AGAIN,
    )


def _product_in_words(line: LineItem, path: str) -> tuple[str, tuple[str, ...]]:
    parts = (
        ("quantity ", line.quantity, "quantity"),
        (" x price ", line.unit_price, "unit_price"),
        (" / base quantity ", line.price_base_quantity, "price_base_quantity"),
        (" - discount ", line.discount, "discount"),
        (" + charge ", line.charge, "charge"),
    )
    there = [(label, reading.value, name) for label, reading, name in parts if reading is not None]
    words = "".join(f"{label}{value:f}" for label, value, _ in there)
    return words, tuple(f"{path}.{name}" for _, _, name in there)
