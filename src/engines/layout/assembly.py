"""Runs the stages in order and puts their results into the invoice schema."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from src.domain.candidate import Alternative
from src.domain.invoice import (
    BankAccount,
    DocumentType,
    Invoice,
    Party,
    PaymentDetails,
)
from src.domain.page import Page
from src.domain.readings import FieldReading
from src.engines.layout.addresses import parse_address
from src.engines.layout.amounts import read_amounts
from src.engines.layout.dates import OrderDecision, PlacedDate, decide_order, find_dates
from src.engines.layout.evidence import computed_value, read_value
from src.engines.layout.header import Header, HeaderNumber, read_header
from src.engines.layout.identifiers import Identifier, find_identifiers
from src.engines.layout.labels import find_labels
from src.engines.layout.lexicon import index, label_words
from src.engines.layout.locale import (
    CurrencyDecision,
    decide_currency,
    decide_language,
)
from src.engines.layout.model import DocumentLayout, LabelHit, Locale, Token
from src.engines.layout.origin import rank_countries, settle_country
from src.engines.layout.parties import Parties, decide_parties
from src.engines.layout.party_ids import first_of_kind, ids_of, stands_in
from src.engines.layout.seller import Facts, PartyRead
from src.engines.layout.slots import SlotFinder
from src.engines.layout.structure import build_layout, is_receipt
from src.engines.layout.terms import find_due_date, find_payment_term
from src.engines.layout.titles import Title, find_titles


def assemble(pages: Sequence[Page]) -> tuple[Invoice, tuple[Alternative, ...]]:
    """The invoice on the pages, and second choices for its main fields.

    Confidences are scores of the stages; `calibration` turns them into probabilities.
    """
    layout = build_layout(pages)
    if not layout.lines:
        return Invoice(), ()
    hits = find_labels(layout)
    finder = SlotFinder(layout, hits)
    identifiers = find_identifiers(layout, hits, finder)
    language, language_share = decide_language(layout)
    countries = rank_countries(layout, identifiers, language, hits)
    labelled = [t for hit in hits if hit.concept == "currency" for t in _value_of(hit, finder)]
    currency = decide_currency(layout, labelled, language, countries)
    country = settle_country(countries, currency)
    dates = find_dates(layout)
    order = decide_order(dates, language, country)
    locale = Locale(
        language, country, currency.code if currency else None, order.order, order.confidence
    )
    amounts = read_amounts(layout, locale)
    titles = find_titles(layout)
    header = read_header(hits, finder, titles, dates, order.order, amounts.table_areas)
    parties = decide_parties(
        Facts(layout, hits, identifiers, titles, language, amounts.table_areas)
    )
    of_seller = _without_register_number_of(parties.buyer, header)
    invoice = Invoice(
        document_type=_document_type(titles, layout),
        currency=_currency(currency, country),
        language=computed_value(language, ("words",), 0.5 + 0.5 * language_share),
        **_numbers(header),
        **_with_due_date(_dates(header, order), layout, dates, order),
        vendor=_party(parties.seller, ids_of(parties, identifiers, seller=True), of_seller, True),
        customer=_party(parties.buyer, ids_of(parties, identifiers, seller=False), header, False),
        ship_to=_party(parties.ship_to, (), None, False),
        payee=_party(parties.payee, (), None, False),
        payment=_payment(header, identifiers, hits, finder),
        totals=amounts.totals,
        allowances_charges=amounts.allowances_charges,
        tax_breakdown=amounts.tax_breakdown,
        line_items=amounts.line_items,
    )
    return invoice, _alternatives(header, parties)


def _without_register_number_of(buyer: PartyRead, header: Header) -> Header:
    """The header as the seller sees it: a register number in the buyer's block is not its own."""
    number = header.numbers.get("registration")
    if number is None or not stands_in(buyer, number.tokens[0]):
        return header
    others = {key: value for key, value in header.numbers.items() if key != "registration"}
    return replace(header, numbers=others)


def _value_of(hit: LabelHit, finder: SlotFinder) -> Sequence[Token]:
    for slot in finder.slots(hit):
        return slot.tokens
    return ()


