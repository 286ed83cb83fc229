"""Changing what a page says: words are replaced in place, as if they had been printed so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from src.domain.errors import NotFound
from src.domain.invoice import Invoice
from src.domain.page import Box, Page, Word
from src.domain.paths import Reading, get_reading
from src.domain.readings import EvidenceBox, ReadEvidence
from src.engines.layout.engine import extract_candidate

Pages = tuple[Page, ...]


def place_of(invoice: Invoice, path: str) -> tuple[Reading, ReadEvidence] | None:
    """The reading at the path with its place, None where it is empty, was not read, or the list
    is shorter."""
    try:
        reading = get_reading(invoice, path)
    except NotFound:
        return None
    if reading is None or not isinstance(reading.evidence, ReadEvidence):
        return None
    return reading, reading.evidence


def replaced_at(
    pages: Pages, evidence: ReadEvidence, change: Callable[[str], str | None]
) -> Pages | None:
    """The pages with the words of the place changed, read as one text; None if `change` gives
    None or the text cannot be put back word by word."""
    page = pages[evidence.page - 1]
    indexes = [index for index, word in enumerate(page.words) if _inside(word.box, evidence.box)]
    parts = [page.words[index].text for index in indexes]
    if not parts:
        return None
    changed = change(" ".join(parts))
    if changed is None or changed == " ".join(parts):
        return None
    new_parts = changed.split(" ")
    if len(new_parts) > len(parts):
        new_parts = [*new_parts[: len(parts) - 1], "".join(new_parts[len(parts) - 1 :])]
    words = list(page.words)
    for index, text in zip(indexes, new_parts, strict=False):
        words[index] = replace(words[index], text=text)
    for index in indexes[len(new_parts) :]:
        words[index] = replace(words[index], text="")
    return with_words(pages, evidence.page, words)


def everywhere(pages: Pages, change: Callable[[str], str]) -> Pages:
    """Every word changed."""
    return tuple(
        replace(page, words=tuple(replace(word, text=change(word.text)) for word in page.words))
        for page in pages
    )


def without_rows(pages: Pages, number: int, top: float, bottom: float) -> Pages:
    """The page without the words whose middle lies between two heights (0..1)."""
    words = [
        word
        for word in pages[number - 1].words
        if not top <= (word.box.y0 + word.box.y1) / 2 <= bottom
    ]
    return with_words(pages, number, words)


def with_words(pages: Pages, number: int, words: list[Word]) -> Pages:
    kept = tuple(word for word in words if word.text)
    return tuple(replace(page, words=kept) if page.number == number else page for page in pages)


def extracted(pages: Pages) -> Invoice:
    return extract_candidate(pages).invoice


def _inside(box: Box, around: EvidenceBox) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return around.x0 <= x <= around.x1 and around.y0 <= y <= around.y1
