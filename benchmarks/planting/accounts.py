"""Accounts that are not the supplier's."""

from __future__ import annotations

from itertools import count

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException


def mistyped(iban: str) -> str | None:
    return iban[:-1] + str((int(iban[-1]) + 1) % 10) if iban[-1].isdigit() else None


def other_account(iban: str) -> str | None:
    """A valid IBAN of the same bank."""
    for step in count(1):
        if step > 400:
            return None
        tail = iban[-6:]
        if not tail.isdigit():
            return None
        body = iban[4:-6] + f"{(int(tail) + step) % 10**6:06}"
        remainder = int("".join(str(int(c, 36)) for c in f"{body}{iban[:2]}00")) % 97
        candidate = f"{iban[:2]}{98 - remainder:02}{body}"
        try:
            IBAN(candidate)
        except SchwiftyException:
            continue
        return candidate
    return None


def abroad(iban: str) -> str | None:
    """An account in another country that is as long."""
    others = {
        18: "NL91ABNA0417164300",
        22: "GB29NWBK60161331926819",
        24: "ES9121000418450200051332",
        20: "AT611904300234573201",
        27: "FR1420041010050500013M02606",
        16: "BE68539007547034",
        21: "CH9300762011623852957",
        28: "PL61109010140000071219812874",
        25: "PT50000201231234567890154",
    }
    if iban.startswith("GB"):
        return "DE89370400440532013000"
    other = others.get(len(iban))
    return other if other and other[:2] != iban[:2] else None
