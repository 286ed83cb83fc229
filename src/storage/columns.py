"""Column types that keep exactly what was put in, on SQLite and on PostgreSQL."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

# The sort key counts ten-thousandths: unit prices rarely have more than four decimals.
SORT_DECIMALS = 4
_LARGEST_SORT_KEY = 2**63 - 1
# Enough digits that scaling never rounds before the explicit rounding below.
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Takes aware times only, gives UTC; SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """An amount as its decimal digits; SQLite has no exact numeric type of its own.

    Trailing zeros are kept ("119.00" stays 119.00). It cannot be ordered: `amount_sort_key`
    gives the column to order and compare by.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def amount_sort_key(amount: Decimal) -> int:
    """The amount in ten-thousandths, an integer every database orders exactly.

    Exact for amounts of up to four decimals below 9 * 10^14; beyond that it is rounded and
    clamped, so that order is kept and only ties can arise.
    """
    if amount.adjusted() > 20:  # too large for the scaling context, clamped anyway
        return -_LARGEST_SORT_KEY if amount.is_signed() else _LARGEST_SORT_KEY
    scaled = int(amount.scaleb(SORT_DECIMALS, _WIDE).to_integral_value(ROUND_HALF_EVEN))
    return max(-_LARGEST_SORT_KEY, min(_LARGEST_SORT_KEY, scaled))


def fold(text: str) -> str:
    """The form names are searched and ordered by: case, width and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
