"""Targets, and whether they were met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Target:
    """One figure and its limit."""

    name: str
    measured: float
    limit: float
    # Whether more is better.
    at_least: bool = False
    unit: str = ""

    @property
    def is_met(self) -> bool:
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit


def print_targets(console: Console, targets: Iterable[Target]) -> bool:
    """Whether all are met."""
    table = Table("target", "limit", "measured", "", title="Targets")
    met = True
    for target in targets:
        sign = "≥" if target.at_least else "≤"
        table.add_row(
            target.name,
            f"{sign} {target.limit:.3g} {target.unit}",
            f"{target.measured:.3g} {target.unit}",
            "met" if target.is_met else "MISSED",
        )
        met = met and target.is_met
    console.print(table)
    return met
