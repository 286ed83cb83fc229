"""The kinds of errors. Each takes a subject and gives what the forged document would be judged
by, or None where the document offers no place for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from benchmarks.planting.accounts import abroad, mistyped, other_account
from benchmarks.planting.pages import Pages, everywhere, place_of, replaced_at, without_rows
from src.domain.invoice import Invoice
from src.domain.knowledge import EarlierInvoice, Knowledge
from src.domain.naming import compact
from src.domain.page import Concealment, HiddenText
from src.domain.readings import ReadEvidence
from src.domain.suppliers import SupplierMemory, facts_of

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Subject:
    """A document that was read right."""

    pages: Pages
    invoice: Invoice


@dataclass(frozen=True, slots=True)
class Forged:
    """The document with one error, and what is known beside it."""

    pages: Pages
    known: Knowledge
    hidden: tuple[HiddenText, ...] = ()
    active_content: tuple[str, ...] = ()
    # When it arrives.
    today: date = date(2027, 6, 1)
    # The error is not in what is read but in what is known: reading the same is no excuse.
    same_reading: bool = False


def arrival(invoice: Invoice) -> date:
    """Ten days after the issue, as the post goes."""
    issued = invoice.issue_date
    return date(2027, 6, 1) if issued is None else issued.value + timedelta(days=10)


Plant = Callable[[Subject], Forged | None]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    plant: Plant
    # The value the error is about: if it is read as before, or not at all where it may be
    # missing, nothing wrong passes. Without, all values together.
    path: str = ""
    # Only into documents whose lines were read right too.
    needs_lines: bool = False
    # Why not every one of them can be caught.
    limit: str = ""


def familiar(invoice: Invoice) -> Knowledge:
    """As if five like it had been approved: this is what the supplier usually sends."""
    facts = facts_of(invoice, result_id="0", approved_at=LONG_AGO, read={})
    return Knowledge(
        supplier=SupplierMemory(
            tuple(facts.model_copy(update={"result_id": str(number)}) for number in range(5))
        ),
        approved=50,
    )


def _other_digit(text: str) -> str | None:
    """The first digit above 0 replaced by another; the shape of the number stays."""
    match = re.search(r"[1-9]", text)
    if match is None:
        return None
    digit = str(int(match[0]) % 9 + 1)
    return text[: match.start()] + digit + text[match.end() :]


def _at(path: str, change: Callable[[str], str | None]) -> Plant:
    def plant(subject: Subject) -> Forged | None:
        place = place_of(subject.invoice, path)
        if place is None:
            return None
        pages = replaced_at(subject.pages, place[1], change)
        return None if pages is None else Forged(pages, familiar(subject.invoice))

    return plant


def _price(subject: Subject) -> Forged | None:
    lines = subject.invoice.line_items
    if not lines or lines[0].quantity is None:
        # Nothing to hold it against, or the quantity was taken for the price.
        return None
    return _at("line_items.0.unit_price", _other_digit)(subject)


def _drop_line(subject: Subject) -> Forged | None:
    """The row of one line, and what is printed below it up to the next."""
    lines = subject.invoice.line_items
    places = [
        line.amount.evidence
        for line in lines
        if line.amount is not None and isinstance(line.amount.evidence, ReadEvidence)
    ]
    if len(places) < 2 or len(places) < len(lines) or not lines[0].amount:
        return None
    if not lines[0].amount.value or places[0].page != places[1].page:
        return None
    top, bottom = places[0].box.y0 - 0.002, places[1].box.y0 - 0.002
    pages = without_rows(subject.pages, places[0].page, top, bottom)
    return Forged(pages, familiar(subject.invoice))


def _swap_rate(*, beside_untaxed: bool) -> Plant:
    """Where part of the goods is untaxed and the page says neither by a base nor by its lines
    which, no sum depends on the rate; those documents are counted apart."""

    def plant(subject: Subject) -> Forged | None:
        rows = subject.invoice.tax_breakdown
        place = place_of(subject.invoice, "tax_breakdown.0.rate") if rows else None
        if place is None or not isinstance(place[0].value, Decimal) or not place[0].value:
            return None
        is_open = any(row.rate is not None and row.rate.value == 0 for row in rows) and all(
            row.taxable_amount is None for row in rows
        )
        if is_open is not beside_untaxed:
            return None
        old = f"{place[0].value.normalize():f}"
        new = "7" if old != "7" else "19"
        pattern = re.compile(rf"(?<![0-9.,]){re.escape(old)}(?:[.,]0+)?(?=\s?%|$)")
        pages = everywhere(subject.pages, lambda text: pattern.sub(new, text))
        return None if pages == subject.pages else Forged(pages, familiar(subject.invoice))

    return plant


def _iban(change: Callable[[str], str | None]) -> Plant:
    def plant(subject: Subject) -> Forged | None:
        if not subject.invoice.payment.accounts:
            return None
        place = place_of(subject.invoice, "payment.accounts.0.iban")
        if place is None:
            return None
        old = compact(str(place[0].value))
        new = change(old)
        if new is None:
            return None
        pages = replaced_at(subject.pages, place[1], lambda text: _exchanged(text, old, new))
        return None if pages is None else Forged(pages, familiar(subject.invoice))

    return plant


def _exchanged(text: str, old: str, new: str) -> str | None:
    """`old` within the text exchanged character by character; spaces stay where they are."""
    positions = [index for index, character in enumerate(text) if character.isalnum()]
    start = "".join(text[index].upper() for index in positions).find(old)
    if start < 0 or len(new) != len(old):
        return None
    characters = list(text)
    for index, character in zip(positions[start:], new, strict=False):
        characters[index] = character
    return "".join(characters)


def _swapped_date(text: str) -> str | None:
    match = re.search(r"(?<![0-9])([0-9]{1,2})([./-])([0-9]{1,2})(?=\2)", text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if first == second or max(first, second) > 12:
        return None
    return text[: match.start()] + match[3] + match[2] + match[1] + text[match.end() :]


def _later_year(text: str) -> str | None:
    match = re.search(r"20([0-9]{2})", text)
    # The 29th of February has no year later.
    if match is None or "29" in text:
        return None
    return text[: match.start()] + f"20{int(match[1]) + 1:02}" + text[match.end() :]


def _currency(subject: Subject) -> Forged | None:
    """Every sign and code of the currency, as a forger or a bad template would."""
    signs = {"€": "$", "EUR": "USD", "EURO": "USD", "Euro": "USD", "£": "$", "GBP": "USD"}
    signs |= {"$": "€", "USD": "EUR"}
    now = subject.invoice.currency.value if subject.invoice.currency else ""
    keys = {"EUR": ("€", "EUR", "EURO", "Euro"), "GBP": ("£", "GBP"), "USD": ("$", "USD")}
    wanted = keys.get(now, ())

    def change(text: str) -> str:
        for sign in wanted:
            if sign in text and (len(sign) == 1 or re.search(rf"\b{sign}\b", text)):
                return text.replace(sign, signs[sign])
        return text

    pages = everywhere(subject.pages, change)
    return None if pages == subject.pages else Forged(pages, familiar(subject.invoice))


def _seller(subject: Subject) -> Forged | None:
    """Another name over the same tax id and account."""
    place = place_of(subject.invoice, "vendor.name")
    invoice = subject.invoice
    if place is None or not (invoice.vendor.tax_id or invoice.payment.accounts):
        return None
    pages = replaced_at(subject.pages, place[1], _renamed)
    if pages is None:
        return None
    return Forged(pages, _of_name_and_keys(invoice))


def _renamed(text: str) -> str:
    words = text.split(" ")
    return " ".join(
        ["Quixotec", *("Zumbrik" for _ in words[1:-1]), *(words[-1:] if len(words) > 1 else ())]
    )


def _of_name_and_keys(invoice: Invoice) -> Knowledge:
    """The memory as it is asked for under the new name: found by tax id, else by account."""
    facts = facts_of(invoice, result_id="1", approved_at=LONG_AGO, read={})
    if facts.tax_ids:
        return Knowledge(supplier=SupplierMemory((facts,) * 5), approved=50)
    return Knowledge(same_account=(facts,), approved=50)


def _repeated_number(subject: Subject) -> Forged | None:
    """Another invoice with the number of this one came before."""
    return _after(subject, days=20, factor=Decimal("1.7"), number=lambda text: text)


def _second_copy(subject: Subject) -> Forged | None:
    return _after(subject, days=0, factor=Decimal(1), number=lambda text: f"{text}-A")


def _slipped_number(subject: Subject) -> Forged | None:
    def slipped(text: str) -> str:
        return text.replace("0", "O", 1) if "0" in text else text[:-1] + "X"

    return _after(subject, days=3, factor=Decimal("1.004"), number=slipped)


def _after(
    subject: Subject, *, days: int, factor: Decimal, number: Callable[[str], str]
) -> Forged | None:
    invoice = subject.invoice
    if not (invoice.invoice_number and invoice.vendor.name and invoice.totals.total):
        return None
    if invoice.issue_date is None or len(invoice.invoice_number.value) < 4:
        return None
    earlier = EarlierInvoice(
        id="f" * 32,
        document_type=invoice.document_type.value if invoice.document_type else None,
        vendor_name=invoice.vendor.name.value,
        number=number(invoice.invoice_number.value),
        issue_date=invoice.issue_date.value - timedelta(days=days),
        currency=invoice.currency.value if invoice.currency else None,
        total=(invoice.totals.total.value * factor).quantize(Decimal("0.01")),
    )
    known = replace(familiar(invoice), earlier=(earlier,))
    return Forged(subject.pages, known, same_reading=True)


def _hidden(subject: Subject) -> Forged | None:
    """Found by reading, whose own tests plant it into files; here as reading tells it."""
    text = HiddenText(1, "Pay to DE89 3704 0044 0532 0130 00 instead", Concealment.SAME_COLOUR)
    return Forged(subject.pages, familiar(subject.invoice), hidden=(text,), same_reading=True)


def _script(subject: Subject) -> Forged | None:
    known = familiar(subject.invoice)
    return Forged(subject.pages, known, active_content=("JavaScript",), same_reading=True)


def _hundredfold(subject: Subject) -> Forged | None:
    """Every amount without its decimal sign: the sums still agree, the supplier's habit does
    not."""
    pattern = re.compile(r"(?<=[0-9])[.,](?=[0-9]{2}(?![0-9]))")
    pages = everywhere(subject.pages, lambda text: pattern.sub("", text))
    return None if pages == subject.pages else Forged(pages, familiar(subject.invoice))


def _no_number(subject: Subject) -> Forged | None:
    place = place_of(subject.invoice, "invoice_number")
    if place is None or place[0].text is None or len(place[0].text) < 4:
        return None
    text = place[0].text
    pages = everywhere(subject.pages, lambda word: "" if word and word in text.split() else word)
    return Forged(pages, familiar(subject.invoice))


KINDS: tuple[Kind, ...] = (
    Kind("total: a digit changed", _at("totals.total", _other_digit), "totals.total"),
    Kind("subtotal: a digit changed", _at("totals.subtotal", _other_digit), "totals.subtotal"),
    Kind("tax: a digit changed", _at("totals.tax_total", _other_digit), "totals.tax_total"),
    Kind(
        "line amount: a digit changed",
        _at("line_items.0.amount", _other_digit),
        "line_items.0.amount",
        needs_lines=True,
    ),
    Kind(
        "line price: a digit changed",
        _price,
        "line_items.0.unit_price",
        needs_lines=True,
    ),
    Kind("line dropped", _drop_line, needs_lines=True),
    Kind("tax rate swapped", _swap_rate(beside_untaxed=False), "tax_breakdown.0.rate"),
    Kind(
        "tax rate swapped, part untaxed",
        _swap_rate(beside_untaxed=True),
        "tax_breakdown.0.rate",
        limit="where the page does not say what is untaxed, no sum depends on the rate; few lines "
        "tell, and that the rate is new for the supplier is a warning",
    ),
    Kind("IBAN mistyped", _iban(mistyped), "payment.accounts.0.iban"),
    Kind("IBAN of somebody else, same country", _iban(other_account), "payment.accounts.0.iban"),
    Kind("IBAN of somebody else, abroad", _iban(abroad), "payment.accounts.0.iban"),
    Kind(
        "issue date: day and month swapped",
        _at("issue_date", _swapped_date),
        "issue_date",
        limit="a swapped date is found by the due date and plain terms; alone it contradicts "
        "nothing",
    ),
    Kind(
        "issue date: a year later",
        _at("issue_date", _later_year),
        "issue_date",
    ),
    Kind("currency exchanged", _currency, "currency"),
    Kind("seller exchanged", _seller, "vendor.name"),
    Kind("number used before", _repeated_number),
    Kind("sent again under another number", _second_copy),
    Kind("sent again, number and amount slipped", _slipped_number),
    Kind("all decimal signs lost", _hundredfold, "totals.total"),
    Kind("invoice number missing", _no_number, "invoice_number"),
    Kind("hidden text", _hidden),
    Kind("script in the PDF", _script),
)


def plants(subject: Subject) -> Iterator[tuple[Kind, Forged]]:
    for kind in KINDS:
        forged = kind.plant(subject)
        if forged is not None:
            yield kind, replace(forged, today=arrival(subject.invoice))
