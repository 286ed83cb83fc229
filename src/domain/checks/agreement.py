"""Whether two engines that read the same pages say the same."""

from __future__ import annotations

from collections.abc import Iterator

from src.domain.candidate import Alternative
from src.domain.checks.base import CheckContext
from src.domain.checks.grounding import Kind, kind_of
from src.domain.errors import NotFound
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice
from src.domain.paths import Reading, get_reading
from src.domain.readings import CorrectedEvidence, XmlEvidence
from src.domain.suppliers import SUPPLIER_MEMORY

DISAGREE = "engines-disagree"

# An engine gives an alternative at most this confidence (0..1) when other facts, such as the
# arithmetic of the page, have decided against it.
DECIDED_AGAINST = 0.1


def check_agreement(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """Fields for which another engine than the one that made the reading gives another value.

    Second choices of the same engine are no disagreement; what a person set is settled.
    """
    for alternative in context.alternatives:
        reading = _reading(invoice, alternative.field)
        if reading is None or isinstance(reading.evidence, CorrectedEvidence):
            continue
        other = alternative.reading
        if other.engine == SUPPLIER_MEMORY:
            # What people made of the field before; `corrected-before` tells it.
            continue
        if other.engine != reading.engine and other.value != str(reading.value):
            yield _finding(alternative, reading)


def _reading(invoice: Invoice, path: str) -> Reading | None:
    try:
        return get_reading(invoice, path)
    except NotFound:
        # A person may have removed the line it belonged to.
        return None


def _finding(alternative: Alternative, reading: Reading) -> Finding:
    other = alternative.reading
    return Finding(
        code=DISAGREE,
        severity=_severity(alternative, reading),
        message=f"{alternative.field}: {reading.engine} reads '{_short(str(reading.value))}', "
        f"{other.engine} reads '{_short(other.value)}'.",
        fields=(alternative.field,),
        remedy="Compare both with the page and keep the one it says.",
    )


def _severity(alternative: Alternative, reading: Reading) -> Severity:
    """Money that may go wrong holds the document, unless the page itself has decided; so does an
    XML that says something else than the page people approve."""
    kind = kind_of(alternative.field, reading)
    if kind is Kind.BANK:
        return Severity.ERROR
    if alternative.reading.confidence <= DECIDED_AGAINST:
        return Severity.INFO
    by_xml = isinstance(reading.evidence, XmlEvidence)
    return Severity.ERROR if by_xml or kind is Kind.AMOUNT else Severity.WARNING


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
