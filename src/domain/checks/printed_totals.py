"""What the page prints beside the totals that were taken from it.

An engine that finds a total which does not fit takes another figure of the page, or computes
one, and what it passed over is forgotten. This rule brings it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import document_type_of, extras, views
from src.domain.checks.printed import MONEY, amounts_in
from src.domain.checks.rows import PageRows
from src.domain.checks.sums import LOOK_AGAIN, Term, rounding_of, show, with_options
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.paths import iter_readings
from src.domain.readings import ReadEvidence

NEARLY = "total-printed-otherwise"

# Amounts of fewer digits are a digit apart by chance; less so among the totals themselves, where
# few others stand.
_FEWEST_DIGITS = 5
_FEWEST_AMONG_TOTALS = 4
# How far above and below the totals that were read further ones may stand.
_AROUND = 0.04
_TOTALS = ("totals.", "tax_breakdown.", "allowances_charges.")
_MOST_AMOUNTS = 2_000


@dataclass(frozen=True, slots=True)
class _Total:
    name: str
    amount: Decimal
    # In hundredths, as it is printed.
    digits: str


def check_printed_otherwise(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """No amount of the page is one digit away from a total and stands for nothing else: a page
    that says 7,251.20 in one place and 8,251.20 in another contradicts itself.

    On pages read by OCR it may be a misreading of the same amount, so it is a warning there.
    """
    totals = tuple(_totals(invoice))
    if not totals:
        return
    rounding = rounding_of(invoice, context.settings)
    known = {abs(one.value) for _, one in iter_readings(invoice) if isinstance(one.value, Decimal)}
    found = {
        near: (page, total)
        for page in context.in_rows
        for near, total in _near_totals(_amounts_on(page, invoice), totals, known)
    }
    # Worked out only where it matters.
    derived = frozenset(_derived(invoice)) if found else frozenset()
    for near, (page, total) in found.items():
        if near in derived or rounding.rounds_to_coin(near, total.amount):
            continue
        yield Finding(
            code=NEARLY,
            severity=Severity.ERROR if page.is_text else Severity.WARNING,
            message=f"Page {page.number} says {show(near, rounding.minor)}, one digit away from "
            f"{total.name} {show(total.amount, rounding.minor)}, and nothing else on the page is "
            "that amount.",
            fields=("totals",),
            remedy=LOOK_AGAIN,
        )


@dataclass(frozen=True, slots=True)
class _Printed:
    meanings: frozenset[Decimal]
    # Fewer digits are near a total by chance.
    fewest_digits: int


def _amounts_on(page: PageRows, invoice: Invoice) -> list[_Printed]:
    top, bottom = _among_totals(invoice, page.number)
    found = (
        _Printed(
            _meanings(text), _FEWEST_AMONG_TOTALS if top <= row.height <= bottom else _FEWEST_DIGITS
        )
        for row in page.rows
        for text in MONEY.findall(row.plain)
    )
    return list(islice(found, _MOST_AMOUNTS))


def _near_totals(
    printed: list[_Printed], totals: tuple[_Total, ...], known: set[Decimal]
) -> Iterator[tuple[Decimal, _Total]]:
    """Amounts that mean none of the known ones, with the total they are near.

    A balance and what is added to it are often near the total; then the difference is printed.
    """
    unknown = [one for one in printed if not one.meanings & known]
    if not unknown:
        return
    explained = known.union(*(one.meanings for one in printed))
    for one in unknown:
        for total in totals:
            if len(total.digits) < one.fewest_digits:
                continue
            near = next(
                (each for each in one.meanings if _one_digit_apart(_digits(each), total.digits)),
                None,
            )
            if near is not None and abs(near - total.amount) not in explained:
                yield near, total
                break


def _among_totals(invoice: Invoice, page: int) -> tuple[float, float]:
    """Top and bottom of where the page has its totals, an empty stretch where it has none; a
    receipt has what was handed over there too."""
    if document_type_of(invoice) is DocumentType.RECEIPT:
        return 1.0, 0.0
    boxes = [
        reading.evidence.box
        for path, reading in iter_readings(invoice)
        if path.startswith(_TOTALS)
        and isinstance(reading.evidence, ReadEvidence)
        and reading.evidence.page == page
    ]
    if not boxes:
        return 1.0, 0.0
    return min(box.y0 for box in boxes) - _AROUND, max(box.y1 for box in boxes) + _AROUND


def _totals(invoice: Invoice) -> Iterator[_Total]:
    """The totals, and what they lead to."""
    figures = views(invoice)[0]
    tax = figures.tax or Decimal(0)
    found = {
        "the total": figures.total,
        "the amount due": figures.due,
        "the subtotal": figures.subtotal,
        "the tax": figures.tax,
        "the total without tax": None if figures.total is None else figures.total - tax,
        "the subtotal with tax": None if figures.subtotal is None else figures.subtotal + tax,
        "the sum of the lines": figures.line_sum,
    }
    if figures.total is not None and figures.rounding:
        found["the rounded total"] = figures.total + figures.rounding
        exact = figures.total - figures.rounding
        found["the total before rounding"] = exact
        found["the total without tax, before rounding"] = exact - tax
    for name, amount in found.items():
        if amount is not None:
            yield _Total(name, abs(amount), _digits(abs(amount)))


def _derived(invoice: Invoice) -> Iterator[Decimal]:
    """Amounts a page may print that follow from its totals: before and after allowances and
    charges, with and without tax, rounding and payments."""
    for view in views(invoice):
        tax, rounding = view.tax or Decimal(0), view.rounding
        options = (
            Term("tax", tax),
            Term("rounding", rounding),
            Term("gratuity", view.gratuity),
            Term("paid", -view.paid),
            Term("previous balance", view.previous_balance),
        )
        for start in (view.subtotal, view.line_total, view.line_sum):
            if start is not None:
                for one in with_options([Term("", start)], (*extras(view), *options)):
                    yield abs(one.value)
        back = (Term("tax", -tax), Term("rounding", -rounding), Term("rounding", rounding))
        for end in (view.total, view.due):
            if end is not None:
                for one in with_options([Term("", end)], back):
                    yield abs(one.value)


def _meanings(text: str) -> frozenset[Decimal]:
    """With spaces between its groups, or with a number of another column before it."""
    if " " not in text:
        return amounts_in(text)
    return amounts_in(text.replace(" ", "")) | amounts_in(text.rsplit(" ", 1)[-1])


def _one_digit_apart(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _digits(amount: Decimal) -> str:
    """In hundredths, as it is printed."""
    return str(int((amount * 100).to_integral_value()))
