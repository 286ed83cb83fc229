"""`docs/invoice.schema.json` is what `GET /schema/invoice` serves, kept for readers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from src.domain.results import ProcessedInvoice

SCHEMA = Path(__file__).parents[2] / "docs" / "invoice.schema.json"


def test_the_kept_schema_is_the_schema_of_the_type() -> None:
    schema = ProcessedInvoice.model_json_schema(mode="serialization")
    current = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SCHEMA") == "1":
        SCHEMA.write_text(current, encoding="utf-8")
    if SCHEMA.read_text(encoding="utf-8") != current:
        pytest.fail(
            "docs/invoice.schema.json is not the schema of ProcessedInvoice. If the change of the "
            "type is meant, run: UPDATE_SCHEMA=1 python -m pytest tests/domain/test_schema.py"
        )


def test_amounts_are_exact_on_the_wire() -> None:
    definitions = ProcessedInvoice.model_json_schema(mode="serialization")["$defs"]
    (money,) = (name for name in definitions if name.startswith("FieldReading_Annotated_Decimal"))
    assert definitions[money]["properties"]["value"]["type"] == "string"
