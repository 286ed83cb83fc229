"""Names in the incoming folder: whose files are left alone, and how a claim is called."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase

# What systems, editors and browsers leave beside files, or call a file until it is whole.
_JUNK = (
    ".*",  # hidden: .DS_Store, ._resource forks, .nfs leftovers, our own claims and probes
    "desktop.ini",
    "thumbs.db",
    "ehthumbs.db",
    "~$*",
    "*~",
    "*.tmp",
    "*.part",
    "*.partial",
    "*.filepart",
    "*.crdownload",
    "*.download",
)
_CLAIM = re.compile(r"\.claim-([0-9a-f]{32})--(.*)", re.DOTALL)
_CLAIM_LENGTH = len(".claim-") + 32 + len("--")


def is_junk(name: str) -> bool:
    """Whether a file of this name is no document, or not yet one."""
    if parse_claim(name):
        return True
    # A name with backslashes is a Windows path that a program unpacked as one name.
    last = name.rsplit("\\", 1)[-1].lower()
    return any(fnmatchcase(last, pattern) for pattern in _JUNK)


def claim_name(document_id: str, name: str, longest: int) -> str:
    """The hidden name a file is claimed under; carries the id and what fits of the name.

    `longest` is the most bytes the file system allows for a name.
    """
    room = longest - _CLAIM_LENGTH
    raw = os.fsencode(name)
    if len(raw) > room:
        stem, dot, extension = raw.rpartition(b".")
        ending = dot + extension if stem and len(extension) <= 8 else b""
        raw = raw[: room - len(ending)] + ending
    return f".claim-{document_id}--{os.fsdecode(raw)}"


def parse_claim(name: str) -> tuple[str, str] | None:
    """(document id, original name or its beginning) of a claim, None for another file."""
    match = _CLAIM.fullmatch(name)
    return (match[1], match[2]) if match else None
