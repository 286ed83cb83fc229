"""The pages of a document: read once, and kept for checks after a correction."""

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

    async def read(
        self, document: Document, on_page: Callable[[int, int], None] | None = None
    ) -> ReadDocument:
        """Read all pages now. Raises `UnsupportedMedia` and what `DocumentReader.read` raises."""
        if document.media_type is None:
            raise UnsupportedMedia(f"{document.name} was refused and has no pages to read.")
        path = self._files.path_of(document)
        read = await self._reader.read(path, document.media_type, on_page)
        await self._files.keep_reading(document, read)
        return read

    async def kept(self, document: Document) -> ReadDocument:
        """What was read when the document was processed, without the e-invoice XML.

        Read again where that is gone; raises as `read`.
        """
        return await self._files.kept_reading(document) or await self.read(document)
