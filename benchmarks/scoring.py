"""Compares neutral predictions with neutral truth, field by field.

Only what the truth states is scored. Names may differ by 15 % of their characters, addresses
are compared as sets of words, everything else must be equal. `_alt` in a truth file holds other
accepted values per field. The sign of amounts does not count in credit notes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from rapidfuzz import fuzz

from benchmarks.neutral import Neutral

ALIKE = 85
SAME_LINE = 60

KINDS = {
    "document_type": "text",
    "invoice_number": "text",
    "invoice_date": "text",
    "due_date": "text",
    "currency": "text",
    "vendor.name": "name",
    "vendor.tax_id": "text",
    "vendor.address": "words",
    "vendor.iban": "text",
    "customer.name": "name",
    "customer.address": "words",
    "customer.tax_id": "text",
    "purchase_order": "text",
    "subtotal": "amount",
    "tax_total": "amount",
    "total": "amount",
    "amount_due": "amount",
}
CORE = ("invoice_number", "invoice_date", "total", "vendor.name", "currency")


@dataclass(slots=True)
class Tally:
    """Counts of one field over many documents."""

    stated: int = 0
    right: int = 0
    missing: int = 0

    @property
    def accuracy(self) -> float:
        return self.right / self.stated if self.stated else 0.0


@dataclass(slots=True)
class Score:
    """Counts of one set of documents."""

    documents: int = 0
    core_right: int = 0
    fields: dict[str, Tally] = field(default_factory=dict)
    lines_stated: int = 0
    lines_given: int = 0
    lines_matched: int = 0
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def line_f1(self) -> float:
        both = self.lines_stated + self.lines_given
        return 2 * self.lines_matched / both if both else 0.0

    def add(self, name: str, truth: Neutral, prediction: Neutral) -> None:
        """Score one document."""
        self.documents += 1
        signed = truth.get("document_type") != "credit_note" and not str(
            truth.get("total", "")
        ).startswith("-")
        core = True
        for path, accepted in _stated(truth):
            given = _at(prediction, path)
            tally = self.fields.setdefault(path, Tally())
            tally.stated += 1
            if given is None:
                tally.missing += 1
            right = given is not None and any(
                _same(KINDS[path], value, given, signed) for value in accepted
            )
            if right:
                tally.right += 1
            else:
                self.wrong.append((name, path, str(accepted[0]), str(given)))
                core = core and path not in CORE
        self.core_right += core
        self._add_lines(truth, prediction, signed)

    def _add_lines(self, truth: Neutral, prediction: Neutral, signed: bool) -> None:
        stated = truth.get("line_items") or []
        if not stated:
            return
        given = prediction.get("line_items") or []
        pairs = []
        for index, line in enumerate(stated):
            others = truth.get("_alt", {}).get(f"line_amount:{index}", [])
            amounts = [value for value in (line.get("amount"), *others) if value is not None]
            for other_index, other in enumerate(given):
                if amounts and not any(
                    _same("amount", value, other.get("amount"), signed) for value in amounts
                ):
                    continue
                alike = fuzz.token_set_ratio(
                    _plain(line.get("description", "")), _plain(other.get("description", ""))
                )
                if not line.get("description") or alike >= SAME_LINE:
                    pairs.append((-alike, index, other_index))
        taken: set[int] = set()
        used: set[int] = set()
        for _, index, other_index in sorted(pairs):
            if index not in taken and other_index not in used:
                taken.add(index)
                used.add(other_index)
        self.lines_stated += len(stated)
        self.lines_given += len(given)
        self.lines_matched += len(taken)


def _stated(truth: Neutral) -> Iterator[tuple[str, list[object]]]:
    for path in KINDS:
        value = _at(truth, path)
        if value is not None:
            yield path, [value, *truth.get("_alt", {}).get(path, [])]


def _at(fields: Neutral, path: str) -> object | None:
    value: object = fields
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value or None


def _same(kind: str, truth: object, given: object, signed: bool) -> bool:
    if kind == "amount":
        left, right = _amount(truth), _amount(given)
        if left is None or right is None:
            return False
        return left == right or (not signed and abs(left) == abs(right))
    left_text, right_text = _plain(truth), _plain(given)
    if kind == "name":
        return fuzz.ratio(left_text, right_text) >= ALIKE
    if kind == "words":
        return fuzz.token_set_ratio(left_text, right_text) >= ALIKE
    return left_text.replace(" ", "") == right_text.replace(" ", "") != ""


def _amount(value: object) -> Decimal | None:
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return None


def _plain(value: object) -> str:
    folded = unicodedata.normalize("NFKC", str(value)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())
