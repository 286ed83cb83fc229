"""Taking one file of the folder: probe, claim by rename, hand to intake, remove the claim.

A kill at any moment loses nothing: before the rename the file lies there as it came, after it
the claim carries the document's id, and intake answers a known id with the same receipt.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path

from src.domain.document import Origin, SourceFile
from src.domain.errors import NotFound, SourceNotReady
from src.domain.results import IntakeReceipt
from src.ports import Clock, Intake
from src.watching import snapshot
from src.watching.names import claim_name, parse_claim


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
        self, name: str, *, probe: bool, origin: Origin = Origin.FOLDER, force: bool = False
    ) -> IntakeReceipt:
        """Claim and take one file. Raises as `Intake.take`; `NotFound` when it is gone,
        `SourceNotReady` when it cannot be opened or renamed, or `probe` finds it cut off."""
        path = self._folder / name
        if not await self._opens(path, probe=probe):
            raise SourceNotReady(
                f"{name!r} ends in the middle, as files do that are still being written."
            )
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
        receipt = await self._intake.take(
            SourceFile(
                name=self._names.get(claim, beginning),
                origin=origin,
                received_at=self._clock(),
                path=path,
                document_id=document_id,
                force=force,
            )
        )
        try:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        except OSError as error:
            # Taken, but still there: the next look asks intake again and gets this receipt.
            raise SourceNotReady(
                f"{claim!r} was taken but cannot be removed ({error.strerror or error}); let the "
                "service's user write to the folder."
            ) from error
        self._names.pop(claim, None)
        return receipt

    async def _opens(self, path: Path, *, probe: bool) -> bool:
        """Whether the file opens, and if asked for, whether it looks whole."""
        try:
            await asyncio.to_thread(snapshot.open_once, path)
            return not probe or await asyncio.to_thread(self._looks_complete, path)
        except OSError as error:
            raise _not_ready(path, error) from error

    async def _claim(self, path: Path) -> str:
        longest = await asyncio.to_thread(snapshot.longest_name, self._folder)
        claim = claim_name(uuid.uuid4().hex, path.name, longest)
        try:
            await asyncio.to_thread(snapshot.claim, path, self._folder / claim)
        except OSError as error:
            raise _not_ready(path, error) from error
        return claim


def _not_ready(path: Path, error: OSError) -> NotFound | SourceNotReady:
    if isinstance(error, FileNotFoundError):
        return NotFound(f"{path.name!r} is gone; it was moved, removed or taken already.")
    return SourceNotReady(
        f"{path.name!r} cannot be taken ({error.strerror or error}); let the service's user read "
        "the file and write to its folder, and close the program that holds it."
    )
