"""Bank details: IBAN check digits and BIC structure."""

from __future__ import annotations

from collections.abc import Iterator

from schwifty import BIC, IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

from src.domain.checks.base import CheckContext
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice

IBAN_INVALID = "iban-invalid"
BIC_INVALID = "bic-invalid"

_ASK_THE_VENDOR = (
    "Compare it with the page and with what you know of the vendor; never pay to a corrected "
    "guess, ask the vendor on a channel you know."
)


def check_ibans(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Length, structure and check digits of every IBAN (ISO 13616, ISO 7064 mod 97-10)."""
    for position, account in enumerate(invoice.payment.accounts):
        if account.iban is None:
            continue
        try:
            IBAN(account.iban.value)
        except SchwiftyException as problem:
            yield Finding(
                code=IBAN_INVALID,
                severity=Severity.ERROR,
                message=f"IBAN {_short(account.iban.value)} cannot be right: {_reason(problem)}.",
                fields=(f"payment.accounts.{position}.iban",),
                remedy=_ASK_THE_VENDOR,
            )


def check_bics(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Length, structure and country of every BIC (ISO 9362)."""
    for position, account in enumerate(invoice.payment.accounts):
        if account.bic is None:
            continue
        try:
            BIC(account.bic.value)
        except SchwiftyException as problem:
            yield Finding(
                code=BIC_INVALID,
                severity=Severity.WARNING,
                message=f"BIC {_short(account.bic.value)} cannot be right: {_reason(problem)}.",
                fields=(f"payment.accounts.{position}.bic",),
                remedy=_ASK_THE_VENDOR,
            )


def _reason(problem: SchwiftyException) -> str:
    """In words of our own: the library's may repeat hostile input."""
    if isinstance(problem, InvalidChecksumDigits):
        return "its check digits do not fit its other digits"
    if isinstance(problem, InvalidLength):
        return "it is too long or too short"
    if isinstance(problem, InvalidCountryCode):
        return "it starts with no country that has such numbers"
    return "its letters and digits are not in the order of its country"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