def _document_type(
    titles: Sequence[Title], layout: DocumentLayout
) -> FieldReading[DocumentType] | None:
    if not titles:
        return _type_of_labels(layout) or _type_of_shape(layout)
    best = titles[0]
    rival = next((title for title in titles if title.kind is not best.kind), None)
    margin = min(1.0, (best.score - rival.score) / 2) if rival else 1.0
    return read_value(best.kind, best.tokens, 0.7 + 0.25 * margin)


def _type_of_labels(layout: DocumentLayout) -> FieldReading[DocumentType] | None:
    """Without a title, the first label made of one tells: "Rechnungsnummer"."""
    kinds = index("titles")
    stems = sorted((stem for stem in kinds if len(stem) >= _SHORTEST_STEM), key=len, reverse=True)
    for token in layout.tokens:
        word = "".join(label_words(token.text))
        for stem in stems:
            if word.startswith(stem):
                return read_value(DocumentType(kinds[stem][0]), [token], 0.7)
    return None


def _type_of_shape(layout: DocumentLayout) -> FieldReading[DocumentType] | None:
    if not is_receipt(layout):
        return None
    return read_value(DocumentType.RECEIPT, layout.tokens[:1], 0.5)


def _currency(decision: CurrencyDecision | None, country: str | None) -> FieldReading[str] | None:
    if decision is None:
        return None
    if decision.tokens:
        return read_value(decision.code, decision.tokens, decision.confidence)
    fields = ("vendor.address",) if country else ()
    return computed_value(decision.code, fields, decision.confidence)


# Days; later "due dates" are sort codes, warranties and the like.
_LONGEST_CREDIT = 400
# Shorter titles ("bill", "bon") begin too many other words.
_SHORTEST_STEM = 6
# Concept of a label -> field of the invoice.
_NUMBER_FIELDS = {
    "invoice_number": "invoice_number",
    "purchase_order": "purchase_order",
    "sales_order": "sales_order",
    "contract": "contract_reference",
    "project": "project_reference",
    "buyer_reference": "buyer_reference",
    "delivery_note": "delivery_note",
    "preceding_invoice": "preceding_invoice_number",
}
_DATE_FIELDS = {
    "invoice_date": "issue_date",
    "due_date": "due_date",
    "order_date": "order_date",
    "delivery_date": "delivery_date",
    "period_start": "service_period_start",
    "period_end": "service_period_end",
    "payment_date": "payment_date",
    "tax_point_date": "tax_point_date",
    "preceding_invoice_date": "preceding_invoice_date",
}


# "Your reference: PO-17": an order number says what it is.
_ORDER_PREFIX = re.compile(r"^(?:PO|P/O|BC|BDC|CDE|CMD|ORD|BEST|PED|ORDINE)[-_#/ ]?\d", re.I)


def _numbers(header: Header) -> dict[str, FieldReading[str]]:
    fields = {
        field: _number(header.numbers[concept])
        for concept, field in _NUMBER_FIELDS.items()
        if concept in header.numbers
    }
    reference = fields.get("buyer_reference")
    if reference and "purchase_order" not in fields and _ORDER_PREFIX.match(reference.value):
        fields["purchase_order"] = reference
    return fields


def _number(number: HeaderNumber) -> FieldReading[str]:
    margin = min(1.0, (number.score - number.runner_up) / 0.4)
    return read_value(number.value, number.tokens, number.score * (0.8 + 0.2 * margin))


def _dates(header: Header, order: OrderDecision) -> dict[str, FieldReading[date]]:
    return {
        field: read_value(
            header.dates[concept].value,
            header.dates[concept].tokens,
            header.dates[concept].score * order.confidence,
            header.dates[concept].text,
        )
        for concept, field in _DATE_FIELDS.items()
        if concept in header.dates
    }


def _is_doubtful(due: FieldReading[date], issued: date) -> bool:
    """A day years ahead without its century: "09-01-28" is a sort code."""
    text = due.text or ""
    return (due.value - issued).days > _LONGEST_CREDIT and f"{due.value.year}" not in text


