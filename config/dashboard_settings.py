"""The dashboard's own settings; it runs apart from the service and knows it by address only.

Environment variables win over `.env`. `python -m config.dashboard_settings` tells whether they
can be used. Apart from `config.settings` on purpose: importing that parses the service's settings,
which need not be there, or right, where a dashboard runs.
"""

from __future__ import annotations

import sys
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class DashboardConfigurationProblem(ValueError):
    """The dashboard's configuration cannot be used; the text names variable and remedy."""


class DashboardSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    api_base_url: str = Field(
        "http://localhost:8000", description="Address at which the dashboard finds the API"
    )
    dashboard_api_key: SecretStr = Field(
        SecretStr(""),
        description="One of API_KEYS, used for browsers on the dashboard's own machine; "
        "others sign in",
    )
    allow_anonymous: bool = Field(
        False, description="Serve anybody without a key; only behind your own access control"
    )

    @field_validator("api_base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("start it with http:// or https://, such as http://localhost:8000")
        return value.rstrip("/")


def load_dashboard_settings(**overrides: Any) -> DashboardSettings:
    """Parse the settings; raises `DashboardConfigurationProblem` with one line per problem.

    Values are not repeated: one of them is a key.
    """
    try:
        return DashboardSettings(**overrides)
    except ValidationError as error:
        lines = ["The dashboard's configuration cannot be used:"]
        for problem in error.errors(include_input=False):
            name = str(problem["loc"][0]).upper()
            lines.append(f"  {name}: {problem['msg'].removeprefix('Value error, ')}")
        lines.append("Correct the value in .env or in the environment; .env.template explains it.")
        raise DashboardConfigurationProblem("\n".join(lines)) from None


if __name__ == "__main__":
    try:
        load_dashboard_settings()
    except DashboardConfigurationProblem as problem:
        sys.exit(str(problem))
