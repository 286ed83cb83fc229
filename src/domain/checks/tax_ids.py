"""Check digits of VAT and other tax identifiers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Protocol

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from src.domain.checks.base import CheckContext
from src.domain.checks.places import address_country, tax_country
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice, Party

TAX_ID_INVALID = "tax-id-invalid"

# Identifiers that businesses of a country print on invoices, by the name they have in
# python-stdnum; "vat" is its alias for the country's VAT, GST or sales tax number. Germany's
# Steuernummer (stnr) is printed in place of a VAT id by small businesses, and so on. Countries
# that also use numbers without a published rule are left out.
_KINDS = {
    **dict.fromkeys(
        [
            *("AR", "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "FI", "GR", "HR", "HU", "IE", "KR"),
            *("LT", "LU", "LV", "MT", "MX", "NL", "NZ", "PL", "PT", "RO", "SI", "SK", "TR"),
        ],
        ("vat",),
    ),
    "AU": ("abn", "acn"),
    "BR": ("cnpj", "cpf"),
    "CA": ("bn",),
    "CH": ("vat", "uid"),
    "DE": ("vat", "stnr", "idnr"),
    "ES": ("nif",),
    "FR": ("tva", "siren", "siret"),
    "GB": ("vat", "utr"),
    "IN": ("gstin", "pan"),
    "IT": ("iva", "codicefiscale"),
    "NO": ("mva", "orgnr"),
    "SE": ("vat", "orgnr"),
    "US": ("ein", "ssn", "itin"),
}


class Validator(Protocol):
    """A module of python-stdnum."""

    def validate(self, number: str) -> str:
        """Raises `ValidationError`."""
        ...


def check_tax_ids(invoice: Invoice, _context: CheckContext) -> Iterator[Finding]:
    """Check digits of vendor's and customer's tax ids, where country and rule are known."""
    for role, party in (
        ("vendor", invoice.vendor),
        ("customer", invoice.customer),
        ("payee", invoice.payee),
    ):
        if party.tax_id is None:
            continue
        number = party.tax_id.value
        country = _country(number, party)
        if country not in _KINDS:
            continue
        if not any(_is_valid(kind, number) for kind in _validators(country)):
            shown = number if len(number) <= 40 else f"{number[:40]}…"
            yield Finding(
                code=TAX_ID_INVALID,
                severity=Severity.WARNING,
                message=f"The {role}'s tax id {shown} is no valid number of {country}: "
                "its length, form or check digits are wrong.",
                fields=(f"{role}.tax_id",),
                remedy="Compare it with the page; if it is printed so, ask the vendor.",
            )


def _country(number: str, party: Party) -> str | None:
    """ISO 3166-1 alpha-2, from the prefix of the number, else from the address."""
    return tax_country(number) or address_country(party)


@cache
def _validators(country: str) -> tuple[Validator, ...]:
    """For a country of `_KINDS`; the imports are done once."""
    modules = (get_cc_module(country.lower(), kind) for kind in _KINDS[country])
    return tuple(module for module in modules if module is not None)


def _is_valid(kind: Validator, number: str) -> bool:
    try:
        kind.validate(number)
    except ValidationError:
        return False
    return True
