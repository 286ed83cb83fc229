"""Switches, tolerances and custom checks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from src.domain.checks import CheckContext, CheckSettings, Rules, load_rules, run_checks
from src.domain.errors import ConfigurationError
from tests.domain.build import PLAIN, TODAY, invoice

CUSTOM = """
from src.domain.findings import Finding, Severity

CODES = ("round-total",)

def check(invoice, context):
    if invoice.totals.total.value % 100 == 0:
        yield Finding(code="round-total", severity=Severity.ERROR, message="Round.",
                      fields=("totals.total",), remedy="Look.")
"""


def rules(folder: Path | None = None, disabled: str = "", tolerances: str = "") -> Rules:
    return load_rules(
        disabled=tuple(disabled.split(",")) if disabled else (),
        tolerances=tuple(tolerances.split(",")) if tolerances else (),
        own_companies=("Us Ltd",),
        folder=folder,
    )


def codes(chosen: Rules, total: str) -> list[str]:
    settings = replace(
        chosen.settings, own_companies=(), disabled=chosen.settings.disabled | PLAIN.disabled
    )
    context = CheckContext(pages=(), today=TODAY, settings=settings)
    return [one.code for one in run_checks(invoice(total=total), context, chosen.custom)]


def test_settings_become_rules() -> None:
    chosen = rules(
        disabled="iban-invalid",
        tolerances="max_payment_days=180,order_required=true,evidence_margin=0.5,"
        "duplicate_amount_share=0.05",
    )
    assert chosen.settings == CheckSettings(
        disabled=frozenset({"iban-invalid"}),
        own_companies=("Us Ltd",),
        max_payment_days=180,
        order_required=True,
        evidence_margin=0.5,
        duplicate_amount_share=Decimal("0.05"),
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"disabled": "iban-wrong"}, "iban-wrong"),
        ({"tolerances": "max_payment=1"}, "max_payment_days"),
        ({"tolerances": "disabled=1"}, "no 'disabled'"),
        ({"tolerances": "max_payment_days=many"}, "max_payment_days=120"),
        ({"tolerances": "max_payment_days=1.5"}, "max_payment_days=120"),
        ({"tolerances": "max_payment_days=-1"}, "max_payment_days=120"),
        ({"tolerances": "order_required=maybe"}, "order_required=false"),
        ({"tolerances": "sum_tolerance_cap=NaN"}, "sum_tolerance_cap=50"),
    ],
)
def test_wrong_settings_are_told(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        rules(**wrong)  # type: ignore[arg-type]


def test_a_custom_check_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "round.py").write_text(CUSTOM)
    (tmp_path / "_helper.py").write_text("raise RuntimeError")
    (tmp_path / "notes.txt").write_text("not Python")
    chosen = rules(tmp_path)
    assert codes(chosen, "500.00") == ["round-total"]
    assert codes(chosen, "501.00") == []
    assert codes(rules(tmp_path, disabled="round-total"), "500.00") == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise RuntimeError('x')", "custom-check-failed"),
        ("yield 1", "custom-check-failed"),
        (
            "from src.domain.checks.bank import check_ibans\n"
            "    from src.domain.findings import Finding, Severity\n"
            "    yield Finding(code='else', severity=Severity.INFO, message='', fields=(), "
            "remedy='')",
            "custom-check-failed",
        ),
    ],
)
def test_a_check_that_fails_holds_the_document(tmp_path: Path, body: str, told: str) -> None:
    content = f'CODES = ("mine",)\n\ndef check(invoice, context):\n    {body}\n    yield\n'
    (tmp_path / "mine.py").write_text(content)
    assert codes(rules(tmp_path), "500.00") == [told]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("import nothing_of_the_kind", "cannot be loaded"),
        ("def check(", "cannot be loaded"),
        ("def check(invoice, context): ...", "CODES"),
        ("CODES = ('A B',)\ndef check(invoice, context): ...", "CODES"),
        ("CODES = ('mine',)", "no function check"),
        ("CODES = ('total-mismatch',)\ndef check(invoice, context): ...", "used by the product"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start(
    tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "mine.py").write_text(content)
    with pytest.raises(ConfigurationError, match=told) as caught:
        rules(tmp_path)
    assert "mine.py" in caught.value.message


def test_two_files_cannot_share_a_code(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(CUSTOM)
    with pytest.raises(ConfigurationError, match=r"used by a\.py"):
        rules(tmp_path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CUSTOM_CHECKS_FOLDER"):
        rules(tmp_path / "gone")
