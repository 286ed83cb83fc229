"""Stamps and sentences by which a document says that it is not to be paid."""

from __future__ import annotations

import pytest

from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice
from src.domain.page import Box, Page, TextSource, Word
from tests.domain.build import check, invoice

CODES = ("marked-not-payable", "marked-paid", "marked-copy")
LARGE, USUAL = 0.06, 0.012


def page(*rows: tuple[str, float]) -> Page:
    """Rows of text with the height of their words, below a few of usual height."""
    words: list[Word] = []
    for number, (text, height) in enumerate((*[("12 bolts at 3.00", USUAL)] * 8, *rows)):
        top = 0.07 * number + 0.02
        words += [
            Word(text=word, box=Box(0.1 * column, top, 0.1 * column + 0.09, top + height))
            for column, word in enumerate(text.split())
        ]
    return Page(1, 595, 842, 0, TextSource.TEXT_LAYER, tuple(words))


def marked(*pages: Page, of: Invoice | None = None) -> list[Finding]:
    return [one for one in check(of or invoice(), *pages) if one.code in CODES]


@pytest.mark.parametrize(
    ("text", "height", "code", "severity"),
    [
        ("VOID", USUAL, "marked-not-payable", Severity.ERROR),
        ("Draft", LARGE, "marked-not-payable", Severity.ERROR),
        ("Pro-forma", LARGE, "marked-not-payable", Severity.ERROR),
        ("*** UNGÜLTIG ***", USUAL, "marked-not-payable", Severity.ERROR),
        ("This is not a tax invoice.", USUAL, "marked-not-payable", Severity.ERROR),
        ("Dies ist keine Rechnung", USUAL, "marked-not-payable", Severity.ERROR),
        ("Ceci n’est pas une facture", USUAL, "marked-not-payable", Severity.ERROR),
        ("PAID IN FULL", USUAL, "marked-paid", Severity.ERROR),
        ("Bezahlt", LARGE, "marked-paid", Severity.ERROR),
        ("INVOICE COPY", USUAL, "marked-copy", Severity.WARNING),
    ],
)
def test_a_mark_is_told(text: str, height: float, code: str, severity: Severity) -> None:
    (finding,) = marked(page((text, height)), page((text, height)))
    assert (finding.code, finding.severity) == (code, severity)
    assert "Page 1 says '" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "Paid by card",
        "Paid",
        "Amount paid 0.00",
        "PAYMENT RECEIVED: -107.64",
        "VOID AFTER NINETY DAYS WITHOUT PAYMENT",
        "Please keep a copy of this invoice",
        "Sie haben keine Rechnung erhalten?",
        "sample 12",
    ],
)
def test_words_in_passing_are_no_marks(text: str) -> None:
    assert marked(page((text, USUAL))) == []


def test_a_stamp_over_other_text_is_seen() -> None:
    under = page()
    stamp = Word(text="CANCELLED", box=Box(0.05, 0.0, 0.9, 0.08))
    stamped = Page(1, 595, 842, 0, TextSource.OCR, (*under.words[:3], stamp, *under.words[3:]))
    assert [one.code for one in marked(stamped)] == ["marked-not-payable"]


def test_who_asks_for_nothing_may_be_paid() -> None:
    settled = invoice(amount_paid="119.00", amount_due="0.00")
    assert marked(page(("PAID", LARGE)), of=settled) == []


def test_receipts_are_paid_and_copied() -> None:
    receipt = invoice(kind=DocumentType.RECEIPT)
    assert marked(page(("PAID", LARGE), ("COPY", LARGE)), of=receipt) == []
    assert [one.code for one in marked(page(("VOID", LARGE)), of=receipt)] == [CODES[0]]


def test_a_page_without_words_says_nothing() -> None:
    assert marked(Page(1, 595, 842, 0, TextSource.OCR, ())) == []
