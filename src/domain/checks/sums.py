"""Comparing a printed amount with what it should be, and saying so in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from src.domain.checks import currencies
from src.domain.checks.base import CheckSettings
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice

ROUNDING_DIFFERENCE = "rounding-difference"
LOOK_AGAIN = (
    "Compare these values with the page. If a value was read wrongly, correct it; if the page "
    "itself is wrong, ask the vendor for a corrected document."
)
ROUNDING_REMEDY = "Nothing to do if you accept the vendor's rounding."


@dataclass(frozen=True, slots=True)
class Rounding:
    """How precise amounts of this invoice are."""

    # Smallest unit of the currency, such as 0.01.
    minor: Decimal
    # Step that totals may be rounded to, None where totals are not rounded.
    coin: Decimal | None
    settings: CheckSettings

    @property
    def silent(self) -> Decimal:
        """A difference that is not worth a word: both sides print as the same amount."""
        return self.minor / 2

    def of_sum(self, summands: int) -> Decimal:
        """The most that rounding each of so many summands can add up to."""
        units = max(
            self.settings.sum_tolerance_floor, self.settings.sum_tolerance_per_summand * summands
        )
        return self.minor * min(units, self.settings.sum_tolerance_cap)

    def rounds_to_coin(self, exact: Decimal, printed: Decimal) -> bool:
        """Whether `printed` is `exact` rounded to the smallest coin."""
        return (
            self.coin is not None
            and printed % self.coin == 0
            and abs(printed - exact) <= self.coin / 2
        )


def rounding_of(invoice: Invoice, settings: CheckSettings) -> Rounding:
    """Precision of the invoice's currency; two decimals while the currency is unknown."""
    if invoice.currency is None:
        return Rounding(minor=Decimal("0.01"), coin=None, settings=settings)
    code = invoice.currency.value
    kind = invoice.document_type.value if invoice.document_type else None
    coin = currencies.smallest_coin(code, paid_in_cash=kind is DocumentType.RECEIPT)
    return Rounding(
        minor=Decimal(1).scaleb(-currencies.decimals(code)),
        coin=coin if settings.cash_rounding else None,
        settings=settings,
    )


@dataclass(frozen=True, slots=True)
class Term:
    """A named, signed amount of a sum."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Explanation:
    """One way a printed amount can come about: the sum of its terms, at least one."""

    terms: tuple[Term, ...]

    @property
    def value(self) -> Decimal:
        return sum((term.amount for term in self.terms), Decimal(0))

    def in_words(self, minor: Decimal) -> str:
        """Such as "subtotal 100.00 + tax 19.00 = 119.00"."""
        first, *others = self.terms
        words = f"{first.label} {show(first.amount, minor)}"
        for term in others:
            sign = "-" if term.amount < 0 else "+"
            words += f" {sign} {term.label} {show(abs(term.amount), minor)}"
        return words if len(self.terms) == 1 else f"{words} = {show(self.value, minor)}"


def with_options(
    required: Sequence[Term], optional: Iterable[Term | None]
) -> Iterator[Explanation]:
    """`required` with every choice of the optional terms; the fullest choice comes first."""
    there = [term for term in optional if term is not None and term.amount != 0]
    for choice in product((True, False), repeat=len(there)):
        chosen = (term for term, taken in zip(there, choice, strict=True) if taken)
        yield Explanation((*required, *chosen))


def show(amount: Decimal, minor: Decimal) -> str:
    """The amount with the decimals of its currency, or its own up to six; no exponent form."""
    if amount.adjusted() >= 15:
        return f"{amount:f}"
    places = max(decimals_of(minor), min(decimals_of(amount.normalize()), 6))
    return f"{amount.quantize(Decimal(1).scaleb(-places)):f}"


def decimals_of(amount: Decimal) -> int:
    """Decimal places as written, trailing zeros included."""
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """The amount a sum is held against."""

    # As it is called in messages, with the verb: "the page says total".
    label: str
    amount: Decimal
    # May be rounded to the smallest coin.
    to_coin: bool = False


def judge(
    code: str,
    printed: PrintedAmount,
    explanations: Sequence[Explanation],
    rounding: Rounding,
    tolerance: Decimal,
    fields: Sequence[str],
) -> Finding | None:
    """None if an explanation gives the printed amount, else the finding.

    A difference within `tolerance` is a `rounding-difference` (warning); beyond it the
    document contradicts itself (error `code`). Messages show the first explanation, which is
    the ordinary one. Without explanations there is nothing to compare.
    """
    if not explanations:
        return None
    nearest = min(explanations, key=lambda one: abs(one.value - printed.amount))
    difference = abs(nearest.value - printed.amount)
    if difference <= rounding.silent:
        return None
    if printed.to_coin and any(
        rounding.rounds_to_coin(one.value, printed.amount) for one in explanations
    ):
        return None
    says = f"but {printed.label} {show(printed.amount, rounding.minor)}"
    if difference <= tolerance:
        return Finding(
            code=ROUNDING_DIFFERENCE,
            severity=Severity.WARNING,
            message=f"{_capital(nearest.in_words(rounding.minor))}, {says}; "
            "rounding can explain the difference.",
            fields=tuple(fields),
            remedy=ROUNDING_REMEDY,
        )
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=f"{_capital(explanations[0].in_words(rounding.minor))}, {says}.",
        fields=tuple(fields),
        remedy=LOOK_AGAIN,
    )


def mildest(findings: Iterable[Finding | None]) -> Finding | None:
    """Of the findings of several views of the same amounts, the one that counts.

    One view without a finding clears them all; else a warning goes before an error.
    """
    worst: Finding | None = None
    for finding in findings:
        if finding is None:
            return None
        if worst is None or finding.severity is not Severity.ERROR:
            worst = finding
    return worst


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
