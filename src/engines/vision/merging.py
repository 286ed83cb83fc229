"""The answers for the views of a document as one set of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from src.engines.vision.schema import LineAnswer, PageAnswer, TaxAnswer

# Sums stand on the last page that has them; earlier ones are carried over.
_LAST_COUNTS = frozenset(
    {
        *("amount_due", "amount_paid", "discount", "shipping", "subtotal", "tax_total", "total"),
        *("payment_reference", "payment_terms"),
    }
)
# How models say that there is nothing.
_NOTHING = frozenset({"", "null", "none", "n/a", "na", "nil", "-", "--", "unknown", "not found"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A text the model says is printed on a page."""

    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What the model says of a whole document."""

    # By the field names of `PageAnswer`.
    fields: Mapping[str, Claim]
    # By the field names of `LineAnswer` and `TaxAnswer`, in the order of the pages.
    lines: tuple[Mapping[str, Claim], ...]
    taxes: tuple[Mapping[str, Claim], ...]
    # Fields for which another page says something else, with that.
    contradicted: Mapping[str, Claim]


def merge(answers: Sequence[tuple[int, PageAnswer]]) -> Claims:
    """`answers` are (page number, answer) in the order of the pages.

    Who, when and which number: the first page that says it. Sums: the last one.
    """
    fields: dict[str, Claim] = {}
    contradicted: dict[str, Claim] = {}
    for page, answer in answers:
        for name, claim in _texts(page, answer):
            before = fields.get(name)
            if before is None or name in _LAST_COUNTS:
                fields[name] = claim
            elif before.text != claim.text:
                contradicted.setdefault(name, claim)
    taxes = [
        [dict(_texts(page, tax)) for tax in answer.tax_lines]
        for page, answer in answers
        if answer.tax_lines
    ]
    return Claims(
        fields=fields,
        lines=tuple(_lines(answers)),
        taxes=tuple(tax for tax in taxes[-1] if tax) if taxes else (),
        contradicted=contradicted,
    )


def _lines(answers: Sequence[tuple[int, PageAnswer]]) -> Iterable[Mapping[str, Claim]]:
    for page, answer in answers:
        for line in answer.line_items:
            claims = dict(_texts(page, line))
            if claims:
                yield claims


def _texts(page: int, answer: PageAnswer | LineAnswer | TaxAnswer) -> Iterable[tuple[str, Claim]]:
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        if isinstance(value, str) and value.strip().casefold() not in _NOTHING:
            yield name, Claim(value.strip(), page)
