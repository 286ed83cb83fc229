"""Values of readings as people write them: parsed and told by the type of the field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from src.domain.invoice import Address, Currency

# What is written is kept and shown; nobody types more than this into one field.
MOST_CHARACTERS = 10_000

_NUMBER = re.compile(r"[+-]?[0-9]{1,28}(\.[0-9]{1,28})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Line breaks belong into notes and addresses; other control characters and halves of
# surrogate pairs are no text.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(value: object) -> str:
    """A value as text: amounts digit by digit, days ISO 8601, an address as printed."""
    if isinstance(value, Address):
        return value.text
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def parse(value_type: Any, value: object) -> Any:
    """A value of `value_type` from JSON; None where it is null or blank.

    Amounts and days are text, because a JSON number would be rounded. Raises `ValueError` whose
    text says what is wanted.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    bare = _bare(value_type)
    if bare is Address and isinstance(value, dict):
        value = {name: _text(part) for name, part in value.items() if part is not None}
        return _validated(bare, value)
    if bare is Decimal and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = _text(value)
    if bare is Decimal and not _NUMBER.fullmatch(text):
        raise ValueError("write a number with a point, such as 1234.50")
    if bare is date and not _DAY.fullmatch(text):
        raise ValueError("write a day such as 2026-03-31")
    if bare is Address:
        return Address(text=text)
    return _validated(value_type, text.upper() if value_type == Currency else text)


def _bare(value_type: Any) -> Any:
    return get_args(value_type)[0] if get_origin(value_type) is Annotated else value_type


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("send the value as text")
    if len(value) > MOST_CHARACTERS:
        raise ValueError(f"at most {MOST_CHARACTERS} characters")
    if _NO_TEXT.search(value):
        raise ValueError("control characters are no text")
    return value.strip()


def _validated(value_type: Any, value: object) -> Any:
    try:
        return TypeAdapter(value_type).validate_python(value)
    except ValidationError as error:
        told = error.errors(include_url=False)[0]["msg"]
        raise ValueError(told.removeprefix("Value error, ")) from error
