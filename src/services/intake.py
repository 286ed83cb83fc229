"""The one way in: a file becomes a document with a job, or is refused and kept."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from loguru import logger

from src.domain.document import Document, DuplicatePolicy, JobState, MediaType, Origin, SourceFile
from src.domain.errors import DuplicateDocument, NotFound, SourceRejected, TooLarge
from src.domain.results import Failure, Inspection, IntakeReceipt, StagedFile
from src.ports import Clock, DocumentInspector, DocumentRepository, FileStore, UnitOfWork

log = logger.bind(channel="processing")

# How work ended that nobody waits for any more.
_WITHOUT_RESULT = frozenset({JobState.FAILED, JobState.CANCELLED})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def display_name(name: str) -> str:
    """The last path component without control or direction characters, 255 characters at most."""
    last = re.split(r"[/\\]", name)[-1]
    return _CONTROL.sub("�", last).strip()[-255:] or "unnamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """What is known of a file before its bytes were looked at."""

    id: str
    name: str
    origin: Origin
    received_at: datetime
    force: bool


class IntakeService:
    """Stages, inspects and registers files. Taking the same claim twice is harmless."""

    def __init__(
        self,
        *,
        files: FileStore,
        inspector: DocumentInspector,
        uow: UnitOfWork,
        clock: Clock,
        wake: Callable[[], None],
        max_bytes: int,
        policy: DuplicatePolicy,
    ) -> None:
        self._files = files
        self._inspector = inspector
        self._uow = uow
        self._clock = clock
        self._wake = wake
        self._max_bytes = max_bytes
        self._policy = policy

    async def take(self, source: SourceFile) -> IntakeReceipt:
        """Take a file from disk. The caller removes its own file after a receipt.

        Raises `SourceNotReady` and `StorageFailed`: nothing was taken, look again later.
        """
        arrival = _Arrival(
            id=source.document_id or uuid.uuid4().hex,
            name=display_name(source.name),
            origin=source.origin,
            received_at=source.received_at,
            force=source.force,
        )
        known = await self._known(arrival.id)
        if known:
            return known
        try:
            staged = await self._files.stage(source.path, self._max_bytes)
        except TooLarge as refusal:
            stored_as, size = await self._files.keep_refused(
                source.path, arrival.id, arrival.received_at
            )
            # Too large to read through for a digest.
            whole = StagedFile(path=source.path, digest="", size=size)
            return await self._register_refused(arrival, stored_as, whole, refusal)
        return await self._admit(arrival, staged)

    async def take_stream(
        self, name: str, chunks: AsyncIterator[bytes], *, force: bool = False
    ) -> IntakeReceipt:
        """Take an upload while it arrives. Raises `TooLarge`, `StorageFailed`."""
        arrival = _Arrival(
            id=uuid.uuid4().hex,
            name=display_name(name),
            origin=Origin.UPLOAD,
            received_at=self._clock(),
            force=force,
        )
        staged = await self._files.stage_stream(chunks, self._max_bytes)
        return await self._admit(arrival, staged)

    async def _known(self, document_id: str) -> IntakeReceipt | None:
        """The receipt of a claim that was registered before a crash."""
        async with self._uow() as documents:
            try:
                record = await documents.get(document_id)
            except NotFound:
                return None
        return IntakeReceipt(
            file_id=document_id,
            state=record.state,
            duplicate_of=record.document.duplicate_of,
            failure=record.failure,
        )

    async def _admit(self, arrival: _Arrival, staged: StagedFile) -> IntakeReceipt:
        try:
            inspection = await self._inspector.inspect(staged.path, arrival.name)
            return await self._register(arrival, staged, inspection)
        except SourceRejected as refusal:
            stored_as = await self._files.keep_original(
                staged, arrival.id, arrival.received_at, ".refused"
            )
            return await self._register_refused(arrival, stored_as, staged, refusal)
        finally:
            # Moved into the store by now, or not wanted.
            await self._files.discard(staged)

    async def _register(
        self, arrival: _Arrival, staged: StagedFile, inspection: Inspection
    ) -> IntakeReceipt:
        async with self._uow(write=True) as documents:
            first = None
            if not arrival.force and self._policy is not DuplicatePolicy.PROCESS:
                first = await documents.first_with_digest(staged.digest)
            if first is not None:
                return await self._link(documents, arrival, staged, first)
            stored_as = await self._files.keep_original(
                staged, arrival.id, arrival.received_at, inspection.media_type.extension
            )
            document = _document(arrival, staged, stored_as, inspection)
            await documents.add(document, JobState.QUEUED, None)
        self._wake()
        log.info(
            "processing queued: {} as {} ({} bytes, {} pages, from {})",
            document.name,
            document.id,
            document.size,
            document.page_count,
            document.origin.value,
        )
        return IntakeReceipt(file_id=document.id, state=JobState.QUEUED)

    async def _link(
        self,
        documents: DocumentRepository,
        arrival: _Arrival,
        staged: StagedFile,
        first: Document,
    ) -> IntakeReceipt:
        if self._policy is DuplicatePolicy.REJECT:
            raise DuplicateDocument(
                f"{arrival.name} has the same bytes as {first.name} ({first.id}); "
                "send it with force to process it again"
            )
        record = await documents.get(first.id)
        if record.state in _WITHOUT_RESULT or not await self._has_original(first):
            # The one that is kept may be damaged or gone; these are the same bytes.
            extension = PurePosixPath(first.stored_as).suffix
            await self._files.keep_original(staged, first.id, first.received_at, extension)
        if record.state in _WITHOUT_RESULT:
            # Somebody sends it once more: they want it tried once more.
            await documents.requeue(first.id, None, by=arrival.origin.value)
            self._wake()
        document = _document(
            arrival,
            staged,
            first.stored_as,
            Inspection(media_type=first.media_type or MediaType.PDF, page_count=first.page_count),
            duplicate_of=first.id,
        )
        await documents.add(document, JobState.SUCCEEDED, None)
        log.info("processing linked: {} is a copy of {}", document.name, first.id)
        return IntakeReceipt(file_id=document.id, state=JobState.SUCCEEDED, duplicate_of=first.id)

    async def _has_original(self, document: Document) -> bool:
        return await asyncio.to_thread(self._files.path_of(document).is_file)

    async def _register_refused(
        self, arrival: _Arrival, stored_as: str, staged: StagedFile, refusal: SourceRejected
    ) -> IntakeReceipt:
        failure = Failure(code=refusal.code, message=refusal.message, retryable=False)
        document = _document(arrival, staged, stored_as, None)
        await self._files.write_error(document, failure)
        async with self._uow(write=True) as documents:
            await documents.add(document, JobState.FAILED, failure)
        log.warning("processing refused: {} ({}): {}", document.name, document.id, refusal.message)
        return IntakeReceipt(file_id=document.id, state=JobState.FAILED, failure=failure)


def _document(
    arrival: _Arrival,
    staged: StagedFile,
    stored_as: str,
    inspection: Inspection | None,
    duplicate_of: str | None = None,
) -> Document:
    return Document(
        id=arrival.id,
        name=arrival.name,
        origin=arrival.origin,
        received_at=arrival.received_at,
        digest=staged.digest,
        media_type=inspection.media_type if inspection else None,
        size=staged.size,
        page_count=inspection.page_count if inspection else 0,
        stored_as=stored_as,
        duplicate_of=duplicate_of,
    )
