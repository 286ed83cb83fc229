"""docs/api.md tells what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from src.api.schemas import ResultFilters
from src.cli.exit_codes import MEANINGS
from tests.api.conftest import app_over
from tests.api.fake_service import FakeService

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_route_is_told(service: FakeService) -> None:
    told = set(re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) \S+)`", PAGE, re.MULTILINE))
    served = {
        f"{method.upper()} {path}".replace("{number}", "{n}")
        for path, operations in app_over(service).openapi()["paths"].items()
        for method in operations
    }
    assert told == served


def test_every_filter_is_told() -> None:
    listing = PAGE.split("### Listing")[1].split("### Following")[0]
    assert not [name for name in ResultFilters.model_fields if f"`{name}" not in listing]


def test_every_exit_code_is_told() -> None:
    for code, meaning in MEANINGS.items():
        assert f"| {code.value} | {meaning} |" in PAGE
