"""Any invoice that is computed rightly passes; any changed amount is found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from src.domain.checks import CheckSettings
from src.domain.checks.lines import product_tolerance
from src.domain.checks.sums import rounding_of
from src.domain.invoice import AllowanceCharge, DocumentType, Invoice
from src.domain.paths import get_reading
from tests.domain.build import codes, exact, invoice, line, rate

CENT = Decimal("0.01")
RATES = (Decimal(0), Decimal(7), Decimal(19), Decimal("5.5"), Decimal(20))


@dataclass(frozen=True)
class Item:
    quantity: Decimal
    price: Decimal
    base_quantity: Decimal
    discount: Decimal
    charge: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        worth = self.quantity * self.price / self.base_quantity
        return _cents(worth - self.discount + self.charge)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _amounts(most: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=most, places=2)


ITEMS = st.lists(
    st.builds(
        Item,
        quantity=st.decimals(min_value="0.001", max_value=500, places=3),
        price=st.decimals(min_value="0.0001", max_value=2000, places=4),
        base_quantity=st.sampled_from([Decimal(1), Decimal(1), Decimal(100)]),
        discount=st.one_of(st.just(Decimal(0)), _amounts(50)),
        charge=st.one_of(st.just(Decimal(0)), _amounts(20)),
        rate=st.sampled_from(RATES),
    ),
    min_size=1,
    max_size=8,
)


def _compute(
    items: list[Item], allowance: Decimal, charge: Decimal, paid: Decimal, sign: int
) -> Invoice:
    """An invoice as EN 16931 computes it; allowance and charge are taxed at the first rate."""
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for item in items:
        bases[item.rate] += item.amount
    bases[items[0].rate] += charge - allowance
    taxes = {percent: _cents(base * percent / 100) for percent, base in bases.items()}
    line_total = sum((item.amount for item in items), Decimal(0))
    subtotal = line_total - allowance + charge
    tax = sum(taxes.values(), Decimal(0))
    total = subtotal + tax
    computed = invoice(
        kind=DocumentType.INVOICE if sign > 0 else DocumentType.CREDIT_NOTE,
        lines=tuple(
            line(
                str(sign * item.quantity),
                str(item.price),
                str(sign * item.amount),
                price_base_quantity=str(item.base_quantity),
                # A line discount is unsigned, so it is left out of credited lines.
                **({"discount": str(item.discount), "charge": str(item.charge)}),
            )
            for item in items
        ),
        rates=tuple(
            rate(str(percent), str(sign * base), str(sign * taxes[percent]))
            for percent, base in bases.items()
        ),
        line_total=str(sign * line_total),
        allowance_total=str(allowance),
        charge_total=str(charge),
        subtotal=str(sign * subtotal),
        tax_total=str(sign * tax),
        total=str(sign * total),
        amount_paid=str(paid),
        amount_due=str(sign * total - paid),
    )
    listed = (
        AllowanceCharge(is_charge=False, amount=exact(allowance)),
        AllowanceCharge(is_charge=True, amount=exact(charge)),
    )
    return computed.model_copy(update={"allowances_charges": listed})


@given(items=ITEMS, allowance=_amounts(100), charge=_amounts(100), paid=_amounts(100))
@settings(max_examples=150, deadline=None)
def test_a_computed_invoice_has_no_finding(
    items: list[Item], allowance: Decimal, charge: Decimal, paid: Decimal
) -> None:
    assert codes(_compute(items, allowance, charge, paid, 1)) == []


@given(items=ITEMS, sign=st.sampled_from([1, -1]))
@settings(max_examples=80, deadline=None)
def test_a_computed_credit_note_has_no_finding(items: list[Item], sign: int) -> None:
    plain = [
        Item(item.quantity, item.price, item.base_quantity, Decimal(0), Decimal(0), item.rate)
        for item in items
    ]
    subject = _compute(plain, Decimal(0), Decimal(0), Decimal(0), sign)
    credit = subject.model_copy(update={"document_type": exact(DocumentType.CREDIT_NOTE)})
    assert codes(credit) == []


PATHS = (
    "totals.line_total",
    "totals.subtotal",
    "totals.tax_total",
    "totals.total",
    "totals.amount_due",
    "totals.allowance_total",
    "totals.charge_total",
    "totals.amount_paid",
    "line_items.0.amount",
    "tax_breakdown.0.tax_amount",
    "tax_breakdown.0.taxable_amount",
)


def _changed(subject: Invoice, path: str, change: Decimal) -> Invoice:
    """The invoice with the amount at `path` changed."""
    content = subject.model_dump()
    *way, last = path.split(".")
    node: Any = content
    for part in way:
        node = node[int(part)] if part.isdigit() else node[part]
    node[last]["value"] += change
    return Invoice.model_validate(content)


def _tolerance(subject: Invoice, path: str) -> Decimal:
    """The tolerance docs/checks.md states for the amount."""
    rounding = rounding_of(subject, CheckSettings())
    if path.startswith("line_items"):
        return max(
            product_tolerance(subject.line_items[0], rounding),
            rounding.of_sum(len(subject.line_items)),
        )
    return rounding.of_sum(max(len(subject.line_items), 2))


@given(
    items=ITEMS,
    allowance=_amounts(100),
    charge=_amounts(100),
    paid=_amounts(100),
    path=st.sampled_from(PATHS),
    change=st.decimals(min_value=-500, max_value=500, places=2),
)
@settings(max_examples=400, deadline=None)
def test_any_changed_amount_is_an_error(
    items: list[Item],
    allowance: Decimal,
    charge: Decimal,
    paid: Decimal,
    path: str,
    change: Decimal,
) -> None:
    subject = _compute(items, allowance, charge, paid, 1)
    before = get_reading(subject, path)
    assert before is not None
    assert isinstance(before.value, Decimal)
    assume(abs(change) > _tolerance(subject, path))
    # Allowances, charges and payments carry no sign: -5.00 says the same as 5.00.
    assume(abs(before.value + change) != abs(before.value))
    # A page may print its subtotal before or after allowances and charges: changed by exactly
    # these it is another right invoice.
    moved = [sign * part for part in (allowance, charge, allowance - charge) for sign in (1, -1)]
    assume(all(abs(change - part) > 2 * CENT for part in moved))
    assert set(codes(_changed(subject, path, change))) - {"rounding-difference"}


@given(
    items=ITEMS,
    path=st.sampled_from(["totals.subtotal", "totals.tax_total", "totals.total"]),
    change=st.sampled_from([CENT, -CENT]),
)
@settings(max_examples=60, deadline=None)
def test_a_single_cent_in_the_totals_is_at_least_remarked_on(
    items: list[Item], path: str, change: Decimal
) -> None:
    subject = _compute(items, Decimal(0), Decimal(0), Decimal(0), 1)
    assert codes(_changed(subject, path, change))
