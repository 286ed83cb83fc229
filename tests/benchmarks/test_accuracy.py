"""The accuracy harness tells right from wrong, and runs over any folder of documents."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.scoring import Score
from tests.e2e.service import ROOT

TRUTH = {
    "document_type": "invoice",
    "invoice_number": "RE-7",
    "invoice_date": "2026-03-14",
    "currency": "EUR",
    "vendor": {"name": "Kranich Bürobedarf GmbH", "address": "Lindenweg 4, 10115 Berlin"},
    "total": "119.00",
    "line_items": [{"description": "Desk lamp", "quantity": "1", "amount": "100.00"}],
    "_alt": {"invoice_number": ["RE7/2026"]},
}


def _accuracy(prediction: dict[str, object], field: str) -> float:
    score = Score()
    score.add("a.pdf", TRUTH, prediction)
    return score.fields[field].accuracy


def test_the_truth_scores_full_marks() -> None:
    score = Score()
    score.add("a.pdf", TRUTH, TRUTH)
    assert all(tally.accuracy == 1 for tally in score.fields.values())
    assert (score.core_right, score.line_f1, score.wrong) == (1, 1.0, [])


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [
        ("total", "119.0", True),
        ("total", "119.01", False),
        ("total", "-119.00", False),
        ("invoice_number", "re 7", True),
        ("invoice_number", "RE7/2026", True),
        ("invoice_number", "RE-8", False),
        ("currency", None, False),
    ],
)
def test_values_are_compared_by_their_kind(field: str, value: object, right: bool) -> None:
    assert _accuracy({**TRUTH, field: value}, field) == float(right)


def test_names_may_differ_by_a_slip_and_addresses_in_order() -> None:
    vendor = {"name": "Kranich Burobedarf GmbH", "address": "10115 Berlin Lindenweg 4"}
    assert _accuracy({**TRUTH, "vendor": vendor}, "vendor.name") == 1
    assert _accuracy({**TRUTH, "vendor": vendor}, "vendor.address") == 1
    assert _accuracy({**TRUTH, "vendor": {"name": "Example Trading"}}, "vendor.name") == 0


def test_signs_do_not_count_on_credit_notes() -> None:
    score = Score()
    truth = {"document_type": "credit_note", "total": "20.00"}
    score.add("a.pdf", truth, {"document_type": "credit_note", "total": "-20.00"})
    assert score.fields["total"].right == 1


def test_surplus_lines_cost() -> None:
    line = {"description": "Desk lamp", "amount": "100.00"}
    score = Score()
    score.add("a.pdf", TRUTH, {**TRUTH, "line_items": [line, {"description": "x", "amount": "1"}]})
    assert score.line_f1 == pytest.approx(2 / 3)


def test_an_empty_prediction_misses_everything() -> None:
    score = Score()
    score.add("a.pdf", TRUTH, {})
    assert all(tally.missing == tally.stated for tally in score.fields.values())
    assert (score.core_right, score.line_f1) == (0, 0.0)


@pytest.mark.slow
def test_the_harness_measures_a_folder_of_samples(tmp_path: Path) -> None:
    for kind, source in (("docs", "files"), ("truth", "expected")):
        folder = tmp_path / "own" / kind
        folder.mkdir(parents=True)
        for stem in ("british-text", "hybrid-factur-x"):
            for path in (ROOT / "samples" / source).glob(f"{stem}.*"):
                shutil.copy(path, folder)
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.accuracy",
            "--docs",
            tmp_path,
            "--out",
            tmp_path / "out",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=110,
    )
    assert "line items F1" in run.stdout
    prediction = json.loads((tmp_path / "out" / "own" / "hybrid-factur-x.json").read_text())
    truth = json.loads((ROOT / "samples" / "expected" / "hybrid-factur-x.json").read_text())
    assert prediction["total"] == truth["total"]
    assert len(prediction["line_items"]) == len(truth["line_items"])
