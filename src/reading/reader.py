"""`DocumentReader`: a document becomes upright pages of words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from src.domain.document import MediaType
from src.domain.page import Box, HiddenText, Page, ReadDocument, Word
from src.ports import CpuPool
from src.reading import units
from src.reading.plan import believable, with_regions
from src.reading.units import DraftPage

# Pages of one document that are read at the same time, so that a long one leaves room.
_PAGES_AT_ONCE = 2


class Reader:
    """Reads in the worker processes of a pool, page by page.

    Pages with a good text layer cost milliseconds and come in batches; other pages are drawn
    and read by OCR, one unit of work each.
    """

    def __init__(self, pool: CpuPool, *, page_seconds: float) -> None:
        """`page_seconds` is the longest time one page may take."""
        self._pool = pool
        self._seconds = page_seconds

    async def read(
        self,
        path: Path,
        media_type: MediaType,
        on_page: Callable[[int, int], None] | None = None,
    ) -> ReadDocument:
        """Read all pages; `on_page(done, of)` is called as pages finish, in any order.

        Raises `ReadingFailed` (not retryable) or `WorkerCrashed`.
        """
        if media_type is MediaType.XML:
            content = await self._pool.run(self._seconds, units.read_xml, path)
            return ReadDocument(pages=(), embedded_xml=content)
        progress = _Progress(on_page)
        pages: list[Page] = []
        notes: list[str] = []
        hidden: list[HiddenText] = []
        active: tuple[str, ...] = ()
        xml: bytes | None = None
        while not pages or len(pages) < progress.total:
            batch = await self._pool.run(
                self._seconds, units.read_batch, path, media_type, len(pages) + 1
            )
            progress.total = batch.total
            xml = xml or batch.embedded_xml
            active = active or batch.active_content
            hidden.extend(text for draft in batch.drafts for text in draft.hidden)
            notes.extend(batch.notes)
            for page, note in await self._finish_all(path, media_type, batch.drafts, progress):
                pages.append(page)
                if note:
                    notes.append(note)
        return ReadDocument(
            pages=tuple(pages),
            embedded_xml=xml,
            notes=tuple(notes),
            hidden=tuple(hidden),
            active_content=active,
        )

    async def read_region(
        self, path: Path, media_type: MediaType, page: Page, box: Box
    ) -> tuple[Word, ...]:
        """Words that OCR finds inside `box` of a page, such as a logo; also those that the
        page already has. Raises as `read`."""
        return await self._pool.run(
            self._seconds, units.read_regions, path, media_type, page.number, page.rotation, (box,)
        )

    async def _finish_all(
        self,
        path: Path,
        media_type: MediaType,
        drafts: tuple[DraftPage, ...],
        progress: _Progress,
    ) -> list[tuple[Page, str | None]]:
        places = asyncio.Semaphore(_PAGES_AT_ONCE)

        async def finish(draft: DraftPage) -> tuple[Page, str | None]:
            async with places:
                finished = await self._finish(path, media_type, draft)
            progress.one_more()
            return finished

        # A group, so that the first failure ends the other pages' work too.
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(finish(draft)) for draft in drafts]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _finish(
        self, path: Path, media_type: MediaType, draft: DraftPage
    ) -> tuple[Page, str | None]:
        """The page, and a note if a person should know how it was read."""
        page, advice = draft.page, draft.advice
        if advice.read_page:
            ocr = await self._pool.run(
                self._seconds, units.read_by_ocr, path, media_type, page.number
            )
            if advice.doubt is None:
                return ocr.page, None
            chosen = believable(page, ocr.page, ocr.confidence)
            kept = "its text layer was kept" if chosen is page else "it was read by OCR"
            return chosen, f"Page {page.number}: {advice.doubt}; {kept}."
        if advice.regions:
            words = await self._pool.run(
                self._seconds,
                units.read_regions,
                path,
                media_type,
                page.number,
                page.rotation,
                advice.regions,
            )
            return with_regions(page, words), None
        return page, None


class _Progress:
    """Counts finished pages for whoever watches."""

    def __init__(self, on_page: Callable[[int, int], None] | None) -> None:
        self._on_page = on_page
        self._done = 0
        self.total = 0

    def one_more(self) -> None:
        self._done += 1
        if self._on_page is not None:
            self._on_page(self._done, self.total)
