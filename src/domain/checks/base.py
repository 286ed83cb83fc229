"""What a check is, what it may look at, and every tolerance in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from src.domain.candidate import Alternative
from src.domain.findings import Finding
from src.domain.invoice import Invoice
from src.domain.page import Page


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

    # How far around its evidence box a value's words may lie, as a fraction of the page.
    evidence_margin: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What a check may look at beyond the invoice."""

    pages: tuple[Page, ...]
    today: date
    settings: CheckSettings = CheckSettings()
    # Second values for fields, from the candidate.
    alternatives: tuple[Alternative, ...] = ()


class Check(Protocol):
    """One rule or a family of rules; pure. A check that does not apply yields nothing."""

    def __call__(self, invoice: Invoice, context: CheckContext, /) -> Iterable[Finding]: ...


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """A check with the codes it may raise."""

    codes: tuple[str, ...]
    run: Check
