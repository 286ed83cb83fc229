"""Bank details and habits of suppliers, by what approved invoices said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from src.domain.checks import CheckSettings
from src.domain.findings import Severity
from src.domain.invoice import Address, BankAccount, Invoice, Party, PaymentDetails
from src.domain.knowledge import Knowledge
from src.domain.page import Box
from src.domain.readings import CorrectedEvidence, FieldReading
from src.domain.suppliers import (
    SUPPLIER_MEMORY,
    PastCorrection,
    SupplierFacts,
    SupplierMemory,
    facts_of,
    keys_of_facts,
    keys_of_invoice,
    suggestions,
)
from tests.domain.build import check, exact, invoice, page_of, rate

OURS, OTHER, ABROAD = "DE89370400440532013000", "DE75512108001245126199", "GB29NWBK60161331926819"
MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def billed(*ibans: str, **changes: Any) -> Invoice:
    accounts = tuple(BankAccount(iban=exact(iban)) for iban in ibans)
    vendor = Party(
        name=exact("Muster Handel GmbH"),
        tax_id=exact("DE136695976"),
        address=exact(Address(text="Berlin", country="DE")),
    )
    payment = PaymentDetails(accounts=accounts)
    return invoice().model_copy(update={"vendor": vendor, "payment": payment} | changes)


def learned(subject: Invoice, times: int = 5, **changes: Any) -> SupplierMemory:
    facts = facts_of(subject, result_id="1", approved_at=MOMENT, read={})
    return SupplierMemory((facts.model_copy(update=changes),) * times)


def told(subject: Invoice, known: Knowledge | None, **more: Any) -> list[tuple[str, Severity]]:
    return [(one.code, one.severity) for one in check(subject, known=known, **more)]


def test_what_was_approved_before_is_nothing_new() -> None:
    assert told(billed(OURS), Knowledge(supplier=learned(billed(OURS)))) == []


@pytest.mark.parametrize(
    ("subject", "known", "expected"),
    [
        (billed(OTHER), Knowledge(supplier=learned(billed(OURS))), ("bank-account-changed", ERROR)),
        (billed(OTHER), Knowledge(supplier=learned(billed())), ("bank-account-changed", ERROR)),
        (billed(OURS), Knowledge(), ("new-supplier-bank-details", WARNING)),
        (billed(OURS), Knowledge(approved=50), ("new-supplier-bank-details", ERROR)),
        (
            billed(OURS),
            Knowledge(same_account=learned(billed(OURS), name="Olivar SL").facts),
            ("bank-account-of-another-supplier", ERROR),
        ),
    ],
)
def test_accounts(subject: Invoice, known: Knowledge, expected: tuple[str, Severity]) -> None:
    assert told(subject, known) == [expected]


def test_an_account_number_without_iban_is_an_account() -> None:
    def with_number(number: str) -> Invoice:
        account = BankAccount(account_number=exact(number), bank_code=exact("20-00-00"))
        return billed(payment=PaymentDetails(accounts=(account, BankAccount())))

    known = Knowledge(supplier=learned(with_number("12345678")))
    assert told(with_number("1234 5678"), known) == []
    assert told(with_number("87654321"), known) == [("bank-account-changed", ERROR)]


def test_an_account_abroad_holds_until_it_is_known() -> None:
    assert told(billed(ABROAD), None) == [("bank-account-abroad", ERROR)]
    assert told(billed(ABROAD), Knowledge(supplier=learned(billed(ABROAD)))) == []
    nowhere = billed(ABROAD, vendor=Party(name=exact("Muster Handel GmbH")))
    assert told(nowhere, None) == []


def test_two_accounts_hold_until_both_are_known() -> None:
    both = billed(OURS, OTHER)
    assert told(both, None) == [("several-bank-accounts", ERROR)]
    assert told(both, Knowledge(supplier=learned(both))) == []


def test_an_account_that_only_the_page_shows_counts() -> None:
    pasted = [
        (part, Box(0.1, 0.1, 0.2, 0.12))
        for part in ["Neu:", "DE75", "5121", "0800", "1245", "1261", "99", "BIC"]
    ]
    found = check(billed(OURS), page_of(*pasted))
    assert [one.code for one in found] == ["several-bank-accounts"]
    assert "DE75…6199" in found[0].message
    own = [(OURS, Box(0.1, 0.1, 0.2, 0.12))]
    assert check(billed(OURS), page_of(*own)) == ()
    debit = PaymentDetails(
        accounts=(BankAccount(iban=exact(OURS)),), mandate_reference=exact("M-1")
    )
    assert check(billed(payment=debit), page_of(*pasted)) == ()


@pytest.mark.parametrize(
    ("subject", "code", "severity"),
    [
        (
            billed(vendor=Party(name=exact("Muster Handel"), tax_id=exact("DE811569869"))),
            "supplier-tax-id-changed",
            ERROR,
        ),
        (
            billed(vendor=Party(name=exact("Quirl AG"), tax_id=exact("DE136695976"))),
            "supplier-name-changed",
            ERROR,
        ),
        (billed(currency=exact("USD")), "supplier-currency-changed", ERROR),
        (billed(tax_breakdown=(rate("7", None, None),)), "supplier-tax-rate-unusual", WARNING),
        (billed(invoice_number=exact("4711")), "supplier-number-unusual", ERROR),
        (billed(invoice_number=exact("R-2026-1700000")), "supplier-number-unusual", ERROR),
        (
            billed(totals=invoice(total="11900.00").totals),
            "supplier-amount-unusual",
            ERROR,
        ),
    ],
)
def test_habits(subject: Invoice, code: str, severity: Severity) -> None:
    usual = billed(tax_breakdown=(rate("19", "100.00", "19.00"),))
    assert told(subject, Knowledge(supplier=learned(usual))) == [(code, severity)]


def test_one_invoice_is_no_habit() -> None:
    known = Knowledge(supplier=learned(billed(), times=1))
    changed = billed(
        currency=exact("USD"),
        invoice_number=exact("4711"),
        totals=invoice(total="9000.00").totals,
    )
    assert told(changed, known) == []


def test_no_memory_no_habits() -> None:
    assert told(billed(), None) == told(billed(), Knowledge()) == []


def test_settings_change_what_is_unusual() -> None:
    known = Knowledge(supplier=learned(billed()))
    high = billed(totals=invoice(total="300.00").totals)
    strict = CheckSettings(
        unusual_amount_factor=Decimal(2), disabled=frozenset({"missing-legal-field"})
    )
    assert told(high, known) == []
    assert told(high, known, settings=strict) == [("supplier-amount-unusual", ERROR)]


def corrected(value: str) -> FieldReading[str]:
    evidence = CorrectedEvidence(by="anna", at=MOMENT)
    return FieldReading[str](value=value, evidence=evidence, confidence=1, engine="person")


def test_corrections_of_what_lasts_are_remembered_and_suggested() -> None:
    party = Party(name=corrected("Muster Handel GmbH"), tax_id=exact("DE136695976"))
    approved = billed(
        OURS, vendor=party, customer=Party(customer_id=corrected("10442")), note=corrected("x")
    )
    facts = facts_of(
        approved,
        result_id="1",
        approved_at=MOMENT,
        read={"vendor.name": "MUSTER HANDLE", "customer.customer_id": None, "note": None},
    )
    assert [(one.field, one.read, one.value) for one in facts.corrections] == [
        ("vendor.name", "MUSTER HANDLE", "Muster Handel GmbH"),
        ("customer.customer_id", None, "10442"),
    ]
    # Found again by the name that was read wrongly.
    misread = billed(OURS, vendor=Party(name=exact("Muster Handle")))
    assert set(keys_of_invoice(misread).own) <= set(keys_of_facts(facts).own)
    memory = SupplierMemory((facts,))
    offered = suggestions(misread, memory)
    assert [(one.field, one.reading.value, one.reading.engine) for one in offered] == [
        ("vendor.name", "Muster Handel GmbH", SUPPLIER_MEMORY),
        ("customer.customer_id", "10442", SUPPLIER_MEMORY),
    ]
    found = check(misread, known=Knowledge(supplier=memory), alternatives=offered)
    assert [(one.code, one.fields) for one in found] == [
        ("corrected-before", ("vendor.name",)),
        ("corrected-before", ("customer.customer_id",)),
    ]
    assert "anna set 'Muster Handel GmbH'" in found[0].message
    # What is right, was corrected now, or was read otherwise, needs no suggestion.
    for name in (exact("Muster Handel GmbH"), corrected("Muster"), exact("Handel Muster")):
        whole = Party(name=name)
        right = billed(OURS, vendor=whole, customer=Party(customer_id=exact("10442")))
        codes = [one.code for one in check(right, known=Knowledge(supplier=memory))]
        assert "corrected-before" not in codes


def test_a_correction_to_the_same_is_none() -> None:
    approved = billed(vendor=Party(name=corrected("Muster")))
    facts = facts_of(approved, result_id="1", approved_at=MOMENT, read={"vendor.name": "Muster"})
    assert facts.corrections == ()


def test_facts_survive_their_json() -> None:
    facts = SupplierFacts(
        result_id="1",
        approved_at=MOMENT,
        name="a",
        tax_rates=(Decimal("5.5"),),
        total=Decimal("1.10"),
        corrections=(PastCorrection(field="currency", read=None, value="EUR", by="b", at=MOMENT),),
    )
    assert SupplierFacts.model_validate_json(facts.model_dump_json()) == facts


def test_the_day_of_an_invoice_is_no_habit() -> None:
    known = Knowledge(supplier=learned(billed()))
    assert told(billed(issue_date=exact(date(2026, 6, 9))), known) == []
