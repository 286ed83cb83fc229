"""Numbers as they are printed: any locale, currency signs, scanner slips -> exact `Decimal`.

A printed number is read in two steps. Which mark is the decimal one is decided once for the
whole document by vote (`vote_decimal_mark`); a single number then overrules that vote only where
its own shape leaves no choice ("39,92" cannot be grouping). Nothing here uses binary floats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

DecimalMark = Literal[".", ","]

# Longer digit runs are identifiers (order numbers, GTINs), not money.
_MAX_INTEGER_DIGITS = 12
_MAX_DECIMALS = 6
# Above this, digits are an identifier even with a currency code before them.
_MOST_MONEY = Decimal(10) ** 11

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
_PLAIN = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‐": "-", "’": "'", "‘": "'", "´": "'", "`": "'", "٫": "."}
)
_SLIPS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})

_SYMBOL = r"(?:US|AU|CA|NZ|HK|A|C|S|R|MX)?[$]|[€£¥₹₽₩₺₴₦₱฿₫₪]"
_CODE = (
    r"(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|RUB|UAH|CAD|AUD|NZD|JPY|CNY|RMB|HKD"
    r"|SGD|MYR|IDR|INR|THB|PHP|VND|KRW|TWD|AED|SAR|QAR|KWD|ILS|ZAR|NGN|KES|EGP|MAD|BRL|MXN|ARS"
    r"|CLP|COP|PEN|ISK|RSD)"
)
_LOCAL = r"(?:RM|Rs\.?|Rp\.?|kr\.?|z[łl]|Kč|Ft|lei|S?Fr\.|S?Fr(?= )|EUROS?|DM)"
CURRENCY_PATTERN = rf"(?:{_SYMBOL}|{_CODE}|{_LOCAL})"
_PREFIX = re.compile(rf"^(?:{_SYMBOL}|{_CODE}|{_LOCAL})\s*:?\s*", re.IGNORECASE)
_SUFFIX = re.compile(rf"\s*(?:{_SYMBOL}|{_CODE}|{_LOCAL})$", re.IGNORECASE)
_CREDIT = re.compile(r"\s*(?:CR\.?)$")
_DEBIT = re.compile(r"\s*(?:DR\.?)$")
_DASH_CENTS = re.compile(r"[.,]\s?-{1,2}$")
_CORE = re.compile(r"(?:\d[\d.,' ]*)?\d$|^[.,]\d{1,4}$")
# "RM5:00": with a currency it is no time of day.
_COLON_MARK = re.compile(r"^\d+:\d{2}$")
_SPACE_BY_MARK = re.compile(r"\s*([.,])\s*")
_SPACE_GROUPS = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d{1,4})?$")
_INDIAN_GROUPS = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}$")
_LEADING_QUANTITY = re.compile(r"^([-+]?\d[\d.,']*(?: \d{3})*(?:[.,]\d+)?)\s*(.*)$")
_UNIT = re.compile(r"^[^\W\d_][\w²³./()-]{0,14}(?: [\w²³./()-]{1,10})?$")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number read from the page."""

    # Signed as printed: minus on either side, parentheses or CR make it negative.
    value: Decimal
    # Digits printed after the decimal mark; 0 for whole numbers and for "12,-".
    decimals: int
    # A currency sign or code stands with it.
    has_currency: bool = False
    percent: bool = False
    # The other meaning of a lone mark before three digits ("1.234"), else None.
    alternative: Decimal | None = None

    @property
    def is_money_like(self) -> bool:
        """Printed as people print money: a currency, or exactly two decimals."""
        if self.percent or abs(self.value) >= _MOST_MONEY:
            return False
        return self.has_currency or self.decimals == 2


@dataclass(frozen=True, slots=True)
class PrintedQuantity:
    """A quantity with the unit printed in the same cell, "3 Stk" or "2 x"."""

    number: PrintedNumber
    unit: str | None


def vote_decimal_mark(texts: Iterable[str], hint: DecimalMark | None = None) -> DecimalMark:
    """The decimal mark of a document, from all its number-like texts.

    Two decimals count once, both marks in one number count three times; `hint` (from the
    language or country of the page) breaks a tie, a point stands without any evidence.
    """
    votes = {".": 0, ",": 0}
    for text in texts:
        core = re.sub(r"[^\d.,]", "", text).strip(".,")
        last = max(core.rfind("."), core.rfind(","))
        if last <= 0:
            continue
        mark, other = core[last], "," if core[last] == "." else "."
        tail = len(core) - last - 1
        if core.count(mark) > 1:
            if tail == 3 and all(len(g) == 3 for g in core.split(mark)[1:]):
                votes[other] += 1
        elif other in core:
            votes[mark] += 3
        elif tail == 2:
            votes[mark] += 1
    if votes["."] == votes[","]:
        return hint or "."
    return "." if votes["."] > votes[","] else ","


def parse_number(text: str, mark: DecimalMark = ".") -> PrintedNumber | None:
    """The number that `text` as a whole is, or None if it is something else.

    Dates, times, telephone numbers and digit runs with leading zeros are not numbers.
    """
    text = text.translate(_SPACES).translate(_PLAIN).strip()
    if not text or len(text) > 32 or not any(c.isdigit() or c in "Oo" for c in text):
        return None
    text, negative, has_currency, percent = _undress(text)
    if not text:
        return None
    text, dashed = _without_dash_cents(text)
    text = _mend(text, money=has_currency)
    if not _CORE.match(text):
        return None
    read = _interpret(text, mark)
    if read is None:
        return None
    value, decimals, alternative = read
    if negative:
        value, alternative = -value, None if alternative is None else -alternative
    return PrintedNumber(value, decimals, has_currency or dashed, percent, alternative)


