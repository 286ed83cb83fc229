"""What tax law and EN 16931 say about rates, categories and bases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import (
    Figure,
    amount_of,
    counts,
    document_type_of,
    line_amount,
    tax_within,
)
from src.domain.checks.legal_rates import is_checked, is_legal, rates_in_force
from src.domain.checks.places import (
    EUROPEAN_UNION,
    address_country,
    party_countries,
    tax_country,
)
from src.domain.checks.sums import LOOK_AGAIN, Rounding, rounding_of, show
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.paths import iter_readings

NOT_LEGAL = "tax-rate-not-legal"
CATEGORY = "tax-category-mismatch"
REVERSE_CHARGE = "reverse-charge-without-tax-ids"
BASE_OF_RATE = "tax-base-of-rate-mismatch"

# UNTDID 5305 as EN 16931 uses it: taxed at zero, exempt, reverse charge, intra-community,
# export, outside the scope.
_UNTAXED = frozenset({"Z", "E", "AE", "K", "G", "O"})
_BUYER_OWES = frozenset({"AE", "K"})


def check_legal_rates(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Each rate was legal where the vendor is or is registered, or where the customer is
    (distance sales), on the day of the supply.

    An error if the country follows from the vendor's tax id, which says who the tax goes to.
    """
    day = _tax_day(invoice)
    vendor = party_countries(invoice.vendor)
    countries = vendor | party_countries(invoice.customer)
    if day is None or not vendor or not all(is_checked(country) for country in countries):
        return
    by_tax_id = tax_country(invoice.vendor.tax_id.value) if invoice.vendor.tax_id else None
    for path, reading in iter_readings(invoice):
        rate = reading.value
        if not path.startswith("tax_breakdown.") or not path.endswith(".rate"):
            continue
        if not isinstance(rate, Decimal) or any(is_legal(one, rate, day) for one in countries):
            continue
        home = by_tax_id or sorted(vendor)[0]
        in_force = ", ".join(f"{one.normalize():f}" for one in rates_in_force(home, day))
        yield Finding(
            code=NOT_LEGAL,
            severity=Severity.ERROR if by_tax_id else Severity.WARNING,
            message=f"{rate.normalize():f} % is no rate of {' or '.join(sorted(countries))} on "
            f"{day}; in force in {home}: {in_force} %.",
            fields=(path,),
            remedy="Compare the rate with the page; if it is printed so, ask the vendor for a "
            "corrected invoice: tax charged at a wrong rate may not be deductible.",
        )


def _tax_day(invoice: Invoice) -> date | None:
    for reading in (
        invoice.tax_point_date,
        invoice.delivery_date,
        invoice.service_period_end,
        invoice.issue_date,
    ):
        if reading is not None:
            return reading.value
    return None


def check_categories(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Category S has a rate above 0 (BR-S-05), the untaxed categories have 0 (BR-Z-05,
    BR-E-05, BR-AE-05, BR-IC-05, BR-G-05)."""
    for position, row in enumerate(invoice.tax_breakdown):
        category, rate = row.category, amount_of(row.rate)
        if category is None or rate is None:
            continue
        code = category.value.upper()
        if (code == "S" and rate == 0) or (code in _UNTAXED and rate != 0):
            yield Finding(
                code=CATEGORY,
                severity=Severity.ERROR,
                message=f"Tax category {code} does not go with a rate of {rate:f} %.",
                fields=(f"tax_breakdown.{position}.category", f"tax_breakdown.{position}.rate"),
                remedy=LOOK_AGAIN,
            )


def check_reverse_charge(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Where the buyer owes the tax, both tax ids are needed (BR-AE-02, BR-IC-02)."""
    categories = {row.category.value.upper() for row in invoice.tax_breakdown if row.category}
    if not categories & _BUYER_OWES:
        return
    missing = [
        f"{role}.tax_id"
        for role, party in (("vendor", invoice.vendor), ("customer", invoice.customer))
        if party.tax_id is None
        and party.tax_registration is None
        and (address_country(party) in EUROPEAN_UNION or address_country(party) is None)
    ]
    if missing:
        yield Finding(
            code=REVERSE_CHARGE,
            severity=Severity.WARNING,
            message="The customer owes the tax (reverse charge), but "
            f"{' and '.join(missing)} is not on the invoice.",
            fields=tuple(missing),
            remedy="Ask the vendor for an invoice with both tax ids.",
        )


def check_bases_by_rate(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The base of each rate is the sum of its lines, allowances and charges (BR-S-08).

    Checked where every line, allowance and charge tells its rate. Lines may be with tax.
    """
    lines = _sums_by_rate(invoice)
    if lines is None:
        return
    rounding = rounding_of(invoice, context.settings)
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for row in invoice.tax_breakdown:
        rate, base = amount_of(row.rate), amount_of(row.taxable_amount)
        if rate is None or base is None:
            return
        bases[rate] += base
    if not bases or set(lines) - set(bases):
        # Lines of a rate that is not listed: the sums of taxes and bases tell that.
        return
    wrong = [rate for rate in bases if not _agrees(rate, bases, lines, rounding, invoice)]
    for rate in wrong:
        yield Finding(
            code=BASE_OF_RATE,
            severity=Severity.ERROR,
            message=f"The lines taxed at {rate.normalize():f} % add up to "
            f"{show(lines.get(rate, Decimal(0)), rounding.minor)}, but the page says taxable "
            f"amount {show(bases[rate], rounding.minor)}.",
            fields=("line_items", "tax_breakdown"),
            remedy=LOOK_AGAIN,
        )


def _agrees(
    rate: Decimal,
    bases: Mapping[Decimal, Decimal],
    lines: Mapping[Decimal, Decimal],
    rounding: Rounding,
    invoice: Invoice,
) -> bool:
    worth, base = lines.get(rate, Decimal(0)), bases[rate]
    if document_type_of(invoice) is DocumentType.CREDIT_NOTE:
        worth, base = abs(worth), abs(base)
    contained: Figure = tax_within(worth, rate)
    possible = [worth] if contained is None else [worth, worth - contained]
    tolerance = rounding.of_sum(max(len(invoice.line_items), 2))
    return any(abs(one - base) <= tolerance for one in possible)


def _sums_by_rate(invoice: Invoice) -> dict[Decimal, Decimal] | None:
    """Rate -> sum of the amounts taxed at it; None if not every amount tells its rate."""
    totals = invoice.totals
    listed = bool(invoice.allowances_charges)
    unlisted = (totals.allowance_total, totals.charge_total, totals.shipping)
    if any(amount_of(one) for one in unlisted) and not listed:
        return None
    if amount_of(totals.shipping) and totals.charge_total is None:
        return None
    found: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in invoice.line_items:
        if not counts(line):
            continue
        rate, amount = amount_of(line.tax_rate), line_amount(line)
        if rate is None or amount is None:
            return None
        found[rate] += amount
    for item in invoice.allowances_charges:
        rate, amount = amount_of(item.tax_rate), amount_of(item.amount)
        if rate is None or amount is None:
            return None
        found[rate] += abs(amount) if item.is_charge else -abs(amount)
    return found or None