def _with_due_date(
    dates: dict[str, FieldReading[date]],
    layout: DocumentLayout,
    printed: Sequence[PlacedDate],
    order: OrderDecision,
) -> dict[str, FieldReading[date]]:
    """Without a labelled due date, one that a sentence names, else what the terms give."""
    issued, due = dates.get("issue_date"), dates.get("due_date")
    if issued is None:
        return dates
    if due is not None and not _is_doubtful(due, issued.value):
        return dates
    dates = {field: reading for field, reading in dates.items() if field != "due_date"}
    named = find_due_date(layout, printed, order.order, issued.value)
    if named is not None:
        placed, day = named
        confidence = 0.8 * order.confidence
        return {**dates, "due_date": read_value(day, placed.tokens, confidence, placed.text)}
    term = find_payment_term(layout)
    if term is None:
        return dates
    due = computed_value(
        term.due(issued.value), ("issue_date", "payment.terms"), 0.7 * issued.confidence
    )
    return {**dates, "due_date": due}


def _party(
    party: PartyRead, ids: Sequence[Identifier], header: Header | None, is_seller: bool
) -> Party:
    first = first_of_kind(ids)
    numbers = header.numbers if header else {}
    registration = numbers.get("registration")
    if registration and not is_seller and not stands_in(party, registration.tokens[0]):
        # Outside the buyer's block it is the seller's.
        registration = None
    customer = numbers.get("vendor_id" if is_seller else "customer_id")
    address = None
    if party.address:
        address = read_value(
            parse_address(tuple(line.text for line in party.address)),
            [token for line in party.address for token in line.tokens],
            party.address_confidence,
            "\n".join(line.text for line in party.address),
        )
    return Party(
        name=read_value(party.name, party.name_tokens, party.name_confidence)
        if party.name
        else None,
        address=address,
        tax_id=_identifier(first.get("vat")),
        tax_registration=_identifier(first.get("tax_number")),
        customer_id=_number(customer) if customer else None,
        registration_number=_number(registration) if registration else None,
        phone=_identifier(first.get("phone")),
        email=_identifier(first.get("email")),
        website=_identifier(first.get("website")),
    )


def _identifier(identifier: Identifier | None) -> FieldReading[str] | None:
    if identifier is None:
        return None
    sure = {True: 0.97, None: 0.85, False: 0.6}[identifier.valid]
    return read_value(identifier.value, identifier.tokens, sure)


def _payment(
    header: Header,
    identifiers: Sequence[Identifier],
    hits: Sequence[LabelHit],
    finder: SlotFinder,
) -> PaymentDetails:
    ibans = [i for i in identifiers if i.kind == "iban"]
    bics = [i for i in identifiers if i.kind == "bic"]
    accounts = tuple(
        BankAccount(iban=_identifier(iban), bic=_identifier(bics[n]) if n < len(bics) else None)
        for n, iban in enumerate(_distinct(ibans))
    )
    number, code = header.numbers.get("account_number"), header.numbers.get("bank_code")
    if number and not accounts:
        accounts = (
            BankAccount(
                account_number=_number(number),
                bank_code=_number(code) if code else None,
                bic=_identifier(bics[0]) if bics else None,
                bank_name=_text_of("bank_name", hits, finder),
                account_holder=_text_of("account_holder", hits, finder),
            ),
        )
    reference = header.numbers.get("payment_reference")
    mandate = header.numbers.get("mandate_reference")
    biller = header.numbers.get("biller_code")
    return PaymentDetails(
        terms=_text_of("payment_terms", hits, finder),
        reference=_number(reference) if reference else None,
        mandate_reference=_number(mandate) if mandate else None,
        biller_code=_number(biller) if biller else None,
        accounts=accounts,
    )


def _distinct(identifiers: Sequence[Identifier]) -> Sequence[Identifier]:
    return list({identifier.value: identifier for identifier in reversed(identifiers)}.values())[
        ::-1
    ]


def _text_of(
    concept: str, hits: Sequence[LabelHit], finder: SlotFinder
) -> FieldReading[str] | None:
    """The text beside the first clear label of the concept."""
    for hit in hits:
        if hit.concept == concept and hit.confidence >= 0.9:
            for slot in finder.slots(hit):
                text = " ".join(token.text for token in slot.tokens)
                return read_value(text, slot.tokens, 0.8 * slot.affinity)
    return None


def _alternatives(header: Header, parties: Parties) -> tuple[Alternative, ...]:
    del header
    return tuple(
        Alternative(field="vendor.name", reading=read_value(e.text, e.tokens, 0.3 * e.weight))
        for e in parties.seller.others
    )
