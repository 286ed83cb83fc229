"""A due date that follows from the payment terms: "net 30", "zahlbar innerhalb von 14 Tagen"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from src.engines.layout.lexicon import fold
from src.engines.layout.model import DocumentLayout

# Longer terms are not payment terms but warranties and the like.
_LONGEST = 180
_DAYS = re.compile(
    r"(?<![\d.,])(?P<n>\d{1,3})\s?(?:calendar |business )?"
    r"(?:days?|tage?n?|jours?|j\b|dias?|giorni|gg|dagen|dni|dnu|dagar|dage|dager|paivaa|nap|hari)\b"
)
_NET = re.compile(r"\bnet(?:to)?\s?(?P<n>\d{1,3})\b(?!\s?[%.,]\d)")
# Words of paying, folded; "days" without one of them is about something else.
_PAYING = re.compile(
    r"\b(?:pay(?:ment|able)?|due|terms?|zahl\w*|netto|net|fallig\w*|paiement|reglement|regler|payable"
    r"|echeance|pago|pagamento|betal\w*|betaal\w*|platnosc\w*|maksu\w*|splatn\w*|skonto)\b"
)
_DELAY = re.compile(r"\b(?:late|overdue|verzug|retard|interest|warranty|return)\b")


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """Days from the invoice date to the due date, and the words that say so."""

    days: int
    text: str

    def due(self, issued: date) -> date:
        return issued + timedelta(days=self.days)


def find_payment_term(layout: DocumentLayout) -> PaymentTerm | None:
    """The longest term on the page (shorter ones carry a discount); None if there is none."""
    found: list[PaymentTerm] = []
    for segment in layout.segments:
        text = fold(segment.text)
        if not any(c.isdigit() for c in text) or len(text) > 300 or _DELAY.search(text):
            continue
        if not _PAYING.search(text):
            continue
        for match in (*_DAYS.finditer(text), *_NET.finditer(text)):
            days = int(match["n"])
            if 0 < days <= _LONGEST:
                found.append(PaymentTerm(days, segment.text))
    return max(found, key=lambda term: term.days, default=None)
