"""Numbers and dates of the invoice head, decided together.

Every value may belong to several labels and every label may point at several places; the best
pairs are taken first, and a value that serves one field is not offered to another: the number
of the preceding invoice cannot become the number of a credit note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from src.domain.invoice import DocumentType
from src.engines.layout.addresses import LineKind, line_kind
from src.engines.layout.codes import code_at, is_number_word
from src.engines.layout.dates import DATE_WORDS, PlacedDate, opens_letter
from src.engines.layout.lexicon import label_words
from src.engines.layout.model import DateOrder, FieldCandidate, LabelHit, Rect, Token
from src.engines.layout.slots import Slot, SlotFinder
from src.engines.layout.titles import Title

# Concepts whose value is a number or code; the second element is the trust in the label.
NUMBER_CONCEPTS: Mapping[str, float] = {
    "invoice_number": 1.0,
    "preceding_invoice": 1.05,
    "purchase_order": 0.97,
    "sales_order": 0.97,
    "customer_id": 0.95,
    "vendor_id": 0.95,
    "contract": 0.95,
    "project": 0.9,
    "buyer_reference": 0.85,
    "delivery_note": 0.95,
    "payment_reference": 0.9,
    "mandate_reference": 0.95,
    "other_number": 0.9,
    "number": 0.5,
    "vat_id": 0.97,
    "tax_number": 0.97,
    "registration": 0.97,
    "account_number": 0.95,
    "bank_code": 0.95,
    "phone": 0.95,
    "fax": 0.95,
    "biller_code": 0.95,
}
DATE_CONCEPTS: Mapping[str, float] = {
    "invoice_date": 1.0,
    "date": 0.8,
    "due_date": 1.0,
    "order_date": 0.97,
    "delivery_date": 0.98,
    "service_period": 0.97,
    "period_start": 0.97,
    "period_end": 0.97,
    "payment_date": 0.95,
    "tax_point_date": 0.97,
    "other_date": 0.95,
    "preceding_invoice_date": 1.0,
}
# "No 12 of 5 May": the date beside a number belongs to what the number names.
_DATE_OF_NUMBER = {
    "invoice_number": "invoice_date",
    "purchase_order": "order_date",
    "sales_order": "order_date",
    "preceding_invoice": "preceding_invoice_date",
    "delivery_note": "delivery_date",
    "contract": "other_date",
    "other_number": "other_date",
    "buyer_reference": "other_date",
}
_PLACES = frozenset({LineKind.STREET, LineKind.CITY, LineKind.NUMBERED})
_OF_PAYMENT = frozenset({"receipt", "transaction", "trans", "tran", "trx", "transaktion"})
_INDIRECT = 0.97
# Letters of the word for "number" in full.
_SPELLED_OUT = 5
_SIGNS = frozenset("#№")
# Their numbers hold no letters.
_DIALLED = frozenset({"phone", "fax"})
# What "No." alone is worth as the label of the document's number.
_SHORT_NUMBER = 1.05
# What the place and date of a letter are worth as the date of the invoice.
_LETTER_DATE = 0.75
# Labels below are slips of other words, or words amid a text.
_DOUBTFUL = 0.55


@dataclass(frozen=True, slots=True)
class HeaderNumber:
    value: str
    tokens: tuple[Token, ...]
    score: float
    # Score of the next best other value for the same field, 0 if there is none.
    runner_up: float = 0.0


@dataclass(frozen=True)
class Header:
    numbers: Mapping[str, HeaderNumber] = field(default_factory=dict)
    dates: Mapping[str, FieldCandidate[date]] = field(default_factory=dict)
    # Second of two dates at one label (a period).
    period: tuple[FieldCandidate[date], FieldCandidate[date]] | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    concept: str
    value: str
    tokens: tuple[Token, ...]
    score: float


def read_header(
    hits: Sequence[LabelHit],
    finder: SlotFinder,
    titles: Sequence[Title],
    dates: Sequence[PlacedDate],
    order: DateOrder,
    excluded: Sequence[tuple[int, Rect]] = (),
) -> Header:
    """All header fields that labels, titles or position show."""
    # "20250417" may be a number like any other.
    separate = [placed for placed in dates if not placed.printed.compact]
    date_tokens = {id(token) for placed in separate for token in placed.tokens}
    by_token = {id(token): placed for placed in dates for token in placed.tokens}
    pairs: list[_Pair] = []
    date_pairs: list[tuple[str, PlacedDate, float]] = []
    titles = _unclaimed(titles, hits)
    credit = bool(titles) and titles[0].kind is DocumentType.CREDIT_NOTE
    headings = {id(title.segment) for title in titles}
    for hit in hits:
        if hit.concept == "number" and id(hit.segment) in headings:
            # "Invoice (380) No. 12": the number of the title, not of a party.
            continue
        in_table = _inside(hit.rect, hit.segment.page, excluded) or _nested(hit)
        for slot in finder.slots(hit):
            strength = slot.affinity * hit.confidence * (0.5 if in_table else 1.0)
            if hit.concept in NUMBER_CONCEPTS and not _is_prose(hit):
                weight = strength * NUMBER_CONCEPTS[hit.concept] * _directness(hit)
                concept = "preceding_invoice" if credit and _refers(hit) else hit.concept
                pairs += _numbers(concept, slot, weight, date_tokens)
                if not in_table:
                    share = _share_of_document(hit)
                    pairs += _numbers("invoice_number", slot, share * weight, date_tokens)
            date_pairs += _dates(hit.concept, slot, strength, by_token)
    pairs += list(_numbers_of_titles(titles, finder, date_tokens))
    date_pairs += list(_dates_of_titles(titles, by_token))
    date_pairs += [
        ("invoice_date", placed, _LETTER_DATE) for placed in dates if opens_letter(placed)
    ]
    numbers = _assign_numbers(pairs)
    assigned = _assign_dates(date_pairs, order)
    return Header(numbers, _with_fallback(assigned, dates, date_pairs, order, excluded))


def _unclaimed(titles: Sequence[Title], hits: Sequence[LabelHit]) -> list[Title]:
    """Titles that are not part of another label ("to invoice no …" on a credit note)."""
    claimed = {
        id(token)
        for hit in hits
        if hit.concept not in {"invoice_number", "invoice_date", "number"}
        and hit.confidence > _DOUBTFUL
        for token in hit.tokens
    }
    return [title for title in titles if not any(id(t) in claimed for t in title.tokens)]


def _share_of_document(hit: LabelHit) -> float:
    """A cell that says "Number" or "No." and no more: of the document, where nothing else has one.

    0 for other labels.
    """
    word = hit.tokens[0].text.rstrip(":.")
    whole = len(hit.tokens) == 1 and (hit.colon or hit.tokens == hit.segment.tokens)
    if hit.concept != "number" or not whole or not (word.isalpha() or word in _SIGNS):
        return 0.0
    if len(word) >= _SPELLED_OUT:
        return 1.2
    return _SHORT_NUMBER if hit.tokens == hit.segment.tokens else 0.0


def _directness(hit: LabelHit) -> float:
    """ "Receipt number" beside "Invoice number" is of the payment, not of the invoice."""
    words = {word for token in hit.tokens for word in label_words(token.text)}
    paid = hit.concept == "invoice_number" and not words.isdisjoint(_OF_PAYMENT)
    return _INDIRECT if paid else 1.0


def _refers(hit: LabelHit) -> bool:
    """ "Invoice ref.": on a credit note, the invoice it is about."""
    words = [word for token in hit.tokens for word in label_words(token.text)]
    return hit.concept == "invoice_number" and not {"ref", "reference"}.isdisjoint(words)


def _is_prose(hit: LabelHit) -> bool:
    """One plain word amid running text: "delivered free (order > 300)"."""
    bare = len(hit.tokens) == 1 and "#" not in "".join(label_words(hit.tokens[0].text))
    return bare and hit.confidence <= 0.5 and not hit.colon


def _nested(hit: LabelHit) -> bool:
    """The label stands in the value of another one: "Payment text: Invoice No 12"."""
    before = [s for s in hit.line.segments if s.rect.x1 <= hit.segment.rect.x0]
    first = hit.tokens[0] is hit.segment.tokens[0]
    return bool(before) and before[-1].text.endswith(":") and (not first or bool(hit.rest))


def _inside(rect: Rect, page: int, areas: Sequence[tuple[int, Rect]]) -> bool:
    return any(
        number == page and area.y0 - 1 <= rect.cy <= area.y1 + 1 and area.overlap_x(rect) > 0
        for number, area in areas
    )


def _numbers(concept: str, slot: Slot, weight: float, date_tokens: set[int]) -> Iterator[_Pair]:
    if weight <= 0:
        return
    found = code_at(slot.tokens, date_tokens)
    if found is None:
        return
    value, tokens, quality = found
    if concept in _DIALLED and any(c.isalpha() for c in value):
        return
    if slot.direction != "inline" and line_kind(slot.segment.text) in _PLACES:
        # A street or town of the next column: "37 Mill Lane".
        quality *= 0.3
    yield _Pair(concept, value, tokens, weight * quality)


def _numbers_of_titles(
    titles: Sequence[Title], finder: SlotFinder, date_tokens: set[int]
) -> Iterator[_Pair]:
    """ "Facture FA-12", "INVOICE: 12", "Invoice" above "# 12"."""
    for rank, title in enumerate(titles[:4]):
        hit = LabelHit("invoice_number", title.tokens, title.segment, title.line, title.rest, 1.0)
        inline = Slot(hit, title.rest, title.segment, title.line, "inline", 1.0)
        # "Invoice (380) No." with the number in the next cell.
        open_end = bool(title.rest) and label_words(title.rest[-1].text) == ("#",)
        for slot in (inline, *(s for s in finder.slots(hit) if s.direction != "inline")):
            words, marked = _behind_number_word(slot.tokens)
            found = code_at(words, date_tokens)
            if found is None:
                continue
            value, tokens, quality = found
            marked = marked or title.tokens[-1].text.endswith(":")
            marked = marked or (open_end and slot.direction == "right")
            strength = 0.9 if marked else 0.7 if slot.direction == "inline" else 0.45
            score = strength * slot.affinity * quality * (1.0 - 0.1 * rank)
            if len(value) < 3 and not marked:
                score *= 0.5
            yield _Pair("invoice_number", value, tokens, score)


def _behind_number_word(tokens: Sequence[Token]) -> tuple[Sequence[Token], bool]:
    """ "(final) (380) No. 12": what follows the word for "number", and whether there is one."""
    for position, token in enumerate(tokens[:8]):
        if is_number_word(token.text):
            return tokens[
                position + (token.text.strip("#№:.") != "" or len(token.text) == 1) :
            ], True
        if token.text[0] in "#№":
            return tokens[position:], True
    return tokens, False


def _dates(
    concept: str, slot: Slot, strength: float, by_token: Mapping[int, PlacedDate]
) -> Iterator[tuple[str, PlacedDate, float]]:
    """Dates in a slot; the first counts most."""
    seen: list[PlacedDate] = []
    for position, token in enumerate(slot.tokens):
        placed = by_token.get(id(token))
        if placed is None or placed in seen:
            continue
        seen.append(placed)
        near = 1.0 if position == 0 else 0.95 - 0.05 * min(position, 8)
        if concept in DATE_CONCEPTS:
            # A period names its start first.
            weight = DATE_CONCEPTS[concept] * (0.9 if len(seen) > 1 else 1.0)
            yield concept, placed, strength * weight * near
        elif concept in _DATE_OF_NUMBER and position and _tells_number(slot):
            before = slot.tokens[position - 1].text.strip(".,:(").casefold()
            if before in DATE_WORDS:
                yield _DATE_OF_NUMBER[concept], placed, 0.93 * strength


def _tells_number(slot: Slot) -> bool:
    """The slot begins with a number; below a label, other text may stand."""
    return slot.direction != "below" or any(c.isdigit() for c in slot.tokens[0].text)


def _dates_of_titles(
    titles: Sequence[Title], by_token: Mapping[int, PlacedDate]
) -> Iterator[tuple[str, PlacedDate, float]]:
    """ "Rechnung Nr. 12 vom 5.3.2024" in the heading."""
    for title in titles[:3]:
        segments = title.line.segments
        place = next(i for i, segment in enumerate(segments) if segment is title.segment)
        beside = segments[place + 1].tokens if place + 1 < len(segments) else ()
        for token in (*title.rest, *beside):
            if (placed := by_token.get(id(token))) is not None:
                yield "invoice_date", placed, 0.85
                break


def _assign_numbers(pairs: Sequence[_Pair]) -> Mapping[str, HeaderNumber]:
    assigned: dict[str, HeaderNumber] = {}
    owner: dict[int, str] = {}
    for pair in sorted(pairs, key=lambda p: -p.score):
        holder = owner.get(id(pair.tokens[0]))
        if holder is not None and holder != pair.concept:
            continue
        current = assigned.get(pair.concept)
        if current is None:
            assigned[pair.concept] = HeaderNumber(pair.value, pair.tokens, pair.score)
            owner[id(pair.tokens[0])] = pair.concept
        elif pair.value != current.value:
            owner.setdefault(id(pair.tokens[0]), pair.concept)
            if not current.runner_up:
                assigned[pair.concept] = HeaderNumber(
                    current.value, current.tokens, current.score, pair.score
                )
    return assigned


def _assign_dates(
    pairs: Sequence[tuple[str, PlacedDate, float]], order: DateOrder
) -> dict[str, FieldCandidate[date]]:
    assigned: dict[str, FieldCandidate[date]] = {}
    owner: dict[int, str] = {}
    for concept, placed, score in sorted(pairs, key=lambda p: -p[2]):
        target = "invoice_date" if concept == "date" else concept
        holder = owner.get(id(placed))
        if holder not in (None, target) or (target in assigned and target != "service_period"):
            continue
        day = placed.printed.read(order)
        if day is None:
            continue
        owner[id(placed)] = target
        key = target
        if target == "service_period":
            key = "period_start" if "period_start" not in assigned else "period_end"
            if key in assigned:
                continue
        assigned[key] = FieldCandidate(day, placed.text, placed.tokens, score)
    return assigned


def _with_fallback(
    assigned: dict[str, FieldCandidate[date]],
    dates: Sequence[PlacedDate],
    pairs: Sequence[tuple[str, PlacedDate, float]],
    order: DateOrder,
    excluded: Sequence[tuple[int, Rect]],
) -> Mapping[str, FieldCandidate[date]]:
    """Without a labelled invoice date: the first date that no other label claims."""
    if "invoice_date" in assigned:
        return assigned
    claimed = {id(placed) for _, placed, score in pairs if score > 0.45}
    for placed in dates:
        day = placed.printed.read(order)
        if day is None or id(placed) in claimed or placed.printed.compact:
            continue
        if _inside(placed.segment.rect, placed.segment.page, excluded):
            continue
        assigned["invoice_date"] = FieldCandidate(day, placed.text, placed.tokens, 0.55)
        return assigned
    for concept in ("tax_point_date", "delivery_date", "payment_date", "order_date"):
        if (other := assigned.get(concept)) is not None:
            assigned["invoice_date"] = FieldCandidate(other.value, other.text, other.tokens, 0.35)
            break
    return assigned
