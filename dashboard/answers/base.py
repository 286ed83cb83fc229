"""What all answers share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypeAliasType

Json = TypeAliasType("Json", "dict[str, Json] | list[Json] | str | int | float | bool | None")


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
