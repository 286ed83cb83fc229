"""In which countries the parties of an invoice are, as far as it tells."""

from __future__ import annotations

import re

from src.domain.invoice import Invoice, Party

# Prefixes of European VAT ids; EL is Greece, XI Northern Ireland (BR-CO-09).
VAT_PREFIXES = frozenset(
    [
        *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GB"),
        *("HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE"),
        *("SI", "SK", "XI"),
    ]
)
_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB"}
# At most two more letters before the first digit (FRXX999999999, CHE-999): not a label such
# as "SIREN".
_PREFIX = re.compile(r"([A-Z]{2})[A-Z]{0,2}[0-9]")

EUROPEAN_UNION = frozenset(
    [
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    ]
)


def tax_country(number: str) -> str | None:
    """ISO 3166-1 alpha-2 of a European VAT id by its prefix."""
    match = _PREFIX.match(re.sub(r"[\s.:-]", "", number).upper())
    if match is None or match[1] not in VAT_PREFIXES:
        return None
    return _COUNTRY_OF_PREFIX.get(match[1], match[1])


def address_country(party: Party) -> str | None:
    country = party.address.value.country if party.address is not None else None
    return country.upper() if country else None


def party_countries(party: Party) -> frozenset[str]:
    """Of its address and its VAT id, which may differ: a company may be registered abroad."""
    by_tax_id = tax_country(party.tax_id.value) if party.tax_id is not None else None
    return frozenset(country for country in (address_country(party), by_tax_id) if country)


def vendor_countries(invoice: Invoice) -> frozenset[str]:
    return party_countries(invoice.vendor) | party_countries(invoice.payee)
