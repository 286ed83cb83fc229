"""What the dashboard's settings take, refuse and say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config.dashboard_settings import (
    DashboardConfigurationProblem,
    DashboardSettings,
    load_dashboard_settings,
)

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in DashboardSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_BASE_URL", "https://invoices.example.com/api/")
    assert load_dashboard_settings().api_base_url == "https://invoices.example.com/api"


def test_wrong_address_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_BASE_URL", "localhost:8000")
    with pytest.raises(DashboardConfigurationProblem, match="API_BASE_URL: start it with http"):
        load_dashboard_settings()


def test_key_is_not_shown() -> None:
    settings = load_dashboard_settings(dashboard_api_key="a-key-of-sixteen")
    assert "a-key-of-sixteen" not in repr(settings)


@pytest.mark.parametrize(("address", "status"), [("http://localhost:8000", 0), ("localhost", 1)])
def test_module_tells_whether_the_settings_can_be_used(address: str, status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.dashboard_settings"],
        env={"API_BASE_URL": address, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert ("API_BASE_URL" in done.stderr) is bool(status)
