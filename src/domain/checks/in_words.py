"""The amount in words, as banks and some countries ask for it, against the amount in figures.

Words are harder to change than figures, so where both differ the words usually count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from text_to_num import alpha2digit

from src.domain.checks.base import CheckContext
from src.domain.checks.figures import views
from src.domain.checks.rows import Row
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice

DIFFERS = "amount-in-words-differs"

# What stands before the words, in normalised text, by the language of the words.
_LABELS = {
    "en": r"(?:amount|total|sum|value|payable)[^:]{0,25} in words|in words\b|\brupees(?= [a-z])",
    "de": r"\bin worten\b",
    "fr": r"\ben (?:toutes )?lettres\b|\bà la somme (?:de|totale de)\b",
    "es": r"\b(?:importe|cantidad|total) (?:con|en) letras?\b|\ben letras?\b",
    "it": r"\bin lettere\b",
    "pt": r"\bpor extenso\b",
    "nl": r"\bin woorden\b",
    "da": r"\bi ord\b",
}
_LABEL = re.compile("|".join(f"(?P<{language}>{label})" for language, label in _LABELS.items()))
_WHOLE = re.compile(r"[0-9]+")
_SPELT = re.compile(r"\b[0-9][ -]+[0-9]\b")
# Of India: 1 lakh is 100,000, 1 crore 100 lakh.
_GROUPS = ((re.compile(r"\bcrores?\b"), 10_000_000), (re.compile(r"\bla(?:kh|c)s?\b"), 100_000))
_LONGEST = 300


def check_amount_in_words(invoice: Invoice, context: CheckContext) -> Iterator[Finding]:
    """The words say the total, the amount due or another sum of the invoice, without its cents.

    Nothing is said of words that are not understood. On pages read by OCR it is a warning.
    """
    sums = _whole_sums(invoice)
    if not sums:
        return
    for page in context.in_rows:
        for words, number in _said(page.rows):
            if number in sums:
                continue
            yield Finding(
                code=DIFFERS,
                severity=Severity.ERROR if page.is_text else Severity.WARNING,
                message=f"Page {page.number} says '{words[:80]}' ({number}), which is no sum of "
                "the invoice.",
                fields=("totals.total",),
                remedy="Compare words and figures on the page; ask the vendor which is right.",
            )
            return


def _whole_sums(invoice: Invoice) -> frozenset[int]:
    """Totals without their cents, cut off and rounded."""
    figures = views(invoice)[0]
    amounts: Sequence[Decimal | None] = (figures.total, figures.due, figures.subtotal, figures.tax)
    return frozenset(
        int(abs(amount).to_integral_value(rounding))
        for amount in amounts
        if amount is not None
        for rounding in (ROUND_DOWN, ROUND_HALF_UP)
    )


def _said(rows: Sequence[Row]) -> Iterator[tuple[str, int]]:
    """Amounts in words behind their labels, with the words; they may go on in the next row."""
    for place, row in enumerate(rows):
        label = _LABEL.search(row.plain)
        if label is None or label.lastgroup is None:
            continue
        following = rows[place + 1].plain if place + 1 < len(rows) else ""
        words = f"{row.plain[label.end() :]} {following}"[:_LONGEST].strip(" :.-*#()")
        number = _number(words, label.lastgroup)
        if number:
            yield words, number


def _number(words: str, language: str) -> int | None:
    """The first number that is said in words; None where a figure or nothing stands there."""
    if not words or words[0].isdigit():
        return None
    plain = re.sub(r"[-/]", " ", words) if language == "en" else words
    whole, found = 0, False
    for group, size in _GROUPS:
        before, divider, after = _split(plain, group)
        if divider:
            count = _first(before, language)
            if count is None:
                return None
            whole, plain, found = whole + count * size, after, True
    rest = _first(plain, language)
    if rest is None:
        return whole if found else None
    return whole + rest


def _split(text: str, divider: re.Pattern[str]) -> tuple[str, bool, str]:
    match = divider.search(text)
    return (
        (text, False, "") if match is None else (text[: match.start()], True, text[match.end() :])
    )


def _first(words: str, language: str) -> int | None:
    said = alpha2digit(words, language, threshold=0)
    number = _WHOLE.search(said)
    # A figure that was a figure before is a cell beside the words, and figures in a row are
    # spelt one by one.
    if number is None or number[0] in _WHOLE.findall(words) or _SPELT.search(said):
        return None
    return int(number[0]) if len(number[0]) < 16 else None
