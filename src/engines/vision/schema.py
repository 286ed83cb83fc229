"""What a model is asked for: one flat object of printed texts.

Every field is required and may be null: models skip optional fields, and some servers move them
behind the required ones. Values are texts as printed, because JSON numbers lose digits and small
models fail at converting. No patterns: some crash the grammar compiler of Ollama 0.24. Fields
stand in alphabetical order, which several servers impose anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# Longest answers in characters: unbounded texts let a model write until its budget ends.
Word = Annotated[str, Field(max_length=40)] | None
Name = Annotated[str, Field(max_length=120)] | None
Block = Annotated[str, Field(max_length=240)] | None
# Of goods and services: some are described in a paragraph.
Description = Annotated[str, Field(max_length=600)] | None

MOST_LINES = 60
MOST_TAXES = 6

SCHEMA_NAME = "invoice_page"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LineAnswer(_Answer):
    """One line of goods or services."""

    amount: Word
    description: Description
    product_code: Word
    quantity: Word
    tax_rate: Word
    unit: Word
    unit_price: Word


class TaxAnswer(_Answer):
    """The tax of one rate."""

    base: Word
    rate: Word
    tax: Word


class PageAnswer(_Answer):
    """What one page says; null for what it does not say."""

    amount_due: Word
    amount_paid: Word
    bank_account: Word
    bank_bic: Word
    bank_iban: Word
    currency: Word
    customer_address: Block
    customer_name: Name
    customer_number: Word
    customer_tax_id: Word
    delivery_date: Word
    discount: Word
    document_type: Literal["invoice", "credit_note", "receipt", "statement", "other"] | None
    due_date: Word
    invoice_date: Word
    invoice_number: Word
    line_items: Annotated[list[LineAnswer], Field(max_length=MOST_LINES)]
    order_number: Word
    payment_reference: Word
    payment_terms: Block
    shipping: Word
    subtotal: Word
    tax_lines: Annotated[list[TaxAnswer], Field(max_length=MOST_TAXES)]
    tax_total: Word
    total: Word
    vendor_address: Block
    vendor_name: Name
    vendor_tax_id: Word


@cache
def answer_schema() -> dict[str, Any]:
    """JSON schema of `PageAnswer` without titles, which only cost context."""
    schema = _without_titles(PageAnswer.model_json_schema())
    assert isinstance(schema, dict)  # noqa: S101 - a pure function of dicts
    return schema


@cache
def schema_in_words() -> str:
    """The schema as the model reads it in the prompt: a tenth of the tokens of JSON schema, and
    nothing that a small model could copy for an answer."""
    return "\n".join(_fields(PageAnswer.model_json_schema(), "PageAnswer", ""))


def _fields(schema: dict[str, Any], name: str, indent: str) -> Iterator[str]:
    node = schema if name == schema["title"] else schema["$defs"][name]
    for field, kind in node["properties"].items():
        if kind.get("type") == "array":
            item = kind["items"]["$ref"].rpartition("/")[2]
            yield f"{indent}{field}: list of at most {kind['maxItems']} objects, each with"
            yield from _fields(schema, item, f"{indent}  ")
        else:
            yield f"{indent}{field}: {_in_words(kind['anyOf'])}"


def _in_words(choices: list[dict[str, Any]]) -> str:
    text = next(choice for choice in choices if choice["type"] == "string")
    if "enum" in text:
        return " or ".join(f'"{value}"' for value in text["enum"]) + " or null"
    return f"text of at most {text['maxLength']} characters, or null"


def _without_titles(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _without_titles(value)
            for key, value in node.items()
            # A field may be called "title"; then its value is a schema, not a text.
            if key not in {"title", "description"} or not isinstance(value, str)
        }
    if isinstance(node, list):
        return [_without_titles(item) for item in node]
    return node
