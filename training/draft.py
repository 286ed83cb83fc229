"""One bill being set: its style, its choice of words, and what was really printed of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from samples.model import Kind
from training.bill import Bill
from training.canvas import Canvas
from training.fonts import Face, unicode_faces, western_faces
from training.trade import SYMBOLS, vocabulary

A4 = (595.0, 842.0)
LETTER = (612.0, 792.0)
_LATIN_1 = frozenset({"en", "de", "fr", "es", "it", "nl", "pt", "sv", "da"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Habits of one printer, drawn once a document."""

    size: float
    leading: float
    # What follows a label, such as ":".
    colon: str
    bold_labels: bool
    capitals: bool
    group: str
    money: str
    # Where the currency stands: "all" amounts, "totals", the "final" one, or "none".
    currency_at: str
    day: str
    # How a negative amount is put; takes the number without sign.
    negative: str
    rules: bool
    # What this printer calls the tax.
    tax_name: str


def make_style(bill: Bill, rng: Random) -> Style:
    country = bill.country
    size = rng.choice((8.0, 8.5, 9.0, 9.0, 10.0))
    money = rng.choice(country.money)
    if bill.currency != country.currency:
        money = rng.choice(("{n} {c}", "{c} {n}", "{n} {s}"))
    return Style(
        size=size,
        leading=size * rng.choice((1.25, 1.35, 1.5)),
        colon=rng.choice((":", ":", "", "")),
        bold_labels=rng.random() < 0.3,
        capitals=rng.random() < 0.08,
        group=rng.choice(country.groups),
        money=money,
        currency_at=rng.choice(("all", "totals", "totals", "final", "final"))
        if money != "{n}"
        else "none",
        day=rng.choice(country.dates),
        negative=rng.choice(("-{}", "-{}", "-{}", "({})", "{}-")),
        rules=rng.random() < 0.6,
        tax_name=rng.choice(country.tax),
    )


@dataclass
class Draft:
    canvas: Canvas
    bill: Bill
    style: Style
    rng: Random
    # Paths of the neutral schema that stand on the page.
    stated: set[str] = field(default_factory=set)
    # The wordmark is not the registered name.
    has_short_name: bool = False
    prints_no_address: bool = False
    _chosen: dict[str, str] = field(default_factory=dict)

    def label(self, key: str) -> str:
        """The same wording all through the document."""
        if key not in self._chosen:
            options = vocabulary(self.bill.country.language).labels[key]
            text = self.rng.choice(options)
            capitals = self.style.capitals and "{" not in text
            self._chosen[key] = text.upper() if capitals else text
        return self._chosen[key]

    def labelled(self, key: str) -> str:
        """With the colon of this printer."""
        text = self.label(key)
        return f"{text}{self.style.colon}" if text and not text.endswith((":", "#")) else text

    @property
    def title(self) -> str:
        return self.label(_TITLES[self.bill.kind])

    @property
    def number_key(self) -> str:
        return _NUMBERS[self.bill.kind]

    def number(self, value: Decimal, places: int = 2) -> str:
        digits, _, fraction = f"{abs(value):.{places}f}".partition(".")
        text = grouped(digits, self.style.group)
        text += f"{self.bill.country.point}{fraction}" if fraction else ""
        return self.style.negative.format(text) if value < 0 else text

    def quantity(self, value: Decimal) -> str:
        """Without needless zeros."""
        return self.number(value, max(0, -int(value.normalize().as_tuple().exponent)))

    def money(self, value: Decimal, place: str = "all") -> str:
        """`place`: "all" for a cell of a table, "totals" for a sum, "final" for the total."""
        ranks = ("all", "totals", "final", "none")
        if ranks.index(self.style.currency_at) > ranks.index(place):
            return self.number(value)
        code = self.bill.currency
        number = self.number(value)
        if value < 0 and number.startswith("-"):
            # The sign stands before a currency symbol.
            return f"-{self.money(-value, place)}"
        return self.style.money.format(n=number, s=SYMBOLS.get(code, code), c=code)

    def day(self, value: date) -> str:
        name = vocabulary(self.bill.country.language).months[value.month - 1]
        short = name[:3] if len(name) > 4 else name
        return self.style.day.format(
            d=value.day, m=value.month, y=value.year, yy=value.year % 100, name=name, abbr=short
        )

    def states(self, *paths: str) -> None:
        self.stated.update(paths)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share


_TITLES = {
    Kind.INVOICE: "invoice",
    Kind.CREDIT_NOTE: "credit_note",
    Kind.RECEIPT: "receipt",
}
_NUMBERS = {
    Kind.INVOICE: "number",
    Kind.CREDIT_NOTE: "credit_number",
    Kind.RECEIPT: "receipt_number",
}


def grouped(digits: str, mark: str) -> str:
    """`digits` in groups of three, or as lakh and crore."""
    if mark == "lakh":
        head, tail = digits[:-3], digits[-3:]
        pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
        return ",".join((*reversed(pairs), tail))
    if not mark:
        return digits
    return f"{int(digits):,}".replace(",", mark)


def open_draft(
    bill: Bill, rng: Random, *, face: Face | None = None, size: tuple[float, float] | None = None
) -> Draft:
    """Empty paper for a bill, in a style of its own."""
    if face is None or bill.country.language not in _LATIN_1:
        faces = western_faces() if bill.country.language in _LATIN_1 else unicode_faces()
        if bill.country.code == "IN":
            faces = unicode_faces()
        face = rng.choice(faces)
    width, height = size or (LETTER if bill.country.code in ("US", "CA") else A4)
    draft = Draft(Canvas(face, width, height), bill, make_style(bill, rng), rng)
    draft.prints_no_address = draft.chance(0.06)
    return draft
