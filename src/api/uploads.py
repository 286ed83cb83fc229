"""Files out of a multipart body: spooled to disk as they arrive, handed on in chunks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from src.api.errors import ApiError

# One request; more files go into more requests.
MAX_FILES = 100
# Other form fields are not used.
_MAX_FIELDS = 10
_MAX_FIELD_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024
_FIELDS = ("file", "files")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    # As the caller wrote it: hostile text, for display only.
    name: str
    spooled: UploadFile

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes; a spooled file on disk is read in a thread."""
        while chunk := await self.spooled.read(_CHUNK_BYTES):
            yield chunk


@asynccontextmanager
async def uploaded_files(request: Request) -> AsyncIterator[tuple[UploadedFile, ...]]:
    """The files of the field `file`, one or more; their temporary copies end with the block.

    Raises `ApiError` for a body that holds none, `TooLarge` (from the body limit).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise ApiError(400, "file: send the file as multipart/form-data, e.g. curl -F file=@a.pdf")
    async with request.form(
        max_files=MAX_FILES, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES
    ) as form:
        yield _files(form)


def _files(form: FormData) -> tuple[UploadedFile, ...]:
    parts = [part for field in _FIELDS for part in form.getlist(field)]
    files = tuple(
        UploadedFile(part.filename or "unnamed", part)
        for part in parts
        if isinstance(part, UploadFile)
    )
    if not files or len(files) != len(parts):
        raise ApiError(400, "file: send at least one file in this field, with a file name")
    return files
