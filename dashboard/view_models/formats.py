"""Numbers, amounts, days and times as the person at the browser writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    get_date_format,
)
from babel.numbers import (
    NumberFormatError,
    format_decimal,
    format_percent,
    get_currency_precision,
    parse_decimal,
)

DayOrder: TypeAlias = Literal["DD/MM/YYYY", "DD.MM.YYYY", "MM/DD/YYYY", "YYYY-MM-DD"]

NOTHING = "–"
FALLBACK = Locale("en", "GB")
# A currency nobody read must not pass for the one the reader expects.
NO_CURRENCY = "(no currency)"
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


class NotANumber(ValueError):
    """The text is no number in this locale; the message shows how one is written."""


@dataclass(frozen=True, slots=True)
class Formats:
    locale: Locale = FALLBACK
    zone: tzinfo = UTC

    @classmethod
    def of(cls, locale: str | None, zone: str | None) -> Formats:
        """As the browser names them; what is not known becomes British English and UTC."""
        return cls(_locale(locale), _zone(zone))

    def count(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)

    def number(self, value: Decimal, least_decimals: int = 0) -> str:
        """All decimals there are, and no fewer than asked for."""
        decimals = "0" * least_decimals + "#"
        return format_decimal(
            value, format=f"#,##0.{decimals}", locale=self.locale, decimal_quantization=False
        )

    def amount(self, value: Decimal | None, currency: str | None) -> str:
        """With the decimals of the currency and its ISO code; empty text for no amount."""
        if value is None:
            return ""
        return f"{self.plain_amount(value, currency)} {currency or NO_CURRENCY}"

    def plain_amount(self, value: Decimal, currency: str | None) -> str:
        """Without the code, for places where it stands beside."""
        return self.number(value, get_currency_precision(currency) if currency else 2)

    def parse_number(self, text: str) -> Decimal:
        """What a person typed. Raises `NotANumber`.

        Strict: 1.234 is not taken for a thousand here and for one and a bit there.
        """
        try:
            value = parse_decimal(text.strip(), locale=self.locale, strict=True)
        except NumberFormatError:
            example = self.number(Decimal("1234.50"), 2)
            raise NotANumber(f"Write the number as {example}") from None
        if not value.is_finite():
            raise NotANumber("A number must be finite")
        return value

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self.locale)

    def day(self, value: date | None) -> str:
        return format_date(value, "medium", locale=self.locale) if value else ""

    def day_order(self) -> DayOrder:
        """How a picker of days writes them: one of the ways Streamlit knows."""
        pattern = get_date_format("short", locale=self.locale).pattern.casefold()
        places = {letter: pattern.find(letter) for letter in "dmy"}
        if places["y"] < places["m"]:
            return "YYYY-MM-DD"
        if places["m"] < places["d"]:
            return "MM/DD/YYYY"
        return "DD.MM.YYYY" if "." in pattern else "DD/MM/YYYY"

    def moment(self, value: datetime | None) -> str:
        """To the minute, in the browser's time zone."""
        if value is None:
            return ""
        return format_datetime(value, "short", tzinfo=self.zone, locale=self.locale)

    def short_day(self, value: datetime) -> str:
        """Day and month, for an axis; buckets of days begin at midnight UTC."""
        return format_skeleton("MMMd", value, tzinfo=UTC, locale=self.locale)

    def short_time(self, value: datetime) -> str:
        return format_time(value, "short", tzinfo=self.zone, locale=self.locale)

    def clock(self, value: datetime) -> str:
        return format_time(value, "medium", tzinfo=self.zone, locale=self.locale)

    def seconds(self, value: float | None) -> str:
        if value is None:
            return NOTHING
        digits = "0.0" if value < 100 else "#,##0"
        return format_decimal(value, format=digits, locale=self.locale) + " s"

    def size(self, value: int) -> str:
        amount, unit = float(value), 0
        while amount >= 1024 and unit < len(_UNITS) - 1:
            amount, unit = amount / 1024, unit + 1
        return f"{format_decimal(amount, format='#,##0.#', locale=self.locale)} {_UNITS[unit]}"


def _locale(name: str | None) -> Locale:
    try:
        return Locale.parse(name, sep="-") if name else FALLBACK
    except (UnknownLocaleError, ValueError, TypeError):
        return FALLBACK


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
