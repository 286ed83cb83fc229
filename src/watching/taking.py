"""Taking one file of the folder: probe, claim by rename, hand to intake, remove the claim.

A kill at any moment loses nothing: before the rename the file lies there as it came, after it
the claim carries the document's id, and intake answers a known id with the same receipt. Nor
does a writer that goes on: what it adds after the copy is taken as a document of its own.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path

from loguru import logger

from src.domain.document import Origin, SourceFile
from src.domain.errors import NotFound, SourceNotReady
from src.domain.results import IntakeReceipt
from src.ports import Clock, Intake
from src.watching import snapshot
from src.watching.mounts import file_system_of, is_shared
from src.watching.names import claim_name, parse_claim
from src.watching.snapshot import Entry

log = logger.bind(channel="processing")

# A file that looks cut off this often is taken as it is, and refused with the reason.
_MOST_PROBES = 4
# A file that a program keeps open for writing is taken after this many tries, which is half an
# hour: it is whole, and the program has forgotten to close it.
_MOST_TRIES_FOR_WRITER = 12


class Taker:
    """Knows how; `IncomingFolder` knows when."""

    def __init__(
        self, folder: Path, intake: Intake, clock: Clock, looks_complete: Callable[[Path], bool]
    ) -> None:
        self._folder = folder
        self._intake = intake
        self._clock = clock
        self._looks_complete = looks_complete
        # Claim -> the whole name it came under; the claim itself may hold a part of it only.
        self._names: dict[str, str] = {}

    async def take(
        self, name: str, *, tries: int, origin: Origin = Origin.FOLDER, force: bool = False
    ) -> IntakeReceipt:
        """Claim and take one file. Raises as `Intake.take`; `NotFound` when it is gone,
        `SourceNotReady` when it cannot be opened or renamed, is still written or looks cut off.

        `tries` is how often it was not ready before: what only looks unfinished is taken some day.
        """
        path = self._folder / name
        if trouble := await self._unfinished(path, tries):
            raise SourceNotReady(f"{name!r} {trouble}")
        claim = await self._claim(path)
        self._names[claim] = name
        return await self.take_claim(claim, origin=origin, force=force)

    async def take_claim(
        self, claim: str, *, origin: Origin = Origin.FOLDER, force: bool = False
    ) -> IntakeReceipt:
        """Take a file that is claimed already. Raises as `Intake.take`."""
        parsed = parse_claim(claim)
        if parsed is None:
            raise ValueError(f"not the name of a claim: {claim!r}")
        document_id, beginning = parsed
        path = self._folder / claim
        name = self._names.get(claim, beginning)
        before = await self._looked_at(path)
        receipt = await self._intake.take(
            SourceFile(
                name=name,
                origin=origin,
                received_at=self._clock(),
                path=path,
                document_id=document_id,
                force=force,
            )
        )
        try:
            if await self._looked_at(path) == before:
                await asyncio.to_thread(path.unlink, missing_ok=True)
            else:
                await self._claim_rest(path, name)
        except OSError as error:
            # Taken, but still there: the next look asks intake again and gets this receipt.
            raise SourceNotReady(
                f"{claim!r} was taken but cannot be removed ({error.strerror or error}); let the "
                "service's user write to the folder."
            ) from error
        self._names.pop(claim, None)
        return receipt

    async def _unfinished(self, path: Path, tries: int) -> str | None:
        """Why the file had better be left alone for now. Raises when it does not open."""
        try:
            await asyncio.to_thread(snapshot.open_once, path)
            if tries < _MOST_TRIES_FOR_WRITER and await asyncio.to_thread(self._is_written, path):
                return "is open for writing in another program; close it there."
            if tries < _MOST_PROBES and not await asyncio.to_thread(self._looks_complete, path):
                return "ends in the middle, as files do that are still being written."
        except OSError as error:
            raise _not_ready(path, error) from error
        return None

    def _is_written(self, path: Path) -> bool:
        # On a share the server knows, and it answers as if somebody wrote.
        return not is_shared(file_system_of(self._folder)) and snapshot.is_being_written(path)

    async def _looked_at(self, path: Path) -> Entry | None:
        try:
            return await asyncio.to_thread(snapshot.look_at, path)
        except OSError:
            # Gone; intake tells of anything else.
            return None

    async def _claim_rest(self, path: Path, name: str) -> None:
        """Somebody wrote on after the file was copied: it becomes a document once more."""
        claim = await self._renamed(path, name)
        self._names[claim] = name
        log.warning(
            "{!r} was changed after it was taken; what it holds now is taken once more", name
        )

    async def _claim(self, path: Path) -> str:
        try:
            return await self._renamed(path, path.name)
        except OSError as error:
            raise _not_ready(path, error) from error

    async def _renamed(self, path: Path, name: str) -> str:
        """Give the file a claim with a new id; returns its name. Raises `OSError`."""
        longest = await asyncio.to_thread(snapshot.longest_name, self._folder)
        claim = claim_name(uuid.uuid4().hex, name, longest)
        await asyncio.to_thread(snapshot.claim, path, self._folder / claim)
        return claim


def _not_ready(path: Path, error: OSError) -> NotFound | SourceNotReady:
    if isinstance(error, FileNotFoundError):
        return NotFound(f"{path.name!r} is gone; it was moved, removed or taken already.")
    return SourceNotReady(
        f"{path.name!r} cannot be taken ({error.strerror or error}); let the service's user read "
        "the file and write to its folder, and close the program that holds it."
    )
