"""Identifiers with a form of their own: IBAN, BIC, tax ids, e-mail, web and phone.

A check digit that fails lowers the confidence and never hides the value: sample and real
documents carry bad ones, and a finding must be able to say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import get_cc_module

from src.engines.layout.lexicon import read_lexicon
from src.engines.layout.model import DocumentLayout, LabelHit, Line, Segment, Token
from src.engines.layout.slots import SlotFinder

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
WEBSITE = re.compile(
    r"(?:https?://)?(?:www\.[\w-]+(?:\.[\w-]+)+|(?<=://)[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_PHONE = re.compile(r"(?<!\w)(?:\+|00)?\(?\d[\d\s().,/–-]{5,20}\d(?!\w)")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){8,30}")
# At least country and check digits at the end of a line, behind their label.
_IBAN_AT_END = re.compile(
    r"\bIBAN\W{0,3}(?P<iban>(?P<country>[A-Z]{2})\d{2}(?:\s?[A-Z0-9]){0,28})$"
)
_BANK_WORD = re.compile(r"iban|bic\b|swift", re.IGNORECASE)
_BIC = re.compile(r"(?<!\w)[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?!\w)")

# Tax ids that need no label: their form is unmistakable (country, pattern, library module).
_TAX_FORMS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (country, re.compile(rf"(?<![A-Z0-9]){pattern}(?![A-Z0-9])"), module)
    for country, pattern, module in (
        ("AT", r"ATU\s?\d{8}", "vat"),
        ("BE", r"BE\s?[01]\d{3}[ .]?\d{3}[ .]?\d{3}", "vat"),
        ("BG", r"BG\s?\d{9,10}", "vat"),
        ("CH", r"CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}", "vat"),
        ("CY", r"CY\s?\d{8}[A-Z]", "vat"),
        ("CZ", r"CZ\s?\d{8,10}", "vat"),
        ("DE", r"DE\s?\d{3}\s?\d{3}\s?\d{3}", "vat"),
        ("DK", r"DK\s?\d{2}\s?\d{2}\s?\d{2}\s?\d{2}", "vat"),
        ("EE", r"EE\s?\d{9}", "vat"),
        ("ES", r"ES\s?[A-Z0-9]\d{7}[A-Z0-9]", "vat"),
        ("FI", r"FI\s?\d{8}", "vat"),
        ("FR", r"FR\s?[A-HJ-NP-Z0-9]{2}\s?\d{3}\s?\d{3}\s?\d{3}", "vat"),
        ("GB", r"GB\s?\d{3}\s?\d{4}\s?\d{2}(?:\s?\d{3})?", "vat"),
        ("GR", r"EL\s?\d{9}", "vat"),
        ("HR", r"HR\s?\d{11}", "vat"),
        ("HU", r"HU\s?\d{8}", "vat"),
        ("IE", r"IE\s?\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "vat"),
        ("IT", r"IT\s?\d{11}", "vat"),
        ("LT", r"LT\s?(?:\d{12}|\d{9})", "vat"),
        ("LU", r"LU\s?\d{8}", "vat"),
        ("LV", r"LV\s?\d{11}", "vat"),
        ("MT", r"MT\s?\d{8}", "vat"),
        ("NL", r"NL\s?\d{4}[. ]?\d{2}[. ]?\d{3}[. ]?B[. ]?\d{2}", "vat"),
        ("PL", r"PL\s?\d{3}-?\d{3}-?\d{2}-?\d{2}", "vat"),
        ("PT", r"PT\s?\d{9}", "vat"),
        ("RO", r"RO\s?\d{6,10}", "vat"),
        ("SE", r"SE\s?\d{10}01", "vat"),
        ("SI", r"SI\s?\d{8}", "vat"),
        ("SK", r"SK\s?\d{10}", "vat"),
        ("IN", r"\d{2}[A-Z]{5}\d{4}[A-Z]\d?Z[A-Z0-9]", "gstin"),
        ("NO", r"\d{3}\s?\d{3}\s?\d{3}\s?MVA", "vat"),
    )
)
# Countries before the digits of an id; "NO" and "IN" behind a tax label are other words.
_PREFIXES = frozenset(country for country, _, _ in _TAX_FORMS) - {"NO", "IN", "CH"}
# What may follow a tax label: digits with some letters, groups parted by blanks or marks.
_LABELLED_TAX = re.compile(
    r"^(?:[A-Z]{1,4}[- ]?)?[\dA-Z]*\d[\dA-Z]*(?:[-./ ]{1,3}[\dA-Z]*\d[\dA-Z]*|[-. ]?[BZ]\d\d?)*"
)
_MONEY = re.compile(r"\d{1,3}(?:[., ]?\d{3})*[.,]\d{2}$|\d+[.,]\d\d?\s?%?$")
# Shorter numbers behind "VAT" are bases and amounts without cents.
_FEWEST_DIGITS = 7
_CURRENCIES = frozenset(read_lexicon("currencies")["codes"])
_SLOTS_OF_TAX = frozenset({"vat_id", "customer_vat_id", "tax_number"})


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier where it stands."""

    # "iban", "bic", "vat", "tax_number", "registration", "email", "website", "phone".
    kind: str
    # Without blanks; as printed otherwise.
    value: str
    tokens: tuple[Token, ...]
    line: Line
    # Result of the check digits; None where the form has none.
    valid: bool | None
    # ISO 3166-1 alpha-2 where the form tells.
    country: str | None = None
    # Concept of the label, None where the form alone tells.
    label: str | None = None


