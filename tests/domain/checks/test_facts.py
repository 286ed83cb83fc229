"""Dates, identities, completeness and currency."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.checks import REGISTRY, CheckSettings, currencies
from src.domain.findings import Severity
from src.domain.invoice import DocumentType, Instalment, Invoice, PaymentDetails
from tests.domain.build import (
    TODAY,
    check,
    codes,
    exact,
    invoice,
    line,
    money,
    party,
    rate,
    with_account,
)


def _dated(**days: date) -> Invoice:
    return invoice().model_copy(update={name: exact(day) for name, day in days.items()})


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (0, []),
        (1, []),
        (2, [("issue-date-in-future", Severity.WARNING)]),
        (31, [("issue-date-in-future", Severity.WARNING)]),
        (32, [("issue-date-in-future", Severity.ERROR)]),
        (-3650, []),
        (-3660, [("issue-date-too-old", Severity.WARNING)]),
    ],
)
def test_issue_date(ahead: int, expected: list[tuple[str, Severity]]) -> None:
    found = check(_dated(issue_date=TODAY + timedelta(days=ahead)))
    assert [(one.code, one.severity) for one in found] == expected


ISSUED = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("field", "day", "expected"),
    [
        ("due_date", ISSUED, []),
        ("due_date", date(2026, 5, 31), ["due-date-before-issue"]),
        ("due_date", date(2026, 9, 29), []),
        ("due_date", date(2026, 9, 30), ["due-date-far-from-issue"]),
        ("order_date", ISSUED, []),
        ("order_date", date(2026, 6, 2), ["order-date-after-issue"]),
        ("preceding_invoice_date", ISSUED, []),
        ("preceding_invoice_date", date(2026, 6, 2), ["preceding-invoice-after-issue"]),
        ("delivery_date", date(2025, 6, 1), []),
        ("delivery_date", date(2025, 5, 1), ["delivery-date-far-from-issue"]),
        ("delivery_date", date(2027, 7, 1), ["delivery-date-far-from-issue"]),
    ],
)
def test_dates_beside_the_issue_date(field: str, day: date, expected: list[str]) -> None:
    assert codes(_dated(**{field: day})) == expected


def test_dates_without_an_issue_date_are_not_compared() -> None:
    subject = _dated(due_date=date(1999, 1, 1), delivery_date=date(1999, 1, 1))
    assert codes(subject.model_copy(update={"issue_date": None})) == ["missing-core-field"]


def test_a_service_period_runs_forward() -> None:
    start, end = date(2026, 5, 31), date(2026, 5, 1)
    assert codes(_dated(service_period_start=end, service_period_end=start)) == []
    reversed_ = _dated(service_period_start=start, service_period_end=end)
    assert codes(reversed_) == ["service-period-reversed"]
    assert codes(_dated(service_period_start=start)) == []


@pytest.mark.parametrize(
    ("iban", "reason"),
    [
        ("DE89370400440532013000", None),
        ("DE88370400440532013000", "check digits"),
        ("DE8937040044053201300", "too long or too short"),
        ("GB82WEST1234569876543Z", "order of its country"),
        ("QQ82WEST12345698765432", "no country"),
        ("x" * 100, "cannot be right"),
    ],
)
def test_iban(iban: str, reason: str | None) -> None:
    found = check(with_account(iban=iban))
    if reason is None:
        assert found == ()
        return
    (finding,) = found
    assert (finding.code, finding.severity) == ("iban-invalid", Severity.ERROR)
    assert reason in finding.message
    assert len(finding.message) < 150
    assert finding.fields == ("payment.accounts.0.iban",)


@pytest.mark.parametrize(
    ("bic", "expected"),
    [("DEUTDEFF", []), ("DEUTDEFFXXX", []), ("DEUTDEF", ["bic-invalid"])],
)
def test_bic(bic: str, expected: list[str]) -> None:
    assert codes(with_account(bic=bic)) == expected


@pytest.mark.parametrize(
    ("tax_id", "country", "valid"),
    [
        ("DE136695976", None, True),
        ("DE136695978", None, False),
        ("DE 136 695 976", "DE", True),
        ("EL094259216", None, True),
        ("EL094259217", None, False),
        ("FR40303265045", "FR", True),
        ("FR41303265045", "FR", False),
        ("CHE-100.155.212 MWST", None, True),
        ("XI980780684", None, True),
        # The German local tax number in place of a VAT id.
        ("181/815/08155", "DE", True),
        ("51824753556", "AU", True),
        ("51824753557", "AU", False),
        # No prefix, no country or one without a rule: nothing can be said.
        ("136695978", None, True),
        ("0000000", "ZZ", True),
        ("0000000", "not a country", True),
        ("SIREN 000", None, True),
    ],
)
def test_tax_id(tax_id: str, country: str | None, valid: bool) -> None:
    for role in ("vendor", "customer", "payee"):
        found = check(invoice().model_copy(update={role: party(tax_id, country)}))
        assert [(one.code, one.severity, one.fields) for one in found] == (
            [] if valid else [("tax-id-invalid", Severity.WARNING, (f"{role}.tax_id",))]
        )


@given(st.text(max_size=60), st.sampled_from(["DE", "FR", "IN", "US", "CH", None]))
def test_no_text_breaks_the_identity_checks(text: str, country: str | None) -> None:
    subject = with_account(iban=text, bic=text).model_copy(update={"vendor": party(text, country)})
    assert set(codes(subject)) <= {"iban-invalid", "bic-invalid", "tax-id-invalid"}


@pytest.mark.parametrize("kind", [DocumentType.INVOICE, DocumentType.CREDIT_NOTE])
def test_every_missing_core_field_is_told(kind: DocumentType) -> None:
    found = check(Invoice(document_type=exact(kind)))
    assert {one.code for one in found} == {"missing-core-field"}
    assert {one.severity for one in found} == {Severity.ERROR}
    assert [field for one in found for field in one.fields] == [
        "invoice_number",
        "issue_date",
        "currency",
        "vendor.name",
        "totals.total",
    ]


def test_a_receipt_needs_no_number() -> None:
    subject = invoice(kind=DocumentType.RECEIPT).model_copy(update={"invoice_number": None})
    assert codes(subject) == []


@pytest.mark.parametrize("kind", [DocumentType.STATEMENT, DocumentType.OTHER])
def test_what_is_no_invoice_is_held(kind: DocumentType) -> None:
    (finding,) = check(invoice(kind=kind))
    assert (finding.code, finding.severity) == ("not-an-invoice", Severity.ERROR)


def test_currency_must_exist() -> None:
    assert codes(invoice(currency="EUR")) == []
    (finding,) = check(invoice(currency="EUX"))
    assert (finding.code, finding.severity) == ("currency-unknown", Severity.ERROR)
    assert codes(_taxed_in("ABC")) == ["currency-unknown"]


def _taxed_in(code: str) -> Invoice:
    return invoice().model_copy(update={"tax_currency": exact(code)})


@pytest.mark.parametrize(
    ("currency", "total", "expected"),
    [
        ("EUR", "119.000", []),
        ("EUR", "119.001", ["amount-too-precise"]),
        ("JPY", "119.00", []),
        ("JPY", "119.5", ["amount-too-precise"]),
        ("KWD", "119.123", []),
        ("EUX", "119.0001", ["currency-unknown"]),
    ],
)
def test_decimals_of_totals(currency: str, total: str, expected: list[str]) -> None:
    assert codes(invoice(currency=currency, total=total)) == expected


def test_prices_and_rates_may_have_more_decimals() -> None:
    lines = (line("1000", "0.1190", "119.00"),)
    rates = (rate("8.875", "1000.00", "88.75"),)
    instalments = (Instalment(amount=money("1.001")),)
    subject = invoice(lines=lines, rates=rates)
    assert codes(subject) == []
    split = subject.model_copy(update={"payment": PaymentDetails(instalments=instalments)})
    (finding,) = check(split)
    assert finding.fields == ("payment.instalments.0.amount",)


def test_currency_table() -> None:
    assert currencies.is_known("CHF")
    assert not currencies.is_known("XXX")
    assert [currencies.decimals(code) for code in ("EUR", "JPY", "KWD", "CLF", "???")] == [
        *(2, 0, 3, 4, 2)
    ]
    assert currencies.smallest_coin("CHF", paid_in_cash=False) == Decimal("0.05")
    assert currencies.smallest_coin("EUR", paid_in_cash=False) is None


def test_codes_can_be_switched_off() -> None:
    wrong = invoice(currency="EUX", subtotal="100", tax_total="19", total="130")
    assert codes(wrong) == ["total-mismatch", "currency-unknown"]
    settings = CheckSettings(disabled=frozenset({"total-mismatch"}))
    assert [one.code for one in check(wrong, settings=settings)] == ["currency-unknown"]
    everything = frozenset(code for entry in REGISTRY for code in entry.codes)
    assert check(wrong, settings=CheckSettings(disabled=everything)) == ()
