"""What a check is, what it may look at, and every tolerance in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from src.domain.candidate import Alternative
from src.domain.checks.rows import PageRows, in_rows
from src.domain.findings import Finding
from src.domain.invoice import Invoice
from src.domain.knowledge import Knowledge
from src.domain.page import HiddenText, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """Switches and tolerances. "Minor unit" is the smallest unit of the currency: 0.01 EUR."""

    # Codes of findings that are not wanted.
    disabled: frozenset[str] = frozenset()

    # Sums: a difference of up to one half minor unit a summand can come from rounding.
    sum_tolerance_per_summand: Decimal = Decimal("0.5")
    # … but never less than this many minor units …
    sum_tolerance_floor: Decimal = Decimal(1)
    # … and never more than this many, however many lines there are.
    sum_tolerance_cap: Decimal = Decimal(50)
    # Quantity x price: allowance for printed prices being rounded, as a share of the amount.
    product_tolerance_share: Decimal = Decimal("0.02")
    # A total may be rounded to the smallest coin of its currency.
    cash_rounding: bool = True

    # Days after today an issue date may lie without remark (time zones), and before it holds.
    future_days_silent: int = 1
    future_days_error: int = 31
    # Years before today after which an issue date is remarked on.
    max_age_years: int = 10
    # Longest usual days between issue and due date.
    max_payment_days: int = 120
    # Longest usual days between issue and delivery, either way.
    max_delivery_days: int = 366

    # Days a due date may differ from plain terms of payment: weekends, dates of receipt.
    terms_tolerance_days: int = 4

    # How far around its evidence box a value's words may lie, as a fraction of the page.
    evidence_margin: float = 0.01

    # Duplicates: how far amounts may differ as a share, and dates in days.
    duplicate_amount_share: Decimal = Decimal("0.01")
    duplicate_days: int = 30

    # Approved invoices of a supplier from which on its habits count.
    habit_from: int = 2
    # Approved invoices from which on amounts are compared, and how many times the median (and
    # twice the largest) is unusual.
    unusual_amount_from: int = 5
    unusual_amount_factor: Decimal = Decimal(5)
    # Approved invoices of anybody from which on the bank details of a new supplier hold the
    # document; before, every supplier is new.
    new_supplier_holds_from: int = 50

    # What an invoice may exceed its order by, as a share.
    order_tolerance_share: Decimal = Decimal("0.02")
    # Whether an invoice must name an order, where orders are kept.
    order_required: bool = False

    # Names and tax ids of the companies invoices are for; empty: not checked.
    own_companies: tuple[str, ...] = ()


# Without slots: the rows are worked out once, when the first check asks for them.
@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """What a check may look at beyond the invoice."""

    pages: tuple[Page, ...]
    today: date
    settings: CheckSettings = CheckSettings()
    # Second values for fields, from the candidate.
    alternatives: tuple[Alternative, ...] = ()
    # What earlier documents say; None where there is no memory to ask.
    known: Knowledge | None = None
    # Text that is in the file, but not to be seen on its pages.
    hidden: tuple[HiddenText, ...] = ()
    # What the file would do by itself, such as "JavaScript".
    active_content: tuple[str, ...] = ()

    @cached_property
    def in_rows(self) -> tuple[PageRows, ...]:
        """The pages as rows of text."""
        return tuple(in_rows(page) for page in self.pages)


class Check(Protocol):
    """One rule or a family of rules; pure. A check that does not apply yields nothing."""

    def __call__(self, invoice: Invoice, context: CheckContext, /) -> Iterable[Finding]: ...


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """A check with the codes it may raise."""

    codes: tuple[str, ...]
    run: Check