def find_identifiers(
    layout: DocumentLayout, hits: Sequence[LabelHit], finder: SlotFinder
) -> tuple[Identifier, ...]:
    """All identifiers in reading order; each place is told once."""
    found: list[Identifier] = list(_labelled_tax(hits, finder))
    taken = {id(token) for identifier in found for token in identifier.tokens}
    bank_lines = {hit.line.number for hit in hits if hit.concept in {"bic", "iban", "bank_name"}}
    # The label may be part of a compound: "Verkäufer-IBAN".
    bank_lines |= {line.number for line in layout.lines if _BANK_WORD.search(line.text)}
    for line in layout.lines:
        for segment in line.segments:
            for identifier in _in_segment(segment, line, near_bank=_near(line, bank_lines)):
                if not any(id(token) in taken for token in identifier.tokens):
                    taken.update(id(token) for token in identifier.tokens)
                    found.append(_with_next_line(identifier, layout))
    found += [i for i in _broken_ibans(layout) if not any(id(t) in taken for t in i.tokens)]
    found += [p for p in _phones(hits, finder) if not any(id(t) in taken for t in p.tokens)]
    return tuple(sorted(found, key=lambda i: (i.line.number, i.tokens[0].rect.x0)))


def _near(line: Line, numbers: set[int]) -> bool:
    return any(abs(line.number - number) <= 1 for number in numbers)


def _in_segment(segment: Segment, line: Line, *, near_bank: bool) -> Iterator[Identifier]:
    text = segment.text
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield _identifier("email", match.group(), match.span(), segment, line)
    if "www" in text.lower() or "://" in text:
        for match in WEBSITE.finditer(text):
            yield _identifier("website", match.group(), match.span(), segment, line)
    if sum(c.isdigit() for c in text) >= 6:
        yield from _ibans(segment, line, near_bank=near_bank)
        for country, pattern, module in _TAX_FORMS:
            for match in pattern.finditer(text):
                value = "".join(match.group().split())
                valid = _valid_tax(country, module, value)
                yield _identifier("vat", value, match.span(), segment, line, valid, country)
    if near_bank:
        for match in _BIC.finditer(text):
            yield _identifier("bic", match.group(), match.span(), segment, line)


def _ibans(segment: Segment, line: Line, *, near_bank: bool) -> Iterator[Identifier]:
    for match in _IBAN.finditer(segment.text):
        compact = "".join(match.group().split())
        length = iban_length(compact[:2])
        # Beside a bank label, some letters short is a misprint that a finding should show;
        # elsewhere it is another identifier.
        if length is None or len(compact) < (length - 7 if near_bank else length):
            continue
        value = compact[:length]
        end = match.start()
        for _ in value:
            while segment.text[end].isspace():
                end += 1
            end += 1
        span = (match.start(), end)
        yield _identifier("iban", value, span, segment, line, iban_is_valid(value), value[:2])


def _with_next_line(found: Identifier, layout: DocumentLayout) -> Identifier:
    """An IBAN broken over two lines of a narrow cell, as one."""
    length = iban_length(found.value[:2]) or 0
    missing = length - len(found.value)
    if found.kind != "iban" or missing <= 0:
        return found
    starts = [found.tokens[0].rect.x0]
    starts += [s.rect.x0 for s in found.line.segments if found.tokens[0] in s.tokens]
    for line in layout.lines[found.line.number + 1 : found.line.number + 3]:
        for segment in line.segments:
            text = "".join(segment.text.split())
            near = any(abs(segment.rect.x0 - x0) < segment.height for x0 in starts)
            near = near and line.page == found.line.page
            if near and len(text) == missing and text.isalnum():
                value = found.value + text
                tokens = found.tokens + segment.tokens
                return Identifier(
                    "iban", value, tokens, found.line, iban_is_valid(value), value[:2]
                )
    return found


