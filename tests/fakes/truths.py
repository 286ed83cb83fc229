"""What a good model would answer: from the words of the page it was asked about.

The text of the page stands in the question. For the project's samples, and for folders of
documents that come with theirs, the truth is known; of it the model sees what the page prints.
Other pages are read by simple labels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from src.domain.checks.printed import amounts_in, compact, says_date
from src.engines.vision.schema import LineAnswer, PageAnswer

EXPECTED = Path(__file__).resolve().parents[2] / "samples" / "expected"
_PAGE = re.compile(r"<<<PAGE-(\w+)\n(.*)\nPAGE-\1>>>", re.DOTALL)
_LEAST_HITS = 3

_AMOUNTS = ("amount_due", "subtotal", "tax_total", "total", "discount", "shipping")
_LABELS: Mapping[str, str] = {
    "invoice_number": r"invoice (?:number|no\.?)\s*:?\s*(\S+)",
    "invoice_date": r"invoice date\s*:?\s*(\d{1,2} \w+ \d{4}|[\d./-]{8,10})",
    "due_date": r"due date\s*:?\s*(\d{1,2} \w+ \d{4}|[\d./-]{8,10})",
    "subtotal": r"subtotal\D*?([\d.,]*\d)",
    "tax_total": r"(?:vat|tax)\s+\d+\s?%\D*?([\d.,]*\d\.\d\d)",
    "total": r"^\s*total\D*?([\d.,]*\d)",
    "currency": r"\b(GBP|EUR|USD)\b",
    "bank_iban": r"iban:?\s*([A-Z]{2}\d\d[A-Z0-9 ]{10,30})",
}


@dataclass(frozen=True)
class PageText:
    """The page as it stands in the question."""

    text: str

    def printed_amount(self, value: str) -> str | None:
        """How the page prints an amount."""
        try:
            wanted = abs(Decimal(value))
        except InvalidOperation:
            return None
        for line in self.text.splitlines():
            words = line.split()
            for size in (1, 2, 3):
                for start in range(len(words) - size + 1):
                    said = " ".join(words[start : start + size])
                    if any(c.isdigit() for c in said) and wanted in amounts_in(said):
                        return f"-{said}" if Decimal(value) < 0 and "-" not in said else said
        return None

    def printed_date(self, value: str) -> str | None:
        day = date.fromisoformat(value)
        for line in self.text.splitlines():
            words = line.split()
            for size in range(1, 5):
                for start in range(len(words) - size + 1):
                    said = " ".join(words[start : start + size])
                    if any(c.isdigit() for c in said) and says_date(said, day):
                        return said
        return None

    def printed_text(self, value: str) -> str | None:
        """The text itself, if its words stand on the page."""
        plain = compact(self.text)
        parts = [part for line in value.splitlines() for part in line.split(" ") if compact(part)]
        hits = sum(compact(part) in plain for part in parts)
        return value if parts and hits >= 0.7 * len(parts) else None


def page_in(question: str) -> PageText:
    """The text between the marks of a question; the last ones count."""
    match = _PAGE.search(question)
    return PageText(match[2] if match else "")


def empty_answer() -> dict[str, Any]:
    return dict.fromkeys(PageAnswer.model_fields) | {"line_items": [], "tax_lines": []}


def answer_to(question: str, truths: Path | None = None) -> dict[str, Any]:
    """The answer of a model that reads well and copies exactly.

    `truths`: a folder of sets, `<set>/truth/*.json`, that the model knows beside the samples.
    """
    page = page_in(question)
    truth = _truth_of(page, truths)
    return _from_labels(page) if truth is None else _from_truth(page, truth)


@dataclass(frozen=True)
class _Truth:
    content: dict[str, Any]
    # What makes it known on a page: texts that do not stand on many.
    marks: tuple[str, ...]


@cache
def _truths(folder: Path | None) -> tuple[_Truth, ...]:
    paths = [*EXPECTED.glob("*.json"), *(folder.glob("*/truth/*.json") if folder else ())]
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(paths)]
    truths = (_Truth(one, tuple(compact(text) for text in _strings(one))) for one in contents)
    return tuple(truth for truth in truths if truth.marks)


def _truth_of(page: PageText, folder: Path | None) -> dict[str, Any] | None:
    plain = compact(page.text)
    best, most, share = None, 0, 0.0
    for truth in _truths(folder):
        hits = sum(mark in plain for mark in truth.marks)
        if hits / len(truth.marks) > share:
            best, most, share = truth.content, hits, hits / len(truth.marks)
    return best if most >= _LEAST_HITS else None


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
    # Short texts and sums stand on many pages.
    elif isinstance(node, str) and len(compact(node)) >= 6:
        yield node


def _from_truth(page: PageText, truth: Mapping[str, Any]) -> dict[str, Any]:
    answer = empty_answer()
    vendor, customer = truth.get("vendor") or {}, truth.get("customer") or {}
    answer["document_type"] = truth.get("document_type")
    answer["currency"] = truth.get("currency")
    for name in _AMOUNTS:
        answer[name] = _maybe(page.printed_amount, truth.get(name))
    for name in ("invoice_date", "due_date"):
        answer[name] = _maybe(page.printed_date, truth.get(name))
    texts = {
        "invoice_number": truth.get("invoice_number"),
        "order_number": truth.get("purchase_order"),
        "vendor_name": vendor.get("name"),
        "vendor_address": vendor.get("address"),
        "vendor_tax_id": vendor.get("tax_id"),
        "bank_iban": vendor.get("iban"),
        "customer_name": customer.get("name"),
        "customer_address": customer.get("address"),
        "customer_tax_id": customer.get("tax_id"),
    }
    for name, value in texts.items():
        answer[name] = _maybe(page.printed_text, value)
    answer["line_items"] = [
        line for item in truth.get("line_items") or () if (line := _line(page, item))
    ]
    return answer


def _line(page: PageText, item: Mapping[str, Any]) -> dict[str, Any] | None:
    description = _maybe(page.printed_text, item.get("description"))
    amount = _maybe(page.printed_amount, item.get("amount"))
    if description is None or amount is None:
        return None
    return dict.fromkeys(LineAnswer.model_fields) | {
        "amount": amount,
        "description": description,
        "quantity": _maybe(page.printed_amount, item.get("quantity")),
        "unit_price": _maybe(page.printed_amount, item.get("unit_price")),
    }


def _maybe(read: Any, value: Any) -> str | None:
    return read(str(value)) if value else None


def _from_labels(page: PageText) -> dict[str, Any]:
    answer = empty_answer()
    for name, pattern in _LABELS.items():
        match = re.search(pattern, page.text, re.IGNORECASE | re.MULTILINE)
        answer[name] = match[1].strip() if match else None
    lines = [line.strip() for line in page.text.splitlines() if line.strip()]
    answer["vendor_name"] = lines[0].split("  ")[0][:100] if lines else None
    answer["document_type"] = "invoice" if "invoice" in page.text.casefold() else None
    for line in lines:
        match = re.fullmatch(r"(.*?\D)\s+(\d+)\s+([\d.]+\.\d\d)\s+([\d.]+\.\d\d)", line)
        if match:
            values = ("description", "quantity", "unit_price", "amount")
            row = dict.fromkeys(LineAnswer.model_fields)
            answer["line_items"].append(row | dict(zip(values, match.groups(), strict=True)))
    return answer
