"""How the amounts of an invoice follow from each other: EN 16931 BR-CO-10 to BR-CO-17.

Pages differ: prices are with or without tax, a discount stands before or after the subtotal,
a credit note prints some of its signs. A relation lists every way; which one the page uses is
found by holding it against what is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from src.domain.arithmetic.ways import (
    Values,
    Way,
    combined,
    less,
    less_unsigned,
    products,
    sum_of,
    taxes,
    with_tax,
)
from src.domain.checks.base import CheckSettings
from src.domain.checks.figures import counts, document_type_of
from src.domain.checks.lines import product_tolerance
from src.domain.checks.sums import Rounding, rounding_of
from src.domain.invoice import DocumentType, Invoice, LineItem
from src.domain.paths import iter_readings

# Stands for the number of lines among the inputs of a relation.
LINES = "line_items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How the amount at `target` follows from those at `inputs`."""

    target: str
    inputs: tuple[str, ...]
    # By a name that is the same for every invoice; the ordinary way comes first.
    ways: Mapping[str, Way]
    # The most that rounding can explain.
    tolerance: Decimal
    # Holds on every page, so that it may be used where it did not hold before.
    certain: bool


def amounts(invoice: Invoice) -> dict[str, Decimal]:
    """Every amount and number of the invoice by its path."""
    return {
        path: reading.value
        for path, reading in iter_readings(invoice)
        if isinstance(reading.value, Decimal)
    }


def relations(invoice: Invoice) -> Iterator[Relation]:
    """In an order in which each comes after those that give its inputs."""
    book = _Book(invoice)
    unsigned = document_type_of(invoice) is DocumentType.CREDIT_NOTE
    for relation in book.relations():
        yield _with_unsigned(relation) if unsigned else relation


def _with_unsigned(relation: Relation) -> Relation:
    """With the ways of a credit note whose lines carry no sign, or not that of the totals."""
    target = relation.target

    def unsigned(way: Way) -> Way:
        def of(values: Values) -> Decimal | None:
            amount = way({path: abs(value) for path, value in values.items()})
            return None if amount is None else amount.copy_sign(values.get(target, amount))

        return of

    others = {f"unsigned {name}": unsigned(way) for name, way in relation.ways.items()}
    return Relation(
        target=target,
        inputs=relation.inputs,
        ways={**relation.ways, **others},
        tolerance=relation.tolerance,
        certain=relation.certain,
    )


