"""The figures of an invoice that the arithmetic works with, freed of their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from src.domain.checks.sums import Explanation, Rounding, Term, with_options
from src.domain.invoice import DocumentType, Invoice, LineItem, LineKind, Totals
from src.domain.readings import FieldReading

Figure = Decimal | None
ALLOWANCES = "allowances"


def amount_of(reading: FieldReading[Decimal] | None) -> Figure:
    return reading.value if reading is not None else None


def document_type_of(invoice: Invoice) -> DocumentType:
    """What the page says it is; without a word on it, an invoice."""
    if invoice.document_type is None:
        return DocumentType.INVOICE
    return invoice.document_type.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Document-level amounts; None where the page has none.

    `allowances`, `charges` and `paid` are without sign, the rest carries the page's signs.
    """

    # Sum of the line amounts; None if there are no lines or one line's amount is unknown.
    line_sum: Figure
    line_count: int
    # Sum of the lines' own discounts.
    line_discounts: Decimal
    line_total: Figure
    allowances: Decimal
    # Without shipping.
    charges: Decimal
    shipping: Decimal
    gratuity: Decimal
    subtotal: Figure
    tax: Figure
    # Sum of the breakdown's bases, None if one is unknown.
    base_sum: Figure
    # The tax the breakdown's bases would contain if they were prices with tax.
    tax_within_bases: Figure
    # The one tax rate of the document, percent, None if there are none or several.
    rate: Figure
    total: Figure
    paid: Decimal
    rounding: Decimal
    previous_balance: Decimal
    due: Figure

    def magnitudes(self) -> Figures:
        """The same without signs, for credit notes that print only some of their signs."""
        without_sign = {
            name: abs(value) for name in _SIGNED if (value := getattr(self, name)) is not None
        }
        return replace(self, **without_sign)


_SIGNED = (
    "line_sum",
    "line_total",
    "subtotal",
    "tax",
    "base_sum",
    "tax_within_bases",
    "total",
    "due",
)


def views(invoice: Invoice) -> tuple[Figures, ...]:
    """The figures with the page's signs and, for a credit note, also without signs.

    Credit notes are printed all negative, all positive, or mixed (positive lines under a
    negative total); the amounts agree if they agree in one of the views.
    """
    signed = figures(invoice)
    if document_type_of(invoice) is DocumentType.CREDIT_NOTE:
        return (signed, signed.magnitudes())
    return (signed,)


def figures(invoice: Invoice) -> Figures:
    totals = invoice.totals
    rows = invoice.tax_breakdown
    bases = _all(amount_of(row.taxable_amount) for row in rows)
    counted = [line for line in invoice.line_items if counts(line)]
    rates = {row.rate.value for row in rows if row.rate is not None}
    shipping = _unsigned(amount_of(totals.shipping))
    return Figures(
        line_sum=_sum(_all(line_amount(line) for line in counted)),
        line_count=len(counted),
        line_discounts=sum((_unsigned(amount_of(line.discount)) for line in counted), Decimal(0)),
        line_total=amount_of(totals.line_total),
        allowances=_allowances(invoice),
        charges=_charges(invoice, shipping),
        shipping=shipping,
        gratuity=amount_of(totals.gratuity) or Decimal(0),
        subtotal=amount_of(totals.subtotal),
        tax=_tax(totals, invoice),
        base_sum=_sum(bases),
        tax_within_bases=_sum(
            _all(
                tax_within(base, row.rate.value) if row.rate is not None else None
                for row, base in zip(rows, bases or (), strict=False)
            )
        ),
        rate=rates.pop() if len(rates) == 1 and len(rows) == 1 else None,
        total=amount_of(totals.total),
        paid=_unsigned(amount_of(totals.amount_paid)),
        rounding=amount_of(totals.rounding) or Decimal(0),
        previous_balance=amount_of(totals.previous_balance) or Decimal(0),
        due=amount_of(totals.amount_due),
    )


def tax_within(gross: Decimal, rate: Decimal) -> Decimal | None:
    """The tax contained in an amount with tax, `rate` in percent; None below -100 %."""
    return gross * rate / (100 + rate) if rate > -100 else None


def counts(line: LineItem) -> bool:
    """Whether a line is part of the sum of lines: no group line, no text-only line."""
    return line.kind is LineKind.DETAIL and any(
        reading is not None for reading in (line.amount, line.gross_amount, line.unit_price)
    )


def line_amount(line: LineItem) -> Figure:
    """The amount of a line, for want of one its price times quantity, else the gross amount."""
    if line.amount is not None:
        return line.amount.value
    if line.unit_price is not None and line.quantity is not None and line.gross_amount is None:
        return line_product(line)
    return amount_of(line.gross_amount)


def line_product(line: LineItem) -> Figure:
    """Quantity x price / base quantity - discount + charge; None if price or quantity lack."""
    if line.quantity is None or line.unit_price is None:
        return None
    base_quantity = amount_of(line.price_base_quantity) or Decimal(1)
    worth = line.quantity.value * line.unit_price.value / base_quantity
    extra = _unsigned(amount_of(line.charge)) - _unsigned(amount_of(line.discount))
    # A line that takes goods back takes its discount and its charge back too.
    return worth - extra if worth < 0 else worth + extra


