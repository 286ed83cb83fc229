"""The pages of a document: read once, and kept for the next try and for later checks."""

from __future__ import annotations

from collections.abc import Callable

from src.domain.document import Document
from src.domain.errors import UnsupportedMedia
from src.domain.page import ReadDocument
from src.ports import DocumentReader, FileStore


class DocumentReading:
    def __init__(self, *, reader: DocumentReader, files: FileStore) -> None:
        self._reader = reader
        self._files = files
        # Documents read by this process that wait for an engine.
        self._waiting: set[str] = set()

    async def read(
        self, document: Document, on_page: Callable[[int, int], None] | None = None
    ) -> ReadDocument:
        """Read all pages now, unless they were read for a try that had to wait.

        Raises `UnsupportedMedia` and what `DocumentReader.read` raises.
        """
        if document.media_type is None:
            raise UnsupportedMedia(f"{document.name} was refused and has no pages to read.")
        if document.id in self._waiting:
            self._waiting.discard(document.id)
            kept = await self._files.kept_reading(document)
            if kept is not None:
                return kept
        path = self._files.path_of(document)
        read = await self._reader.read(path, document.media_type, on_page)
        await self._files.keep_reading(document, read)
        return read

    def waits(self, document: Document, read: ReadDocument) -> None:
        """An engine is down: the next `read` of the document gives the same again.

        Looking for the engine every half minute must not cost a recognition of all pages each
        time. What carries an e-invoice is read anew: its XML is not kept, and reading it is cheap.
        """
        if read.embedded_xml is None:
            self._waiting.add(document.id)

    async def kept(self, document: Document) -> ReadDocument:
        """What was read when the document was processed, without the e-invoice XML.

        Read again where that is gone; raises as `read`.
        """
        return await self._files.kept_reading(document) or await self.read(document)
