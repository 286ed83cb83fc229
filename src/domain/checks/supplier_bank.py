"""Bank details against what is known of the supplier.

Changed bank details on a genuine-looking invoice are how most payment fraud works (FBI IC3,
business e-mail compromise). A person who knows the supplier decides; approving the invoice
teaches the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from src.domain.checks.base import CheckContext
from src.domain.checks.places import vendor_countries
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.naming import compact
from src.domain.page import Page
from src.domain.suppliers import account_key, account_keys

CHANGED = "bank-account-changed"
OF_ANOTHER = "bank-account-of-another-supplier"
NEW_SUPPLIER = "new-supplier-bank-details"
FOREIGN = "bank-account-abroad"
SEVERAL = "several-bank-accounts"

_CALL = (
    "Ask the supplier on a channel you know from before, not on the one this document names; "
    "approving the invoice makes its account a known one."
)
# Where an IBAN starts, and the longest there is; the spaces within are of any number.
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ .-]?[A-Z0-9]{2,5}){3,9}")
_SHORTEST, _LONGEST = 15, 34
# A page with more text than this is no invoice; looking for accounts must stay cheap.
_MOST_TEXT = 100_000


def check_known_account(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Each account is one that an approved invoice of this supplier had."""
    known = context.known
    if known is None:
        return
    for position, account in enumerate(invoice.payment.accounts):
        key = account_key(account)
        if key is None or key in known.supplier.accounts:
            continue
        name = "iban" if account.iban is not None else "account_number"
        field = f"payment.accounts.{position}.{name}"
        owners = [facts.name for facts in known.same_account if key in facts.accounts]
        if owners:
            yield _finding(
                OF_ANOTHER,
                f"Account {_shown(key)} is known as that of {_short(owners[0])}, another supplier.",
                field,
            )
        elif known.supplier.accounts:
            usual = ", ".join(_shown(one) for one in sorted(known.supplier.accounts)[:3])
            yield _finding(
                CHANGED,
                f"Account {_shown(key)} is new for this supplier; approved invoices named {usual}.",
                field,
            )
        else:
            yield _new_account(invoice, context, key, field)


def _new_account(invoice: Invoice, context: CheckContext, key: str, field: str) -> Finding:
    """An account where none is known: of a supplier nobody approved yet, or of one that had
    named none."""
    known = context.known
    established = known is not None and known.approved >= context.settings.new_supplier_holds_from
    is_new = known is None or known.supplier.is_new
    name = invoice.vendor.name.value if invoice.vendor.name else "the supplier"
    reason = "no invoice of it was approved before" if is_new else "it named no account before"
    return _finding(
        NEW_SUPPLIER if is_new else CHANGED,
        f"Account {_shown(key)} of {_short(name)} is not known: {reason}.",
        field,
        Severity.ERROR if established or not is_new else Severity.WARNING,
    )


def check_account_country(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The IBAN's country is one the vendor is in, unless the account is known."""
    countries = vendor_countries(invoice)
    known = context.known.supplier.accounts if context.known is not None else frozenset[str]()
    if not countries:
        return
    for position, account in enumerate(invoice.payment.accounts):
        key = account_key(account)
        if account.iban is None or key is None or key in known or not _is_iban(key):
            continue
        if _country(key) not in countries:
            yield _finding(
                FOREIGN,
                f"IBAN {_shown(key)} is of {_country(key)}, but the vendor is in "
                f"{' or '.join(sorted(countries))}.",
                f"payment.accounts.{position}.iban",
            )


def check_several_accounts(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """One account to pay to. More than one, also where only the page shows the others, is how
    a pasted-in account looks; accounts that are known do not count.

    With a mandate the page may show the payer's own account.
    """
    if invoice.payment.mandate_reference is not None:
        return
    known = context.known.supplier.accounts if context.known is not None else frozenset[str]()
    named = account_keys(invoice)
    every = {key for key in named if _is_iban(key)}
    every |= {iban for page in context.pages for iban in _ibans_on(page)}
    if len(every) > 1 and not every <= known:
        shown = ", ".join(_shown(key) for key in sorted(every)[:4])
        yield _finding(
            SEVERAL,
            f"The document names {len(every)} bank accounts: {shown}.",
            "payment.accounts",
        )


def _ibans_on(page: Page) -> Iterator[str]:
    text = " ".join(word.text for word in page.words)[:_MOST_TEXT]
    for match in _IBAN.finditer(text):
        found = compact(match[0])[:_LONGEST]
        # The words after an IBAN may look like its end; its check digits tell.
        for length in range(len(found), _SHORTEST - 1, -1):
            if _check_digits_fit(found[:length]) and _is_iban(found[:length]):
                yield found[:length]
                break


def _check_digits_fit(text: str) -> bool:
    """ISO 7064 mod 97-10 alone; spares most lengths the whole test."""
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def _is_iban(key: str) -> bool:
    try:
        IBAN(key)
    except SchwiftyException:
        return False
    return True


def _country(iban: str) -> str:
    return iban[:2]


def _shown(key: str) -> str:
    """The ends are enough to compare by, and keep the account out of logs and lists."""
    return key if len(key) <= 10 else f"{key[:4]}…{key[-4:]}"


def _short(text: str | None) -> str:
    text = text or "?"
    return text if len(text) <= 60 else f"{text[:60]}…"


def _finding(code: str, message: str, field: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code=code, severity=severity, message=message, fields=(field,), remedy=_CALL)
