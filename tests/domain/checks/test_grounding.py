"""Values must stand on the page where their evidence says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from src.domain.findings import Severity
from src.domain.invoice import BankAccount, Invoice, LineItem, Party, PaymentDetails, Totals
from src.domain.page import Box, Page
from src.domain.readings import (
    ComputedEvidence,
    CorrectedEvidence,
    Evidence,
    FieldReading,
    UngroundedEvidence,
)
from tests.domain.build import check, exact, invoice, page_of, read

Found = tuple[str, Severity, tuple[str, ...]]

HERE = Box(0.70, 0.50, 0.80, 0.52)
ELSEWHERE = Box(0.10, 0.10, 0.20, 0.12)


def _total(reading: FieldReading[Decimal]) -> Invoice:
    return invoice().model_copy(update={"totals": Totals(total=reading)})


def _found(subject: Invoice, *pages: Page) -> list[Found]:
    return [(one.code, one.severity, one.fields) for one in check(subject, *pages)]


NOT_THERE = [("value-not-on-page", Severity.ERROR, ("totals.total",))]
OTHERWISE = [("value-not-as-printed", Severity.ERROR, ("totals.total",))]


@pytest.mark.parametrize(
    ("words", "text", "value", "expected"),
    [
        (["1.190,00"], "1.190,00", "1190.00", []),
        # Currency signs glued to the amount or not, brackets, minus signs.
        (["€1,190.00"], "1,190.00", "1190.00", []),
        (["1,190.00"], "€ 1,190.00", "1190.00", []),
        (["(1,190.00)"], "(1,190.00)", "-1190.00", []),
        (["Total:1,190.00"], "1,190.00", "1190.00", []),
        (["1,190.00EUR"], "1,190.00 EUR", "1190.00", []),
        # Grouped by spaces: several words.
        (["1", "190,00"], "1 190,00", "1190.00", []),
        # The next word's digits are not part of the number, also after a comma.
        (["190.00,", "15.00"], "190.00", "190.00", []),
        (["15.00", ",190.00"], "190.00", "190.00", []),
        # Another amount, a longer one, or none.
        (["2,180.00"], "1,190.00", "1190.00", NOT_THERE),
        (["1,190.00"], "190.00", "190.00", NOT_THERE),
        (["1190.00"], "90.00", "90.00", NOT_THERE),
        (["119.005"], "119.00", "119.00", NOT_THERE),
        (["119.00", "119.0"], "119.0", "119.0", []),
        ([], "1,190.00", "1190.00", NOT_THERE),
        (["1,190.00"], None, "1190.00", NOT_THERE),
        (["none"], "none", "1190.00", NOT_THERE),
        # The text is there, but means something else.
        (["1,190.00"], "1,190.00", "1910.00", OTHERWISE),
        (["1.190,00"], "1.190,00", "1.19", OTHERWISE),
    ],
)
def test_amounts(words: list[str], text: str | None, value: str, expected: list[Found]) -> None:
    step = 0.1 / max(len(words), 1)
    placed = [
        (word, Box(0.70 + index * step, 0.50, 0.70 + (index + 1) * step - 0.005, 0.52))
        for index, word in enumerate(words)
    ]
    subject = _total(read(Decimal(value), text, HERE))
    assert _found(subject, page_of(*placed)) == expected


def test_the_place_counts() -> None:
    subject = _total(read(Decimal("119.00"), "119.00", HERE))
    assert _found(subject, page_of(("119.00", HERE))) == []
    near = Box(HERE.x0 + 0.105, HERE.y0 + 0.005, HERE.x1 + 0.105, HERE.y1 + 0.005)
    assert _found(subject, page_of(("119.00", near))) == []
    assert _found(subject, page_of(("119.00", ELSEWHERE))) == NOT_THERE
    assert _found(subject) == NOT_THERE
    wrong_page = _total(read(Decimal("119.00"), "119.00", HERE, page=2))
    assert _found(wrong_page, page_of(("119.00", HERE))) == NOT_THERE


def test_words_are_joined_in_rows_where_the_source_is_out_of_order() -> None:
    left, right = Box(0.70, 0.50, 0.71, 0.52), Box(0.72, 0.501, 0.80, 0.519)
    subject = _total(read(Decimal("1190.00"), "1 190,00", HERE))
    assert _found(subject, page_of(("190,00", right), ("1", left))) == []


def test_values_that_were_not_read_are_exempt() -> None:
    amount = Decimal("119.00")
    computed = ComputedEvidence(fields=("totals.subtotal",))
    corrected = CorrectedEvidence(by="Ann", at=datetime(2026, 6, 1, tzinfo=UTC))
    made: tuple[Evidence, ...] = (computed, corrected)
    for evidence in made:
        reading = FieldReading[Decimal](
            value=amount, evidence=evidence, confidence=1.0, engine="test"
        )
        assert _found(_total(reading)) == []
    assert _found(_total(exact(amount))) == []


def test_bank_details_hold_the_document_identifiers_and_dates_are_remarked_on() -> None:
    iban = read("DE89370400440532013000", "DE89 3704 0044 0532 0130 00", HERE)
    subject = invoice().model_copy(
        update={
            "invoice_number": read("R-17", "R-17", HERE),
            "issue_date": read(date(2026, 6, 1), "01.06.2026", HERE),
            "vendor": Party(name=read("Muster GmbH", "Muster GmbH", HERE)),
            "payment": PaymentDetails(accounts=(BankAccount(iban=iban),)),
            "line_items": (LineItem(quantity=read(Decimal(2), "2", HERE)),),
        }
    )
    assert _found(subject, page_of(("Nothing", HERE))) == [
        ("value-not-on-page", Severity.WARNING, ("invoice_number",)),
        ("value-not-on-page", Severity.WARNING, ("issue_date",)),
        ("value-not-on-page", Severity.WARNING, ("vendor.name",)),
        ("value-not-on-page", Severity.ERROR, ("payment.accounts.0.iban",)),
        ("value-not-on-page", Severity.WARNING, ("line_items.0.quantity",)),
    ]
    words = ["R-17", "01.06.2026", "2", "MUSTER", "GmbH"]
    words += ["IBAN", "DE89", "3704", "0044", "0532", "0130", "00"]
    assert _found(subject, page_of(*((word, HERE) for word in words))) == []


def test_a_wrong_meaning_is_told_with_text_and_value() -> None:
    subject = invoice().model_copy(
        update={"issue_date": read(date(2026, 6, 1), "02.06.2026", HERE)}
    )
    (finding,) = check(subject, page_of(("02.06.2026", HERE)))
    assert (finding.code, finding.severity) == ("value-not-as-printed", Severity.WARNING)
    assert finding.message == (
        "issue_date: the page says '02.06.2026', which does not mean 2026-06-01."
    )


def test_a_text_may_go_on_in_the_next_line() -> None:
    first, second = Box(0.7, 0.50, 0.8, 0.51), Box(0.7, 0.52, 0.8, 0.53)
    between = Box(0.75, 0.50, 0.8, 0.51)
    both = Box(0.7, 0.50, 0.8, 0.53)
    name = read("Muster Handels Gesellschaft", "Muster Handels Gesellschaft", both)
    subject = invoice().model_copy(update={"vendor": Party(name=name)})
    words = (("Muster", first), ("Page", between), ("Handels", second), ("Gesellschaft", second))
    assert _found(subject, page_of(*words)) == []


def test_free_text_is_not_grounded() -> None:
    line = LineItem(description=read("Consulting", "Consulting", HERE))
    subject = invoice().model_copy(update={"line_items": (line,)})
    assert _found(subject, page_of()) == []


def test_what_only_a_model_said_is_on_no_page() -> None:
    said = FieldReading[Decimal](
        value=Decimal("119.00"),
        evidence=UngroundedEvidence(page=1),
        confidence=0.3,
        engine="vision",
    )
    # The words stand there: an engine that does not point at them has not read them.
    (finding,) = check(_total(said), page_of(("119.00", HERE)))
    assert (finding.code, finding.severity) == ("value-not-on-page", Severity.ERROR)
    assert "the model says '119.00'" in finding.message
