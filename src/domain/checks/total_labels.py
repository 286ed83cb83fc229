"""Whether the row of the total says that it is one, in one currency and with the tax."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import amount_of
from src.domain.checks.sums import LOOK_AGAIN
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.readings import ReadEvidence

IS_NET = "total-is-net"
MIXED = "currencies-mixed"

# In normalised text: without tax by these words …
_NET = re.compile(
    r"\bex(?:cl)?(?:\.|uding|usive of)? ?(?:vat|gst|tax|sales tax|btw|iva|mwst|ust|moms)\b"
    r"|\b(?:before|without|pre-?) ?(?:vat|gst|tax)\b|\bhors tax|\bh\.?t\.?(?![a-z])"
    r"|\b(?:zzgl|ohne)\.? (?:mwst|ust)|\bsin (?:iva|impuestos)\b|\bbase imponible\b"
    r"|\biva esclusa\b|\bimponibile\b|\bsem iva\b|\bexkl\.? moms\b|\beks(?:kl)?\.? (?:mva|moms)\b"
)
# … and by these where the page speaks of a tax: a net may also be what a commission leaves.
_NET_OF_SOMETHING = re.compile(r"\bnet(?:to(?:betrag|summe|total)?)?\b")
_TAX = re.compile(r"\b(?:vat|gst|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|moms|mva)\b")
_WITH = re.compile(r"\b(?:incl|inkl|inc|with tax|gross|brutto|ttc|compris|inclu[isd]|lordo)")
# What stands for one currency alone.
_SIGNS = {
    "€": "EUR",
    "eur": "EUR",
    "usd": "USD",
    "us$": "USD",
    "gbp": "GBP",
    "£": "GBP",
    "chf": "CHF",
    "inr": "INR",
    "₹": "INR",
    "jpy": "JPY",
    "cad": "CAD",
    "aud": "AUD",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "zł": "PLN",
    "czk": "CZK",
    "huf": "HUF",
    "$": "dollars",
}
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "dollars"})
_SIGN = re.compile(
    r"(?<![a-z$])(?:" + "|".join(re.escape(sign) for sign in _SIGNS) + r")(?![a-z$])"
)
_SUMS = ("subtotal", "tax_total", "total", "amount_due")


def check_total_with_tax(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Where no tax was found, the row of the total does not say that it is without tax."""
    total = invoice.totals.total
    if total is None or amount_of(invoice.totals.tax_total):
        return
    row = _row_of(total.evidence, context)
    if row is None or _WITH.search(row):
        return
    if _NET.search(row) or (_NET_OF_SOMETHING.search(row) and _names_a_tax(context)):
        yield Finding(
            code=IS_NET,
            severity=Severity.ERROR,
            message=f"The page calls the total net: '{row[:80]}', and no tax was found.",
            fields=("totals.total", "totals.tax_total"),
            remedy="Enter the tax and the total with tax; a tax of 0 if there is none.",
        )


def _names_a_tax(context: CheckContext) -> bool:
    return any(_TAX.search(row.plain) for page in context.in_rows for row in page.rows)


def check_one_currency(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The rows of the totals are in one currency; a row that prints two states both."""
    seen: dict[str, str] = {}
    for name in _SUMS:
        reading = getattr(invoice.totals, name)
        row = None if reading is None else _row_of(reading.evidence, context)
        signs = {_SIGNS[sign] for sign in _SIGN.findall(row or "")}
        if len(signs) == 1:
            seen.setdefault(signs.pop(), f"totals.{name}")
    if len(seen) < 2 or _DOLLARS.issuperset(seen):
        return
    yield Finding(
        code=MIXED,
        severity=Severity.ERROR,
        message=f"The totals are in several currencies: {', '.join(sorted(seen))}.",
        fields=tuple(seen.values()),
        remedy=LOOK_AGAIN,
    )


def _row_of(evidence: object, context: CheckContext) -> str | None:
    """The normalised row in which a value stands; None for what is not read from a page."""
    if not isinstance(evidence, ReadEvidence):
        return None
    middle = (evidence.box.y0 + evidence.box.y1) / 2
    for page in context.in_rows:
        if page.number == evidence.page and page.rows:
            row = min(page.rows, key=lambda one: abs(one.height - middle))
            return row.plain
    return None
