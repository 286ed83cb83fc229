"""`.env.template` and the settings classes say the same."""

from __future__ import annotations

import re
from enum import Enum
from io import StringIO
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from config.dashboard_settings import DashboardSettings
from config.settings import Settings

TEMPLATE = Path(__file__).resolve().parents[2] / ".env.template"
SETTINGS: dict[str, FieldInfo] = {
    name.upper(): field
    for name, field in {**DashboardSettings.model_fields, **Settings.model_fields}.items()
}
# A line that sets a variable, switched off or not, under its explanation.
ENTRY = re.compile(r"(?P<comment>(?:^# .*\n)+)^#?(?P<line>[A-Z_]+=.*)$", re.MULTILINE)


def entries() -> dict[str, tuple[str, str]]:
    """Variable -> (explanation, value)."""
    found: dict[str, tuple[str, str]] = {}
    for match in ENTRY.finditer(TEMPLATE.read_text(encoding="utf-8")):
        ((name, value),) = dotenv_values(stream=StringIO(match["line"])).items()
        assert name not in found, f"{name} stands twice in .env.template"
        found[name] = (
            match["comment"].replace("\n# ", " ").removeprefix("# ").strip(),
            value or "",
        )
    return found


def as_text(default: object) -> str:
    """The default as a person writes it into `.env`."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Enum):
        return str(default.value)
    if isinstance(default, tuple):
        return ",".join(str(part) for part in default)
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_template_holds_every_setting_and_nothing_else() -> None:
    assert set(entries()) == set(SETTINGS)


def test_no_variable_escapes_the_comparison() -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    assigned = [line for line in lines if re.match(r"#?[A-Z_]+=", line)]
    assert len(assigned) == len(entries())


@pytest.mark.parametrize("name", SETTINGS)
def test_template_shows_default_and_meaning(name: str) -> None:
    explanation, value = entries()[name]
    assert value == as_text(SETTINGS[name].default)
    assert SETTINGS[name].description
    assert explanation.startswith(str(SETTINGS[name].description))


def test_copied_template_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    assert Settings(_env_file=TEMPLATE) == Settings(_env_file=None)
    assert DashboardSettings(_env_file=TEMPLATE) == DashboardSettings(_env_file=None)
