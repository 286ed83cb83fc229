"""Due date against terms of payment, and dates that can be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from src.domain.checks.base import CheckContext
from src.domain.checks.places import party_countries
from src.domain.checks.printed import normalise
from src.domain.findings import Finding, Severity
from src.domain.invoice import Day, Invoice

NOT_AS_TERMS = "due-date-not-as-terms"
AMBIGUOUS = "date-ambiguous"

# "30 days", "30 Tage", "30 jours", "30 giorni" …; nothing but letters may be between.
_DAYS = re.compile(
    r"(?<![0-9.,/%-])([0-9]{1,3})\s?-?\s?"
    r"(?:(?:calendar|kalender)[ -]?)?"
    r"(?:days?|d\b|tagen?|tg\b|jours?|jrs?\b|dias?|días|giorni|gg\b|dagen|dage|dagar|dni|päivää|pv\b)"
)
_NET_DAYS = re.compile(r"\bnet(?:to|t)?\s?-?\s?([0-9]{1,3})(?![0-9.,%])")
# Terms that do not simply count days from the invoice.
_NOT_PLAIN = re.compile(
    r"%|fin de mois|end of (?:the )?month|\beom\b|monatsende|fine mese|fin de mes|mes fin|"
    r"working|business|werktag|arbeitstag|bank days|ouvr|lavorativi|werkdagen|"
    r"mahn|overdue|verzug|retard|reminder|after delivery|nach lieferung|receipt of goods"
)
_MOST_TERMS = 500
_TWO_NUMBERS = re.compile(
    r"^\D*([0-9]{1,2})\s?([-/])\s?([0-9]{1,2})\s?\2\s?([0-9]{4}|[0-9]{2})\D*$"
)
# Where the month comes first on paper; elsewhere (Canada, the Philippines) both are in use.
_MONTH_FIRST = frozenset({"US"})
_BOTH = frozenset({"CA", "PH", "PR", "PA", "KE", "ZA"})


def check_due_by_terms(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Issue date + days of plain terms = due date, give or take a weekend.

    The days may count from the delivery or the day of the supply; one month may stand for 30
    days. Terms with discounts, ends of month or working days are not judged.
    """
    issued, due, days = _day(invoice.issue_date), _day(invoice.due_date), plain_days(invoice)
    if issued is None or due is None or days is None:
        return
    starts = {issued} | {
        day
        for day in map(_day, (invoice.delivery_date, invoice.service_period_end))
        if day is not None
    }
    tolerance = context.settings.terms_tolerance_days
    if any(abs((due - start).days - days) <= tolerance for start in starts):
        return
    expected = issued + timedelta(days=days)
    yield Finding(
        code=NOT_AS_TERMS,
        severity=Severity.ERROR,
        message=f"The terms say {days} days, so {expected} after the issue on {issued}, but the "
        f"due date is {due}.",
        fields=("issue_date", "due_date", "payment.terms"),
        remedy="Look whether day and month of one date were swapped or a digit was misread.",
    )


def plain_days(invoice: Invoice) -> int | None:
    """The days until payment if the terms name exactly one number of them, and nothing else."""
    if invoice.payment.terms is None:
        return None
    text = normalise(invoice.payment.terms.value)[:_MOST_TERMS]
    if _NOT_PLAIN.search(text):
        return None
    found = {int(run) for run in _DAYS.findall(text)} | {
        int(run) for run in _NET_DAYS.findall(text)
    }
    return found.pop() if len(found) == 1 else None


def check_ambiguous_date(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """A date of two small numbers, such as 03/04/2026, where nothing tells which is the month.

    Another date of the page that can be read in one way only tells, as does the vendor's
    country; then nothing is said.
    """
    open_dates = [
        (name, pair)
        for name, reading in _dates(invoice)
        if reading is not None and (pair := _two_ways(reading.text or "")) is not None
    ]
    if not open_dates or _is_decided(invoice):
        return
    for name, (first, second) in open_dates:
        if name == "issue_date":
            yield Finding(
                code=AMBIGUOUS,
                severity=Severity.WARNING,
                message=f"The issue date is printed as {first:02}/{second:02}: day and month can "
                "be read either way, and nothing on the page tells which.",
                fields=("issue_date",),
                remedy="Ask which is meant if tax periods or payment depend on it.",
            )


def _is_decided(invoice: Invoice) -> bool:
    """By another date in the same style, by a due date that fits one reading, or by country."""
    for _, reading in _dates(invoice):
        match = _TWO_NUMBERS.match((reading.text if reading else None) or "")
        if match is not None and max(int(match[1]), int(match[3])) > 12:
            return True
    if plain_days(invoice) is not None and invoice.due_date is not None:
        return True
    countries = party_countries(invoice.vendor)
    return (
        bool(countries)
        and not countries & _BOTH
        and (countries <= _MONTH_FIRST or not countries & _MONTH_FIRST)
    )


def _two_ways(text: str) -> tuple[int, int] | None:
    """Both numbers of a date of which either can be the month."""
    match = _TWO_NUMBERS.match(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    possible = 1 <= first <= 12 and 1 <= second <= 12 and first != second
    return (first, second) if possible else None


def _dates(invoice: Invoice) -> tuple[tuple[str, Day], ...]:
    return (
        ("issue_date", invoice.issue_date),
        ("due_date", invoice.due_date),
        ("delivery_date", invoice.delivery_date),
        ("order_date", invoice.order_date),
        ("service_period_start", invoice.service_period_start),
        ("service_period_end", invoice.service_period_end),
    )


def _day(reading: Day) -> date | None:
    return reading.value if reading is not None else None
