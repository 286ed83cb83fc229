"""All results that match a query, as a file that is sent while it is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from src.domain.errors import InvalidInput
from src.domain.results import ResultQuery
from src.ports import Clock, Export, ExportedResult, ExportFormat, UnitOfWork

# Results read at a time, each with all its readings: memory stays bounded.
_ROWS = 200


class ExportService:
    def __init__(self, *, uow: UnitOfWork, formats: Sequence[ExportFormat], clock: Clock) -> None:
        self._uow = uow
        self._formats = {(each.name, each.of_lines): each for each in formats}
        self._clock = clock

    def format(self, name: str, *, of_lines: bool = False) -> ExportFormat:
        """The one of that name, with a row a line of goods if it has such a kind; other formats
        hold the lines beside the results. Raises `InvalidInput`, listing the formats there are.
        """
        found = self._formats.get((name, of_lines)) or self._formats.get((name, False))
        if found is None:
            known = ", ".join(dict.fromkeys(known for known, _ in self._formats))
            raise InvalidInput(f"format: there is no {name[:20]!r}; choose from {known}")
        return found

    def file_name(self, chosen: ExportFormat) -> str:
        made: datetime = self._clock()
        what = "invoice-lines" if chosen.of_lines else "invoices"
        return f"{what}-{made:%Y-%m-%d-%H%M}.{chosen.name}"

    async def write(self, chosen: ExportFormat, query: ResultQuery) -> AsyncGenerator[bytes, None]:
        """The file in pieces, in the order of the query; its limit and cursor do not count.

        Results that arrive or change meanwhile may be in it or not. Raises `InvalidInput` when
        the format cannot hold so many rows.
        """
        export = await asyncio.to_thread(chosen.open)
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
                whole = await documents.results([item.document.id for item in page.items])
            results = [ExportedResult(item, whole.get(item.document.id)) for item in page.items]
            piece = await asyncio.to_thread(export.add, results)
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
