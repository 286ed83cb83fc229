"""Rates of VAT, GST and the like that were legal, by country and date.

Sources: European Commission, "VAT rates applied in the Member States" and its changes; HMRC;
ESTV; Skatteetaten; RSK; ATO; IRD (NZ); IRAS; RMCD; GST Council of India; SARS. Rates of 0 are
legal everywhere (exports, exemptions) and not listed. Countries whose rates differ from town to
town (US, CA) or that are not listed are not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

# An invoice may charge the rate of a supply made long before it.
_LOOK_BACK = timedelta(days=366)
_ALWAYS = date(2010, 1, 1)


@dataclass(frozen=True, slots=True)
class LegalRate:
    percent: Decimal
    # First and last day, both included; None: to this day.
    since: date = _ALWAYS
    until: date | None = None


# Rates, separated by spaces; "19:2012-12-31" ended that day, "2013-01-01:21" began then, and
# "2020-07-01:16:2020-12-31" did both. Nothing before 2010 is told apart.
_RATES = {
    "AT": "20 13 10 2016-01-01:13 19 2020-07-01:5:2021-12-31 2026-07-01:4.9",
    "BE": "21 12 6",
    "BG": "20 9",
    "CH": "8:2017-12-31 3.8:2017-12-31 2018-01-01:7.7:2023-12-31 2018-01-01:3.7:2023-12-31 "
    "2.5:2023-12-31 2024-01-01:8.1 2024-01-01:3.8 2024-01-01:2.6",
    "CY": "15:2012-02-29 2012-03-01:17:2013-01-13 2013-01-14:18:2014-01-12 2014-01-13:19 "
    "8:2014-01-12 2014-01-13:9 5 2023-01-01:3",
    "CZ": "20:2012-12-31 2013-01-01:21 10:2011-12-31 2012-01-01:14:2012-12-31 "
    "2013-01-01:15:2023-12-31 2015-01-01:10:2023-12-31 2024-01-01:12",
    "DE": "19 7 10.7:2021-12-31 2020-07-01:16:2020-12-31 2020-07-01:5:2020-12-31 5.5 "
    "2022-01-01:9.5:2022-12-31 2023-01-01:9:2024-12-31 2024-12-06:8.4:2024-12-31 2025-01-01:7.8",
    "DK": "25",
    "EE": "20:2023-12-31 2024-01-01:22:2025-06-30 2025-07-01:24 9 2022-08-01:5 2025-01-01:13",
    "ES": "18:2012-08-31 8:2012-08-31 2012-09-01:21 2012-09-01:10 4 5 2 7.5",
    "FI": "23:2012-12-31 13:2012-12-31 9:2012-12-31 2013-01-01:24:2024-08-31 2024-09-01:25.5 "
    "2013-01-01:14:2025-12-31 2026-01-01:13.5 10",
    "FR": "19.6:2013-12-31 2012-01-01:7:2013-12-31 2014-01-01:20 2014-01-01:10 5.5 2.1 8.5 1.05 "
    "1.75 0.9 13",
    "GB": "2010-01-01:17.5:2011-01-03 2011-01-04:20 5 2021-10-01:12.5:2022-03-31",
    "GR": "23:2016-05-31 2016-06-01:24 11:2011-12-31 13 6.5 6 5.5 17 16 9 4",
    "HR": "23:2012-02-29 2012-03-01:25 10:2013-12-31 2014-01-01:13 5",
    "HU": "25:2011-12-31 2012-01-01:27 18 5",
    "IE": "21 2012-01-01:23 13.5 9 4.8 5.4 5.2 5.6 5 2025-01-01:5.1 2026-01-01:4.5",
    "IT": "20:2011-09-16 2011-09-17:21:2013-09-30 2013-10-01:22 10 5 4",
    "LT": "21 9 5 2026-01-01:12",
    "LU": "15:2014-12-31 2015-01-01:17 12:2014-12-31 2015-01-01:14 6:2014-12-31 2015-01-01:8 3 "
    "2023-01-01:16:2023-12-31 2023-01-01:13:2023-12-31 2023-01-01:7:2023-12-31",
    "LV": "21 22:2012-06-30 12 5 10",
    "MT": "18 7 5 2024-01-01:12",
    "NL": "19:2012-09-30 2012-10-01:21 6:2018-12-31 2019-01-01:9",
    "PL": "22:2010-12-31 2011-01-01:23 7 8 5 3 4",
    "PT": "20 21 23 13 12 6 5 22 16 15 14 18 10 9 4",
    "RO": "24:2015-12-31 2016-01-01:20:2016-12-31 2017-01-01:19:2025-07-31 2025-08-01:21 9 "
    "5 2025-08-01:11",
    "SE": "25 12 6",
    "SI": "20:2013-06-30 2013-07-01:22 8.5:2013-06-30 2013-07-01:9.5 5",
    "SK": "20:2024-12-31 19 2025-01-01:23 10:2024-12-31 2025-01-01:19 5",
    "NO": "25 15 14:2011-12-31 12 11.11 2020-04-01:6:2021-09-30 8:2017-12-31 10:2017-12-31",
    "IS": "25.5:2014-12-31 2015-01-01:24 7:2014-12-31 2015-01-01:11",
    "AU": "10",
    "NZ": "12.5:2010-09-30 15 9",
    "SG": "7:2022-12-31 2023-01-01:8:2023-12-31 2024-01-01:9",
    "MY": "5 6 10 2024-03-01:8",
    "IN": "5 12 18 28 0.1 0.25 1 1.5 3 6 7.5 40 2.5 9 14",
    "ZA": "14:2018-03-31 2018-04-01:15",
    "AE": "2018-01-01:5",
    "SA": "2018-01-01:5:2020-06-30 2020-07-01:15",
    "JP": "5:2014-03-31 8 2019-10-01:10",
    "KR": "10",
    "TR": "18 8:2023-07-09 1 2023-07-10:20 2023-07-10:10",
    "UA": "20 7 14",
    "RS": "18:2012-09-30 2012-10-01:20 8 10",
    "TH": "7 10",
}


def is_checked(country: str) -> bool:
    return country in _RATES


def is_legal(country: str, percent: Decimal, day: date) -> bool:
    """Whether the rate was in force on the day or within the year before it."""
    if percent == 0:
        return True
    return any(
        rate.percent == percent
        and rate.since <= day
        and (rate.until is None or day - _LOOK_BACK <= rate.until)
        for rate in rates_of(country)
    )


def rates_in_force(country: str, day: date) -> tuple[Decimal, ...]:
    """Of that day, highest first, for messages."""
    found = {
        rate.percent
        for rate in rates_of(country)
        if rate.since <= day and (rate.until is None or day <= rate.until)
    }
    return tuple(sorted(found, reverse=True))


@cache
def rates_of(country: str) -> tuple[LegalRate, ...]:
    return tuple(_parse(entry) for entry in _RATES.get(country, "").split())


def _parse(entry: str) -> LegalRate:
    parts = entry.split(":")
    since = date.fromisoformat(parts.pop(0)) if "-" in parts[0] else _ALWAYS
    percent = Decimal(parts.pop(0))
    return LegalRate(percent, since, date.fromisoformat(parts[0]) if parts else None)
