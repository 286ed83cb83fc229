"""What a document calls itself: invoice, credit note, receipt, statement."""

from __future__ import annotations

from dataclasses import dataclass

from src.domain.invoice import DocumentType
from src.engines.layout import lexicon
from src.engines.layout.model import DocumentLayout, Line, Segment, Token

_LONGEST = 4
# Words of a cell that can be a title; more are prose.
_LONGEST_TITLE = 6


@dataclass(frozen=True, slots=True)
class Title:
    """A word that heads a document, where it stands."""

    kind: DocumentType
    tokens: tuple[Token, ...]
    segment: Segment
    line: Line
    # Tokens of the same segment behind the title: often the number.
    rest: tuple[Token, ...]
    # Higher: larger, higher up, more alone.
    score: float


def find_titles(layout: DocumentLayout) -> tuple[Title, ...]:
    """Titles of the document, the most likely one first."""
    titles: list[Title] = []
    for page in layout.pages[:2]:
        for position, line in enumerate(page.lines):
            for segment in line.segments:
                title = _title(segment, line, page.em, position / max(1, len(page.lines)))
                if title is not None:
                    penalty = 0.0 if page.number == layout.pages[0].number else 1.0
                    titles.append(_scored(title, title.score - penalty))
    return tuple(sorted(titles, key=lambda title: -title.score))


def _scored(title: Title, score: float) -> Title:
    return Title(title.kind, title.tokens, title.segment, title.line, title.rest, score)


def _title(segment: Segment, line: Line, em: float, depth: float) -> Title | None:
    known = lexicon.index("titles")
    tokens = segment.tokens
    words = [_words(token.text) for token in tokens[: 6 + _LONGEST]]
    for start in range(min(len(tokens), 6)):
        for end in range(min(len(tokens), start + _LONGEST), start, -1):
            whole = "".join("".join(part) for part in words[start:end])
            # "Credit Memo-Adjustment": a title may begin a compound.
            short = "".join(("".join(sum(words[start : end - 1], ())), *words[end - 1][:1]))
            kinds = known.get(whole) or known.get(short)
            if not kinds:
                continue
            if start and kinds[0] == DocumentType.OTHER and len(tokens) > _LONGEST_TITLE:
                # "Please quote the number with your payment" is no quote.
                continue
            size = segment.height / em
            lone = (end - start) / len(tokens)
            score = 1.5 * min(size, 3.0) - 2.5 * depth - 0.5 * start + lone
            score += 0.3 * (end - start - 1) - (1.5 if len(tokens) > 8 else 0.0)
            # A colon makes it a label of a value ("Invoice: 12"), still naming the document.
            score -= 0.3 if tokens[end - 1].text.endswith(":") else 0.0
            # In this product's post an order or a quote is mentioned more often than sent.
            score -= 1.0 if kinds[0] == DocumentType.OTHER else 0.0
            return Title(
                DocumentType(kinds[0]), tokens[start:end], segment, line, tokens[end:], score
            )
    return _letter_spaced(segment, line, depth)


def _words(text: str) -> tuple[str, ...]:
    # "INVOICE(380)": a type code may hang on the title.
    return lexicon.label_words(text.split("(", maxsplit=1)[0])


def _letter_spaced(segment: Segment, line: Line, depth: float) -> Title | None:
    """ "I N V O I C E": single letters that make a title together."""
    letters = [token.text for token in segment.tokens]
    if len(letters) < 5 or any(len(letter) > 1 for letter in letters):
        return None
    kinds = lexicon.index("titles").get(lexicon.label_key("".join(letters)))
    if not kinds:
        return None
    return Title(DocumentType(kinds[0]), segment.tokens, segment, line, (), 3.0 - 2.5 * depth)
