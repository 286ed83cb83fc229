"""Values between the wire, the eye and the keyboard."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from dashboard.answers.base import Json
from dashboard.view_models.fields import Kind
from dashboard.view_models.formats import Formats, NotANumber
from dashboard.view_models.words import DOCUMENT_TYPES


class NotUsable(ValueError):
    """What was typed is no value of its field; the message says what is."""


def typed(value: Json, kind: Kind, currency: str | None, formats: Formats) -> str:
    """As it stands in the input: numbers as the person writes them, days ISO (a date input shows
    them in the browser's own way), an address as its text."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("text") or "")
    if kind in (Kind.MONEY, Kind.NUMBER):
        number = decimal_of(value)
        if number is not None:
            places = formats.plain_amount(number, currency) if kind is Kind.MONEY else None
            return places or formats.number(number)
    return str(value)


def shown(value: Json, kind: Kind, currency: str | None, formats: Formats) -> str:
    """For reading: amounts with their currency, days in words."""
    if kind is Kind.MONEY and (number := decimal_of(value)) is not None:
        return formats.amount(number, currency)
    if kind is Kind.DATE and (day := _day(value)) is not None:
        return formats.day(day)
    if kind is Kind.CHOICE:
        return DOCUMENT_TYPES.get(str(value), str(value or ""))
    return typed(value, kind, currency, formats)


def wire_value(text: str, kind: Kind, formats: Formats) -> Json:
    """What was typed, as the API takes it; empty text clears. Raises `NotUsable`."""
    text = text.strip()
    if not text:
        return None
    if kind in (Kind.MONEY, Kind.NUMBER):
        try:
            return f"{formats.parse_number(text):f}"
        except NotANumber as problem:
            raise NotUsable(str(problem)) from None
    if kind is Kind.DATE:
        if _day(text) is None:
            raise NotUsable("Write the day as 2026-03-31")
        return text
    if kind is Kind.CURRENCY:
        if len(text) != 3 or not text.isalpha() or not text.isascii():
            raise NotUsable("A currency is three letters, such as EUR")
        return text.upper()
    return text


def same(value: Json, new: Json, kind: Kind) -> bool:
    """Whether `new` (from `wire_value`) says what `value` already says."""
    if kind in (Kind.MONEY, Kind.NUMBER):
        return decimal_of(value) == decimal_of(new)
    if isinstance(value, dict):
        return (value.get("text") or None) == new
    return (None if value is None else str(value)) == new


def decimal_of(value: Json) -> Decimal | None:
    if value is None or isinstance(value, bool | list | dict):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
