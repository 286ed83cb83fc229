"""Logistic regression in a few lines: no library is needed for a handful of weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS = 60
_SMALLEST_STEP = 1e-7


def fit_logistic(
    features: Floats, right: Floats, *, ridge: float, free: int, rising: int
) -> Floats:
    """Weights of a logistic curve by Newton's method; deterministic.

    `ridge` draws all weights to zero but the one at position `free` (the constant); the weight at
    position `rising` cannot fall below zero: where it would, the curve is fitted without it.
    """
    weights = _newton(features, right, ridge, free)
    if weights[rising] >= 0:
        return weights
    kept = [column for column in range(features.shape[1]) if column != rising]
    without = _newton(features[:, kept], right, ridge, kept.index(free))
    return np.insert(without, rising, 0.0)


def _newton(features: Floats, right: Floats, ridge: float, free: int) -> Floats:
    weights = np.zeros(features.shape[1])
    penalty = np.full(features.shape[1], ridge)
    # Hardly held, so that a group without any error stays finite.
    penalty[free] = ridge * 0.05
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (right - chance) - penalty * weights
        spread = chance * (1 - chance)
        curvature = (features * spread[:, np.newaxis]).T @ features + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        # Newton overshoots where curves are steep.
        weights += step * min(1.0, 2.0 / max(1e-9, float(np.abs(step).max())))
        if np.abs(step).max() < _SMALLEST_STEP:
            break
    return weights
