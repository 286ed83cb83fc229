"""The registry and its page of documentation."""

from __future__ import annotations

import re
from pathlib import Path

from src.domain.checks import REGISTRY
from tests.domain.build import check, invoice, line, with_account

DOCUMENTED = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_page_lists_exactly_the_codes_there_are() -> None:
    documented = DOCUMENTED.findall(PAGE.read_text(encoding="utf-8"))
    assert sorted(documented) == sorted({code for entry in REGISTRY for code in entry.codes})


def test_findings_come_in_the_order_of_the_registry_every_time() -> None:
    subject = with_account(iban="DE00").model_copy(
        update={
            "totals": invoice(subtotal="1", total="3.001").totals,
            "line_items": (line("1", "1", "100"),),
            "invoice_number": None,
        }
    )
    found = [finding.code for finding in check(subject)]
    assert found == [
        "missing-core-field",
        "line-amount-mismatch",
        "line-sum-mismatch",
        "total-mismatch",
        "amount-too-precise",
        "iban-invalid",
    ]
    assert [finding.code for finding in check(subject)] == found
    order = [code for entry in REGISTRY for code in entry.codes]
    assert [order.index(code) for code in found] == sorted(order.index(code) for code in found)
