"""Due dates of running text: "net 30", "zahlbar innerhalb von 14 Tagen", "please pay by 1 May"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from src.engines.layout.dates import PlacedDate
from src.engines.layout.lexicon import fold
from src.engines.layout.model import DateOrder, DocumentLayout

# Longer terms are not payment terms but warranties and the like.
_LONGEST = 180
_LONGEST_TEXT = 300
_DAYS = re.compile(
    r"(?<![\d.,])(?P<n>\d{1,3})\s?(?:calendar |business )?"
    r"(?:days?|tage?n?|jours?|j\b|dias?|giorni|gg|dagen|dni|dnu|dagar|dage|dager|paivaa|nap|hari)\b"
)
_NET = re.compile(r"\bnet(?:to)?\s?(?P<n>\d{1,3})\b(?!\s?[%.,]\d)")
# Words of paying, folded; "days" without one of them is about something else.
_PAYING = re.compile(
    r"\b(?:pay(?:ment|able)?|due|terms?|zahl\w*|netto|net|fallig\w*|paiement|reglement|regler|payable"
    r"|echeance|uberweis\w*|begleich\w*|virement|transfer|remit|pago|pagamento|betal\w*|betaal\w*|platnosc\w*|maksu\w*|splatn\w*|skonto)\b"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2}[.!;])\s+")
# What stands right before the last day of a payment, folded.
_UNTIL = re.compile(
    r"(?:\bbis(?: spatestens)?(?: zum)?(?: spatestens)?|\bspatestens(?: am| zum)?|\bby|\bbefore"
    r"|\buntil|\bno later than|\bnot later than|\bon or before|\bavant le|\bau plus tard le"
    r"|\bjusqu'au|\bantes del?|\bhasta el|\bentro il|\bvoor|\buiterlijk(?: op)?|\bdo(?: dnia)?"
    r"|\bsenast(?: den)?|\bsenest(?: den)?|\binnen|\bate)\s*$"
)
# What one may take off, and what a direct debit or a late payer is told, are other dates.
_NOT_DUE = re.compile(r"\b(?:skonto|discount|escompte|descuento|sconto|korting|rabatt?)|%")
_MOST_BEFORE = 14
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
    cells = [(line, place) for line in layout.lines for place in range(len(line.segments))]
    for line, place in cells:
        segment = line.segments[place]
        if len(segment.text) > _LONGEST_TEXT:
            continue
        # "Terms" may stand in the cell before "30 days".
        label = f"{line.segments[place - 1].text} " if place and len(segment.tokens) <= 5 else ""
        for text in _SENTENCE_END.split(fold(label + segment.text)):
            if _PAYING.search(text) and not _DELAY.search(text):
                days = [int(m["n"]) for m in (*_DAYS.finditer(text), *_NET.finditer(text))]
                found += [PaymentTerm(n, segment.text) for n in days if 0 < n <= _LONGEST]
    return max(found, key=lambda term: term.days, default=None)


def find_due_date(
    layout: DocumentLayout, dates: Sequence[PlacedDate], order: DateOrder, issued: date
) -> tuple[PlacedDate, date] | None:
    """The last day that a sentence about paying names ("… is payable by 14 November 2025").

    Days before `issued` are none; None if no sentence names one.
    """
    found: list[tuple[date, PlacedDate]] = []
    for placed in dates:
        day = placed.printed.read(order)
        if day is None or not 0 <= (day - issued).days <= _LONGEST:
            continue
        before, after = _sentence_around(layout, placed)
        whole = f"{before} {after}"
        if _UNTIL.search(before) and _PAYING.search(whole) and not _NOT_DUE.search(whole):
            found.append((day, placed))
    latest = max(found, key=lambda entry: entry[0], default=None)
    return None if latest is None else (latest[1], latest[0])


def _sentence_around(layout: DocumentLayout, placed: PlacedDate) -> tuple[str, str]:
    """The words of the date's sentence before and after it, folded; it may go over two lines."""
    tokens = placed.segment.tokens
    first = next(i for i, token in enumerate(tokens) if token is placed.tokens[0])
    last = first + len(placed.tokens)
    page = layout.page(placed.segment.page)
    start = placed.line.number - page.lines[0].number
    above = page.lines[start - 1].text if start and first < _MOST_BEFORE else ""
    below = page.lines[start + 1].text if start + 1 < len(page.lines) else ""
    before = " ".join([above, *(token.text for token in tokens[:first])])
    after = " ".join([*(token.text for token in tokens[last:]), below])
    return (
        _SENTENCE_END.split(fold(before))[-1].rstrip(" :"),
        _SENTENCE_END.split(fold(after))[0],
    )