def extras(view: Figures) -> tuple[Term, ...]:
    """Allowances and charges of the document, those that are there, signed."""
    terms = (
        Term(ALLOWANCES, -view.allowances),
        Term("charges", view.charges),
        Term("shipping", view.shipping),
    )
    return tuple(term for term in terms if term.amount != 0)


def lines_of(view: Figures) -> Term | None:
    """The sum of the lines: as printed (BT-106), else added up."""
    if view.line_total is not None:
        return Term("line total", view.line_total)
    return Term("sum of the lines", view.line_sum) if view.line_sum is not None else None


def outside_subtotal(view: Figures, rounding: Rounding) -> tuple[tuple[Term, ...], ...]:
    """Which allowances and charges come after the subtotal: every set that is possible.

    Pages print a subtotal before or after them. Where lines and subtotal are known, they tell
    which; otherwise every choice is possible. The set of all comes first.
    """
    every = extras(view)
    choices = [
        tuple(term for term, taken in zip(every, choice, strict=True) if taken)
        for choice in product((True, False), repeat=len(every))
    ]
    lines = lines_of(view)
    if lines is None or view.subtotal is None:
        return tuple(choices)
    tolerance = rounding.of_sum(view.line_count)
    subtotal, everything = view.subtotal, Explanation((lines, *every)).value
    told = [
        outside
        for outside in choices
        if abs(everything - Explanation(outside).value - subtotal) <= tolerance
    ]
    found = told or choices
    if view.allowances and view.allowances == view.line_discounts:
        # The page sums up discounts that the line amounts contain already.
        found += [tuple(term for term in one if term.label != ALLOWANCES) for one in found]
    return tuple(found)


def line_sum_explanations(view: Figures) -> Iterator[Explanation]:
    """What the sum of the lines can be, given the totals (BR-CO-13 turned round).

    Net prices: the subtotal less the charges it contains. Prices with tax: the total less what
    was added to the lines.
    """
    negated = [Term(term.label, -term.amount) for term in extras(view)]
    if view.subtotal is not None:
        yield from reversed(tuple(with_options([Term("subtotal", view.subtotal)], negated)))
    if view.total is None:
        return
    late = [
        Term("gratuity", -view.gratuity),
        Term("rounding", -view.rounding),
        Term("previous balance", -view.previous_balance),
    ]
    total = Term("total", view.total)
    if view.subtotal is None and view.tax is not None:
        net = [total, Term("tax", -view.tax)]
        yield from reversed(tuple(with_options(net, [*negated, *late])))
    if view.subtotal is None or view.tax:
        yield from reversed(tuple(with_options([total], [*negated, *late])))


def tax_may_be_included(view: Figures, rounding: Rounding) -> bool:
    """Whether the subtotal may contain the tax, as on receipts that only tell the tax in it.

    Decided by the bases of the breakdown, else by its one rate; where the page gives neither,
    the tax must be possible at the highest rate in use (27 % of the net amount, so 21.3 % of
    the gross one).
    """
    if view.subtotal is None or not view.tax:
        return False
    tolerance = rounding.of_sum(max(view.line_count, 2))
    if view.base_sum is not None:
        if abs(view.base_sum - (view.subtotal - view.tax)) <= tolerance:
            return True
        return (
            abs(view.base_sum - view.subtotal) <= tolerance
            and view.tax_within_bases is not None
            and abs(view.tax_within_bases - view.tax) <= tolerance
        )
    if view.rate is not None:
        # What comes after such a subtotal is with tax as well.
        bases = with_options([Term("subtotal", view.subtotal)], extras(view))
        contained = (tax_within(base.value, view.rate) for base in bases)
        return any(tax is not None and abs(tax - view.tax) <= tolerance for tax in contained)
    return abs(view.tax) <= abs(view.subtotal) * Decimal("0.213")


def _tax(totals: Totals, invoice: Invoice) -> Figure:
    if totals.tax_total is not None:
        return totals.tax_total.value
    return _sum(_all(amount_of(row.tax_amount) for row in invoice.tax_breakdown))


def _allowances(invoice: Invoice) -> Decimal:
    if invoice.totals.allowance_total is not None:
        return abs(invoice.totals.allowance_total.value)
    return _listed(invoice, charges=False)


def _charges(invoice: Invoice, shipping: Decimal) -> Decimal:
    """Charges without the shipping they contain (shipping is part of BT-108)."""
    printed = amount_of(invoice.totals.charge_total)
    charges = _listed(invoice, charges=True) if printed is None else abs(printed)
    return charges - shipping if charges >= shipping else charges


def _listed(invoice: Invoice, *, charges: bool) -> Decimal:
    amounts = (
        amount_of(item.amount) for item in invoice.allowances_charges if item.is_charge is charges
    )
    return sum((abs(amount) for amount in amounts if amount is not None), Decimal(0))


def _unsigned(amount: Figure) -> Decimal:
    return abs(amount) if amount is not None else Decimal(0)


def _all(amounts: Iterable[Figure]) -> tuple[Decimal, ...] | None:
    """The amounts, or None if there are none or one is unknown."""
    found: list[Decimal] = []
    for amount in amounts:
        if amount is None:
            return None
        found.append(amount)
    return tuple(found) or None


def _sum(amounts: tuple[Decimal, ...] | None) -> Figure:
    return sum(amounts, Decimal(0)) if amounts is not None else None
