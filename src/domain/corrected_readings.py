"""One reading as a person set it."""

from __future__ import annotations

from typing import Any, get_args

from src.domain.plain_values import parse
from src.domain.readings import CorrectedEvidence, FieldReading

# The name of the engine of a reading that a person made.
PERSON = "person"


def reading_type(annotation: Any) -> type[FieldReading[Any]] | None:
    """`FieldReading[T]` of an annotation `FieldReading[T] | None`, None for any other."""
    for option in get_args(annotation):
        if isinstance(option, type) and issubclass(option, FieldReading):
            return option
    return None


def value_type(readings: type[FieldReading[Any]]) -> Any:
    """T of `FieldReading[T]`."""
    return readings.__pydantic_generic_metadata__["args"][0]


def corrected(
    readings: type[FieldReading[Any]],
    before: FieldReading[Any] | None,
    value: object,
    evidence: CorrectedEvidence,
) -> FieldReading[Any] | None:
    """The reading with this JSON value; `before` itself where it says the same already.

    The text it was read from stays. Raises `ValueError` that says what is wanted.
    """
    parsed = parse(value_type(readings), value)
    if parsed is None:
        return None
    if before is not None and before.value == parsed:
        return before
    return readings(
        value=parsed,
        text=None if before is None else before.text,
        evidence=evidence,
        confidence=1.0,
        engine=PERSON,
    )
