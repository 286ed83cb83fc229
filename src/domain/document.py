"""Documents and the jobs that process them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Origin(StrEnum):
    """The door a file came through."""

    UPLOAD = "upload"
    FOLDER = "folder"
    PROCESS = "process"
    CLI = "cli"


class MediaType(StrEnum):
    """The formats that are read; the value is the MIME type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    XML = "application/xml"

    @property
    def extension(self) -> str:
        """The file name extension originals of this type are kept under, with the dot."""
        return _EXTENSIONS[self]


_EXTENSIONS = {
    MediaType.PDF: ".pdf",
    MediaType.JPEG: ".jpg",
    MediaType.PNG: ".png",
    MediaType.TIFF: ".tif",
    MediaType.WEBP: ".webp",
    MediaType.XML: ".xml",
}


class JobState(StrEnum):
    """The state of the work, not of the invoice (see `ReviewStatus`).

    QUEUED waits for a place; RUNNING is being worked on (after a crash it is queued again);
    SUCCEEDED has a result; FAILED ended with an error that is kept; CANCELLED was called off.
    """

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DuplicatePolicy(StrEnum):
    """What happens to a file whose bytes are already known."""

    LINK = "link"
    REJECT = "reject"
    PROCESS = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that arrived, before anything is known about it."""

    # The name it came under; hostile text, used for display only.
    name: str
    origin: Origin
    received_at: datetime
    # Where its bytes are now; intake copies them, the door removes its own file afterwards.
    path: Path
    # Set when a door already gave the file its id (a claim that survived a crash).
    document_id: str | None = None
    # Process it even if the same bytes are known.
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that was taken (or refused and kept)."""

    # 32 hexadecimal digits; also the id of its result.
    id: str
    name: str
    origin: Origin
    received_at: datetime
    # SHA-256 of the raw bytes, hexadecimal.
    digest: str
    # None when the type was not recognised (a refused file).
    media_type: MediaType | None
    # Bytes.
    size: int
    # 0 when unknown (a refused file).
    page_count: int
    # Path of the original, relative to the generated folder.
    stored_as: str
    # The id of the first document with the same bytes.
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The work on one document; the payload is the id alone, and it may run twice."""

    id: str
    document_id: str
    state: JobState
    # 1 on the first try; 0 while it has never run.
    attempt: int


class Step(StrEnum):
    """Where a running document is; shown as progress."""

    WAITING = "waiting"
    READING = "reading"
    EXTRACTING = "extracting"
    CHECKING = "checking"
    SAVING = "saving"
    DONE = "done"
