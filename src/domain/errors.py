"""The one error tree. Each message says what happened and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class InvoiceAgentError(Exception):
    """Base of every error this product raises on purpose.

    `code` is stable and machine readable, `retryable` says whether the same work may
    succeed later without anybody changing anything.
    """

    code: ClassVar[str] = "invoice_agent_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[type[InvoiceAgentError], tuple[str]]:
        # Errors travel home from worker processes, so they must survive pickling.
        return (type(self), (self.message,))


class SourceRejected(InvoiceAgentError):
    """The file cannot become a document; it is kept, and sending it again will not help."""

    code: ClassVar[str] = "source_rejected"


class UnsupportedMedia(SourceRejected):
    code: ClassVar[str] = "unsupported_media"


class TooLarge(SourceRejected):
    code: ClassVar[str] = "too_large"


class TooManyPages(SourceRejected):
    code: ClassVar[str] = "too_many_pages"


class EncryptedDocument(SourceRejected):
    code: ClassVar[str] = "encrypted_document"


class CorruptDocument(SourceRejected):
    code: ClassVar[str] = "corrupt_document"


class DuplicateDocument(SourceRejected):
    code: ClassVar[str] = "duplicate_document"


class PathNotAllowed(SourceRejected):
    code: ClassVar[str] = "path_not_allowed"


class SourceNotReady(InvoiceAgentError):
    """The file is still being written or locked; look again later."""

    code: ClassVar[str] = "source_not_ready"
    retryable: ClassVar[bool] = True


class ReadingFailed(InvoiceAgentError):
    """The document was taken but its pages could not be read."""

    code: ClassVar[str] = "reading_failed"


class WorkerCrashed(ReadingFailed):
    """The process that did the work died or overran its time."""

    code: ClassVar[str] = "worker_crashed"
    retryable: ClassVar[bool] = True


class ExtractionFailed(InvoiceAgentError):
    code: ClassVar[str] = "extraction_failed"


class EngineUnavailable(ExtractionFailed):
    code: ClassVar[str] = "engine_unavailable"
    retryable: ClassVar[bool] = True


class EngineTimeout(ExtractionFailed):
    code: ClassVar[str] = "engine_timeout"
    retryable: ClassVar[bool] = True


class UnusableAnswer(ExtractionFailed):
    """The engine answered, but not with something that can be an invoice."""

    code: ClassVar[str] = "unusable_answer"


class StorageFailed(InvoiceAgentError):
    """Disk or database refused the work (full, locked, gone)."""

    code: ClassVar[str] = "storage_failed"
    retryable: ClassVar[bool] = True


class InvalidInput(InvoiceAgentError):
    """A request that cannot be understood; the message lists the fields at fault."""

    code: ClassVar[str] = "invalid_input"


class NotFound(InvoiceAgentError):
    code: ClassVar[str] = "not_found"


class Conflict(InvoiceAgentError):
    code: ClassVar[str] = "conflict"


class ConfigurationError(InvoiceAgentError):
    code: ClassVar[str] = "configuration_error"
