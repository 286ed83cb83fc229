"""Readings out of tokens: the one place where evidence boxes and confidences are made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TypeVar

from src.domain.page import Box
from src.domain.readings import ComputedEvidence, EvidenceBox, FieldReading, ReadEvidence
from src.engines.layout.model import Token

ENGINE = "layout"
T = TypeVar("T")


def read_value(
    value: T, tokens: Sequence[Token], confidence: float, text: str = ""
) -> FieldReading[T]:
    """A value read at `tokens` (not empty; the box is around those of the first one's page).

    `confidence` is that of the choice; it is lowered by the OCR confidence of the words.
    """
    page = tokens[0].page
    place = reduce(Box.union, (token.where for token in tokens if token.page == page))
    legible = min(token.confidence for token in tokens)
    return FieldReading[T](
        value=value,
        text=text or " ".join(token.text for token in tokens),
        evidence=ReadEvidence(page=page, box=_fractions(place)),
        confidence=_probability(confidence * (0.5 + 0.5 * legible)),
        engine=ENGINE,
    )


def computed_value(value: T, fields: Sequence[str], confidence: float) -> FieldReading[T]:
    """A value that follows from other fields and is not printed itself."""
    return FieldReading[T](
        value=value,
        evidence=ComputedEvidence(fields=tuple(fields)),
        confidence=_probability(confidence),
        engine=ENGINE,
    )


def _fractions(box: Box) -> EvidenceBox:
    return EvidenceBox(
        x0=_probability(box.x0),
        y0=_probability(box.y0),
        x1=_probability(box.x1),
        y1=_probability(box.y1),
    )


def _probability(number: float) -> float:
    return min(1.0, max(0.0, number))
