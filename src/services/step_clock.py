"""Measures the steps of one document."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from src.domain.document import Step
from src.domain.results import StepTiming


class StepClock:
    """Wall seconds of each step, also of one that failed."""

    def __init__(self) -> None:
        self._timings: list[StepTiming] = []

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._timings.append(StepTiming(step=step, seconds=time.perf_counter() - started))

    @property
    def timings(self) -> tuple[StepTiming, ...]:
        return tuple(self._timings)

    @property
    def total(self) -> float:
        """Seconds of all steps together."""
        return sum(timing.seconds for timing in self._timings)

    def __str__(self) -> str:
        return " ".join(f"{timing.step.value}={timing.seconds:.3f}" for timing in self._timings)