class _Book:
    """The relations of one invoice."""

    def __init__(self, invoice: Invoice) -> None:
        self._invoice = invoice
        self._there = amounts(invoice).keys()
        self._rounding: Rounding = rounding_of(invoice, CheckSettings())
        self._lines = [
            (f"{LINES}.{position}", line)
            for position, line in enumerate(invoice.line_items)
            if counts(line)
        ]

    def relations(self) -> Iterator[Relation]:
        for path, line in self._lines:
            yield from self._of_line(path, line)
        yield from self._listed()
        yield from self._line_total()
        yield from self._subtotal()
        yield from self._breakdown()
        yield from self._tax_total()
        yield from self._total()
        yield from self._amount_due()

    def _relation(
        self,
        target: str,
        inputs: Sequence[str],
        ways: Mapping[str, Way],
        *,
        summands: int = 2,
        tolerance: Decimal | None = None,
        certain: bool = False,
    ) -> Relation:
        most = self._rounding.of_sum(summands) if tolerance is None else tolerance
        return Relation(
            target=target, inputs=tuple(inputs), ways=ways, tolerance=most, certain=certain
        )

    def _present(self, *paths: str) -> list[str]:
        return [path for path in paths if path in self._there]

    # Lines

    def _of_line(self, path: str, line: LineItem) -> Iterator[Relation]:
        quantity, price, rate = f"{path}.quantity", f"{path}.unit_price", f"{path}.tax_rate"
        amount, tax = f"{path}.amount", f"{path}.tax_amount"
        if len(self._present(quantity, price)) == 2:
            others = self._present(
                *(f"{path}.{name}" for name in ("price_base_quantity", "discount", "charge"))
            )
            yield self._relation(
                amount,
                [quantity, price, *others],
                products(path),
                tolerance=product_tolerance(line, self._rounding),
                certain=True,
            )
        if len(self._present(amount, rate)) == 2:
            ways = taxes(amount, rate)
            yield self._relation(tax, [amount, rate], ways, summands=2, certain=True)
        extra = self._present(tax) or self._present(rate)
        if extra and amount in self._there:
            added = sum_of([amount, tax]) if extra == [tax] else with_tax(amount, rate)
            ways = {"plus tax": added, "same": sum_of([amount])}
            yield self._relation(f"{path}.gross_amount", [amount, *extra], ways, certain=True)

    def _line_amounts(self) -> list[str]:
        """The path of each line's amount, for want of one the gross amount; empty if one line
        has neither."""
        paths = [self._present(f"{path}.amount", f"{path}.gross_amount") for path, _ in self._lines]
        return [found[0] for found in paths] if all(paths) else []

    # Totals

    def _listed(self) -> Iterator[Relation]:
        for is_charge, name in ((False, "allowance"), (True, "charge")):
            inputs = [
                f"allowances_charges.{position}.amount"
                for position, item in enumerate(self._invoice.allowances_charges)
                if item.is_charge is is_charge
            ]
            if inputs and len(self._present(*inputs)) == len(inputs):
                shipping = ["totals.shipping"] if is_charge else []
                ways = combined({"listed": sum_of(inputs, unsigned=True)}, self._options(shipping))
                target = f"totals.{name}_total"
                yield self._relation(target, inputs, dict(reversed(ways.items())), certain=True)

    def _line_total(self) -> Iterator[Relation]:
        inputs = self._line_amounts()
        if inputs:
            ways = {"sum": sum_of(inputs)}
            yield self._relation("totals.line_total", [LINES, *inputs], ways, summands=len(inputs))

    def _goods(self) -> list[str]:
        """What the goods cost: the sum of the lines as printed, else the lines."""
        return self._present("totals.line_total") or self._line_amounts()

    def _extras(self) -> dict[str, Way]:
        """Discounts and charges of the whole document, signed."""
        allowances = self._present("totals.allowance_total")
        charges = self._present("totals.charge_total")
        for position, item in enumerate(self._invoice.allowances_charges):
            path = f"allowances_charges.{position}.amount"
            if path in self._there and f"totals.{_KIND[item.is_charge]}_total" not in self._there:
                (charges if item.is_charge else allowances).append(path)
        found = {"allowances": sum_of(allowances, unsigned=True, sign=-1)} if allowances else {}
        if charges:
            found["charges"] = sum_of(charges, unsigned=True)
        return found | self._options(["totals.shipping"])

    def _extra_inputs(self) -> list[str]:
        listed = [path for path in self._there if path.startswith("allowances_charges.")]
        return listed + self._present(
            "totals.allowance_total", "totals.charge_total", "totals.shipping"
        )

    def _options(self, paths: Sequence[str]) -> dict[str, Way]:
        return {path: sum_of([path]) for path in self._present(*paths)}

    def _subtotal(self) -> Iterator[Relation]:
        goods, tax = self._goods(), self._present("totals.tax_total")
        if not goods:
            return
        ways = combined({"goods": sum_of(goods)}, self._extras())
        for path in tax:
            ways |= combined({"less tax": less(sum_of(goods), path)}, self._extras())
        inputs = [LINES, *goods, *self._extra_inputs()]
        yield self._relation("totals.subtotal", inputs, ways, summands=len(goods) + 1)

    def _breakdown(self) -> Iterator[Relation]:
        rows = self._invoice.tax_breakdown
        for position, row in enumerate(rows):
            path = f"tax_breakdown.{position}"
            base, rate = f"{path}.taxable_amount", f"{path}.rate"
            rate_value = None if row.rate is None else row.rate.value
            if len(rows) == 1 and "totals.subtotal" in self._there:
                ways = combined({"subtotal": sum_of(["totals.subtotal"])}, self._extras())
                inputs = ["totals.subtotal", *self._extra_inputs()]
                yield self._relation(base, inputs, dict(reversed(ways.items())))
            elif rate_value is not None and (lines := self._of_rate(rate_value)):
                inputs = [LINES, *lines, *(f"{path}.tax_rate" for path, _ in self._lines)]
                yield self._relation(base, inputs, {"lines": sum_of(lines)}, summands=len(lines))
            if base not in self._there and len(rows) == 1:
                base = "totals.subtotal"  # the page says the rate alone
            if len(self._present(base, rate)) == 2:
                summands = max(len(self._invoice.line_items), 2)
                ways = taxes(base, rate)
                target = f"{path}.tax_amount"
                if target not in self._there and len(rows) == 1:
                    target = "totals.tax_total"
                yield self._relation(target, [base, rate], ways, summands=summands, certain=True)

    def _of_rate(self, rate: Decimal) -> list[str]:
        """The amounts of the lines of a rate; empty unless every line says its rate."""
        paths = self._line_amounts()
        rates = [None if line.tax_rate is None else line.tax_rate.value for _, line in self._lines]
        if None in rates or len(paths) != len(rates):
            return []
        return [path for path, of_line in zip(paths, rates, strict=True) if of_line == rate]

    def _tax_total(self) -> Iterator[Relation]:
        rows = self._invoice.tax_breakdown
        inputs = [f"tax_breakdown.{position}.tax_amount" for position in range(len(rows))]
        there = self._present(*inputs)
        zero = [row for row in rows if row.rate is not None and row.rate.value == 0]
        if there and len(there) + len(zero) >= len(inputs):
            yield self._relation("totals.tax_total", there, {"sum": sum_of(there)}, certain=True)
            return
        of_lines = [f"{path}.tax_amount" for path, _ in self._lines]
        rates = [f"{path}.tax_rate" for path, _ in self._lines]
        if of_lines and len(self._present(*of_lines)) == len(of_lines):
            yield self._relation(
                "totals.tax_total", [LINES, *of_lines], {"lines": sum_of(of_lines)}
            )
        elif "totals.subtotal" in self._there and self._one_rate():
            ways = taxes("totals.subtotal", rates[0])
            yield self._relation("totals.tax_total", ["totals.subtotal", *rates], ways)

    def _one_rate(self) -> bool:
        rates = {line.tax_rate.value if line.tax_rate else None for _, line in self._lines}
        return len(rates) == 1 and None not in rates

    def _total(self) -> Iterator[Relation]:
        net = self._present("totals.subtotal") or self._goods()
        breakdown = [
            f"tax_breakdown.{n}.tax_amount" for n in range(len(self._invoice.tax_breakdown))
        ]
        tax = self._present("totals.tax_total") or self._present(*breakdown)
        if not net:
            return
        late = self._options(["totals.gratuity", "totals.rounding", "totals.previous_balance"])
        extras = self._extras()
        ways: dict[str, Way] = {}
        for name, base in (("with tax", [*net, *tax]), ("tax included", net)):
            # The fewest extras first: most pages take them off before the subtotal.
            for some, way in reversed(combined({name: sum_of(base)}, extras).items()):
                ways |= combined({some: way}, late)
        inputs = [*net, *tax, *self._extra_inputs(), *late]
        certain = net == ["totals.subtotal"] and bool(tax) and not extras
        yield self._relation("totals.total", inputs, ways, certain=certain)

    def _amount_due(self) -> Iterator[Relation]:
        if "totals.total" not in self._there:
            return
        paid = self._present("totals.amount_paid")
        late = self._options(["totals.rounding", "totals.previous_balance"])
        due = combined({"total": less_unsigned(sum_of(["totals.total"]), paid)}, late)
        if paid and document_type_of(self._invoice) is DocumentType.RECEIPT:
            due |= combined({"handed over": sum_of(["totals.total"])}, late)
        inputs = ["totals.total", *paid, *late]
        yield self._relation("totals.amount_due", inputs, due, certain=True)


_KIND = {False: "allowance", True: "charge"}
