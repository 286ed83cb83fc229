"""What kind of file system the folder is on."""

from __future__ import annotations

import re
from pathlib import Path

# File systems whose other side changes files without a word to this machine: network shares,
# and folders shared into containers and virtual machines.
_SILENT = re.compile(
    r"nfs\d?|cifs|smb\w*|smbfs|afs|ceph|glusterfs|lustre|gpfs|ncpfs|davfs|9p|virtiofs|vboxsf|"
    r"vmhgfs|prl_fs|drvfs|fakeowner|osxfs|grpcfuse|fuse(\..+|blk)?"
)
_MOUNTS = Path("/proc/self/mounts")


def is_shared(kind: str | None) -> bool:
    """Whether others write to such a file system behind this machine's back."""
    return kind is not None and _SILENT.fullmatch(kind) is not None


def file_system_of(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The type of the file system a folder is on, None where the system does not say.

    `mounts` has a line a mount: device, place (blanks as octal escapes), type, options.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    real = folder.resolve()
    found: tuple[int, str] | None = None
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), parts[1]))
        # The longest place wins; of equal ones the last, which covers those before it.
        if real.is_relative_to(place) and (found is None or len(place.parts) >= found[0]):
            found = (len(place.parts), parts[2])
    return found[1] if found else None
