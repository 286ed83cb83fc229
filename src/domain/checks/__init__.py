"""The checks: pure rules that say what is wrong with an invoice.

`run_checks` is the door; `docs/checks.md` lists the codes.
"""

from src.domain.checks.base import Check, CheckContext, CheckSettings, RegisteredCheck
from src.domain.checks.registry import REGISTRY, run_checks
from src.domain.checks.rules import Rules, load_rules

__all__ = [
    "REGISTRY",
    "Check",
    "CheckContext",
    "CheckSettings",
    "RegisteredCheck",
    "Rules",
    "load_rules",
    "run_checks",
]
