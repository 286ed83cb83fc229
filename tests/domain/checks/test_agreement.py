"""Two engines that read the same pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from src.domain.candidate import Alternative
from src.domain.checks import CheckContext, run_checks
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice, Totals
from src.domain.page import Box
from src.domain.readings import CorrectedEvidence, FieldReading, XmlEvidence
from tests.domain.build import TODAY, exact, invoice, read, with_account


def _other(field: str, value: str, *, engine: str = "layout", confidence: float = 0.5) -> object:
    return Alternative(
        field=field,
        reading=FieldReading[str](
            value=value, evidence=XmlEvidence(path="x"), confidence=confidence, engine=engine
        ),
    )


def _found(subject: Invoice, *alternatives: object) -> list[Finding]:
    context = CheckContext(pages=(), today=TODAY, alternatives=alternatives)  # type: ignore[arg-type]
    return [one for one in run_checks(subject, context) if one.code == "engines-disagree"]


@pytest.mark.parametrize(
    ("field", "confidence", "severity"),
    [
        ("totals.total", 0.5, Severity.ERROR),
        # The arithmetic has decided.
        ("totals.total", 0.1, Severity.INFO),
        # Nothing decides where money goes but a person.
        ("payment.accounts.0.iban", 0.1, Severity.ERROR),
    ],
)
def test_another_value_of_another_engine_is_told(
    field: str, confidence: float, severity: Severity
) -> None:
    subject = with_account(iban="DE89370400440532013000")
    (finding,) = _found(subject, _other(field, "118.00", confidence=confidence))
    assert (finding.severity, finding.fields) == (severity, (field,))
    assert "layout reads '118.00'" in finding.message


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.ERROR])
def test_a_page_that_says_another_date_than_its_xml_holds(severity: Severity) -> None:
    by_xml = severity is Severity.ERROR
    day = date(2026, 6, 1)
    printed = read(day, "1 June 2026", Box(0.1, 0.1, 0.2, 0.2))
    subject = invoice().model_copy(update={"issue_date": exact(day) if by_xml else printed})
    (finding,) = _found(subject, _other("issue_date", "2026-06-02"))
    assert finding.severity is severity


def test_second_choices_equal_values_and_lost_lines_are_no_disagreement() -> None:
    assert not _found(
        invoice(),
        _other("totals.total", "118.00", engine="test"),
        _other("totals.total", "119.00"),
        _other("totals.subtotal", "100.00"),
        _other("line_items.3.amount", "1.00"),
    )


def test_a_person_has_the_last_word() -> None:
    corrected = FieldReading[Decimal](
        value=Decimal("119.00"),
        evidence=CorrectedEvidence(by="Ann", at=datetime(2026, 6, 1, tzinfo=UTC)),
        confidence=1.0,
        engine="review",
    )
    subject = invoice().model_copy(update={"totals": Totals(total=corrected)})
    assert not _found(subject, _other("totals.total", "118.00"))
