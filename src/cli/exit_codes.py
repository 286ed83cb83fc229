"""What the program ends with, for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from src.domain.errors import (
    ConfigurationError,
    Conflict,
    InvoiceAgentError,
    NotFound,
    SourceRejected,
    StorageFailed,
)


class ExitCode(IntEnum):
    ACCEPTED = 0
    NEEDS_REVIEW = 1
    USAGE = 2
    REJECTED = 3
    FAILED = 4
    CONFIGURATION = 5
    BUSY = 6
    STORAGE = 7
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.ACCEPTED: "done; every invoice is accepted",
    ExitCode.NEEDS_REVIEW: "done; at least one invoice needs a person",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.REJECTED: "at least one file was refused or is not there",
    ExitCode.FAILED: "at least one document could not be processed",
    ExitCode.CONFIGURATION: "the configuration cannot be used",
    ExitCode.BUSY: "another process works on the same folder",
    ExitCode.STORAGE: "disk or database refused the work",
    ExitCode.INTERRUPTED: "interrupted; what was taken is continued by the next start",
}

# The nearest class in an error's line of ancestors counts.
_OF_ERRORS: dict[type[InvoiceAgentError], ExitCode] = {
    SourceRejected: ExitCode.REJECTED,
    NotFound: ExitCode.REJECTED,
    ConfigurationError: ExitCode.CONFIGURATION,
    Conflict: ExitCode.BUSY,
    StorageFailed: ExitCode.STORAGE,
    InvoiceAgentError: ExitCode.FAILED,
}

# Of several documents the worst counts.
_BY_WEIGHT = (
    ExitCode.FAILED,
    ExitCode.STORAGE,
    ExitCode.REJECTED,
    ExitCode.NEEDS_REVIEW,
    ExitCode.ACCEPTED,
)


def of_error(error: type[InvoiceAgentError]) -> ExitCode:
    return next(_OF_ERRORS[kind] for kind in error.__mro__ if kind in _OF_ERRORS)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The code of a whole run; ACCEPTED for none."""
    found = set(codes)
    return next((code for code in _BY_WEIGHT if code in found), ExitCode.ACCEPTED)
