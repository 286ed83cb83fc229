"""Pieces that families of layouts put together in their own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from samples.model import Kind, SampleParty
from training.canvas import PAGES
from training.companies import make_customer, town_lines
from training.draft import Draft
from training.trade import Country, vocabulary

Pair = tuple[str, str]


def references(draft: Draft, *, number: bool = True, date: bool = True) -> list[Pair]:
    """Number, date and whatever else this printer puts beside them; label and value."""
    bill = draft.bill
    pairs: list[Pair] = []
    if number:
        pairs.append((draft.labelled(draft.number_key), bill.number))
        draft.states("invoice_number")
    if date:
        pairs.append((draft.labelled("date"), draft.day(bill.issued)))
        draft.states("invoice_date")
    others = _other_references(draft)
    draft.rng.shuffle(others)
    pairs += others
    if draft.chance(0.15):
        draft.rng.shuffle(pairs)
    return pairs


def _other_references(draft: Draft) -> list[Pair]:
    bill = draft.bill
    pairs: list[Pair] = []
    if bill.kind is Kind.CREDIT_NOTE:
        if draft.chance(0.8):
            pairs.append((draft.labelled("preceding"), bill.preceding_number))
    elif bill.days and draft.chance(0.6):
        pairs.append((draft.labelled("due"), draft.day(bill.due)))
        draft.states("due_date")
    if draft.chance(0.35):
        pairs.append((draft.labelled("order"), bill.order))
        draft.states("purchase_order")
    rarer = (
        (0.35, "customer_number", bill.customer_number),
        (0.2, "delivery", draft.day(bill.delivered)),
        (0.1, "order_date", draft.day(bill.ordered)),
        (0.12, "shipment", f"L{bill.customer_number}7"),
        (0.1, "period", f"{draft.day(bill.ordered)} - {draft.day(bill.delivered)}"),
    )
    pairs += [(draft.labelled(key), value) for share, key, value in rarer if draft.chance(share)]
    return pairs


def address_of(party: SampleParty, country: Country, draft: Draft) -> list[str]:
    """Street and town; the country on letters abroad."""
    lines = [party.street, *town_lines(party, country)]
    if country.code != draft.bill.country.code:
        lines.append(party.country_name.upper() if draft.style.capitals else party.country_name)
    return lines


def wordmark(draft: Draft) -> str:
    """What stands in large type on top: the company's name, or a short form of it; then
    `vendor_lines` has the registered name."""
    name = draft.bill.vendor.name
    words = name.split()
    draft.states("vendor.name")
    if len(words) < 3 or not draft.chance(0.12):
        return name
    draft.has_short_name = True
    short = " ".join(words[:-1] if draft.chance(0.5) else words[:1])
    return short.rstrip(" &")


def vendor_lines(draft: Draft) -> list[str]:
    """The address, with the registered name above it where the wordmark is a short form."""
    address = vendor_address(draft)
    return [draft.bill.vendor.name, *address] if draft.has_short_name else address


def vendor_address(draft: Draft) -> list[str]:
    """Street and town; some print none."""
    draft.states("vendor.name")
    if draft.prints_no_address:
        return []
    draft.states("vendor.address")
    return address_of(draft.bill.vendor, draft.bill.country, draft)


def vendor_contact(draft: Draft) -> list[str]:
    vendor = draft.bill.vendor
    lines = [f"{draft.labelled('phone')} {vendor.phone}"]
    email = draft.labelled("email")
    lines.append(f"{email} {vendor.email}".strip())
    if draft.chance(0.4):
        lines.append(f"www.{vendor.email.partition('@')[2]}")
    return lines if draft.chance(0.8) else lines[:1]


def vendor_tax_id(draft: Draft) -> str:
    """With its label; "" where the vendor prints none."""
    if not draft.bill.vendor.tax_id or (draft.bill.country.code == "US" and draft.chance(0.6)):
        return ""
    draft.states("vendor.tax_id")
    return f"{draft.labelled('tax_id')} {draft.bill.vendor.tax_id}"


def vendor_register(draft: Draft) -> str:
    return f"{draft.labelled('registration')} {draft.bill.vendor.registration}"


def bank_lines(draft: Draft) -> list[str]:
    vendor = draft.bill.vendor
    if not vendor.iban:
        return [vendor.bank, f"Account 0{vendor.registration[:4].strip()}1234"]
    draft.states("vendor.iban")
    iban = vendor.iban
    if draft.chance(0.6):
        iban = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
    lines = [vendor.bank, f"IBAN{draft.style.colon} {iban}"]
    return [*lines, f"BIC{draft.style.colon} {vendor.bic}"] if draft.chance(0.7) else lines


def customer_block(draft: Draft, *, tax_id: bool | None = None) -> list[str]:
    """Name, sometimes a person or department, address, sometimes the tax number."""
    customer = draft.bill.customer
    draft.states("customer.name")
    lines = [customer.name]
    if draft.chance(0.07):
        return lines
    draft.states("customer.address")
    if draft.chance(0.15) and customer.tax_id:
        person = draft.rng.choice(vocabulary(draft.bill.country.language).trade["people"])
        lines.append(f"{draft.label('attention')} {person}")
    lines += address_of(customer, draft.bill.customer_country, draft)
    if customer.tax_id and (draft.chance(0.3) if tax_id is None else tax_id):
        draft.states("customer.tax_id")
        lines.append(f"{draft.labelled('tax_id')} {customer.tax_id}")
    return lines


def put_pairs(
    draft: Draft,
    pairs: Sequence[Pair],
    x0: float,
    x1: float,
    y: float,
    *,
    values: str = "right",
    leading: float | None = None,
) -> float:
    """Labels from `x0`, values to or from `x1`; answers where the next row would stand."""
    style, canvas = draft.style, draft.canvas
    if values == "left":
        widest = max(
            canvas.measure(label, style.size, bold=style.bold_labels) for label, _ in pairs
        )
        x1 = max(x1, x0 + widest + 6)
    for label, value in pairs:
        canvas.text(x0, y, label, style.size, bold=style.bold_labels)
        size = style.size
        while values == "left" and x1 + canvas.measure(value, size) > canvas.width - 12:
            size -= 0.5
        canvas.text(x1, y, value, size, align=values)
        y += leading or style.leading
    return y


def put_inline(draft: Draft, pairs: Sequence[Pair], x: float, y: float) -> float:
    """Label and value run on in one line each."""
    for label, value in pairs:
        draft.canvas.text(x, y, f"{label} {value}", draft.style.size)
        y += draft.style.leading
    return y


def put_header_table(draft: Draft, pairs: Sequence[Pair], x0: float, x1: float, y: float) -> float:
    """Labels side by side, each value beneath its label."""
    canvas, style = draft.canvas, draft.style
    step = (x1 - x0) / len(pairs)
    for index, (label, value) in enumerate(pairs):
        x = x0 + index * step + 3
        size = style.size
        while canvas.measure(label, size, bold=True) > step - 6 and size > 5.5:
            size -= 0.5
        canvas.text(x, y, label.rstrip(":"), size, bold=style.bold_labels)
        canvas.text(x, y + style.leading + 2, value, style.size)
    if style.rules:
        canvas.frame(x0, y - style.size - 2, x1, y + style.leading + 6)
        canvas.rule(x0, y + 4, x1)
    return y + 2 * style.leading + 10


def put_footer(draft: Draft, columns: Sequence[Sequence[str]], x0: float, x1: float) -> None:
    """Small print in columns at the foot of this and every further page, with page numbers."""
    canvas = draft.canvas
    size = 6.5
    top = canvas.height - 66

    def draw() -> None:
        canvas.rule(x0, top - 10, x1)
        step = (x1 - x0) / max(1, len(columns))
        for index, column in enumerate(columns):
            canvas.stack(x0 + index * step, top, column, size, size * 1.4)
        put_page_number(draft, x1)

    canvas.on_page = draw
    draw()


def put_page_number(draft: Draft, x1: float) -> None:
    canvas = draft.canvas
    text = draft.label("page").format(page=canvas.page, pages=PAGES)
    canvas.text(x1, canvas.height - 18, text, 7, align="right")


def put_closing(draft: Draft, x: float, y: float) -> float:
    """Terms, bank and thanks below the totals, as far as the printer has them."""
    canvas, style = draft.canvas, draft.style
    lines: list[str] = []
    if draft.bill.kind is not Kind.CREDIT_NOTE and draft.bill.days and draft.chance(0.6):
        lines.append(draft.label("terms").format(days=draft.bill.days))
    if draft.style.currency_at == "none" and draft.chance(0.5):
        lines.append(
            {"de": "Alle Beträge in {}", "fr": "Montants en {}"}.get(
                draft.bill.country.language, "Currency: {}"
            ).format(draft.bill.currency)
        )
    if draft.chance(0.6):
        lines.append(draft.label("thanks"))
    if draft.chance(0.25):
        lines.append(_note(draft))
    return canvas.stack(x, y, lines, style.size, style.leading)


def _note(draft: Draft) -> str:
    """A sentence with a day, an amount or a company that are nothing to the bill's fields."""
    bill, rng = draft.bill, draft.rng
    return draft.label("notes").format(
        day=draft.day(bill.issued + timedelta(days=rng.randrange(3, 40))),
        amount=draft.money(bill.total * Decimal("0.98"), "totals"),
        company=make_customer(bill.country, rng, company=True).name,
    )
