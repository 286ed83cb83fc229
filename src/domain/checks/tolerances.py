"""Switches and tolerances from text, as settings give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation

from src.domain.checks.base import CheckSettings
from src.domain.errors import ConfigurationError

# These have settings of their own.
_ELSEWHERE = frozenset({"disabled", "own_companies"})


def check_settings(
    *,
    disabled: Sequence[str],
    tolerances: Sequence[str],
    own_companies: Sequence[str],
) -> CheckSettings:
    """`tolerances` are "name=value" with the names of `CheckSettings`.

    Raises `ConfigurationError` naming the variable, the entry and what there is.
    """
    chosen = replace(
        CheckSettings(), disabled=frozenset(disabled), own_companies=tuple(own_companies)
    )
    for entry in tolerances:
        name, _, text = entry.partition("=")
        chosen = _with(chosen, name.strip(), text.strip())
    return chosen


def _with(settings: CheckSettings, name: str, text: str) -> CheckSettings:
    names = sorted({field.name for field in fields(CheckSettings)} - _ELSEWHERE)
    if name not in names:
        raise ConfigurationError(
            f"CHECK_TOLERANCES has no '{name}'. There are: {', '.join(names)}."
        )
    value = _parsed(text, getattr(settings, name))
    if value is None:
        raise ConfigurationError(
            f"CHECK_TOLERANCES: {name}={text} cannot be used; give a value such as "
            f"{name}={_shown(getattr(settings, name))}."
        )
    # The name is one of the dataclass's own fields and the value of its type.
    return replace(settings, **{name: value})  # type: ignore[arg-type]


def _parsed(text: str, default: object) -> object:
    """The text as a value of the default's type, not negative; None when it is none."""
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text.lower())
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number < 0 or number > 10**9:
        return None
    if isinstance(default, int):
        return int(number) if number == int(number) else None
    return float(number) if isinstance(default, float) else number


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
