"""Which checks run, and with which tolerances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from src.domain.checks.base import CheckSettings, RegisteredCheck
from src.domain.checks.custom import load_custom_checks
from src.domain.checks.registry import REGISTRY
from src.domain.checks.tolerances import check_settings
from src.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Rules:
    settings: CheckSettings = field(default_factory=CheckSettings)
    # Beside the registry.
    custom: tuple[RegisteredCheck, ...] = ()


def load_rules(
    *,
    disabled: Sequence[str],
    tolerances: Sequence[str],
    own_companies: Sequence[str],
    folder: Path | None,
) -> Rules:
    """From the settings of these names; custom checks are imported. Blocks.

    Raises `ConfigurationError` naming variable, value and remedy.
    """
    custom = load_custom_checks(folder) if folder is not None else ()
    known = {code for check in (*REGISTRY, *custom) for code in check.codes}
    unknown = sorted(set(disabled) - known)
    if unknown:
        raise ConfigurationError(
            f"CHECKS_DISABLED names checks there are not: {', '.join(unknown)}. "
            "docs/checks.md lists the codes."
        )
    settings = check_settings(disabled=disabled, tolerances=tolerances, own_companies=own_companies)
    return Rules(settings, custom)
