"""The settings in force, without secrets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import JsonValue, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from config.settings import Settings
from src.api.figure_schemas import SettingOut, SettingsOut

_HIDDEN = "(set)"


def settings_out(settings: Settings) -> SettingsOut:
    return SettingsOut(
        items=tuple(
            _setting_out(name, info, getattr(settings, name))
            for name, info in type(settings).model_fields.items()
        )
    )


def _setting_out(name: str, info: FieldInfo, value: Any) -> SettingOut:
    default = info.get_default(call_default_factory=True, validated_data={})
    return SettingOut(
        name=name.upper(),
        value=_shown(value),
        default=_shown(default),
        description=info.description or "",
        changed=value != default,
    )


def _shown(value: Any) -> JsonValue:
    if isinstance(value, SecretStr):
        return _HIDDEN if value.get_secret_value() else ""
    if isinstance(value, (tuple, list, frozenset, set)):
        return ", ".join(str(_shown(part)) for part in value)
    if isinstance(value, str) and "://" in value:
        return _without_password(value)
    shown: JsonValue = to_jsonable_python(value)
    return shown


def _without_password(address: str) -> str:
    """Addresses of databases and servers may carry one before the host."""
    try:
        parts = urlsplit(address)
        named, at, host = parts.netloc.rpartition("@")
    except ValueError:
        return _HIDDEN
    if not at:
        return address
    user = named.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{user}:***@{host}"))
