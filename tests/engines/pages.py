"""Pages for engines, and a pool that runs them in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from src.domain.page import Box, Page, TextSource, Word

P = ParamSpec("P")
R = TypeVar("R")


INVOICE_TEXT = """
Kranich Supplies Ltd
4 Dock Lane, Hull HU1 1AA
VAT No GB 123 4567 82

INVOICE

Invoice number: KS-2026-041
Invoice date: 14 March 2026
Due date: 13 April 2026

Bill to
Heron Cafe Ltd
9 Shore Road, Leith EH6 6QN

Description Quantity Unit price Amount
Paper cups 10 4.50 45.00
Napkins 5 3.00 15.00

Subtotal GBP 60.00
VAT 20% GBP 12.00
Total GBP 72.00
"""


class ThreadPool:
    """A `CpuPool` of threads: the event loop stays free, nothing is pickled."""

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return await asyncio.to_thread(function, *args, **kwargs)


def page_of(text: str, number: int = 1) -> Page:
    """A page with the words of `text` set in lines of 80 characters."""
    words = []
    for row, line in enumerate(text.strip("\n").splitlines()):
        column = 0
        for part in line.split():
            top = 0.05 + row * 0.03
            left, right = 0.05 + column / 90, 0.05 + (column + len(part)) / 90
            words.append(Word(part, Box(min(left, 0.99), top, min(right, 1.0), top + 0.015)))
            column += len(part) + 1
    return Page(number, 595.0, 842.0, 0, TextSource.TEXT_LAYER, tuple(words))
