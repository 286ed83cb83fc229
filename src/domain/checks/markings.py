"""What a document says of itself beside its title: stamps, and sentences that deny.

A page may be a perfect invoice in every figure and still not be one to pay: a proforma is asked
for again, a void one is replaced, a paid one is paid already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import document_type_of
from src.domain.checks.printed import MONEY, normalise
from src.domain.checks.rows import PageRows
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice

NOT_PAYABLE = "marked-not-payable"
PAID = "marked-paid"
COPY = "marked-copy"

# fmt: off
_NOT_PAYABLE = frozenset((
    "void", "voided", "cancelled", "canceled", "draft", "specimen", "sample", "proforma",
    "do-not-pay", "not-for-payment", "storniert", "ungültig", "entwurf", "muster", "annulé",
    "annulée", "brouillon", "spécimen", "anulado", "anulada", "cancelado", "borrador",
    "muestra", "annullato", "annullata", "bozza", "fac-simile", "geannuleerd", "anulowano",
    "wzór", "makulerad", "utkast", "annulleret", "kladde", "pro-forma",
))
_PAID = frozenset((
    "paid", "paid-in-full", "already-paid", "payment-received", "bezahlt", "bereits-bezahlt",
    "betrag-erhalten", "payé", "payée", "acquitté", "acquittée", "facture-acquittée", "pagado",
    "pagada", "pagato", "pagata", "betaald", "voldaan", "zapłacono", "opłacono",
    "betald", "betalt",
))
_COPY = frozenset((
    "copy", "duplicate", "invoice-copy", "duplicate-copy", "file-copy", "kopie", "duplikat",
    "zweitschrift", "rechnungskopie", "copie", "duplicata", "copia", "duplicado", "duplicato",
    "afschrift", "duplikát",
))
# fmt: on
# In normalised text.
_DENIES = re.compile(
    r"\bnot (?:an? )?(?:valid )?(?:as )?(?:an? )?(?:tax |vat |commercial )?(?:invoice|bill)\b"
    r"|\bdo not pay (?:from )?this\b|\bnot for payment\b"
    r"|\b(?:ist|stellt) keine rechnung\b|\bkeine rechnung im sinne\b|\bnicht als rechnung\b"
    r"|n'est pas une facture\b|\bne (?:constitue pas une|vaut pas) facture\b"
    r"|\bno (?:es|constituye|válido como) (?:una )?factura\b"
    r"|\bnon (?:è|costituisce) (?:una )?fattura\b|\b(?:is|als) geen (?:geldige )?factuur\b"
    r"|\bnão (?:é|constitui) (?:uma )?fatura\b"
)
_LONGEST_MARK = 4
# Times the usual height of the page's words: a stamp, not a cell.
_LARGE = 1.6
_MOST_ROWS = 2_000


def check_markings(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """No stamp or sentence of the pages says that this is not to be paid.

    A stamp is a row of its own in capitals or in large letters. Receipts are paid, and say so.
    """
    is_receipt = document_type_of(invoice) is DocumentType.RECEIPT
    told: set[str] = set()
    for page in context.in_rows:
        for code, mark in _marks(page):
            if code in told or (is_receipt and code != NOT_PAYABLE):
                continue
            if code == PAID and not _asks_for_money(invoice):
                continue
            told.add(code)
            yield _finding(code, mark, page.number)


def _marks(page: PageRows) -> Iterator[tuple[str, str]]:
    """Codes with the words that say so."""
    heights = [word.box.y1 - word.box.y0 for word in page.page.words]
    if not heights:
        return
    least = _LARGE * median(heights)
    large = {
        word.text for word, height in zip(page.page.words, heights, strict=True) if height > least
    }
    for text in large:
        yield from _of_stamp(text)
    for row in page.rows[:_MOST_ROWS]:
        words = row.text.split()
        # "PAYMENT RECEIVED 107.64" is one of the totals, and says how much.
        if (
            len(words) <= _LONGEST_MARK
            and (row.text.isupper() or large.issuperset(words))
            and not MONEY.search(row.plain)
        ):
            yield from _of_stamp(row.text)
        denial = _DENIES.search(row.plain) if len(words) > 1 else None
        if denial is not None:
            yield NOT_PAYABLE, denial[0]


def _of_stamp(text: str) -> Iterator[tuple[str, str]]:
    stamp = "-".join(re.findall(r"[^\W\d_]+", normalise(text)))
    for code, stamps in ((NOT_PAYABLE, _NOT_PAYABLE), (PAID, _PAID), (COPY, _COPY)):
        if stamp in stamps:
            yield code, text


def _asks_for_money(invoice: Invoice) -> bool:
    asked = invoice.totals.amount_due or invoice.totals.total
    return asked is not None and asked.value > 0


_TOLD = {
    NOT_PAYABLE: (
        Severity.ERROR,
        "it is not an invoice to be paid",
        "Reject it, or ask the vendor which document is the invoice.",
    ),
    PAID: (
        Severity.ERROR,
        "it is paid already, but asks for money",
        "Look for the payment before it is paid again.",
    ),
    COPY: (
        Severity.WARNING,
        "it is a copy",
        "See that the original was not booked already.",
    ),
}


def _finding(code: str, mark: str, page: int) -> Finding:
    severity, meaning, remedy = _TOLD[code]
    return Finding(
        code=code,
        severity=severity,
        message=f"Page {page} says '{mark[:80]}': {meaning}.",
        fields=("document_type",),
        remedy=remedy,
    )
