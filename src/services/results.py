"""What people and programs do with results: look, fetch, retry, delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from loguru import logger

from src.domain.document import Document
from src.domain.errors import Conflict, NotFound
from src.domain.history import BY_LOCAL
from src.domain.results import (
    PageInfo,
    ProcessedInvoice,
    ResultPage,
    ResultQuery,
    ResultRecord,
    Statistics,
)
from src.ports import EngineSelector, FileStore, PageRenderer, UnitOfWork

log = logger.bind(channel="processing")


class ResultsService:
    def __init__(
        self,
        *,
        uow: UnitOfWork,
        files: FileStore,
        renderer: PageRenderer,
        selector: EngineSelector,
        wake: Callable[[], None],
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        """`forget(document_id)` erases what engines keep of a document to save work; it raises
        `StorageFailed` when the disk refuses."""
        self._uow = uow
        self._files = files
        self._renderer = renderer
        self._selector = selector
        self._wake = wake
        self._forget = forget

    async def get(self, result_id: str) -> ResultRecord:
        """Raises `NotFound`."""
        async with self._uow() as documents:
            return await documents.get(result_id)

    async def invoice(self, result_id: str) -> ProcessedInvoice | None:
        """The whole result; a linked duplicate answers with the first one's.

        None while there is none yet. Raises `NotFound`.
        """
        async with self._uow() as documents:
            record = await documents.get(result_id)
            return await documents.result(record.document.duplicate_of or result_id)

    async def whole(self, result_id: str) -> tuple[ResultRecord, ProcessedInvoice | None]:
        """The row and the result as one moment saw them. Raises `NotFound`."""
        async with self._uow() as documents:
            record = await documents.get(result_id)
            owner = record.document.duplicate_of or result_id
            return record, await documents.result(owner)

    async def query(self, query: ResultQuery) -> ResultPage:
        """Raises `InvalidInput` for a cursor that is not one of ours."""
        async with self._uow() as documents:
            return await documents.query(query)

    async def statistics(self) -> Statistics:
        async with self._uow() as documents:
            return await documents.statistics()

    async def delete(self, result_id: str, *, by: str = BY_LOCAL) -> None:
        """Hide the result and move its folder to `deleted/`; what engines kept of it is erased.

        Raises `NotFound`, `Conflict` while the document is being processed, and `StorageFailed`
        when the disk refuses; then nothing is deleted and it can be tried again.
        """
        async with self._uow(write=True) as documents:
            document = (await documents.get(result_id)).document
            if document.duplicate_of:
                # The folder belongs to the first document.
                await documents.hide(result_id, document.stored_as, by=by)
            else:
                await self._forget(result_id)
                stored_as = await self._files.move_to_deleted(document)
                await documents.hide(result_id, stored_as, by=by)
        log.info("processing result deleted: {} ({})", document.name, result_id)

    async def retry(
        self, result_id: str, engine: str | None = None, *, by: str = BY_LOCAL
    ) -> ResultRecord:
        """Process the document again; the result there is stays until the new one.

        Raises `NotFound`; `Conflict` while it runs, for a refused file and for a linked
        duplicate; `InvalidInput` for an unknown engine.
        """
        if engine is not None:
            self._selector.known(engine)
        async with self._uow(write=True) as documents:
            document = (await documents.get(result_id)).document
            if document.media_type is None:
                raise Conflict("This file was refused; correct it and send it again.")
            if document.duplicate_of:
                raise Conflict(f"This is a copy of {document.duplicate_of}; retry that one.")
            await documents.requeue(result_id, engine, by=by)
        self._wake()
        return await self.get(result_id)

    async def original(self, result_id: str) -> tuple[Document, Path]:
        """The document and the path of its bytes. Raises `NotFound`."""
        document = (await self.get(result_id)).document
        return document, self._files.path_of(document)

    async def page(self, result_id: str, number: int, long_side: int = 1600) -> bytes:
        """PNG of an upright page; drawn once, then cached.

        Raises `NotFound` for an unknown result or page, `ReadingFailed` when it cannot be drawn.
        """
        record = await self.get(result_id)
        document = record.document
        if document.media_type is None:
            raise NotFound("A refused file has no pages; fetch its original instead.")
        cached = await self._files.cached_page(document, number, long_side)
        if cached is not None:
            return cached
        rotation = await self._rotation(result_id, number)
        png = await self._renderer.render(
            self._files.path_of(document), document.media_type, number, rotation, long_side
        )
        if record.finished_at is not None:
            # While it is still being read the rotation may not be known yet.
            await self._files.cache_page(document, number, long_side, png)
        return png

    async def _rotation(self, result_id: str, number: int) -> int:
        result = await self.invoice(result_id)
        pages: tuple[PageInfo, ...] = result.pages if result else ()
        return next((page.rotation for page in pages if page.number == number), 0)
