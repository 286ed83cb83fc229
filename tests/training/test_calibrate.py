"""Fitting the curves of confidence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from src.engines.layout import calibration
from training.calibrate import fit, report, samples, write
from training.families import FAMILIES
from training.fitting import fit_logistic


def test_the_fit_finds_the_curve_that_made_the_data() -> None:
    rng = np.random.default_rng(1)
    features = np.column_stack((rng.normal(size=20_000), np.ones(20_000)))
    chance = 1 / (1 + np.exp(-(1.5 * features[:, 0] - 0.5)))
    right = (rng.random(20_000) < chance).astype(np.float64)
    weights = fit_logistic(features, right, ridge=1.0, free=1, rising=0)
    assert weights == pytest.approx([1.5, -0.5], abs=0.08)


def test_a_curve_never_falls() -> None:
    scores = np.linspace(-3, 3, 200)
    features = np.column_stack((scores, np.ones(200)))
    weights = fit_logistic(features, (scores < 0).astype(np.float64), ridge=1.0, free=1, rising=0)
    assert weights[0] == 0


def test_values_that_are_all_right_stay_finite() -> None:
    features = np.ones((50, 2))
    weights = fit_logistic(features, np.ones(50), ridge=1.0, free=1, rising=0)
    assert np.isfinite(weights).all()


def test_the_same_documents_give_the_same_curves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = list(samples(FAMILIES[:2], 6, "test"))
    curves = fit(found)
    assert curves == fit(list(samples(FAMILIES[:2], 6, "test")))
    assert calibration.OTHER in curves
    write(curves, 12, tmp_path / "curves.json")
    written = json.loads((tmp_path / "curves.json").read_text("utf-8"))
    assert set(written["weights"]) == set(curves)
    assert set(written["weights"]["total"]) == set(calibration.FEATURES)
    report("Families", found, curves)
    assert "vendor name" in capsys.readouterr().out
