"""What to do about each kind of failure, for a page that lists kinds.

The message of one document says more: it names the document and the cause.
"""

from __future__ import annotations

from src.domain import errors

_REMEDIES: dict[type[errors.InvoiceAgentError], str] = {
    errors.UnsupportedMedia: "Save the file as PDF, JPEG, PNG, TIFF, WebP or e-invoice XML.",
    errors.TooLarge: "Send a smaller file, or raise MAX_FILE_SIZE_MB.",
    errors.TooManyPages: "Split the file, or raise MAX_PAGES.",
    errors.EncryptedDocument: "Ask the sender for a file without a password.",
    errors.CorruptDocument: "Ask the sender for the file again; this one is damaged.",
    errors.DuplicateDocument: "Nothing to do; with force the file is processed again.",
    errors.PathNotAllowed: "Put the file itself into the incoming folder, not a link to it.",
    errors.SourceRejected: "Correct the file and send it again.",
    errors.SourceNotReady: "Wait until the program that writes the file has closed it.",
    errors.WorkerCrashed: "Retry it; if it fails again, raise READING_TIMEOUT_SECONDS or look "
    "into errors.log.",
    errors.ReadingFailed: "Open the original; scan the page again if it cannot be read.",
    errors.EngineUnavailable: "Start the model's server, or set EXTRACTION_ENGINE=auto.",
    errors.EngineTimeout: "Retry it; if it fails again, raise VISION_TIMEOUT_SECONDS.",
    errors.UnusableAnswer: "Process it again with another engine.",
    errors.ExtractionFailed: "Process it again with another engine.",
    errors.StorageFailed: "Free disk space and check that the folders can be written.",
}
_BY_CODE = {kind.code: remedy for kind, remedy in _REMEDIES.items()}
_OTHERWISE = "Open one of the documents: its message says what to do."


def remedy_for(code: str) -> str:
    """One sentence for the stable code of an error."""
    return _BY_CODE.get(code, _OTHERWISE)
