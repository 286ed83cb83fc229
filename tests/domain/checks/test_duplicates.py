"""The same invoice in another file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from src.domain.checks.base import CheckContext
from src.domain.checks.duplicates import check_duplicates
from src.domain.findings import Finding, Severity
from src.domain.invoice import DocumentType, Invoice, Party
from src.domain.knowledge import EarlierInvoice, Knowledge
from tests.domain.build import TODAY, exact, invoice

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def earlier(**changes: Any) -> EarlierInvoice:
    """The invoice of `build.invoice` as it came before."""
    values: dict[str, Any] = {
        "id": "1",
        "document_type": "invoice",
        "vendor_name": "Muster Handel GmbH",
        "number": "R-2026-17",
        "issue_date": date(2026, 6, 1),
        "currency": "EUR",
        "total": Decimal("119.00"),
    }
    return EarlierInvoice(**(values | changes))


def found(subject: Invoice, *others: EarlierInvoice) -> list[Finding]:
    known = Knowledge(earlier=others)
    return list(check_duplicates(subject, CheckContext(pages=(), today=TODAY, known=known)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("duplicate-invoice", ERROR)),
        # The number, however it is written, under a name that is misread or shortened.
        ({"number": "r 2026/0017", "total": Decimal(7)}, ("duplicate-invoice", ERROR)),
        ({"vendor_name": "MUSTER HANDEI GMBH"}, ("duplicate-invoice", ERROR)),
        ({"vendor_name": "Muster Handel"}, ("duplicate-invoice", ERROR)),
        ({"number": "R-2O26-l7"}, ("duplicate-invoice", ERROR)),
        # Vendor, amount and day, under another number.
        ({"number": "X-1"}, ("duplicate-invoice", ERROR)),
        ({"number": None}, ("duplicate-invoice", ERROR)),
        # Nearly everything.
        (
            {"number": "R-2026-170", "issue_date": date(2026, 6, 20), "total": Decimal("118.50")},
            ("possible-duplicate", ERROR),
        ),
        ({"number": "R-2026-77", "total": Decimal("118.50")}, ("possible-duplicate", ERROR)),
        # The next one of a subscription.
        (
            {"number": "R-2026-16", "issue_date": date(2026, 5, 20)},
            ("possible-duplicate", WARNING),
        ),
        # A vendor that starts to count anew.
        (
            {"issue_date": date(2025, 6, 1), "total": Decimal(55)},
            ("possible-duplicate", WARNING),
        ),
        # Other invoices.
        ({"number": "R-2026-99", "issue_date": date(2026, 5, 1)}, None),
        ({"number": "R-2026-18", "total": Decimal("130.00")}, None),
        ({"number": "R-2026-16", "issue_date": date(2026, 4, 1)}, None),
        ({"vendor_name": "Kranich Papier AG"}, None),
        ({"vendor_name": "Kranich Papier AG", "total": Decimal(1)}, None),
        ({"document_type": "credit_note"}, None),
        ({"currency": "USD", "number": "R-9"}, None),
        ({"issue_date": None, "number": "R-2026-16"}, None),
    ],
)
def test_duplicates(changes: dict[str, Any], expected: tuple[str, Severity] | None) -> None:
    told = [(one.code, one.severity) for one in found(invoice(), earlier(**changes))]
    assert told == ([] if expected is None else [expected])


def test_the_finding_names_the_other_result() -> None:
    (finding,) = found(invoice(), earlier(id="abc"))
    assert finding.related_id == "abc"
    assert "R-2026-17" in finding.message


def test_the_strongest_finding_is_told() -> None:
    slip = earlier(id="slip", number="R-2026-16", issue_date=date(2026, 5, 20))
    (finding,) = found(invoice(), slip, earlier(id="copy"))
    assert finding.related_id == "copy"


def test_a_credit_note_is_compared_with_credit_notes() -> None:
    credit = invoice(kind=DocumentType.CREDIT_NOTE)
    assert found(credit, earlier()) == []
    assert found(credit, earlier(document_type="credit_note"))


def test_without_a_vendor_all_the_rest_must_agree() -> None:
    nameless = invoice().model_copy(update={"vendor": Party()})
    assert found(nameless, earlier())
    assert found(nameless, earlier(total=Decimal(7))) == []


def test_a_lone_digit_is_no_number_to_compare() -> None:
    subject = invoice().model_copy(update={"invoice_number": exact("7")})
    assert found(subject, earlier(number="7", total=Decimal(5))) == []


def test_nothing_known_nothing_told() -> None:
    assert list(check_duplicates(invoice(), CheckContext(pages=(), today=TODAY))) == []
