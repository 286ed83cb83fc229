"""Whether the invoice is for one of our companies (`OWN_COMPANIES`)."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import document_type_of
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, Party
from src.domain.naming import alike, compact, mentions, name_key

NOT_OURS = "customer-not-us"
FROM_US = "vendor-is-us"

# More text than a long invoice has.
_MOST_TEXT = 200_000


def check_customer(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The customer is one of us by name or tax id, or else one of our names is on the page.

    Receipts often name no customer.
    """
    own = context.settings.own_companies
    if not own or _is_one_of(invoice.customer, own) or _on_page(context, own):
        return
    customer = invoice.customer.name
    if customer is None and document_type_of(invoice) is DocumentType.RECEIPT:
        return
    says = "names no customer" if customer is None else f"is for '{customer.value[:60]}'"
    yield Finding(
        code=NOT_OURS,
        severity=Severity.ERROR,
        message=f"The document {says}; none of OWN_COMPANIES is on it.",
        fields=("customer.name",),
        remedy="Reject it if it is for somebody else; if it is yours, add the name to "
        "OWN_COMPANIES.",
    )


def check_vendor(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The vendor is somebody else: our own outgoing invoices are not to be paid."""
    own = context.settings.own_companies
    # Invoices among our own companies are real: then the customer is one of us too.
    if own and _is_one_of(invoice.vendor, own) and not _is_one_of(invoice.customer, own):
        yield Finding(
            code=FROM_US,
            severity=Severity.ERROR,
            message="The vendor is one of OWN_COMPANIES: this is an outgoing invoice, or vendor "
            "and customer were taken for each other.",
            fields=("vendor.name", "customer.name"),
            remedy="Correct the parties, or reject the document.",
        )


def _is_one_of(party: Party, own: tuple[str, ...]) -> bool:
    names = [one.value for one in (party.name, party.trading_name) if one is not None]
    numbers = {compact(one.value) for one in (party.tax_id, party.tax_registration) if one}
    return any(compact(company) in numbers for company in own) or any(
        alike(name, company) for name in names for company in own if name_key(company)
    )


def _on_page(context: CheckContext, own: tuple[str, ...]) -> bool:
    for page in context.pages:
        text = " ".join(word.text for word in page.words)[:_MOST_TEXT]
        key = name_key_of_text(text)
        if any(mentions(key, company) for company in own):
            return True
    return False


def name_key_of_text(text: str) -> str:
    """A whole text folded word by word as names are."""
    return " ".join(name_key(word) for word in text.split())