def parse_quantity(text: str, mark: DecimalMark = ".") -> PrintedQuantity | None:
    """A quantity with an optional unit after it; None if the text does not start with one."""
    text = text.translate(_SPACES).translate(_PLAIN).strip()
    whole = parse_number(text, mark)
    if whole is not None:
        return None if whole.percent or whole.has_currency else PrintedQuantity(whole, None)
    match = _LEADING_QUANTITY.match(text)
    if match is None:
        return None
    number = parse_number(match[1].strip(), mark)
    rest = match[2].strip()
    if number is None:
        return None
    if rest.lower() in {"x", "×", "*", "@"}:
        return PrintedQuantity(number, None)
    return PrintedQuantity(number, rest) if _UNIT.match(rest) else None


def _undress(text: str) -> tuple[str, bool, bool, bool]:
    """Take signs, parentheses, currency and percent off: (rest, negative, currency, percent)."""
    negative = bracketed = has_currency = percent = False
    for _ in range(4):
        before = text
        if text.startswith("(") and text.endswith(")"):
            text, bracketed = text[1:-1].strip(), True
        if text.startswith("-"):
            text, negative = text[1:].strip(), True
        elif text.startswith("+"):
            text = text[1:].strip()
        if text.endswith("-") and not _DASH_CENTS.search(text):
            text, negative = text[:-1].strip(), True
        if match := _CREDIT.search(text):
            text, negative = text[: match.start()], True
        elif match := _DEBIT.search(text):
            text = text[: match.start()]
        if text.endswith("%"):
            text, percent = text[:-1].strip(), True
        for affix in (_PREFIX, _SUFFIX):
            if match := affix.search(text):
                text = (text[: match.start()] + text[match.end() :]).strip()
                has_currency = True
        if text == before:
            break
    # Brackets make amounts negative; around a rate they only set it apart.
    return text, negative or (bracketed and not percent), has_currency, percent


def _without_dash_cents(text: str) -> tuple[str, bool]:
    """ "12,-" and "12.--" mean twelve whole units."""
    if match := _DASH_CENTS.search(text):
        return text[: match.start()], True
    return text, False


def _mend(text: str, *, money: bool) -> str:
    """Undo what scanners do to numbers: O for 0, l for 1, a space beside the decimal mark."""
    if any(c in "OolI|" for c in text) and any(c.isdigit() for c in text):
        mended = text.translate(_SLIPS)
        # Letters are only digits in disguise where the rest looks like money; a last l is litres.
        if re.search(r"[.,]\s?\d{2}$", mended) and text[-1] not in "lI|":
            text = mended
    if money and _COLON_MARK.match(text):
        text = text.replace(":", ".")
    if " " in text:
        text = _SPACE_BY_MARK.sub(r"\1", text) if re.search(r"\d\s?[.,]\s?\d{2}$", text) else text
    return text


def _interpret(core: str, mark: DecimalMark) -> tuple[Decimal, int, Decimal | None] | None:
    """(value, decimals, alternative) of digits with marks, or None if it is no number."""
    if " " in core or "'" in core:
        if not _SPACE_GROUPS.match(core):
            return None
        core = core.replace(" ", "").replace("'", "")
        last = max(core.rfind("."), core.rfind(","))
        return _number(core, "") if last < 0 else _number(core[:last], core[last + 1 :])
    last = max(core.rfind("."), core.rfind(","))
    if last < 0:
        return _number(core, "")
    head, tail = core[:last], core[last + 1 :]
    sign = core[last]
    if "." in head or "," in head:
        return _with_groups(core, head, tail, sign)
    if len(tail) != 3 or len(head) > 3 or head in {"", "0"}:
        return _number(head or "0", tail)
    fraction, grouped = _number(head, tail), _number(head + tail, "")
    if fraction is None or grouped is None:
        return None
    first, second = (fraction, grouped) if sign == mark else (grouped, fraction)
    return first[0], first[1], second[0]


def _with_groups(
    core: str, head: str, tail: str, sign: str
) -> tuple[Decimal, int, Decimal | None] | None:
    """Several marks: all grouping, or grouping before a decimal mark."""
    if sign in head and len(tail) == 3:
        # "1.234.567" and "7,65,432": the last mark groups as well.
        return _number(re.sub("[.,]", "", core), "") if _grouped(core) else None
    if not _grouped(head):
        return None
    return _number(re.sub("[.,]", "", head), tail)


def _grouped(text: str) -> bool:
    """Digits in groups of three, or the Indian way (…,65,43,210)."""
    groups = re.split("[.,]", text)
    by_three = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return by_three or _INDIAN_GROUPS.match(text) is not None


def _number(integer: str, fraction: str) -> tuple[Decimal, int, Decimal | None] | None:
    if not integer.isascii() or not integer.isdigit() or len(integer) > _MAX_INTEGER_DIGITS:
        return None
    if len(integer) > 1 and integer.startswith("0") and integer.strip("0"):
        return None
    if len(integer) > 1 and integer.startswith("0") and not fraction:
        return None
    if fraction and (not fraction.isascii() or not fraction.isdigit()):
        return None
    if len(fraction) > _MAX_DECIMALS:
        return None
    return Decimal(f"{integer}.{fraction}" if fraction else integer), len(fraction), None
