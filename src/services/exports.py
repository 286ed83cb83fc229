"""All results that match a query, as a file that is sent while it is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from src.domain.errors import InvalidInput
from src.domain.results import ResultQuery
from src.ports import Clock, Export, ExportFormat, UnitOfWork

# Rows read at a time: memory stays bounded, and a page costs little more than its rows.
_ROWS = 1000


class ExportService:
    def __init__(self, *, uow: UnitOfWork, formats: Sequence[ExportFormat], clock: Clock) -> None:
        self._uow = uow
        self._formats = {each.name: each for each in formats}
        self._clock = clock

    def format(self, name: str) -> ExportFormat:
        """Raises `InvalidInput`, listing the formats there are."""
        try:
            return self._formats[name]
        except KeyError:
            known = ", ".join(self._formats)
            raise InvalidInput(f"format: there is no {name[:20]!r}; choose from {known}") from None

    def file_name(self, name: str) -> str:
        made: datetime = self._clock()
        return f"invoices-{made:%Y-%m-%d-%H%M}.{self.format(name).name}"

    async def write(self, name: str, query: ResultQuery) -> AsyncGenerator[bytes, None]:
        """The file in pieces, in the order of the query; its limit and cursor do not count.

        Results that arrive or change meanwhile may be in it or not. Raises `InvalidInput` for an
        unknown format or when the format cannot hold so many rows.
        """
        export = await asyncio.to_thread(self.format(name).open)
        try:
            async for piece in self._pieces(export, query):
                yield piece
        finally:
            await asyncio.shield(asyncio.to_thread(export.close))

    async def _pieces(self, export: Export, query: ResultQuery) -> AsyncGenerator[bytes, None]:
        query = replace(query, limit=_ROWS, cursor=None, counted=False)
        while True:
            async with self._uow() as documents:
                page = await documents.query(query)
            piece = await asyncio.to_thread(export.add, page.items)
            if piece:
                yield piece
            if page.next_cursor is None:
                break
            query = replace(query, cursor=page.next_cursor)
        rest = export.finish()
        while (last := await asyncio.to_thread(_next, rest)) is not None:
            yield last


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)
