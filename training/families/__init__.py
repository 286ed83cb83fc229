"""Families of layouts. Those held out are never trained or calibrated on: they stand for the
layouts nobody has seen yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from samples.model import Kind
from training.bill import Trade
from training.draft import Draft
from training.families import accounts, forms, letters, receipts
from training.fonts import COURIER, Face


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    name: str
    draw: Callable[[Draft], None]
    trade: Trade = field(default_factory=Trade)
    held_out: bool = False
    face: Face | None = None
    # Points; None for the paper of the country.
    size: tuple[float, float] | None = None


_RECEIPT_PAPER = (receipts.WIDTH, 2400.0)
_RECEIPT = Trade(kind=Kind.RECEIPT, receipt=True)
_DIN = Trade(countries=("DE", "AT", "CH", "NL", "SE"))
_AMERICAN = Trade(countries=("US", "CA", "AU", "GB", "IN", "MX"))

FAMILIES = (
    Family(name="letter-left", draw=letters.letter_left),
    Family(name="letter-right", draw=letters.letter_right),
    Family(name="letter-centre", draw=letters.letter_centre, held_out=True),
    Family(name="din-window", draw=letters.din_window, trade=_DIN),
    Family(name="footer-only", draw=letters.footer_only),
    Family(name="header-table", draw=letters.header_table),
    Family(name="two-parties", draw=forms.two_parties, held_out=True),
    Family(name="totals-row", draw=forms.totals_row),
    Family(name="boxed-form", draw=forms.boxed_form),
    Family(name="us-form", draw=forms.us_form, trade=_AMERICAN),
    Family(name="key-value", draw=forms.key_value),
    Family(
        name="sub-lines",
        draw=letters.letter_left,
        trade=Trade(extras=True, line_discounts=True),
    ),
    Family(name="web-shop", draw=accounts.web_shop, trade=Trade(gross_prices=True)),
    Family(name="account", draw=accounts.account, trade=Trade(kind=Kind.INVOICE, statement=True)),
    Family(name="big-amount", draw=accounts.big_amount, held_out=True),
    Family(name="sidebar", draw=accounts.sidebar, held_out=True),
    Family(name="typewriter", draw=accounts.typewriter, held_out=True, face=COURIER),
    Family(name="simple", draw=accounts.simple, held_out=True),
    Family(name="till", draw=receipts.till, trade=_RECEIPT, size=_RECEIPT_PAPER),
    Family(
        name="till-columns",
        draw=receipts.till_columns,
        trade=_RECEIPT,
        held_out=True,
        size=_RECEIPT_PAPER,
    ),
)


def chosen(which: str) -> tuple[Family, ...]:
    """Families for "train", "held-out" or "all"."""
    if which == "all":
        return FAMILIES
    return tuple(family for family in FAMILIES if family.held_out == (which == "held-out"))
