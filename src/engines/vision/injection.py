"""Text on a page that talks to a machine instead of to the customer.

The prompt tells the model not to obey it, the answer can hold nothing but fields, and every
value must stand on the page. This is the last line: whoever plants such text may plant values
beside it, so a person looks at the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from src.domain.checks.printed import normalise
from src.domain.page import Word

# Confidence that is left to every value of such a document: below any sensible threshold.
SUSPICIOUS = 0.5

# Said to machines in the languages most invoices are written in; nobody says it to a customer.
_ORDERS = re.compile(
    r"(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|these\s+|your\s+|my\s+)*"
    r"(?:previous|prior|above|earlier|former|system)?\s*(?:instruction|prompt|rule|direction)"
    r"|(?:ignorier\w*|vergiss|missachte)\s+(?:\w+\s+){0,4}(?:anweisung|vorgabe|regel)"
    r"|(?:ignor\w*|oublie\w*)\s+(?:\w+\s+){0,4}(?:instruc\w*|consign\w*|istruzion\w*)"
    r"|system\s*prompt|you\s+are\s+(?:an?\s+)?(?:ai|assistant|language\s+model)\b"
    r"|(?:note|message|instruction)s?\s+(?:to|for)\s+(?:the\s+)?(?:ai|assistant|language\s+model|llm)\b"
    r"|(?:respond|answer|reply|output)\s+(?:only\s+)?(?:with|in)\s+(?:the\s+following\s+)?json"
)


def is_addressed_to_machines(words: Iterable[Word]) -> bool:
    """Whether the words, in the order of their source, give orders to a model."""
    text = normalise(" ".join(word.text for word in words))
    return _ORDERS.search(text) is not None