def _broken_ibans(layout: DocumentLayout) -> Iterator[Identifier]:
    """IBANs that a line of text begins and the next line ends."""
    for page in layout.pages:
        for line, below in pairwise(page.lines):
            for segment in line.segments:
                start = _IBAN_AT_END.search(segment.text)
                if start is None or (length := iban_length(start["country"])) is None:
                    continue
                head = "".join(start["iban"].split())
                tail = next((s for s in below.segments if _continues_text(segment, s)), None)
                words = tail.tokens if tail is not None else ()
                tokens = list(tokens_between(segment, *start.span("iban")))
                for token in words:
                    if len(head) >= length:
                        break
                    head += token.text.strip(".,;)")
                    tokens.append(token)
                if len(head) == length and head.isalnum():
                    valid = iban_is_valid(head)
                    yield Identifier("iban", head, tuple(tokens), line, valid, head[:2])


def _continues_text(segment: Segment, other: Segment) -> bool:
    near = other.rect.y0 - segment.rect.y1 < segment.height
    return near and abs(other.rect.x0 - segment.rect.x0) < segment.height


@lru_cache(maxsize=512)
def iban_length(country: str) -> int | None:
    """Length of IBANs of the country, None when it has none."""
    try:
        return IBAN(country + "0" * 20, allow_invalid=True).spec.iban_length
    except SchwiftyException:
        return None


def iban_is_valid(value: str) -> bool:
    return bool(IBAN(value, allow_invalid=True).is_valid)


def _valid_tax(country: str, module: str, value: str) -> bool | None:
    checker = get_cc_module(country.lower(), module)
    return bool(checker.is_valid(value)) if checker is not None else None


def _identifier(
    kind: str,
    value: str,
    span: tuple[int, int],
    segment: Segment,
    line: Line,
    valid: bool | None = None,
    country: str | None = None,
) -> Identifier:
    return Identifier(kind, value, tokens_between(segment, *span), line, valid, country)


def tokens_between(segment: Segment, start: int, end: int) -> tuple[Token, ...]:
    """The tokens whose text lies in [start, end) of the segment's text."""
    tokens: list[Token] = []
    position = 0
    for token in segment.tokens:
        if position < end and position + len(token.text) > start:
            tokens.append(token)
        position += len(token.text) + 1
    return tuple(tokens)


def _labelled_tax(hits: Sequence[LabelHit], finder: SlotFinder) -> Iterator[Identifier]:
    """Values of tax labels, whatever their form."""
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: -len(h.tokens)):
        if hit.concept not in _SLOTS_OF_TAX or hit.confidence < 0.5:
            continue
        for slot in finder.slots(hit):
            found = _tax_in(slot.tokens)
            if found is None or slot.affinity < 0.4:
                continue
            value, tokens = found
            prefix = hit.tokens[-1].text.strip(".:")
            if prefix in _PREFIXES and len(hit.tokens) > 1 and value[0].isdigit():
                # "BTW BE 0428.113.774": the country belongs to the id.
                value, tokens = prefix + value, (hit.tokens[-1], *tokens)
            if any(id(token) in taken for token in tokens):
                break
            taken.update(id(token) for token in tokens)
            kind = "tax_number" if hit.concept == "tax_number" else "vat"
            country, valid = _form_of(value)
            yield Identifier(kind, value, tokens, slot.line, valid, country, hit.concept)
            break


def _form_of(value: str) -> tuple[str | None, bool | None]:
    for country, pattern, module in _TAX_FORMS:
        if pattern.fullmatch(value):
            return country, _valid_tax(country, module, value)
    return None, None


def _tax_in(tokens: Sequence[Token]) -> tuple[str, tuple[Token, ...]] | None:
    """The id at the start of `tokens` and the tokens it takes."""
    text = " ".join(token.text for token in tokens[:6])
    lead = len(text) - len(text.lstrip("([#:.-= "))
    match = _LABELLED_TAX.match(text[lead:].upper())
    if match is None:
        return None
    printed = match.group().rstrip("-./ ")
    digits = sum(c.isdigit() for c in printed)
    if _MONEY.match(printed) or printed[:3] in _CURRENCIES:
        return None
    if not _FEWEST_DIGITS <= digits <= 16 or len(printed) > 24:
        return None
    used: list[Token] = []
    position = 0
    for token in tokens[:6]:
        if position < lead + len(printed):
            used.append(token)
        position += len(token.text) + 1
    return "".join(printed.split()), tuple(used)


def _phones(hits: Sequence[LabelHit], finder: SlotFinder) -> Iterator[Identifier]:
    for hit in hits:
        if hit.concept not in {"phone", "fax"}:
            continue
        for slot in finder.slots(hit):
            match = _PHONE.search(" ".join(token.text for token in slot.tokens))
            if match is not None and slot.direction != "below":
                used = [t for t in slot.tokens if any(c.isdigit() for c in t.text)]
                kind = "phone" if hit.concept == "phone" else "fax"
                yield Identifier(kind, match.group().strip(), tuple(used), slot.line, None)
                break
