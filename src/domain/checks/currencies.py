"""ISO 4217 as data: codes, decimals, and the smallest coin totals are rounded to.

Codes and decimals: ISO 4217 list one (funds, metals and test codes left out) plus currencies
withdrawn recently enough to stand on an invoice. Coins: central banks' rules for cash totals.
"""

from __future__ import annotations

from decimal import Decimal


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TWO_DECIMALS = _codes(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
    CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ
    GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
    TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """
)
# Replaced by the euro, redenominated or renamed.
_WITHDRAWN = _codes("BGN BYR CUC HRK LTL LVL MRO SLL STD VEF ZMK ZWL")
_DECIMALS = {
    **dict.fromkeys(_codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"), 0),
    **dict.fromkeys(_codes("BHD IQD JOD KWD LYD OMR TND"), 3),
    **dict.fromkeys(_codes("CLF UYW"), 4),
}
_KNOWN = _TWO_DECIMALS | _WITHDRAWN | frozenset(_DECIMALS)

_SMALLEST_COIN = {
    "AUD": Decimal("0.05"),
    "CAD": Decimal("0.05"),
    "CHF": Decimal("0.05"),
    "MYR": Decimal("0.05"),
    "SGD": Decimal("0.05"),
    "HKD": Decimal("0.10"),
    "ILS": Decimal("0.10"),
    "NZD": Decimal("0.10"),
    "ZAR": Decimal("0.10"),
    "DKK": Decimal("0.50"),
    "CZK": Decimal(1),
    "NOK": Decimal(1),
    "SEK": Decimal(1),
    "HUF": Decimal(5),
}


def is_known(code: str) -> bool:
    return code in _KNOWN


def decimals(code: str) -> int:
    """Decimal places of the currency; 2 for a code we do not know."""
    return _DECIMALS.get(code, 2)


def smallest_coin(code: str, *, paid_in_cash: bool) -> Decimal | None:
    """The step totals are rounded to, None where there is no such habit.

    Euro totals are rounded to 0.05 in several countries, but only at the till.
    """
    if code == "EUR" and paid_in_cash:
        return Decimal("0.05")
    return _SMALLEST_COIN.get(code)
